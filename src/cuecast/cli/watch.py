"""`watch`: prints what each build has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

import typer

from cuecast.cli.console import STANDARD_INPUT, tell, usage
from cuecast.cli.find import find_routine, find_routines
from cuecast.cli.options import Told
from cuecast.cli.render import Wanted, build, output_of, targets_of, wanted_of
from cuecast.errors import SetupError
from cuecast.inputs import InputTracker
from cuecast.model.duration import ms_to_clock
from cuecast.model.timeline import Timeline
from cuecast.watch import rebuild_on_save
from cuecast.watch.timeline_diff import describe_changes

_MAX_LINES = 12


def watch(reference: str, output: str | None, told: Told) -> None:
    """Build, wait for a save, build again, until Ctrl-C."""
    (routine,) = find_routines([reference], told.language)
    if routine.name == STANDARD_INPUT:
        raise usage("watch needs a file: what is piped in is never saved")
    wanted = wanted_of(told.form, output, None, False)
    (target,) = targets_of([routine], output_of(output, 1, wanted), wanted.suffix)
    source = [] if routine.packaged else [os.path.abspath(routine.folder / Path(routine.name).name)]  # noqa: PTH100
    last: Timeline | None = None

    def rebuild() -> Mapping[str, str]:
        nonlocal last
        inputs = InputTracker()
        last = _build(reference, target, told, wanted, inputs, last) or last
        return inputs.seen

    try:
        rebuild_on_save(rebuild, source)
    except KeyboardInterrupt:
        tell(f"cuecast: no longer watching; {target} is as the last build made it")


def _build(
    reference: str, target: Path, told: Told, wanted: Wanted, inputs: InputTracker, last: Timeline | None
) -> Timeline | None:
    begun = time.perf_counter()
    try:
        track = build(find_routine(reference, told.language), target, told, wanted, inputs).value
    except typer.Exit:  # already reported: the routine is not there at the moment
        return None
    except SetupError as fault:
        tell(f"cuecast: {fault}" + (f"\n  {fault.hint}" if fault.hint else ""))
        return None
    if track is None:
        tell(f"cuecast: {target} {'is as it was' if target.exists() else 'was not made'}; waiting for the next save")
        return None
    timeline = track.timeline
    took = time.perf_counter() - begun
    tell(f"{time.strftime('%H:%M:%S')}  {target}  {ms_to_clock(timeline.duration)}, made in {took:.1f} s")
    if last is None:
        tell("  waiting for the next save; Ctrl-C ends it")
    else:
        _print_changes(last, timeline)
    return timeline


def _print_changes(before: Timeline, after: Timeline) -> None:
    lines = describe_changes(before, after) or ["nothing that you would hear has changed"]
    for line in lines[:_MAX_LINES]:
        tell(f"  {line}")
    if len(lines) > _MAX_LINES:
        tell(f"  and {len(lines) - _MAX_LINES} more")
