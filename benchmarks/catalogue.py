"""How much more of a catalogue two processes make than one: `python benchmarks/catalogue.py [--pairs 3] [--write]`.

300 tracks of one manifest, five to seven minutes each: 25 routines of some common words, in two of the machine's voices, two levels and
three lengths. Whole runs of `cuecast batch` with an empty cache, in turn; then the same command once more; and the
memory of all its processes, for a quarter of the catalogue and for all of it. Linux, some minutes.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
from pathlib import Path

from measure import Ratio, cuecast, memory, put_table, seconds

ROUTINES = 25
_PARTS = "Calves Hamstrings Glutes Quads Shins Hips Back Shoulders Chest Forearms Neck Feet Adductors Lats".split()
_DO = """Slowly, and breathe out/Stay on the tender spot/Roll a little further each time/Keep your shoulders low
Look straight ahead/Let the weight sink in""".replace("\n", "/").split("/")
_HOW = """with a long back/with quiet shoulders/as far as is comfortable/and do not hurry
without holding your breath""".replace("\n", "/").split("/")


def lay(folder: Path) -> None:
    """Write the routines and the manifest."""
    draw = random.Random(7)
    for number in range(1, ROUTINES + 1):
        (folder / f"r{number:02}.yaml").write_text(routine(draw, number))
    (folder / "voices").mkdir()
    (folder / "voices" / "slow.yaml").write_text("like: machine\nrate: 140\n")
    manifest(folder, "all", "r*")
    manifest(folder, "quarter", "r0[1-6]")


def manifest(folder: Path, name: str, routines: str) -> None:
    (folder / f"{name}.yaml").write_text(
        f"routines: '{routines}.yaml'\nvoices: [machine, slow]\nlevels: [standard, gentle]\n"
        "lengths: [as written, 5m30s, 7m]\noutput: '{routine}-{voice}-{level}-{length}'\n"
    )


def routine(draw: random.Random, number: int) -> str:
    """Four parts, both sides; the cues are of thirty sentences, the setups are each routine's own."""
    lines = [
        f"title: Routine {number}",
        "defaults: {work: 25s-45s, transition: 12s, switch: 6s, announce: [next, side, last 10s]}",
        "steps:",
    ]
    for part in draw.sample(_PARTS, 4):
        lines += [
            f"  - exercise: {part}",
            "    sides: [left, right]",
            f"    setup: Get ready for the {part.lower()}, {draw.choice(_HOW)}. This is routine {number}.",
            f"    cues: {{5s: '{draw.choice(_DO)} {draw.choice(_HOW)}.', half: '{draw.choice(_DO)}.'}}",
            f"    variants: {{gentle: {{cues: {{half: '{draw.choice(_DO)}.'}}}}}}",
        ]
    return "\n".join(lines) + "\n"


class Catalogue:
    """A folder with the manifests."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache, self.out = folder, folder / "cache", folder / "out"
        lay(folder)

    def again(self, name: str = "all", jobs: int = 2) -> float:
        command, env = self._command(name, jobs)
        return seconds(command, env)

    def cold(self, jobs: int) -> float:
        self._clear()
        return self.again("all", jobs)

    def megabytes(self, name: str) -> float:
        self._clear()
        return memory(*self._command(name, 2)).together / 1e6

    def _command(self, name: str, jobs: int) -> tuple[list[str], dict[str, str]]:
        home = ["--home", str(self.folder)]  # its voices/slow.yaml
        asked = ["batch", str(self.folder / f"{name}.yaml"), "-o", str(self.out), "--quiet", "--jobs", str(jobs), *home]
        return cuecast(asked, self.cache)

    def _clear(self) -> None:
        for folder in (self.cache, self.out):
            shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        catalogue = Catalogue(Path(name))
        one, two, again = [], [], []
        for _ in range(args.pairs):
            one.append(catalogue.cold(1))
            two.append(catalogue.cold(2))
            tracks = sum(1 for _ in catalogue.out.iterdir())
            again.append(catalogue.again())
        few, all_ = catalogue.megabytes("quarter"), catalogue.megabytes("all")
    ratio, still = Ratio.of(one, two), Ratio.of(again, two)
    text = (
        f"{tracks} tracks, {args.pairs} paired runs on {len(os.sched_getaffinity(0))} cores, medians.\n\n"
        "| one process, s | two, s | throughput of two | from, to | at least | once more, s | at most |\n"
        "|--:|--:|--:|---|--:|--:|--:|\n"
        f"| {ratio.ours:.1f} | {ratio.theirs:.1f} | **{ratio.median:.2f}** | {ratio.least:.2f} to {ratio.most:.2f} "
        f"| 1.80 | **{still.ours:.1f}** | 5.0 |\n\n"
        f"All processes together take {few:.0f} MB for a quarter of the tracks and {all_:.0f} MB for all.\n"
    )
    print(text)
    if args.write:
        put_table("catalogue", text)


if __name__ == "__main__":
    main()
