"""Worker processes: they are replaced after some tracks, and a machine that can't start them is an error."""

from __future__ import annotations

import pytest

from cuecast.batch.workers import WorkerPool
from cuecast.errors import SetupError


def test_workers_that_cannot_start() -> None:
    resource = pytest.importorskip("resource", reason="limits of a process")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        with pytest.raises(SetupError, match="no worker process can be started: Too many open files"):
            WorkerPool(1)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
