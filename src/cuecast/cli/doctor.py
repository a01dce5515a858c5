"""What `cuecast doctor` looks at: each part of a build, tried for real."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from cuecast import __version__, pipeline
from cuecast.cache import list_entries
from cuecast.cli import neural_hint as human
from cuecast.cli.console import myself
from cuecast.cli.find import cache_dir, cache_limit, folders
from cuecast.cli.sizes import bytes_to_text
from cuecast.cli.voice_status import look_at
from cuecast.errors import SetupError
from cuecast.options import BuildFolders, Options, ProgressListener, RoutineFile
from cuecast.read.profiles import ProfileError, faulty_profiles, list_profiles

SAMPLE = b"""\
title: Check-up
voice: %s
steps:
  - exercise: Calves
    work: 5s
"""


class Finding(Struct, frozen=True):
    """One part of the machine, and whether it works."""

    name: str
    ok: bool
    found: str
    hint: str | None = None


def findings() -> list[Finding]:
    """Try everything that a build needs."""
    return [
        Finding("cuecast", True, f"{__version__}, Python {platform.python_version()}, {platform.platform(terse=True)}"),
        _try("voice", lambda: _build("coach")),
        _try("encoder", lambda: _build("silent")),
        _try("cache", _cache),
        _voices(),
        _neural(),
        *_own(),
        *(Finding(f"voice {name}", False, line) for name, fault in _faulty() for line in fault.lines()),
        Finding("voices folder", True, str(folders("voices")[0])),
        Finding("routines folder", True, str(folders("routines")[0])),
        Finding("music folder", True, str(folders("music")[0])),
        Finding("tones folder", True, str(folders("tones")[0])),
    ]


def _voices() -> Finding:
    looks = look_at(list_profiles(folders("voices")))
    speaking = sum(look.speaks for look in looks)
    rest = "" if speaking == len(looks) else f"; `{myself()} voices` says why the others can't"
    return Finding("voices", speaking > 0, f"{speaking} of {len(looks)} can speak here{rest}")


def _neural() -> Finding:
    """No fault where there are none: nobody needs them."""
    if not human.is_installed():
        return Finding("neural voices", True, f"not installed; to have them: {human.install_command()}")
    speaking = [look.profile.name for look in look_at(human.neural_voices()) if look.speaks]
    return Finding("neural voices", True, f"installed; {', '.join(speaking) or 'none of them can speak here'}")


def _own() -> list[Finding]:
    """The user's own voices that can't speak: each was made to."""
    mine = [profile for profile in list_profiles(folders("voices")) if profile.folder == folders("voices")[0]]
    return [
        Finding(f"voice {look.profile.name}", False, f"can't speak here: {look.why}", look.hint)
        for look in look_at(mine)
        if not look.speaks
    ]


def _faulty() -> tuple[tuple[str, ProfileError], ...]:
    return faulty_profiles(folders("voices"))


def _try(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except SetupError as fault:
        return Finding(name, False, fault.message, fault.hint)


def _build(voice: str) -> str:
    """Render a few seconds, with nothing from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        places = BuildFolders(voices=folders("voices"), cache=Path(folder) / "cache")
        target = Path(folder) / "check-up.mp3"
        result = pipeline.render(
            RoutineFile("check-up.yaml", SAMPLE % voice.encode()), target, Options(), places, ProgressListener()
        )
        if result.value is None:
            raise SetupError("; ".join(d.message for d in result.diagnostics))
        return f"{voice} made a track of {result.value.size:,} bytes"


def _cache() -> str:
    folder, limit = cache_dir(), cache_limit()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            size = sum(entry.size for entry in list_entries(folder))
            return f"{folder}, {bytes_to_text(size)} of {bytes_to_text(limit)} at most"
    except OSError as fault:
        raise SetupError(
            f"{folder}: {fault.strerror}; builds work, but speak everything anew each time",
            "make the folder writable, or name another one in CUECAST_CACHE",
        ) from fault
