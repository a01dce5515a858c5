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

from cuecast import api, pipeline
from cuecast.encode.mp3.cached import SegmentEncoder
from cuecast.encode.mp3.crc import Crc16
from cuecast.encode.mp3.cut import segments_of
from cuecast.encode.mp3.lame import encode_segment
from cuecast.model.build import Plan
from cuecast.model.progress import ProgressListener
from cuecast.options import Options
from cuecast.protocols import MixedSound

Result = TypeVar("Result")


@dataclass
class Clock:
    """Seconds of each stage, in order of their first use."""

    spent: dict[str, float] = field(default_factory=dict)

    def time(self, stage: str, work: Callable[[], Result]) -> Result:
        begun = time.perf_counter()
        try:
            return work()
        finally:
            self.spent[stage] = self.spent.get(stage, 0.0) + time.perf_counter() - begun


class TimedSound:
    """The mixed sound; the time to mix each window is measured."""

    def __init__(self, sound: MixedSound, clock: Clock) -> None:
        self.channels, self.recipe = sound.channels, sound.recipe
        self._sound, self._clock = sound, clock

    def __call__(self, start: int, end: int) -> bytes:
        return self._clock.time("mix", partial(self._sound, start, end))


def stages(minutes: int, bed: str, folder: Path) -> dict[str, float]:
    """The seconds of each stage of a build of so many minutes over a bed."""
    (folder / "routine.yaml").write_text(lay(folder, minutes, bed))
    options = Options(jobs=2, cache=folder / "cache", home=folder / "home")
    source, cache = api.find_routine(folder / "routine.yaml", options), api.open_cache(options)
    library = api.open_library(source, options)
    clock = Clock()
    clock.time("start Python, import our modules", start)

    def make_plan() -> Plan:
        prepared = pipeline.prepare(source, library, options).value
        assert prepared is not None
        plan = pipeline.plan(prepared, options, cache, ProgressListener()).value
        assert plan is not None
        return plan

    begun = time.perf_counter()
    make_plan()
    cold = time.perf_counter() - begun
    plan = clock.time("read, expand, arrange, find the clips", make_plan)
    clock.spent["speak (two cores)"] = cold - clock.spent["read, expand, arrange, find the clips"]
    timeline = plan.timeline
    music = partial(pipeline.mix, plan, library, cache, ProgressListener())
    mixed = clock.time("decode or generate the music, measure it", music).value
    assert mixed is not None
    sound = TimedSound(mixed, clock)
    encoder = SegmentEncoder(sound, timeline.duration, cache)
    crc = Crc16()
    with (folder / "track").open("wb") as target:
        known: set[str] = set()
        for segment in segments_of(timeline):
            key = clock.time("recipes of the segments", partial(encoder.key, segment))
            if key in known:
                data = clock.time("find segments that repeat", partial(encoder.encode, segment, key))
            else:
                mixed = clock.spent.get("mix", 0.0)
                data = clock.time("encode (one core)", partial(encode_segment, segment, sound, timeline.duration))
                clock.spent["encode (one core)"] -= clock.spent["mix"] - mixed
                if key is not None:
                    clock.time("cache segments", partial(cache.put, key, data))
                    known.add(key)
            clock.time("checksums", partial(crc.update, data))
            clock.time("write", partial(target.write, data))
    return clock.spent


def start() -> None:
    code = "import cuecast.cli.app, cuecast.pipeline, cuecast.encode.mp3"
    subprocess.run([sys.executable, "-c", code], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, nargs="+", default=[10, 60, 600])
    parser.add_argument("--no-beds", action="store_true", help="nothing with music under it")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    args = parser.parse_args()
    columns = {}
    with tempfile.TemporaryDirectory() as folder:
        stages(10, "", Path(folder) / "first")  # tones, imports
        for bed in BEDS:
            for minutes in () if bed and args.no_beds else args.minutes:
                columns[f"{length(minutes)}{bed}"] = stages(minutes, bed, Path(folder) / f"{minutes}{bed}")
    lines = [f"| seconds | {' | '.join(columns)} |", f"|---|{'--:|' * len(columns)}"]
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    for name in names:
        cells = " | ".join(f"{column[name]:.3f}" if name in column else "" for column in columns.values())
        lines.append(f"| {name} | {cells} |")
    text = "\n".join(lines) + "\n"
    print(text)
    if args.write:
        put_table("stages", text)


if __name__ == "__main__":
    main()
