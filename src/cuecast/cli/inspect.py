"""`cuecast inspect`: what is in a track. `cuecast extract`: its routine, as files."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cuecast import __version__
from cuecast.cli.console import print_stderr, program_name, usage_error, write_json, write_stdout
from cuecast.cli.params import JsonOption
from cuecast.cli.sizes import bytes_to_text
from cuecast.model.duration import ms_to_clock
from cuecast.tags import extract as extraction
from cuecast.tags.bundle import Bundle, NotABundle
from cuecast.tags.extract import Extracted, ExtractError, bundle_of
from cuecast.tags.mp3_length import length_ms
from cuecast.tags.reader import Tag, read_tag
from cuecast.tags.timeline_frame import DESCRIPTION, NoTimelineError, read_timeline

_TEXTS = {
    "TIT2": "title",
    "TPE1": "artist",
    "TALB": "album",
    "TRCK": "track",
    "TCON": "genre",
    "TSSE": "made by",
}
_MAX_SHOWN = 300


def inspect(
    track: Annotated[str, typer.Argument(metavar="TRACK", help="An MP3, of cuecast or of anybody else.")],
    as_json: JsonOption = False,
) -> None:
    """Show what is in a track: tags, chapters, the routine."""
    path = _path(track)
    try:
        with path.open("rb") as file:
            tag = read_tag(file)
            ms = length_ms(file, tag.size if tag else 0)
    except OSError as fault:
        raise usage_error(f"can't read {path}: {fault.strerror}") from None
    if tag is None and ms is None:
        raise usage_error(f"{path} is not an MP3", "inspect shows MP3 files, those of cuecast and others")
    facts, problems = _facts(tag or Tag(), ms)
    if as_json:
        write_json({**facts, "problems": problems})
        return
    write_stdout("".join(f"{line}\n" for line in _lines(facts)))
    for problem in problems:
        print_stderr(f"cuecast: {_printable(problem)}")


def extract_routine(track: str, output: str | None, force: bool, quiet: bool, as_json: bool) -> None:
    """Write the routine into a folder, and print how to render it again."""
    path = _path(track)
    folder = Path(output if output is not None else path.stem)
    if not folder.name:
        raise usage_error("-o needs the name of a folder", f"for example -o {path.stem}")
    if not folder.parent.is_dir():
        raise usage_error(f"there is no folder {folder.parent}", f"mkdir -p {shlex.quote(str(folder.parent))}")
    try:
        extracted = extraction.extract(path, folder, force)
    except ExtractError as fault:
        raise usage_error(str(fault), fault.hint) from None
    except OSError as fault:
        raise usage_error(f"can't read {path}: {fault.strerror}") from None
    if as_json:
        write_json(_to_json(extracted))
    if not quiet:
        _print_next_steps(extracted)


def _path(track: str) -> Path:
    path = Path(track)
    if path.is_dir():
        raise usage_error(f"{track} is a folder, not a track")
    return path


def _facts(tag: Tag, ms: int | None) -> tuple[dict[str, object], list[str]]:
    """What is in a track, as JSON values, and what could not be read."""
    problems = list(tag.problems)
    facts: dict[str, object] = {name: tag.texts[id_] for id_, name in _TEXTS.items() if id_ in tag.texts}
    if ms is not None:
        facts["duration"] = ms / 1_000
    facts["tag"] = {"version": tag.version, "bytes": tag.size} if tag.size else None
    if comment := next((each.text for each in tag.comments if each.text), None):
        facts["comment"] = comment
    facts["pictures"] = [{"mime": each.mime, "kind": each.kind, "bytes": len(each.data)} for each in tag.pictures]
    facts["lyrics"] = {
        "language": tag.lyrics[0].language if tag.lyrics else None,
        "lines": len(tag.lyrics[0].text.splitlines()) if tag.lyrics else 0,
        "timed": len(tag.timed_lyrics),
    }
    facts["chapters"] = [
        {"start": each.start / 1_000, "end": each.end / 1_000, "title": each.title} for each in tag.chapters
    ]
    bundle = None
    try:
        if DESCRIPTION in tag.attachments:
            timeline = read_timeline(tag.attachments[DESCRIPTION])
            facts["timeline"] = {"language": timeline.language, "voice": timeline.voice}
    except NoTimelineError as fault:
        problems.append(str(fault))
    try:
        bundle = bundle_of(tag)
    except NotABundle as fault:
        problems.append(str(fault))
    facts["routine"] = _bundle(bundle) if bundle else None
    return facts, problems


def _bundle(bundle: Bundle) -> dict[str, object]:
    return {
        "cuecast": bundle.cuecast,
        "routine": bundle.routine,
        "options": dict(bundle.options),
        "files": {path: len(content) for path, content in bundle.files.items()},
        "elsewhere": dict(bundle.elsewhere),
    }


def _lines(facts: dict[str, object]) -> Iterator[str]:
    """The same for people. A stranger's text could control the terminal, so all of it is made printable."""
    for name in (*_TEXTS.values(), "comment"):
        if name in facts:
            yield f"{name:9} {_printable(str(facts[name]))}"
    if isinstance(seconds := facts.get("duration"), float):
        yield f"{'length':9} {ms_to_clock(round(seconds * 1_000))}"
    match facts.get("timeline"):
        case {"voice": voice, "language": language}:
            yield f"{'voice':9} {_printable(str(voice))} ({_printable(str(language))})"
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


def _to_json(extracted: Extracted) -> dict[str, object]:
    return {
        "folder": str(extracted.folder),
        "routine": str(extracted.folder / extracted.bundle.routine),
        "files": [str(path) for path in extracted.files],
        "programs": [str(path) for path in extracted.programs],
        "missing": {str(path): digest for path, digest in extracted.missing.items()},
        "cuecast": extracted.bundle.cuecast,
        "render": list(extracted.arguments),
    }


def _print_next_steps(extracted: Extracted) -> None:
    count = len(extracted.files)
    print_stderr(f"{extracted.folder}  {count} {'file' if count == 1 else 'files'}, data only: look at it, change it")
    print_stderr(f"  render it     {program_name()} {shlex.join(extracted.arguments)}")
    for path, digest in extracted.missing.items():
        print_stderr(
            f"  is missing    {path}: put it there (its SHA-256 begins with {digest[:12]}), or name other music"
        )
    for path in extracted.programs:
        name = path.name.partition(".")[0]
        print_stderr(
            f"  not used      {path}: the voice {name} would start a program; look at it, and rename it if you trust it"
        )
    if extracted.bundle.cuecast != __version__:
        version = extracted.bundle.cuecast or "another version"
        print_stderr(
            f"  note          it was made by cuecast {version}; this is {__version__}, which may sound otherwise"
        )
