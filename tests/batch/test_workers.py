"""Worker processes: they are replaced after some tracks, and a machine that can't start them is an error."""

from __future__ import annotations

import itertools

import pytest

from cuecast.batch.workers import WorkerPool
from cuecast.errors import SetupError
from tests.batch.test_runner import JOB
from tests.patience import PATIENCE_S


def test_a_worker_that_has_made_many_tracks_is_replaced() -> None:
    workers = []
    pool = WorkerPool(1, tracks_per_process=2)
    waiting = [pool.submit(JOB), pool.submit(JOB)]
    while waiting:
        workers.append(waiting.pop(0).result(PATIENCE_S).worker)
        if len(workers) < 4:
            waiting.append(pool.submit(JOB))
    pool.shutdown()
    assert [len(list(group)) for _, group in itertools.groupby(workers)] == [2, 2, 1]


def test_workers_that_cannot_start() -> None:
    resource = pytest.importorskip("resource", reason="limits of a process")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        with pytest.raises(SetupError, match="no worker process can be started: Too many open files"):
            WorkerPool(1)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
