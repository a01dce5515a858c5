"""Who makes the tracks: the cores of this machine, or a cluster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cuecast.batch.job import Job, Outcome, Shared
from cuecast.batch.pool import Pool, work
from cuecast.files import PART_SUFFIX

if TYPE_CHECKING:
    from cuecast.batch.cluster import Cluster


class Workers:
    """Processes here, or those of the Dask scheduler at an address."""

    def __init__(self, processes: int, scheduler: str | None = None, folder: Path | None = None) -> None:
        """`folder` is where tracks go; with a scheduler, workers find out whether they see it.

        Raises SetupError where there is no such scheduler.
        """
        self._processes = processes
        self._folder = folder
        self._stack = ExitStack()
        self._cluster: Cluster | None = None
        self.shared: Shared | None = None
        self.function: Callable[[Job], Outcome] = work
        if scheduler is not None:
            from cuecast.batch.cluster import Cluster, work_here

            self._cluster = self._stack.enter_context(Cluster(scheduler))
            self.function = work_here()

    def __enter__(self) -> Self:
        if self._cluster is not None and self._folder is not None:
            self.shared = self._stack.enter_context(_marked(self._folder))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def start(self) -> Executor:
        """An executor, at the beginning and after one broke."""
        return self._cluster or Pool(self._processes)

    def count(self) -> int:
        """How many tracks are made at once."""
        return self._processes if self._cluster is None else self._cluster.workers


@contextlib.contextmanager
def _marked(folder: Path) -> Iterator[Shared]:
    content = os.urandom(16)
    mark = folder / f".{content[:4].hex()}{PART_SUFFIX}"
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_bytes(content)
    try:
        yield Shared(mark.absolute(), content)
    finally:
        mark.unlink(missing_ok=True)
