"""The live view of what plays, and its keys; without a terminal, a line for each interval."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator

from cuecast.cli.console import is_dumb_terminal, print_stderr, use_colour
from cuecast.play import TrackOutline
from cuecast.play.transport import Transport
from cuecast.play.view import LINES, log_line, view

_REDRAW_S = 0.1
_NEXT, _PREVIOUS = ("n", "\x1b[C", "\xe0M", "\0M"), ("p", "\x1b[D", "\xe0K", "\0K")
"""Keys: a letter, and the right or left arrow of a terminal and of Windows, which sends two characters for it."""

_KEYS = {" ": "pause", "q": "quit", **dict.fromkeys(_NEXT, "next"), **dict.fromkeys(_PREVIOUS, "previous")}
_BOLD, _FAINT, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_HIDE_CURSOR, _SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"

ReadKeys = Callable[[], str]
"""Returns what was pressed since the last call."""


def follow(track: TrackOutline, transport: Transport, quiet: bool) -> None:
    """Show what plays until its end, or until the user quits."""
    if quiet or not sys.stderr.isatty() or is_dumb_terminal():
        _log_intervals(track, transport, quiet)
    else:
        with _keyboard() as read_keys:
            _show_view(track, transport, read_keys)


def _show_view(track: TrackOutline, transport: Transport, read_keys: ReadKeys) -> None:
    print_stderr("space: pause   ← →: exercise before, next   q: quit")
    bold, faint, plain = (_BOLD, _FAINT, _PLAIN) if use_colour(sys.stderr) else ("", "", "")
    move_up = ""
    try:
        sys.stderr.write(_HIDE_CURSOR)
        while not transport.finished:
            for action in _actions(read_keys()):
                if action == "quit":
                    return
                if action == "pause":
                    transport.paused = not transport.paused
                else:
                    seek = track.next_chapter if action == "next" else track.previous_chapter
                    transport.seek(seek(transport.ms))
            lines = view(track, transport.ms, shutil.get_terminal_size().columns - 1, transport.paused)
            styled = zip((bold, "", "", faint), lines, strict=True)
            sys.stderr.write(move_up + "".join(f"\r\x1b[K{style}{line}{plain}\n" for style, line in styled))
            sys.stderr.flush()
            move_up = f"\x1b[{LINES}A"
            time.sleep(_REDRAW_S)
    finally:
        sys.stderr.write(_SHOW_CURSOR)
        sys.stderr.flush()


def _log_intervals(track: TrackOutline, transport: Transport, quiet: bool) -> None:
    """Print each interval as it begins, also one that was over before the next look."""
    shown = track.interval_at(transport.ms).start - 1
    while not transport.finished:
        ms = transport.ms
        for interval in track.intervals:
            if shown < interval.start <= ms and not quiet:
                print_stderr(log_line(track, interval))
        shown = ms
        time.sleep(_REDRAW_S)


def _actions(pressed: str) -> Iterator[str]:
    while pressed:
        size = 3 if pressed[:2] == "\x1b[" else 2 if pressed[0] in "\xe0\0" else 1
        if action := _KEYS.get(pressed[:size]):
            yield action
        pressed = pressed[size:]


@contextlib.contextmanager
def _keyboard() -> Iterator[ReadKeys]:
    """Read keys as they are pressed, without echo; restore the terminal afterwards."""
    if not sys.stdin or not sys.stdin.isatty():
        yield lambda: ""
    elif sys.platform == "win32":
        import msvcrt

        yield lambda: "".join(iter(lambda: msvcrt.getwch() if msvcrt.kbhit() else "", ""))
    else:
        import select
        import termios
        import tty

        stdin = sys.stdin.fileno()
        before = termios.tcgetattr(stdin)
        try:
            tty.setcbreak(stdin)
            yield lambda: os.read(stdin, 64).decode("utf-8", "replace") if select.select([stdin], [], [], 0)[0] else ""
        finally:
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)
