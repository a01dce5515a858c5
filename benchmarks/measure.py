"""Measurements: the time of whole processes, ratios within pairs, the memory of a process and its children."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


# An installed program is compiled once; so are all that are measured here.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


PAGE = HERE.parent / "docs" / "performance.md"
"""Where the tables go."""


def put_table(name: str, text: str) -> None:
    """Replace the part of the page that has this name."""
    begin, end = f"<!-- {name}: written by `make bench` -->", f"<!-- {name}: end -->"
    before, _, rest = PAGE.read_text("utf-8").partition(begin)
    PAGE.write_text(f"{before}{begin}\n{text}{end}{rest.partition(end)[2]}", "utf-8")


def find_ffmpeg() -> str:
    """The ffmpeg to compare with. Exits with what to install if there is none."""
    if ffmpeg := os.environ.get("CUECAST_FFMPEG") or shutil.which("ffmpeg"):
        return ffmpeg
    try:
        import imageio_ffmpeg
    except ImportError:
        sys.exit(
            "these benchmarks compare with ffmpeg, which is not here: install it (apt install ffmpeg, brew install "
            "ffmpeg, or pip install imageio-ffmpeg into this environment), or name one in CUECAST_FFMPEG"
        )
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def cuecast(command: Sequence[str], cache: Path) -> tuple[list[str], dict[str, str]]:
    """A command line of cuecast, run by this interpreter, and its environment."""
    env = os.environ | {"CUECAST_CACHE": str(cache), "CUECAST_HOME": str(cache / "home"), "NO_COLOR": "1"}
    return [sys.executable, "-m", "cuecast", *command], env


def seconds(command: Sequence[str], env: Mapping[str, str] | None = None) -> float:
    """One whole process, from its start to its end."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class Ratio:
    """Of paired times: the median, smallest and largest ratio, and the median of each side."""

    median: float
    least: float
    most: float
    ours: float
    theirs: float

    @classmethod
    def of(cls, ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        return cls(
            statistics.median(ratios), min(ratios), max(ratios), statistics.median(ours), statistics.median(theirs)
        )


@dataclass(frozen=True, slots=True)
class Memory:
    """Peak memory in bytes: of the largest process, and of all together, shared pages counted once."""

    largest: int
    together: int


def memory(command: Sequence[str], env: Mapping[str, str] | None = None) -> Memory:
    """The peak memory of a command and all its children, sampled a hundred times a second. Linux only."""
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    largest = together = 0
    while process.poll() is None:
        sizes = [_size(pid) for pid in _tree(process.pid)]
        largest = max([largest, *(rss for rss, _ in sizes)])
        together = max(together, sum(pss for _, pss in sizes))
        time.sleep(0.01)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Memory(largest, together)


def _tree(pid: int) -> list[int]:
    pids = [pid]
    for each in pids:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                pids += map(int, task.read_text().split())
            except OSError:
                continue
    return pids


def _size(pid: int) -> tuple[int, int]:
    """RSS and PSS."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    values = {line.split()[0]: int(line.split()[1]) * 1024 for line in lines[1:]}
    return values.get("Rss:", 0), values.get("Pss:", 0)
