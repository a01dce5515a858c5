"""How long a build takes, next to other ways to the same track: `python benchmarks/building.py [--pairs 5] [--quick]`.

Whole processes, from their start to their end, in turn; what counts is the ratio within each pair. With `--write` the
tables and the plot go into docs/performance.md. It needs Linux, some minutes, and an ffmpeg.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measure import HERE, Memory, Ratio, cuecast, find_ffmpeg, memory, seconds
from plot import bars
from tracks import edited, moved, routine

DOCS = HERE.parent / "docs"
PAGE, PLOT = DOCS / "performance.md", DOCS / "performance.svg"
BEGIN, END = "<!-- benchmarks: written by `make bench` -->", "<!-- benchmarks: end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what is compared, and the ratio that is aimed at."""

    ours: str
    theirs: str
    aim: float | None
    ratio: Ratio

    def __str__(self) -> str:
        r, aim = self.ratio, "" if self.aim is None else f"{self.aim:.2f}"
        return (
            f"| {self.ours} | {self.theirs} | {r.ours:.2f} | {r.theirs:.2f} "
            f"| **{r.median:.2f}** | {r.least:.2f} to {r.most:.2f} | {aim} |"
        )


class Track:
    """A routine of some length, in a folder with all that the peers need of it."""

    def __init__(self, minutes: int, folder: Path, ffmpeg: str) -> None:
        self.minutes, self.folder, self.ffmpeg = minutes, folder, ffmpeg
        folder.mkdir()
        (folder / "home").mkdir()
        self.text = routine(minutes)
        self.file = self._written("routine", self.text)
        command = [sys.executable, str(HERE / "prepare.py"), str(self.file), str(folder), ffmpeg]
        self.facts = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        self.caches = 0

    def _written(self, name: str, text: str) -> Path:
        path = self.folder / f"{name}.yaml"
        path.write_text(text)
        return path

    def build(self, file: Path, cache: Path) -> float:
        """`cuecast render` with that cache."""
        command, env = cuecast(["render", str(file), "-o", str(self.folder / "ours.mp3"), "--quiet"], cache)
        return seconds(command, env)

    def cold(self) -> tuple[float, Path]:
        """The same with an empty cache, which is then full."""
        self.caches += 1
        cache = self.folder / f"cache-{self.caches}"
        return self.build(self.file, cache), cache

    def warm(self, text: str, cache: Path) -> float:
        """A build of another text with a copy of a cache that knows the routine."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(cache, copy)
        return self.build(self._written("other", text), copy)

    def encode(self) -> float:
        """ffmpeg, given the finished WAV."""
        settings = ["-ac", "1", "-ar", "48000", "-c:a", "libmp3lame", "-q:a", "4", "-compression_level", "5"]
        source, target = str(self.folder / "track.wav"), str(self.folder / "encoded.mp3")
        return seconds([self.ffmpeg, "-v", "error", "-y", "-i", source, *settings, target])

    def peer(self, script: str) -> float:
        """One of the scripts beside this one."""
        target = str(self.folder / "peer.mp3")
        return seconds([sys.executable, "-W", "ignore", str(HERE / script), str(self.folder / "events.json"), target])


def compare(track: Track, pairs: int, naive: bool) -> tuple[list[Row], dict[str, float]]:
    """All ratios of a track; and the medians of the times, for the plot."""
    variants: dict[str, Callable[[str], str]] = {"nothing changed": lambda text: text}
    if track.minutes >= 60:
        variants["one cue edited"] = edited
        for by in (1, 2, 3):
            variants[f"edited, later cues move by {by} s"] = lambda text, by=by: moved(text, by)  # type: ignore[misc]
    peers: dict[str, Callable[[], float]] = {
        "`ffmpeg`, encoding the finished WAV": track.encode,
        "`ffmpeg`, a filter graph (words given)": lambda: track.peer("graph.py"),
    }
    if naive:
        peers["pydub and pyttsx3, naive"] = lambda: track.peer("naive.py")
    cold: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in peers}
    warm: dict[str, list[float]] = {name: [] for name in variants}
    track.cold(), track.encode()  # the disk's own cache is warm for all
    for _ in range(pairs):
        took, cache = track.cold()
        cold.append(took)
        for name, peer in peers.items():
            theirs[name].append(peer())
        for name, change in variants.items():
            warm[name].append(track.warm(change(track.text), cache))
        shutil.rmtree(cache)
    about = f"{track.minutes} min"
    aims = {("ffmpeg", 10): 0.60, ("ffmpeg", 60): 0.40, ("pydub", 10): 0.06, ("nothing", 60): 0.12}
    rows = [
        Row(
            f"{about}, cold",
            name,
            None if "graph" in name else aims.get((name.split()[0].strip("`,"), track.minutes)),
            Ratio.of(cold, times),
        )
        for name, times in theirs.items()
    ]
    for name, times in warm.items():
        aim = (0.12 if name.startswith("nothing") else 0.20) if track.minutes >= 60 else None
        rows.append(Row(f"{about}, {name}", f"{about}, cold", aim, Ratio.of(times, cold)))
    medians = {
        "cuecast, cold": rows[0].ratio.ours,
        "cuecast, nothing changed": Ratio.of(warm["nothing changed"], cold).ours,
    }
    return rows, medians | {row.theirs.replace("`", ""): row.ratio.theirs for row in rows[: len(peers)]}


def peak(minutes: int, folder: Path) -> Memory:
    """The memory of a cold build."""
    folder.mkdir()
    file = folder / "routine.yaml"
    file.write_text(routine(minutes))
    command, env = cuecast(["render", str(file), "-o", str(folder / "t.mp3"), "--quiet"], folder / "cache")
    found = memory(command, env)
    shutil.rmtree(folder)
    return found


def report(
    tracks: list[Track], rows: list[Row], memories: dict[str, Memory], pairs: int, load: tuple[float, float]
) -> str:
    """The page's part."""
    lines = [
        f"{len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}, {pairs} paired runs of whole "
        f"processes, medians. Load average {load[0]:.1f} at the start, {load[1]:.1f} at the end.",
        "",
    ]
    lines += [
        f"- *{track.minutes} min*: {track.facts['seconds'] / 60:.1f} minutes, {track.facts['events']} sounds, "
        f"{track.facts['distinct']} distinct utterances."
        for track in tracks
    ]
    lines += ["", "| ours | theirs | ours, s | theirs, s | ratio | from, to | aim |", "|---|---|--:|--:|--:|---|--:|"]
    lines += map(str, rows)
    lines += ["", "| cold build | largest process, MB | all processes, MB |", "|---|--:|--:|"]
    lines += [f"| {name} | {m.largest / 1e6:.0f} | {m.together / 1e6:.0f} |" for name, m in memories.items()]
    if len(memories) > 1:
        few, *_, many = memories.values()
        lines += [f"| ratio | {many.largest / few.largest:.2f} | {many.together / few.together:.2f} |"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="only the ten minutes, without the naive script")
    parser.add_argument("--write", action="store_true", help="write the tables and the plot into docs/")
    told = parser.parse_args()
    ffmpeg, began = find_ffmpeg(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tracks = [Track(m, folder / f"{m}", ffmpeg) for m in ((10,) if told.quick else (10, 60))]
        rows: list[Row] = []
        times: dict[str, dict[str, float]] = {}
        for track in tracks:
            more, times[f"{track.minutes} minutes"] = compare(track, told.pairs, track.minutes == 10 and not told.quick)
            rows += more
        sizes = {} if told.quick else {"60 min": 60, "10 h": 600}
        memories = {label: peak(minutes, folder / "memory") for label, minutes in sizes.items()}
        text = report(tracks, rows, memories, told.pairs, (began, os.getloadavg()[0]))
    print(text)
    if told.write:
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(
            f"{before}{BEGIN}\n{text}\n![Seconds of each way to the track](performance.svg)\n{END}{after}", "utf-8"
        )
        PLOT.write_text(bars(times, "seconds"), "utf-8")


if __name__ == "__main__":
    main()
