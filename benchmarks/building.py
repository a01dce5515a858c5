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

from measure import HERE, Memory, Ratio, cuecast, find_ffmpeg, memory, put_table, seconds
from plot import bars
from tracks import edited, moved, routine

DOCS = HERE.parent / "docs"
PLOT = DOCS / "performance.svg"
NOTHING = "nothing changed"

AIMS = {
    ("10 min", "`ffmpeg`, encoding the finished WAV"): 0.60,
    ("60 min", "`ffmpeg`, encoding the finished WAV"): 0.40,
    ("60 min over a song", "`ffmpeg`, encoding the finished WAV"): 0.60,
    ("60 min over ocean", "`ffmpeg`, encoding the finished WAV"): 0.60,
    ("10 min", "pydub and pyttsx3, naive"): 0.06,
    ("60 min", NOTHING): 0.12,
    ("60 min", "edited"): 0.20,
}
"""The target of each ratio, by the track and what it is compared with."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what is compared, the target, and the measured ratio."""

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


SONG = "song.wav"

BEDS = {"": None, " over a song": f"{{file: {SONG}}}", " over ocean": "ocean"}
"""The part of a track's name that says its bed, and what its routine says of it."""


def lay(folder: Path, minutes: int, bed: str) -> str:
    """Make a folder for a routine, with the song that it names. Returns the routine's text."""
    folder.mkdir()
    if bed:
        subprocess.run([sys.executable, str(HERE / "song.py"), str(folder / SONG)], check=True)
    return routine(minutes, BEDS[bed])


def length(minutes: int) -> str:
    return f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"


class Track:
    """A routine in a folder, with everything that the other programs need."""

    def __init__(self, minutes: int, folder: Path, ffmpeg: str, bed: str = "") -> None:
        self.minutes, self.folder, self.ffmpeg, self.bed = minutes, folder, ffmpeg, bed
        self.name = f"{length(minutes)}{bed}"
        self.text = lay(folder, minutes, bed)
        (folder / "home").mkdir()
        self.file = self._written("routine", self.text)
        command = [sys.executable, str(HERE / "prepare.py"), str(self.file), str(folder), ffmpeg]
        self.facts = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        self.caches = 0

    def _written(self, name: str, text: str) -> Path:
        path = self.folder / f"{name}.yaml"
        path.write_text(text)
        return path

    def build(self, file: Path, cache: Path, target: str = "ours.mp3") -> float:
        """`cuecast render` with that cache."""
        command, env = cuecast(["render", str(file), "-o", str(self.folder / target), "--quiet"], cache)
        return seconds(command, env)

    def cold(self) -> tuple[float, Path]:
        """The same with an empty cache, which is then full."""
        self.caches += 1
        cache = self.folder / f"cache-{self.caches}"
        return self.build(self.file, cache), cache

    def again(self, cache: Path) -> float:
        """The same build again: everything is as the cold build left it, the track too."""
        return self.build(self.file, cache)

    def track_removed(self, cache: Path) -> float:
        """The same build, but the track was removed."""
        (self.folder / "ours.mp3").unlink()
        return self.build(self.file, cache)

    def warm(self, text: str, cache: Path) -> float:
        """A build of another text with a copy of the routine's cache."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(cache, copy)
        return self.build(self._written("other", text), copy, "other.mp3")

    def encode(self) -> float:
        """ffmpeg, given the finished WAV."""
        channels = self.facts["channels"]
        settings = f"-ac {channels} -ar 48000 -c:a libmp3lame -b:a {64 * channels}k -compression_level 5".split()
        source, target = str(self.folder / "track.wav"), str(self.folder / "encoded.mp3")
        return seconds([self.ffmpeg, "-v", "error", "-y", "-i", source, *settings, target])

    def peer(self, script: str) -> float:
        """One of the scripts beside this one."""
        target = str(self.folder / "peer.mp3")
        return seconds([sys.executable, "-W", "ignore", str(HERE / script), str(self.folder / "events.json"), target])


def compare(track: Track, pairs: int, naive: bool) -> tuple[list[Row], dict[str, float]]:
    """All ratios of a track; and the medians of the times, for the plot."""
    # In this order: the first finds the track that the cold build has left, the edits have one of their own.
    variants: dict[str, Callable[[Path], float]] = {NOTHING: track.again, "the track removed": track.track_removed}
    if track.minutes >= 60 and not track.bed:
        variants["one cue edited"] = lambda cache: track.warm(edited(track.text), cache)
        for by in (1, 2, 3):
            variants[f"edited, later cues move by {by} s"] = lambda cache, by=by: track.warm(  # type: ignore[misc]
                moved(track.text, by), cache
            )
    peers: dict[str, Callable[[], float]] = {"`ffmpeg`, encoding the finished WAV": track.encode}
    if not track.bed:
        peers["`ffmpeg`, a filter graph (words given)"] = lambda: track.peer("graph.py")
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
        for name, build in variants.items():
            warm[name].append(build(cache))
        shutil.rmtree(cache)
    rows = [
        Row(f"{track.name}, cold", name, AIMS.get((track.name, name)), Ratio.of(cold, times))
        for name, times in theirs.items()
    ]
    for name, times in warm.items():
        aim = AIMS.get((track.name, "edited" if "edited" in name else name))
        rows.append(Row(f"{track.name}, {name}", f"{track.name}, cold", aim, Ratio.of(times, cold)))
    medians = {"cuecast, cold": rows[0].ratio.ours, "cuecast, nothing changed": Ratio.of(warm[NOTHING], cold).ours}
    return rows, medians | {row.theirs.replace("`", ""): row.ratio.theirs for row in rows[: len(peers)]}


def peak(minutes: int, folder: Path, bed: str = "") -> Memory:
    """The memory of a cold build."""
    text = lay(folder, minutes, bed)
    file = folder / "routine.yaml"
    file.write_text(text)
    command, env = cuecast(["render", str(file), "-o", str(folder / "t.mp3"), "--quiet"], folder / "cache")
    peak_memory = memory(command, env)
    shutil.rmtree(folder)
    return peak_memory


def report(
    tracks: list[Track], rows: list[Row], memories: list[dict[str, Memory]], pairs: int, load: tuple[float, float]
) -> str:
    """The page's part."""
    lines = [
        f"{len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}, {pairs} paired runs of whole "
        f"processes, medians. Load average {load[0]:.1f} at the start, {load[1]:.1f} at the end.",
        "",
    ]
    lines += [
        f"- *{track.name}*: {track.facts['seconds'] / 60:.1f} minutes, {track.facts['events']} sounds, "
        f"{track.facts['distinct']} distinct utterances."
        for track in tracks
    ]
    lines += ["", "| ours | theirs | ours, s | theirs, s | ratio | from, to | aim |", "|---|---|--:|--:|--:|---|--:|"]
    lines += map(str, rows)
    lines += ["", "| cold build | largest process, MB | all processes, MB |", "|---|--:|--:|"]
    for each in memories:  # of a shorter and a longer track
        lines += [f"| {name} | {m.largest / 1e6:.0f} | {m.together / 1e6:.0f} |" for name, m in each.items()]
        few, many = each.values()
        lines += [f"| ratio | {many.largest / few.largest:.2f} | {many.together / few.together:.2f} |"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="only the ten minutes, without the naive script")
    parser.add_argument("--no-beds", action="store_true", help="nothing with music under it")
    parser.add_argument("--write", action="store_true", help="write the tables and the plot into docs/")
    args = parser.parse_args()
    ffmpeg, began = find_ffmpeg(), os.getloadavg()[0]
    beds = [bed for bed in BEDS if not bed or not args.no_beds]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kinds = [(minutes, bed) for bed in beds for minutes in ((10,) if args.quick else (10, 60))]
        tracks = [Track(minutes, folder / f"{minutes}{bed}", ffmpeg, bed) for minutes, bed in kinds]
        rows: list[Row] = []
        times: dict[str, dict[str, float]] = {}
        for track in tracks:
            naive = track.minutes == 10 and not track.bed and not args.quick
            more, times[track.name] = compare(track, args.pairs, naive)
            rows += more
            shutil.rmtree(track.folder)
        memories = [
            {f"{length(minutes)}{bed}": peak(minutes, folder / "memory", bed) for minutes in (60, 600)}
            for bed in (() if args.quick else beds)
        ]
        text = report(tracks, rows, memories, args.pairs, (began, os.getloadavg()[0]))
    print(text)
    if args.write:
        put_table("benchmarks", f"{text}\n![Seconds of each way to the track](performance.svg)\n")
        PLOT.write_text(bars(times, "seconds"), "utf-8")


if __name__ == "__main__":
    main()
