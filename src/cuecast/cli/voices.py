"""`cuecast voices`: all voices, and whether they can speak here."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from cuecast.cli.console import program_name, write_json, write_stdout
from cuecast.cli.environment import user_library
from cuecast.cli.voice_status import Look, look_at
from cuecast.read.profiles import ProfileError, faulty_profiles, list_profiles

_NARROW = 60
"""Columns for which nothing is wrapped more narrowly."""


def list_(as_json: bool) -> None:
    """List the voices."""
    looks = look_at(list_profiles(user_library()))
    faulty = faulty_profiles(user_library())
    if as_json:
        write_json([*map(_plain, looks), *(_plain_faulty(name, str(fault)) for name, fault in faulty)])
        return
    write_stdout("".join(_lines(looks, faulty)))


def _plain(look: Look) -> dict[str, object]:
    profile = look.profile
    return {
        "name": profile.name,
        "engine": profile.engine,
        "language": profile.language,
        "available": look.speaks,
        "voice": look.voice,
        "why": look.why,
        "remedy": look.hint,
        "description": profile.description,
    }


def _plain_faulty(name: str, fault: str) -> dict[str, object]:
    nothing = dict.fromkeys(("engine", "language"))
    return {"name": name, **nothing, "available": False, "voice": None, "why": fault, "remedy": None, "description": ""}


def _lines(looks: Sequence[Look], faulty: Sequence[tuple[str, ProfileError]]) -> Iterator[str]:
    """Those that speak, by language; then those that can't; then the files that are no voices."""
    columns = _columns(looks, faulty)
    speaking = sorted((look for look in looks if look.speaks), key=_in_order)
    for number, (_, of_language) in enumerate(groupby(speaking, key=lambda look: look.profile.language)):
        yield "\n" if number else ""
        for look in of_language:
            description = look.profile.description
            yield _row(columns, look, f"{description} ({look.voice})" if description else f"{look.voice}")
    silent = sorted((look for look in looks if not look.speaks), key=_in_order)
    if silent:
        yield "\nThese can't speak here:\n" if speaking else "None of the voices can speak here:\n"
    for look in silent:
        yield _row(columns, look, f"{look.why}", f"{look.hint or ''}")
    if faulty:
        yield "\nFiles that are no voices:\n"
    for name, fault in faulty:
        yield _wrapped(f"{name:<{columns[0]}}  ", ("NOT usable: its file has errors:", *fault.lines()), "\n")
    if speaking and _on_terminal():
        yield f"\nHear one: {program_name()} voices try {speaking[0].profile.name}\n"


def _columns(looks: Sequence[Look], faulty: Sequence[tuple[str, ProfileError]]) -> tuple[int, int, int]:
    """How wide names, languages and engines are."""
    names = [*(look.profile.name for look in looks), *(name for name, _ in faulty)]
    return (
        max(map(len, names), default=0),
        max((len(look.profile.language) for look in looks), default=0),
        max((len(look.profile.engine) for look in looks), default=0),
    )


def _row(columns: tuple[int, int, int], look: Look, *texts: str) -> str:
    """A line; on a terminal that is too narrow for it more, with the text below itself."""
    profile = look.profile
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


def _in_order(look: Look) -> tuple[bool, str, str]:
    """English first, as it is the language of most routines; then by language and name."""
    return look.profile.language != "en", look.profile.language, look.profile.name
