"""How a build says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total) while a stage works. It must not raise."""


class ProgressListener:
    """Is told which stage a build has reached. This one ignores it."""

    def stage(self, name: str) -> Progress:
        """A stage begins; the function that this returns is called as it goes on."""
        return lambda done, total: None
