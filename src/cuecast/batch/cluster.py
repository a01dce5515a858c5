"""Workers on many machines: a Dask cluster that is running already. Its workers need only cuecast.

A worker gets the user's files with the job, and sends the track back.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

from cuecast import __version__
from cuecast.batch.job import Job, JobResult, build, failed
from cuecast.batch.runner import Workers
from cuecast.errors import SetupError
from cuecast.files import CACHE_VARIABLE, user_cache
from cuecast.versions import install_command

_one_at_a_time = threading.Lock()


class ClusterExecutor:
    """The workers of a Dask scheduler. Dask itself gives the job of a lost worker to another one."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)

    def submit(self, job: Job) -> Future[JobResult]:
        """Have a worker of the cluster build the job."""
        future: Future[JobResult] = self._executor.submit(run_job, job, __version__)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Release the jobs. The cluster keeps running."""
        with contextlib.suppress(OSError, TimeoutError):
            self._executor.shutdown(wait=wait and not cancel_futures)


@contextlib.contextmanager
def connect(address: str, timeout_s: float = 10) -> Iterator[Workers]:
    """The workers of the Dask scheduler at an address.

    Raises SetupError if no scheduler answers or Dask is not installed.
    """
    try:
        from distributed import Client
    except ImportError:
        hint = f"{install_command('cuecast[cluster]')}, here and on the workers' machines"
        raise SetupError("--scheduler needs Dask, which is not installed", hint) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # cuecast reports errors itself
    try:
        client: Any = Client(address, timeout=timeout_s, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        hint = "start one with `dask scheduler`, and workers with `dask worker ADDRESS --nthreads 1`"
        raise SetupError(f"no Dask scheduler answers at {address}: {reason}", hint) from None
    try:
        yield Workers(lambda: ClusterExecutor(client), lambda: len(client.nthreads()), is_remote=True)
    finally:
        with contextlib.suppress(OSError, TimeoutError):
            client.close()


def run_job(job: Job, version: str) -> JobResult:
    """Build the job on a worker of the cluster: one track at a time, however many threads the worker has."""
    if version != __version__:
        message = f"a worker has cuecast {__version__}, and this is {version}: tracks would differ"
        return failed(SetupError(message, "install the same version everywhere"))
    with _one_at_a_time:
        return build(job, user_cache(os.environ.get(CACHE_VARIABLE)))
