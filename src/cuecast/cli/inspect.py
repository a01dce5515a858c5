"""`inspect` and `extract`: what is in a track, shown, and taken out again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from cuecast import __version__
from cuecast.cli.console import print_stderr, program_name, usage_error, write_json, write_stdout
from cuecast.cli.params import JsonOption
from cuecast.cli.sizes import bytes_to_text
from cuecast.model.duration import ms_to_clock
from cuecast.tags import timeline_frame as embedded
from cuecast.tags.bundle import Bundle, NotABundle
from cuecast.tags.extract import Extracted, Refused, bundle_of
from cuecast.tags.extract import extract as take_out
from cuecast.tags.reader import read_tag
from cuecast.tags.reader.model import Picture, Tag, TimedWords, Words
from cuecast.tags.reader.sound import length_ms
from cuecast.tags.timeline_frame import NoTimelineError, read_embedded


def inspect(
    track: Annotated[str, typer.Argument(metavar="TRACK", help="An MP3, of cuecast or of anybody else.")],
    as_json: JsonOption = False,
) -> None:
    """Show what is in a track: tags, chapters, the routine."""

    _inspect(track, as_json)


_TEXTS = {
    "TIT2": "title",
    "TPE1": "artist",
    "TALB": "album",
    "TRCK": "track",
    "TCON": "genre",
    "TSSE": "made by",
}
_MOST = 300  # characters of a text that are shown


def _inspect(track: str, as_json: bool) -> None:
    """Show it on standard output; what can't be read is told beside it."""
    path = _path(track)
    try:
        with path.open("rb") as file:
            tag, ms = _looked_at(file)
    except OSError as fault:
        raise usage_error(f"can't read {path}: {fault.strerror}") from None
    if tag is None and ms is None:
        raise usage_error(f"{path} is no MP3", "inspect shows MP3 files, those of cuecast and others")
    told, problems = _told(tag or Tag("", 0, ()), ms)
    if as_json:
        write_json({**told, "problems": problems})
        return
    write_stdout("".join(f"{line}\n" for line in _lines(told)))
    for problem in problems:
        print_stderr(f"cuecast: {_shown(problem)}")


def extract_routine(track: str, output: str | None, force: bool, quiet: bool, as_json: bool) -> None:
    """Write it into a folder, and say how it is rendered again."""
    path = _path(track)
    folder = Path(output if output is not None else path.stem)
    if not folder.name:
        raise usage_error("-o needs the name of a folder", f"for example -o {path.stem}")
    if not folder.parent.is_dir():
        raise usage_error(f"there is no folder {folder.parent}", f"mkdir -p {shlex.quote(str(folder.parent))}")
    try:
        made = take_out(path, folder, force)
    except Refused as refused:
        raise usage_error(str(refused), refused.hint) from None
    except OSError as fault:
        raise usage_error(f"can't read {path}: {fault.strerror}") from None
    if as_json:
        write_json(_plain(made))
    if not quiet:
        _closing_lines(made)


def _path(track: str) -> Path:
    path = Path(track)
    if path.is_dir():
        raise usage_error(f"{track} is a folder, not a track")
    return path


def _looked_at(file: BinaryIO) -> tuple[Tag | None, int | None]:
    tag = read_tag(file)
    return tag, length_ms(file, tag.size if tag else 0)


def _told(tag: Tag, ms: int | None) -> tuple[dict[str, object], list[str]]:
    """What there is to say, as JSON values, and what could not be read."""
    problems = list(tag.problems)
    told: dict[str, object] = {name: text for id_, name in _TEXTS.items() if (text := tag.text(id_))}
    if ms is not None:
        told["duration"] = ms / 1_000
    told["tag"] = {"version": tag.version, "bytes": tag.size} if tag.size else None
    comments = [each.text for each in tag.all(Words) if each.id == "COMM" and each.text]
    if comments:
        told["comment"] = comments[0]
    told["pictures"] = [{"mime": each.mime, "kind": each.kind, "bytes": len(each.data)} for each in tag.all(Picture)]
    lyrics = [each for each in tag.all(Words) if each.id == "USLT"]
    timed = tag.all(TimedWords)
    told["lyrics"] = {
        "language": lyrics[0].language if lyrics else None,
        "lines": len(lyrics[0].text.splitlines()) if lyrics else 0,
        "timed": len(timed[0].lines) if timed else 0,
    }
    told["chapters"] = [
        {"start": each.start / 1_000, "end": each.end / 1_000, "title": each.title} for each in tag.chapters()
    ]
    if (found := tag.attachment(embedded.DESCRIPTION)) is not None:
        try:
            timeline = read_embedded(found.data)
            told["timeline"] = {"language": timeline.language, "voice": timeline.voice}
        except NoTimelineError as fault:
            problems.append(str(fault))
    try:
        bundle = bundle_of(tag)
    except NotABundle as fault:
        problems.append(str(fault))
        bundle = None
    told["routine"] = _bundle(bundle) if bundle else None
    return told, problems


def _bundle(bundle: Bundle) -> dict[str, object]:
    return {
        "cuecast": bundle.cuecast,
        "routine": bundle.routine,
        "options": dict(bundle.options),
        "files": {path: len(content) for path, content in bundle.files.items()},
        "elsewhere": dict(bundle.elsewhere),
    }


def _lines(told: dict[str, object]) -> Iterator[str]:
    """The same for a person. No text of a track reaches the terminal as it is: it could steer it."""
    for name in (*_TEXTS.values(), "comment"):
        if name in told:
            yield f"{name:9} {_shown(str(told[name]))}"
    if isinstance(seconds := told.get("duration"), float):
        yield f"{'length':9} {ms_to_clock(round(seconds * 1_000))}"
    match told.get("timeline"):
        case {"voice": voice, "language": language}:
            yield f"{'voice':9} {_shown(str(voice))} ({_shown(str(language))})"
    match told["pictures"]:
        case [{"mime": mime, "bytes": int(size)}, *_]:
            yield f"{'picture':9} {_shown(str(mime))}, {bytes_to_text(size)}"
    match told["lyrics"]:
        case {"lines": int(lines), "timed": int(timed)} if lines or timed:
            yield (
                f"{'lyrics':9} {lines} lines, {timed} of them timed"
                if timed != lines
                else (f"{'lyrics':9} {lines} lines, timed")
            )
    match told["routine"]:
        case {"routine": routine, "files": dict(files), "cuecast": version}:
            more = f" and {len(files) - 1} more" if len(files) > 1 else ""
            yield f"{'routine':9} {_shown(str(routine))}{more}, by cuecast {_shown(str(version))}; `cuecast extract`"
        case None:
            yield f"{'routine':9} none inside"
    chapters = told["chapters"]
    assert isinstance(chapters, list)
    for chapter in chapters:
        yield f"{ms_to_clock(round(chapter['start'] * 1_000)):>9} {_shown(chapter['title'])}"


def _shown(text: str) -> str:
    """On one line, and without what a terminal would obey."""
    flat = " ".join(text.split())
    safe = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in flat)
    return safe if len(safe) <= _MOST else f"{safe[: _MOST - 1]}…"


def _plain(made: Extracted) -> dict[str, object]:
    return {
        "folder": str(made.folder),
        "routine": str(made.folder / made.bundle.routine),
        "files": [str(path) for path in made.files],
        "programs": [str(path) for path in made.programs],
        "missing": {str(path): sum_ for path, sum_ in made.missing.items()},
        "cuecast": made.bundle.cuecast,
        "render": list(made.arguments),
    }


def _closing_lines(made: Extracted) -> None:
    count = len(made.files)
    print_stderr(f"{made.folder}  {count} {'file' if count == 1 else 'files'}, data only: look at it, change it")
    print_stderr(f"  render it     {program_name()} {shlex.join(made.arguments)}")
    for path, sum_ in made.missing.items():
        print_stderr(f"  is missing    {path}: put it there (its SHA-256 begins with {sum_[:12]}), or name other music")
    for path in made.programs:
        name = path.name.partition(".")[0]
        print_stderr(
            f"  not used      {path}: the voice {name} would start a program; look at it, and rename it if you trust it"
        )
    if made.bundle.cuecast != __version__:
        version = made.bundle.cuecast or "another version"
        print_stderr(
            f"  note          it was made by cuecast {version}; this is {__version__}, which may sound otherwise"
        )
