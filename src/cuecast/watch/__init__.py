"""`watch`: build again whenever something that the track is made from was saved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NoReturn

from cuecast.library import is_unchanged

_POLL_S = 0.25
"""Between two looks. A routine has a few dozen files; looking at one takes microseconds."""

_STABLE_S = 0.1
"""Editors save in steps: a build begins when nothing has changed for so long."""

_Snapshot = Mapping[str, tuple[int, ...] | None]


def rebuild_on_save(build: Callable[[], Mapping[str, str]], source: Collection[str]) -> NoReturn:
    """Call `build` now and after every save. It returns the state of all that it read.

    `source` are the paths of the routine itself, which a failed build may not have come to read.
    """
    recorded: dict[str, str] = {}
    while True:
        before = snapshot(source)
        inputs = build()
        recorded |= inputs  # a build that fails reads less than the next one will
        current = {**snapshot(recorded), **before}  # taken before the next look: a save after it makes a difference
        if is_unchanged(inputs):  # else something was saved during the build
            wait_for_change(current)
        wait_until_stable(current)


def snapshot(paths: Iterable[str]) -> _Snapshot:
    """Return what tells a save at each path."""
    states: dict[str, tuple[int, ...] | None] = {}
    for path in paths:
        try:
            status = os.stat(path)  # noqa: PTH116
            states[path] = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)
        except (OSError, ValueError):
            states[path] = None
    return states


def wait_for_change(before: _Snapshot) -> None:
    """Return once a path is in another state than in the snapshot."""
    while snapshot(before) == before:
        time.sleep(_POLL_S)


def wait_until_stable(paths: Collection[str]) -> None:
    """Return once nothing at these paths has changed for a moment."""
    now = snapshot(paths)
    while True:
        time.sleep(_STABLE_S)
        if (later := snapshot(paths)) == now:
            return
        now = later
