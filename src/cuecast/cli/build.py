"""`render`, `check` and `plan`: the commands that compile."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, TextIO

import typer

from cuecast import pipeline
from cuecast.cli import report
from cuecast.cli.console import (
    FAULTY,
    INTERRUPTED,
    STANDARD_INPUT,
    USAGE,
    colourful,
    myself,
    put,
    put_json,
    tell,
    usage,
)
from cuecast.cli.find import Found, find_routine, folders, places
from cuecast.cli.progress import TerminalReporter
from cuecast.cli.sizes import bytes_to_text
from cuecast.cli.told import Told, options_of
from cuecast.diagnostics import Diagnostic, Severity, has_errors, in_order
from cuecast.duration import ms_to_clock
from cuecast.formats import UnknownFormat, text_format
from cuecast.layout import cast_of
from cuecast.pipeline import Result, Track
from cuecast.read import read
from cuecast.source import Source
from cuecast.timeline import Speech, Timeline

MOST_SHOWN = 100
"""Diagnostics that a person is shown at once; `check --format json` has them all."""


def render(routines: Sequence[str], output: str | None, told: Told, as_json: bool) -> None:
    """Make the tracks. One that fails does not stop the others."""
    options = options_of(told)
    folder_or_file = _output(output, len(routines))
    found = _find(routines, told.language)
    targets = _targets(found, folder_or_file)
    made: list[tuple[Found, Track]] = []
    for routine, target in zip(found, targets, strict=True):
        try:
            with TerminalReporter(told.quiet) as reporter:
                result = pipeline.render(routine.file, target, options, places(), reporter)
        except KeyboardInterrupt:
            _interrupted(target)
        _tell_diagnostics(result, told.quiet)
        if result.value is None:
            tell(f"cuecast: {target} was not made")
        else:
            made.append((routine, result.value))
    if as_json:
        put_json({"tracks": [_plain(track) for _, track in made]})
    if made and not told.quiet:
        _closing_lines(made)
        if not as_json:
            _human_voice(made)
    if len(found) < len(routines):
        raise typer.Exit(USAGE)
    if len(made) < len(found):
        raise typer.Exit(FAULTY)


def check(routines: Sequence[str], strict: bool, format_: str, told: Told) -> None:
    """Say what is wrong."""
    options, quiet = options_of(told), told.quiet
    found = _find(routines, told.language)
    results = [_with_voices(routine, pipeline.check(routine.file, options)) for routine in found]
    diagnostics = [_strictly(d) if strict else d for result in results for d in result.diagnostics]
    shown = [d for d in diagnostics if not quiet or d.severity is Severity.ERROR]
    sources = [source for result in results for source in result.sources]
    match format_:
        case "json":
            put(report.as_json(shown))
        case "github":
            put(report.as_github(shown))
        case _:
            put(_as_text(shown, sources, sys.stdout))
            if not quiet:
                for result, routine in zip(results, found, strict=True):
                    said = report.summary(result.diagnostics) or "no faults"
                    length = f", about {ms_to_clock(result.value.duration)}" if result.value else ""
                    tell(f"{routine.file.name}: {said}{length}")
    if len(found) < len(routines):
        raise typer.Exit(USAGE)
    if has_errors(diagnostics):
        raise typer.Exit(FAULTY)


def plan(reference: str, format_: str, told: Told) -> None:
    """Show the timeline."""
    try:
        writer = text_format(format_)
    except UnknownFormat as unknown:
        raise usage(str(unknown), unknown.hint) from None
    found = find_routine(reference, told.language)
    with TerminalReporter(told.quiet) as reporter:
        result = pipeline.plan(found.file, options_of(told), places(), reporter)
    _tell_diagnostics(result, told.quiet)
    if result.value is None:
        raise typer.Exit(FAULTY)
    put(writer.dump(result.value.timeline))


def _find(routines: Sequence[str], language: str | None) -> list[Found]:
    """Those that are there. Of one that is not it has been said; where none is, the command ends."""
    found = []
    for reference in routines:
        try:
            found.append(find_routine(reference, language))
        except typer.Exit:
            continue
    if not found:
        raise typer.Exit(USAGE)
    return found


def _with_voices(routine: Found, result: Result[Timeline]) -> Result[Timeline]:
    """The same, with a warning for each voice that is not there: another machine may have it."""
    if result.value is None:
        return result
    written = read(routine.file.name, routine.file.data, routine.file.opener).routine
    if written is None:
        return result
    cast = cast_of(written, result.value.language, {})
    _, unknown, texts = pipeline.profiles_of(cast, written, folders("voices"))
    warned = [replace(diagnostic, severity=Severity.WARNING) for diagnostic in unknown]
    diagnostics = in_order((*result.diagnostics, *warned))
    return replace(result, diagnostics=diagnostics, sources=(*result.sources, *texts))


def _output(told: str | None, tracks: int) -> tuple[Path, bool] | None:
    """Where to, and whether that is a folder; told wrongly, the command ends before anything is made."""
    if told is None:
        return None
    if not told:
        raise usage("-o needs the name of a track or of a folder", "for example -o my-track.mp3")
    output = Path(told)
    if output.is_dir() or told.endswith(("/", os.sep)):
        return output, True
    if tracks > 1 and output.suffix.lower() == ".mp3":
        raise usage("several routines need a folder for -o", f"mkdir -p tracks, then -o tracks, not -o {told}")
    return output, tracks > 1


def _targets(found: list[Found], told: tuple[Path, bool] | None) -> list[Path]:
    """Where each track goes; told wrongly, the command ends before anything is made."""
    output, is_folder = told or (Path(), True)
    if not is_folder:
        if output.suffix.lower() != ".mp3":
            raise usage(
                f"{output} does not end in .mp3, the one kind of track there is", f"-o {output.with_suffix('.mp3')}"
            )
        if not output.parent.is_dir():
            raise _no_folder(output.parent)
        return [output]
    if not output.is_dir():
        raise _no_folder(output)
    targets = [output / f"{routine.stem}.mp3" for routine in found]
    twice = {target for target in targets if targets.count(target) > 1}
    if twice:
        raise usage(f"two routines would both become {min(twice)}", "render them one at a time, with -o")
    return targets


def _no_folder(folder: Path) -> typer.Exit:
    return usage(f"there is no folder {folder}", f"mkdir -p {shlex.quote(str(folder))}")


def _strictly(diagnostic: Diagnostic) -> Diagnostic:
    warned = diagnostic.severity is Severity.WARNING
    return replace(diagnostic, severity=Severity.ERROR) if warned else diagnostic


def _tell_diagnostics(result: Result[Any], quiet: bool) -> None:
    shown = [d for d in result.diagnostics if not quiet or d.severity is Severity.ERROR]
    if shown:
        sys.stderr.write(_as_text(shown, result.sources, sys.stderr))


def _as_text(shown: Sequence[Diagnostic], sources: Sequence[Source], stream: TextIO | None) -> str:
    text = report.as_text(shown[:MOST_SHOWN], sources, colourful(stream))
    more = len(shown) - MOST_SHOWN
    return text + (f"\n… and {more:,} more\n" if more > 0 else "")


def _interrupted(target: Path) -> NoReturn:
    state = f"{target} is as it was" if target.exists() else f"no {target} was made"
    tell(f"cuecast: interrupted; {state}")
    raise typer.Exit(INTERRUPTED)


def _plain(track: Track) -> dict[str, object]:
    timeline = track.timeline
    return {
        "title": timeline.title,
        "path": str(track.path),
        "duration": timeline.duration / 1000,
        "bytes": track.size,
        "chapters": len(timeline.chapters),
        "voice": timeline.voice,
    }


def _who_speaks(timeline: Timeline) -> str:
    speakers = list(dict.fromkeys(e.utterance.voice for e in timeline.events if isinstance(e, Speech)))
    if len(speakers) > 1:
        return f"voices {', '.join(speakers)}"
    return f"voice {speakers[0] if speakers else timeline.voice}"


def _human_voice(made: list[tuple[Found, Track]]) -> None:
    """A line on how to get a voice that sounds like a person, where none has spoken."""
    from cuecast.cli.human import human_voice

    timelines = [track.timeline for _, track in made]
    spoken = {event.utterance.voice for t in timelines for event in t.events if isinstance(event, Speech)}
    if advice := human_voice(spoken, timelines[0].language):
        tell(f"  human voice   {advice}")


def _closing_lines(made: list[tuple[Found, Track]]) -> None:
    for _, track in made:
        timeline = track.timeline
        chapters = len(timeline.chapters)
        tell(
            f"{track.path}  {ms_to_clock(timeline.duration)}, {chapters} chapter{'s' if chapters != 1 else ''}, "
            f"{bytes_to_text(track.size)}, {_who_speaks(timeline)}"
        )
    routine, track = made[0]
    opener = {"darwin": "open", "win32": "start"}.get(sys.platform, "xdg-open")
    tell(f"  hear it       {opener} {shlex.quote(str(track.path))}")
    tell("  on the phone  send it to yourself, or copy it to the Music folder; the chapters are the exercises")
    if routine.file.name == STANDARD_INPUT:
        tell("  change it     edit what you piped in, and render again")
    elif not routine.packaged:
        tell(f"  change it     edit {shlex.quote(routine.file.name)}, and render again")
    else:
        own = f"my-{routine.stem.replace('.', '-')}"
        tell(f"  change it     {myself()} new {own} --like {routine.stem}, edit {own}.yaml, render it")
