"""`cuecast voices`: all voices, and whether they can speak here."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

import typer

from cuecast.cli.console import program_name, silent_stdout, write_json, write_stdout
from cuecast.cli.environment import user_library
from cuecast.cli.params import JsonOption
from cuecast.read.profiles import ProfileError, faulty_profiles, list_profiles
from cuecast.speak.voice_status import VoiceStatus, check_voices

_NARROW = 60
"""Columns for which nothing is wrapped more narrowly."""


def list_voices(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the voices, and whether they can speak here. Try one, make one, record your own."""
    if context.invoked_subcommand is None:
        list_again(as_json)


def list_again(as_json: JsonOption = False) -> None:
    """List the voices, as `cuecast voices` alone does."""
    with silent_stdout():
        statuses = check_voices(list_profiles(user_library()))
    faulty = faulty_profiles(user_library())
    if as_json:
        write_json([*map(_plain, statuses), *(_plain_faulty(name, str(fault)) for name, fault in faulty)])
        return
    write_stdout("".join(_lines(statuses, faulty)))


def _plain(status: VoiceStatus) -> dict[str, object]:
    profile = status.profile
    return {
        "name": profile.name,
        "engine": profile.engine,
        "language": profile.language,
        "available": status.speaks,
        "voice": status.voice,
        "spoken_by": profile.chosen or None,
        "why": status.problem,
        "remedy": status.hint,
        "description": profile.description,
    }


def _plain_faulty(name: str, fault: str) -> dict[str, object]:
    nothing = dict.fromkeys(("engine", "language"))
    gone = dict.fromkeys(("voice", "spoken_by"))
    return {"name": name, **nothing, "available": False, **gone, "why": fault, "remedy": None, "description": ""}


def _lines(statuses: Sequence[VoiceStatus], faulty: Sequence[tuple[str, ProfileError]]) -> Iterator[str]:
    """Those that speak, by language; then those that can't; then the files that are no voices."""
    columns = _columns(statuses, faulty)
    speaking = sorted((status for status in statuses if status.speaks), key=_in_order)
    for number, (_, of_language) in enumerate(groupby(speaking, key=lambda status: status.profile.language)):
        yield "\n" if number else ""
        for status in of_language:
            voice, description = status.profile.spoken_by or f"{status.voice}", status.profile.description
            yield _row(columns, status, f"{description} ({voice})" if description else voice)
    silent = sorted((status for status in statuses if not status.speaks), key=_in_order)
    offered = [status for status in silent if (status.hint or "").startswith("cuecast voices get")]
    if offered:
        yield f"\nThese can be had: {program_name()} voices get NAME\n"
    for status in offered:
        yield _row(columns, status, status.profile.description)
    silent = [status for status in silent if status not in offered]
    if silent:
        yield "\nThese can't speak here:\n" if speaking else "None of the voices can speak here:\n"
    for status in silent:
        yield _row(columns, status, f"{status.problem}", f"{status.hint or ''}")
    if faulty:
        yield "\nFiles that are no voices:\n"
    for name, fault in faulty:
        yield _wrapped(f"{name:<{columns[0]}}  ", ("NOT usable: its file has errors:", *fault.lines()), "\n")
    if speaking and _on_terminal():
        yield f"\nHear one: {program_name()} voices try {speaking[0].profile.name}\n"


def _columns(statuses: Sequence[VoiceStatus], faulty: Sequence[tuple[str, ProfileError]]) -> tuple[int, int, int]:
    """How wide names, languages and engines are."""
    names = [*(status.profile.name for status in statuses), *(name for name, _ in faulty)]
    return (
        max(map(len, names), default=0),
        max((len(status.profile.language) for status in statuses), default=0),
        max((len(status.profile.engine) for status in statuses), default=0),
    )


def _row(columns: tuple[int, int, int], status: VoiceStatus, *texts: str) -> str:
    """A line; on a terminal that is too narrow for it more, with the text below itself."""
    profile = status.profile
    cells = zip((profile.name, profile.language, profile.engine), columns, strict=True)
    begin = "".join(f"{cell:<{width}}  " for cell, width in cells)
    return _wrapped(begin, [text for text in texts if text], "; ")


def _wrapped(begin: str, texts: Sequence[str], between: str) -> str:
    """Texts behind `begin`. For programs with `between` them; on a terminal each on its own, and none too wide."""
    if not _on_terminal():
        return f"{begin}{between.join(texts).replace(chr(10), chr(10) + '    ')}\n"
    width = max(_NARROW, shutil.get_terminal_size().columns) - 1
    below = " " * len(begin) if len(begin) < width // 2 else "    "
    lines = [line for text in texts for line in textwrap.wrap(text, width - len(below), break_on_hyphens=False)]
    if len(begin) + len(lines[0]) > width:
        lines.insert(0, "")
        begin = "\n".join(textwrap.wrap(begin, width, break_on_hyphens=False))
    return f"{begin}{f'{chr(10)}{below}'.join(lines)}\n"


def _on_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _in_order(status: VoiceStatus) -> tuple[bool, str, str]:
    """English first, as it is the language of most routines; then by language and name."""
    return status.profile.language != "en", status.profile.language, status.profile.name
