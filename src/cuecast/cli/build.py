"""`render`, `check` and `plan`: the commands that compile."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, NoReturn, TextIO

import typer

from cuecast import pipeline
from cuecast.cli import report
from cuecast.cli.console import FAULTY, INTERRUPTED, colourful, tell, usage
from cuecast.cli.find import STANDARD_INPUT, Found, find_routine, places
from cuecast.cli.progress import TerminalReporter
from cuecast.diagnostics import Diagnostic, Severity, has_errors
from cuecast.duration import FORMS, DurationError, ms_to_clock, text_to_ms
from cuecast.formats import UnknownFormat, text_format
from cuecast.gain import text_to_db
from cuecast.pipeline import Options, Result, Track
from cuecast.routine import Level, Volume
from cuecast.source import Source

LANES = tuple(field.name for field in fields(Volume))

MOST_SHOWN = 100
"""Diagnostics that a person is shown at once; `check --format json` has them all."""


@dataclass(frozen=True, slots=True)
class Told:
    """The options that all builds share, as they were typed. No jobs is all cores."""

    voice: str | None = None
    level: str | None = None
    fit: str | None = None
    seed: int = 0
    language: str | None = None
    volume: Sequence[str] = ()
    wake: str = "on"
    jobs: int | None = None
    quiet: bool = False


def render(routines: Sequence[str], output: Path | None, told: Told, as_json: bool) -> None:
    """Make the tracks. One that fails does not stop the others."""
    options = _options(told)
    found = [find_routine(reference, told.language) for reference in routines]
    targets = _targets(found, output)
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
        print(json.dumps({"tracks": [_plain(track) for _, track in made]}, ensure_ascii=False, indent=2))
    if made and not told.quiet:
        _closing_lines(made)
    if len(made) < len(found):
        raise typer.Exit(FAULTY)


def check(routines: Sequence[str], strict: bool, format_: str, told: Told) -> None:
    """Say what is wrong."""
    options, quiet = _options(told), told.quiet
    results = [pipeline.check(find_routine(r, told.language).file, options) for r in routines]
    diagnostics = [_strictly(d) if strict else d for result in results for d in result.diagnostics]
    shown = [d for d in diagnostics if not quiet or d.severity is Severity.ERROR]
    sources = [source for result in results for source in result.sources]
    match format_:
        case "json":
            sys.stdout.write(report.as_json(shown))
        case "github":
            sys.stdout.write(report.as_github(shown))
        case _:
            sys.stdout.write(_as_text(shown, sources, sys.stdout))
            if not quiet:
                for result, name in zip(results, routines, strict=True):
                    said = report.summary(result.diagnostics) or "no faults"
                    length = f", about {ms_to_clock(result.value.duration)}" if result.value else ""
                    tell(f"{name}: {said}{length}")
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
        result = pipeline.plan(found.file, _options(told), places(), reporter)
    _tell_diagnostics(result, told.quiet)
    if result.value is None:
        raise typer.Exit(FAULTY)
    sys.stdout.write(writer.dump(result.value.timeline))


def _options(told: Told) -> Options:
    if told.wake not in ("on", "off"):
        raise usage(f"--wake is on or off, not {told.wake}")
    lanes: dict[str, float | None] = {}
    for words in told.volume:
        lane, _, level = words.replace(":", "=", 1).partition("=")
        if lane not in LANES:
            raise usage(
                f"--volume {words}: there is no lane {lane}",
                f"write --volume {LANES[0]}=-3dB; lanes: {', '.join(LANES)}",
            )
        try:
            lanes[lane] = text_to_db(level)
        except ValueError as fault:
            raise usage(f"--volume {words}: {fault}", f"for example {lane}=-6dB, or {lane}=off") from None
    return Options(
        voice=told.voice,
        level=Level(told.level) if told.level else None,
        fit_ms=_fit(told.fit),
        seed=told.seed,
        volume=lanes,
        wake=told.wake == "on",
        jobs=told.jobs or _cores(),
    )


def _fit(told: str | None) -> int | None:
    if told is None:
        return None
    try:
        ms = text_to_ms(told)
    except DurationError as fault:
        raise usage(f"--fit: {fault}", f"write it as {FORMS}") from None
    if ms == 0:
        raise usage("--fit 0s: a track lasts a second at least")
    return ms


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _targets(found: list[Found], output: Path | None) -> list[Path]:
    """Where each track goes; told wrongly, the command ends before anything is made."""
    as_folder = output is not None and (len(found) > 1 or output.is_dir() or str(output).endswith(("/", os.sep)))
    if output and not as_folder:
        if output.suffix.lower() != ".mp3":
            raise usage(
                f"{output} does not end in .mp3, the one kind of track there is", f"-o {output.with_suffix('.mp3')}"
            )
        if not output.parent.is_dir():
            raise usage(f"there is no folder {output.parent}", f"mkdir -p {shlex.quote(str(output.parent))}")
        return [output]
    folder = output or Path()
    if not folder.is_dir():
        raise usage(f"there is no folder {folder}", f"mkdir -p {shlex.quote(str(folder))}")
    targets = [folder / f"{routine.stem}.mp3" for routine in found]
    twice = {target for target in targets if targets.count(target) > 1}
    if twice:
        raise usage(f"two routines would both become {min(twice)}", "render them one at a time, with -o")
    return targets


def _strictly(diagnostic: Diagnostic) -> Diagnostic:
    warned = diagnostic.severity is Severity.WARNING
    return replace(diagnostic, severity=Severity.ERROR) if warned else diagnostic


def _tell_diagnostics(result: Result[Any], quiet: bool) -> None:
    shown = [d for d in result.diagnostics if not quiet or d.severity is Severity.ERROR]
    if shown:
        sys.stderr.write(_as_text(shown, result.sources, sys.stderr))


def _as_text(shown: Sequence[Diagnostic], sources: Sequence[Source], stream: TextIO) -> str:
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


def _myself() -> str:
    """How this person calls cuecast: after `make track` it is in no folder where the shell looks."""
    if shutil.which("cuecast"):
        return "cuecast"
    script = Path(sys.argv[0])
    return "python -m cuecast" if script.name == "__main__.py" else shlex.quote(str(script))


def _closing_lines(made: list[tuple[Found, Track]]) -> None:
    for _, track in made:
        timeline = track.timeline
        chapters = len(timeline.chapters)
        tell(
            f"{track.path}  {ms_to_clock(timeline.duration)}, {chapters} chapter{'s' if chapters != 1 else ''}, "
            f"{track.size / 1e6:.1f} MB, voice {timeline.voice}"
        )
    routine, track = made[0]
    opener = {"darwin": "open", "win32": "start"}.get(sys.platform, "xdg-open")
    tell(f"  hear it       {opener} {shlex.quote(str(track.path))}")
    tell("  on the phone  send it to yourself, or copy it to the Music folder; the chapters are the exercises")
    if routine.file.name == STANDARD_INPUT:
        tell("  change it     edit what you piped in, and render again")
    elif Path(routine.file.name).is_file():
        tell(f"  change it     edit {routine.file.name}, and render again")
    else:
        own = f"my-{routine.stem}"
        tell(f"  change it     {_myself()} new {own} --like {routine.stem}, edit {own}.yaml, render it")
