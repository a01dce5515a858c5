"""How far the work is, on one line of the terminal. Ours, because rich takes 95 ms to import."""

from __future__ import annotations

import sys
import time
from functools import partial
from types import TracebackType
from typing import Self

from cuecast.cli.console import is_dumb_terminal, write_stderr
from cuecast.model.progress import Progress, ProgressListener

_WIDTH = 24
_REDRAW_S = 0.05
_COUNTED = frozenset({"speaking"})
"""Stages that show a count; the others show a percentage."""


class ProgressLine:
    """A bar with words before and after it, drawn over itself; silent if there is no terminal."""

    def __init__(self, quiet: bool) -> None:
        self.visible = sys.stderr.isatty() and not quiet and not is_dumb_terminal()
        self._drawn_at = 0.0

    def draw(self, done: int, total: int, before: str = "", after: str = "") -> None:
        """Draw it, unless it was drawn a moment ago."""
        now = time.monotonic()
        if self.visible and total and (done == total or now - self._drawn_at > _REDRAW_S):
            self._drawn_at = now
            bar = f"{'━' * (_WIDTH * done // total):<{_WIDTH}}"
            write_stderr("\r\x1b[K" + " ".join(filter(None, (before, bar, after))))

    def clear(self) -> None:
        """Erase it, to make room for other output."""
        if self.visible:
            write_stderr("\r\x1b[K")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()


class TerminalReporter(ProgressLine, ProgressListener):
    """Shows the stages of a build."""

    def stage(self, name: str) -> Progress:
        """Begin a stage; its progress overwrites the line."""
        return partial(self.show, name)

    def show(self, stage: str, done: int, total: int) -> None:
        """Show how far a stage is."""
        if total:
            self.draw(done, total, stage, f"{done}/{total}" if stage in _COUNTED else f"{100 * done // total}%")
