"""Where a build's time goes: `python benchmarks/stages.py [--minutes 10 60 600] [--no-beds] [--write]`.

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

from building import BEDS, lay, length
from measure import put_table

from cuecast.cache import Cache
from cuecast.encode.mp3.cached import SegmentEncoder
from cuecast.encode.mp3.crc import Crc16
from cuecast.encode.mp3.cut import segments_of
from cuecast.encode.mp3.lame import encode_segment
from cuecast.files import data_dir
from cuecast.library import Library
from cuecast.options import BuildFolders, Options, Plan, ProgressListener, RoutineFile
from cuecast.pipeline import plan, sound_of
from cuecast.protocols import MixedSound

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


class Mixing:
    """Windows of sound that are timed; what is encoded in between is not."""

    def __init__(self, windows: MixedSound, clock: Clock) -> None:
        self.channels, self.recipe = windows.channels, windows.recipe
        self._windows, self._clock = windows, clock

    def __call__(self, start: int, end: int) -> bytes:
        return self._clock.time("mix", partial(self._windows, start, end))


def stages(minutes: int, bed: str, folder: Path) -> dict[str, float]:
    """The seconds of each stage of a build of so many minutes, over such a bed."""
    text = lay(folder, minutes, bed)
    exercises = [data_dir("routines") / "exercises"]
    file = RoutineFile("routine.yaml", text.encode(), Library(folder, exercises))
    places = BuildFolders((data_dir("voices"),), folder / "cache")
    clock = Clock()
    clock.time("start Python, import our modules", start)

    def planned() -> Plan:
        made = plan(file, Options(jobs=2), places, ProgressListener()).value
        assert made is not None
        return made

    begun = time.perf_counter()
    planned()
    cold = time.perf_counter() - begun
    made = clock.time("read, expand, arrange, find the clips", planned)
    clock.spent["speak (two cores)"] = cold - clock.spent["read, expand, arrange, find the clips"]
    timeline = made.timeline
    cache = Cache(folder / "cache")
    sound, _ = clock.time("decode or make the music, measure it", lambda: sound_of(made, cache, ProgressListener()))
    assert sound is not None
    windows = Mixing(sound, clock)
    encoder = SegmentEncoder(windows, timeline.duration, cache)
    crc = Crc16()
    with (folder / "track").open("wb") as target:
        known: set[str] = set()
        for segment in segments_of(timeline):
            key = clock.time("recipes of the segments", partial(encoder.key, segment))
            if key in known:
                data = clock.time("find segments that repeat", partial(encoder.encode, segment, key))
            else:
                mixed = clock.spent.get("mix", 0.0)
                data = clock.time("encode (one core)", partial(encode_segment, segment, windows, timeline.duration))
                clock.spent["encode (one core)"] -= clock.spent["mix"] - mixed
                if key is not None:
                    clock.time("cache segments", partial(cache.put, key, data))
                    known.add(key)
            clock.time("checksums", partial(crc.update, data))
            clock.time("write", partial(target.write, data))
    return clock.spent


def start() -> None:
    code = "import cuecast.cli.app, cuecast.cli.check_plan, cuecast.encode.mp3"
    subprocess.run([sys.executable, "-c", code], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, nargs="+", default=[10, 60, 600])
    parser.add_argument("--no-beds", action="store_true", help="nothing with music under it")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    told = parser.parse_args()
    columns = {}
    with tempfile.TemporaryDirectory() as folder:
        stages(10, "", Path(folder) / "first")  # tones, imports
        for bed in BEDS:
            for minutes in () if bed and told.no_beds else told.minutes:
                columns[f"{length(minutes)}{bed}"] = stages(minutes, bed, Path(folder) / f"{minutes}{bed}")
    lines = [f"| seconds | {' | '.join(columns)} |", f"|---|{'--:|' * len(columns)}"]
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    for name in names:
        cells = " | ".join(f"{column[name]:.3f}" if name in column else "" for column in columns.values())
        lines.append(f"| {name} | {cells} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if told.write:
        put_table("stages", text)


if __name__ == "__main__":
    main()
