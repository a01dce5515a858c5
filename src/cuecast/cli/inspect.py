"""`cuecast inspect`: what is in a track."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cuecast import api
from cuecast.cli.console import print_stderr, usage_error, write_json, write_stdout
from cuecast.cli.params import JsonOption
from cuecast.cli.sizes import bytes_to_text
from cuecast.model.duration import ms_to_clock
from cuecast.tags.inspection import TEXTS

_MAX_SHOWN = 300


def inspect(
    track: Annotated[str, typer.Argument(metavar="TRACK", help="An MP3, of cuecast or of anybody else.")],
    as_json: JsonOption = False,
) -> None:
    """Show what is in a track: tags, chapters, the routine."""
    path = track_path(track)
    facts = api.inspect(path)
    if facts is None:
        raise usage_error(f"{path} is not an MP3", "inspect shows MP3 files, those of cuecast and others")
    if as_json:
        write_json(facts)
        return
    write_stdout("".join(f"{line}\n" for line in _lines(facts)))
    problems = facts["problems"]
    assert isinstance(problems, list)
    for problem in problems:
        print_stderr(f"cuecast: {_printable(problem)}")


def track_path(track: str) -> Path:
    """The path of a track to read. One that can't be read ends the command with exit status 2."""
    path = Path(track)
    if path.is_dir():
        raise usage_error(f"{track} is a folder, not a track")
    try:
        path.open("rb").close()
    except OSError as fault:
        raise usage_error(f"can't read {path}: {fault.strerror}") from None
    return path


def _lines(facts: dict[str, object]) -> Iterator[str]:
    """The same for people. A stranger's text could control the terminal, so all of it is made printable."""
    for name in (*TEXTS.values(), "comment"):
        if name in facts:
            yield f"{name:9} {_printable(str(facts[name]))}"
    if isinstance(seconds := facts.get("duration"), float):
        yield f"{'length':9} {ms_to_clock(round(seconds * 1_000))}"
    match facts.get("timeline"):
        case {"voice": str(voice), "language": language, "spoken_by": by, "cautions": list(cautions)}:
            yield f"{'voice':9} {_printable(f'{voice}: {by}' if by else voice)} ({_printable(str(language))})"
            yield from (f"{'caution':9} {_printable(str(caution))}" for caution in cautions)
    match facts["pictures"]:
        case [{"mime": mime, "bytes": int(size)}, *_]:
            yield f"{'picture':9} {_printable(str(mime))}, {bytes_to_text(size)}"
    match facts["lyrics"]:
        case {"lines": int(lines), "timed": int(timed)} if lines or timed:
            yield (
                f"{'lyrics':9} {lines} lines, {timed} of them timed"
                if timed != lines
                else (f"{'lyrics':9} {lines} lines, timed")
            )
    match facts["routine"]:
        case {"routine": routine, "files": dict(files), "cuecast": version}:
            more = f" and {len(files) - 1} more" if len(files) > 1 else ""
            yield f"{'routine':9} {_printable(str(routine))}{more}, by cuecast {_printable(str(version))}; `cuecast extract`"
        case None:
            yield f"{'routine':9} none inside"
    chapters = facts["chapters"]
    assert isinstance(chapters, list)
    for chapter in chapters:
        yield f"{ms_to_clock(round(chapter['start'] * 1_000)):>9} {_printable(chapter['title'])}"


def _printable(text: str) -> str:
    """The text on one line, without control characters."""
    flat = " ".join(text.split())
    safe = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in flat)
    return safe if len(safe) <= _MAX_SHOWN else f"{safe[: _MAX_SHOWN - 1]}…"
