"""What `cuecast doctor` looks at: each part of a build, tried for real."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cuecast import __version__, pipeline
from cuecast.cli.find import cache_dir, folders
from cuecast.pipeline import Options, Places, Reporter, RoutineFile
from cuecast.ports import EnvironmentFault
from cuecast.profiles import faulty_profiles

SAMPLE = b"""\
title: Check-up
voice: %s
steps:
  - exercise: Calves
    work: 5s
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the machine, and whether it works."""

    name: str
    ok: bool
    found: str
    remedy: str | None = None


def findings() -> list[Finding]:
    """Try everything that a build needs."""
    return [
        Finding("cuecast", True, f"{__version__}, Python {platform.python_version()}, {platform.platform(terse=True)}"),
        _try("voice", lambda: _build("coach")),
        _try("encoder", lambda: _build("silent")),
        _try("cache", _cache),
        *(Finding(f"voice {name}", False, f"its file has errors: {fault}") for name, fault in _faulty()),
        Finding("voices folder", True, str(folders("voices")[0])),
        Finding("routines folder", True, str(folders("routines")[0])),
    ]


def _faulty() -> tuple[tuple[str, str], ...]:
    return faulty_profiles(folders("voices"))


def _try(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except EnvironmentFault as fault:
        return Finding(name, False, fault.message, fault.remedy)


def _build(voice: str) -> str:
    """Render a few seconds, with nothing from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        places = Places(voices=folders("voices"), cache=Path(folder) / "cache")
        target = Path(folder) / "check-up.mp3"
        result = pipeline.render(
            RoutineFile("check-up.yaml", SAMPLE % voice.encode()), target, Options(), places, Reporter()
        )
        if result.value is None:
            raise EnvironmentFault("; ".join(d.message for d in result.diagnostics))
        return f"{voice} made a track of {result.value.size:,} bytes"


def _cache() -> str:
    folder = cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return str(folder)
    except OSError as fault:
        raise EnvironmentFault(
            f"{folder}: {fault.strerror}; builds work, but speak everything anew each time",
            "make the folder writable, or name another one in CUECAST_CACHE",
        ) from fault
