"""`watch`: the track is made anew whenever something that it is made from was saved."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import typer

from cuecast.cli.console import STANDARD_INPUT, tell, usage
from cuecast.cli.find import Found, find_routine, find_routines
from cuecast.cli.options import Told
from cuecast.cli.render import Wanted, build, output_of, targets_of, wanted_of
from cuecast.errors import SetupError
from cuecast.inputs import InputTracker, unchanged
from cuecast.model.duration import ms_to_clock
from cuecast.model.timeline import Timeline
from cuecast.watch.timeline_diff import describe_changes

_EVERY_S = 0.25
"""How often is looked. The files of a routine are a few dozen, and to look at one takes a few microseconds."""

_STILL_S = 0.1
"""So long nothing more must happen: editors save in steps."""

_MOST_LINES = 12

_Signs = Mapping[str, tuple[int, ...] | None]


def watch(reference: str, output: str | None, told: Told) -> None:
    """Build, wait for a save, build again, until Ctrl-C."""
    (found,) = find_routines([reference], told.language)
    if found.name == STANDARD_INPUT:
        raise usage("watch needs a file: what is piped in is saved nowhere")
    wanted = wanted_of(told.form, output, None, False)
    (target,) = targets_of([found], output_of(output, 1, wanted), wanted.suffix)
    before: Timeline | None = None
    last: Mapping[str, str] = {}
    try:
        while True:
            own = _signs(_own(found))
            seen, before = _build(reference, target, told, wanted, before)
            last = {**last, **seen}  # a build that fails has not looked at all that the next one will
            signs = {**_signs(last), **own}  # before the next look: what is saved after it has other ones
            if unchanged(seen):  # else it was saved while it was being read
                _wait(signs)
            _settle(signs)
    except KeyboardInterrupt:
        tell(f"cuecast: no longer watching; {target} is as it was last made")


def _build(
    reference: str, target: Path, told: Told, wanted: Wanted, before: Timeline | None
) -> tuple[Mapping[str, str], Timeline | None]:
    """One build: what it looked at, and its timeline, or the last one where there is none now."""
    looks, begun = InputTracker(), time.perf_counter()
    try:
        result = build(find_routine(reference, told.language), target, told, wanted, looks)
    except typer.Exit:  # it has been said: the routine is not there just now
        return looks.seen, before
    except SetupError as fault:
        tell(f"cuecast: {fault}" + (f"\n  {fault.hint}" if fault.hint else ""))
        return looks.seen, before
    track = result.value
    if track is None:
        tell(f"cuecast: {target} {'is as it was' if target.exists() else 'was not made'}; waiting for the next save")
        return looks.seen, before
    took = time.perf_counter() - begun
    _tell(target, before, track.timeline, took)
    return looks.seen, track.timeline


def _tell(target: Path, before: Timeline | None, after: Timeline, took: float) -> None:
    tell(f"{time.strftime('%H:%M:%S')}  {target}  {ms_to_clock(after.duration)}, made in {took:.1f} s")
    if before is None:
        tell("  waiting for the next save; Ctrl-C ends it")
        return
    lines = describe_changes(before, after) or ["nothing that one would hear has changed"]
    for line in lines[:_MOST_LINES]:
        tell(f"  {line}")
    if len(lines) > _MOST_LINES:
        tell(f"  and {len(lines) - _MOST_LINES} more")


def _own(found: Found) -> list[str]:
    """The routine's own file."""
    return [] if found.packaged else [os.path.abspath(found.folder / Path(found.name).name)]  # noqa: PTH100


def _wait(first: _Signs) -> None:
    """Until something is otherwise at one of these paths than it was."""
    while _signs(first) == first:
        time.sleep(_EVERY_S)


def _settle(names: Collection[str]) -> None:
    """Until all stays as it is at these paths."""
    now = _signs(names)
    while True:
        time.sleep(_STILL_S)
        if (later := _signs(names)) == now:
            return
        now = later


def _signs(names: Iterable[str]) -> _Signs:
    """By what a save is known at each path."""
    signs: dict[str, tuple[int, ...] | None] = {}
    for name in names:
        try:
            status = os.stat(name)  # noqa: PTH116
            signs[name] = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)
        except (OSError, ValueError):
            signs[name] = None
    return signs
