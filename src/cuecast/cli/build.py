"""`render`, `check` and `plan`: the commands that compile."""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cuecast import pipeline
from cuecast.cli import report
from cuecast.cli.console import FAULTY, INTERRUPTED, TerminalReporter, colourful, command, tell, usage
from cuecast.cli.find import Found, find_routine, places, routine_files
from cuecast.diagnostics import Diagnostic, Severity, has_errors
from cuecast.duration import ms_to_clock
from cuecast.formats import TEXTS, UnknownFormat, text_format
from cuecast.gain import text_to_db
from cuecast.pipeline import Options, Result, Track
from cuecast.routine import Volume

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LANES = tuple(field.name for field in fields(Volume))

Routines = Annotated[
    list[str],
    typer.Argument(
        metavar="ROUTINE...",
        help="A file, the name of a routine, or - for standard input.",
        autocompletion=lambda: list(routine_files()),
    ),
]
OneRoutine = Annotated[
    str,
    typer.Argument(
        metavar="ROUTINE",
        help="A file, the name of a routine, or - for standard input.",
        autocompletion=lambda: list(routine_files()),
    ),
]
VoiceOption = Annotated[
    str | None, typer.Option("--voice", metavar="NAME", help="Another voice; `cuecast voices` lists them.")
]
VolumeOption = Annotated[
    list[str] | None,
    typer.Option("--volume", metavar="LANE=DB", help="Louder or softer: tones=-6dB, voice=off. Can be repeated."),
]
WakeOption = Annotated[
    str, typer.Option("--wake", metavar="on|off", help="The soft tone that wakes Bluetooth headphones after silence.")
]
JobsOption = Annotated[
    int, typer.Option("--jobs", "-j", min=1, help="Cores to use; all of them by default.", show_default=False)
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only errors.")]


class ReportFormat(StrEnum):
    """How `check` writes."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@command
def render(
    routines: Routines,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="The track, or the folder for several.")
    ] = None,
    voice: VoiceOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    jobs: JobsOption = CORES,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say on standard output what was made, as JSON.")] = False,
) -> None:
    """Make the track: an MP3 with chapters, in the current folder."""
    options = _options(voice, volume, wake, jobs)
    found = [find_routine(reference) for reference in routines]
    targets = _targets(found, output)
    made, failed = [], False
    for routine, target in zip(found, targets, strict=True):
        reporter = TerminalReporter(quiet)
        try:
            result = pipeline.render(routine.name, routine.data, target, options, places(), reporter)
        except KeyboardInterrupt:
            reporter.clear()
            _interrupted(target)
        finally:
            reporter.clear()
        _tell_diagnostics(result, quiet)
        if result.value is None:
            failed = True
            tell(f"cuecast: {target} was not made")
            continue
        made.append(result.value)
    if as_json:
        print(json.dumps({"tracks": [_plain(track) for track in made]}, ensure_ascii=False, indent=2))
    if made and not quiet:
        _closing_lines(made, found)
    if failed:
        raise typer.Exit(FAULTY)


@command
def check(
    routines: Routines,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are errors.")] = False,
    format_: Annotated[ReportFormat, typer.Option("--format", help="How to write what was found.")] = ReportFormat.TEXT,
    quiet: QuietOption = False,
) -> None:
    """Say what is wrong with a routine, and where. Needs no voice."""
    results = [pipeline.check(r.name, r.data, Options()) for r in map(find_routine, routines)]
    diagnostics = [_strictly(d) if strict else d for result in results for d in result.diagnostics]
    shown = [d for d in diagnostics if not quiet or d.severity is Severity.ERROR]
    sources = [source for result in results for source in result.sources]
    match format_:
        case ReportFormat.JSON:
            sys.stdout.write(report.as_json(shown))
        case ReportFormat.GITHUB:
            sys.stdout.write(report.as_github(shown))
        case ReportFormat.TEXT:
            sys.stdout.write(report.as_text(shown, sources, colour=colourful() and sys.stdout.isatty()))
            if not quiet:
                for result, name in zip(results, routines, strict=True):
                    told = report.summary(result.diagnostics) or "no faults"
                    length = f", about {ms_to_clock(result.value.duration)}" if result.value else ""
                    tell(f"{name}: {told}{length}")
    if has_errors(diagnostics):
        raise typer.Exit(FAULTY)


@command
def plan(
    routine: OneRoutine,
    format_: Annotated[str, typer.Option("--format", metavar="|".join(TEXTS), help="How to write it.")] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    voice: VoiceOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    jobs: JobsOption = CORES,
    quiet: QuietOption = False,
) -> None:
    """Show the timeline: what is said and heard, and when."""
    try:
        format_to_write = text_format("json" if as_json else format_)
    except UnknownFormat as unknown:
        raise usage(str(unknown), unknown.hint) from None
    found, reporter = find_routine(routine), TerminalReporter(quiet)
    try:
        result = pipeline.plan(found.name, found.data, _options(voice, volume, wake, jobs), places(), reporter)
    finally:
        reporter.clear()
    _tell_diagnostics(result, quiet)
    if result.value is None:
        raise typer.Exit(FAULTY)
    sys.stdout.write(format_to_write.dump(result.value.timeline))


def _options(voice: str | None, volume: list[str] | None, wake: str, jobs: int) -> Options:
    if wake not in ("on", "off"):
        raise usage(f"--wake is on or off, not {wake}")
    lanes: dict[str, float | None] = {}
    for told in volume or ():
        lane, _, level = told.replace(":", "=", 1).partition("=")
        if lane not in LANES:
            raise usage(
                f"--volume {told}: there is no lane {lane}",
                f"write --volume {LANES[0]}=-3dB; lanes: {', '.join(LANES)}",
            )
        try:
            lanes[lane] = text_to_db(level)
        except ValueError as fault:
            raise usage(f"--volume {told}: {fault}", f"for example {lane}=-6dB, or {lane}=off") from None
    return Options(voice=voice, volume=lanes, wake=wake == "on", jobs=jobs)


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
        sys.stderr.write(report.as_text(shown, result.sources, colourful()))


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


def _closing_lines(made: list[Track], found: list[Found]) -> None:
    for track in made:
        timeline = track.timeline
        chapters = len(timeline.chapters)
        tell(
            f"{track.path}  {ms_to_clock(timeline.duration)}, {chapters} chapter{'s' if chapters != 1 else ''}, "
            f"{track.size / 1e6:.1f} MB, voice {timeline.voice}"
        )
    path, stem = shlex.quote(str(made[0].path)), found[0].stem
    opener = {"darwin": "open", "win32": "start"}.get(sys.platform, "xdg-open")
    tell(f"  hear it      {opener} {path}")
    tell("  on the phone send it to yourself, or copy it to the Music folder; the chapters are the exercises")
    if found[0].name == "<stdin>":
        tell("  change it    edit what you piped in, and render again")
    elif Path(found[0].name).is_file():
        tell(f"  change it    edit {found[0].name}, and render again")
    else:
        tell(f"  change it    cuecast new my-{stem} --like {stem}, edit my-{stem}.yaml, render it")
