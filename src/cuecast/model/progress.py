"""How a build says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

Progress = Callable[[int, int], object]
"""Called with (done, total) while a stage works, in the thread of the build. If it raises, the build ends."""


class ProgressListener:
    """Is told which stage a build has reached."""

    def __init__(self, report: Callable[[str, int, int], object] | None = None) -> None:
        """`report` is called with (stage, done, total); None ignores it."""
        self._report = report

    def stage(self, name: str) -> Progress:
        """A stage begins; the function that this returns is called as it goes on."""
        return partial(self._report, name) if self._report else lambda done, total: None
