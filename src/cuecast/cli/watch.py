"""`cuecast watch`: make the track again at each save, and say what changed."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from cuecast import api
from cuecast.cli import report
from cuecast.cli.console import STANDARD_INPUT, print_stderr, usage_error
from cuecast.cli.output_paths import output_paths, refuse_overwriting, track_kind
from cuecast.cli.params import RoutineArgument, with_build_options
from cuecast.cli.progress import TerminalReporter
from cuecast.cli.routine_argument import find_routine
from cuecast.errors import SetupError
from cuecast.model.duration import ms_to_clock
from cuecast.model.timeline import Timeline
from cuecast.options import Options
from cuecast.watch import rebuild_on_save
from cuecast.watch.timeline_diff import describe_changes

_MAX_LINES = 12


@with_build_options("voice", "level", "fit", "seed", "language", "music", "volume", "wake", "jobs")
def watch(
    options: Options,
    routine: RoutineArgument,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="PATH", help="The track.")] = None,
) -> None:
    """Make the track again at each save, and say what changed."""

    source = find_routine(routine, options)
    if source.name == STANDARD_INPUT:
        raise usage_error("watch needs a file: what is piped in is never saved")
    kind = track_kind(None, output, None, False)
    options = replace(options, format=kind.format, force=True)
    (target,) = output_paths([source], output, kind)
    refuse_overwriting([source], [target], options)
    own_file = [] if source.packaged else [os.path.abspath(source.path)]  # noqa: PTH100
    last: Timeline | None = None

    def rebuild() -> Mapping[str, str]:
        nonlocal last
        inputs, timeline = _build(routine, target, options, last)
        last = timeline or last
        return inputs

    try:
        rebuild_on_save(rebuild, own_file)
    except KeyboardInterrupt:
        print_stderr(f"cuecast: no longer watching; {target} is as the last build made it")


def _build(
    reference: str, target: Path, options: Options, last: Timeline | None
) -> tuple[Mapping[str, str], Timeline | None]:
    """One build: the state of what it read, and its timeline, if it made a track."""
    begun = time.perf_counter()
    try:
        routine = find_routine(reference, options)
    except typer.Exit:  # already reported: the routine is not there at the moment
        return {}, None
    library = api.open_library(routine, options)
    try:
        with TerminalReporter(False) as reporter:
            result = api.render(routine, target, options, on_progress=reporter.show, library=library)
    except SetupError as fault:
        print_stderr(f"cuecast: {fault}" + (f"\n  {fault.hint}" if fault.hint else ""))
        return library.inputs, None
    report.print_report(result.diagnostics, result.sources, False)
    if result.value is None or result.value.timeline is None:
        state = "is as it was" if target.exists() else "was not made"
        print_stderr(f"cuecast: {target} {state}; waiting for the next save")
        return library.inputs, None
    timeline = result.value.timeline
    seconds = time.perf_counter() - begun
    print_stderr(f"{time.strftime('%H:%M:%S')}  {target}  {ms_to_clock(timeline.duration)}, made in {seconds:.1f} s")
    if last is None:
        print_stderr("  waiting for the next save; Ctrl-C ends it")
    else:
        _print_changes(last, timeline)
    return library.inputs, timeline


def _print_changes(before: Timeline, after: Timeline) -> None:
    lines = describe_changes(before, after) or ["nothing that you would hear has changed"]
    for line in lines[:_MAX_LINES]:
        print_stderr(f"  {line}")
    if len(lines) > _MAX_LINES:
        print_stderr(f"  and {len(lines) - _MAX_LINES} more")
