"""Where a build's time goes: `python benchmarks/stages.py [--minutes 10 60 600] [--write]`.

Each stage by itself, one after the other: so those that a build does at once on several cores (speaking does, and
recipes, mixing, encoding and sums together) take less of it than here. `--write` puts the table into
docs/performance.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from tracks import routine

from cuecast.cache import Cache
from cuecast.files import data_dir
from cuecast.formats.mp3.crc import crc16
from cuecast.formats.mp3.encode import encode
from cuecast.formats.mp3.islands import Coded, Islands
from cuecast.formats.mp3.pieces import Piece, frame_count, pieces_of
from cuecast.formats.mp3.stream import Stream
from cuecast.library import Library
from cuecast.mix import windows
from cuecast.pipeline import Options, Places, Plan, Reporter, RoutineFile, plan

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- stages: written by `make bench` -->", "<!-- stages: end -->"


Result = TypeVar("Result")


@dataclass
class Clock:
    """Seconds of each stage, in the order in which they were first met."""

    spent: dict[str, float] = field(default_factory=dict)

    def time(self, stage: str, work: Callable[[], Result]) -> Result:
        begun = time.perf_counter()
        try:
            return work()
        finally:
            self.spent[stage] = self.spent.get(stage, 0.0) + time.perf_counter() - begun


def stages(minutes: int, folder: Path) -> dict[str, float]:
    """The seconds of each stage of a build of so many minutes."""
    file = RoutineFile("routine.yaml", routine(minutes).encode(), Library(None, [data_dir("routines") / "exercises"]))
    places = Places((data_dir("voices"),), folder / "cache")
    clock = Clock()
    clock.time("start Python, import our modules", start)

    def planned() -> Plan:
        made = plan(file, Options(jobs=2), places, Reporter()).value
        assert made is not None
        return made

    begun = time.perf_counter()
    planned()
    cold = time.perf_counter() - begun
    made = clock.time("read, expand, arrange, find the clips", planned)
    clock.spent["speak (two cores)"] = cold - clock.spent["read, expand, arrange, find the clips"]
    timeline = made.timeline
    window = windows(timeline, made.clips)
    cache = Cache(folder / "cache")
    islands = Islands(window, timeline.duration, cache)
    with (folder / "track").open("wb") as target:
        stream = Stream(target, frame_count(timeline.duration))
        known: set[str] = set()
        for piece in pieces_of(timeline):
            key = clock.time("recipes of the islands", partial(islands.key, piece))
            assert key is not None
            if key in known:
                _, coded = clock.time("find islands that repeat", partial(islands, piece))
            else:
                pcm = clock.time("mix", partial(window, *piece.window(timeline.duration)))
                frames = clock.time("encode (one core)", partial(encode, pcm))
                data = b"".join(frames[piece.pre_roll : piece.pre_roll + piece.last - piece.first])
                coded = Coded(data, clock.time("checksums", partial(crc16, data)))
                clock.time("keep islands", partial(cache.keep, key, coded.crc.to_bytes(2, "big") + data))
                known.add(key)
            clock.time("write", partial(write, stream, piece, coded))
        clock.time("write", partial(stream.write_silence, stream.total))
    return clock.spent


def write(stream: Stream, piece: Piece, coded: Coded) -> None:
    stream.write_silence(piece.first)
    stream.write(coded.data, piece.last - piece.first, coded.crc)


def start() -> None:
    code = "import cuecast.cli.app, cuecast.cli.build, cuecast.formats.mp3"
    subprocess.run([sys.executable, "-c", code], check=True)


def label(minutes: int) -> str:
    return f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, nargs="+", default=[10, 60, 600])
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    told = parser.parse_args()
    columns = {}
    for minutes in told.minutes:
        with tempfile.TemporaryDirectory() as folder:
            stages(10, Path(folder))  # tones, imports
        with tempfile.TemporaryDirectory() as folder:
            columns[minutes] = stages(minutes, Path(folder))
    lines = [f"| seconds | {' | '.join(map(label, columns))} |", f"|---|{'--:|' * len(columns)}"]
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    for name in names:
        cells = " | ".join(f"{column[name]:.3f}" if name in column else "" for column in columns.values())
        lines.append(f"| {name} | {cells} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if told.write:
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
