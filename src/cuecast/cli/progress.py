"""How a build goes on, on one line of the terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from cuecast.cli.console import is_dumb
from cuecast.options import ProgressListener
from cuecast.protocols import Progress

_BAR = 24
_COUNTED = frozenset({"speaking"})
"""Stages whose parts people can count; how far the others are is told as a percentage."""
_EVERY_S = 0.05  # a terminal need not be told more often


class TerminalReporter(ProgressListener):
    """Says what is being done while it lasts, and takes the line away at the end; silent where there is no terminal."""

    def __init__(self, quiet: bool) -> None:
        self._shown = sys.stderr.isatty() and not quiet and not is_dumb()
        self._told_at = 0.0

    def stage(self, name: str) -> Progress:
        """Begin a stage; its progress overwrites the line."""

        def progress(done: int, total: int) -> None:
            now = time.monotonic()
            if self._shown and total and (done == total or now - self._told_at > _EVERY_S):
                self._told_at = now
                bar = "━" * (_BAR * done // total)
                far = f"{done}/{total}" if name in _COUNTED else f"{100 * done // total}%"
                print(f"\r\x1b[K{name} {bar:<{_BAR}} {far}", end="", file=sys.stderr, flush=True)

        return progress

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
