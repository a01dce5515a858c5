"""The executor on many machines: a Dask cluster that is there already. Its workers need cuecast and nothing else.

What a worker needs of the user's comes along, and what it makes goes back, unless it sees the user's folder itself.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, ParamSpec, TypeVar

from cuecast import __version__
from cuecast.batch.job import Failure, Fault, Job, Outcome, build
from cuecast.errors import SetupError
from cuecast.files import CACHE_VARIABLE, user_cache

P = ParamSpec("P")
T = TypeVar("T")

_TIMEOUT_S = 10
_at_a_time = threading.Lock()


class Cluster(Executor):
    """The workers of a Dask scheduler."""

    def __init__(self, address: str) -> None:
        """Connect. Raises SetupError where there is no scheduler, or `cuecast[cluster]` is not installed."""
        try:
            from distributed import Client
        except ImportError:
            hint = "pip install 'cuecast[cluster]', here and where the workers are"
            raise SetupError("--scheduler needs Dask, which is not installed", hint) from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what fails is told by us, once
        try:
            self._client: Any = Client(address, timeout=_TIMEOUT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as fault:
            why = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
            hint = "start one with `dask scheduler`, and workers with `dask worker ADDRESS --nthreads 1`"
            raise SetupError(f"no Dask scheduler answers at {address}: {why}", hint) from None
        self._executor = self._client.get_executor(pure=False)

    @property
    def workers(self) -> int:
        """How many there are now."""
        return len(self._client.nthreads())

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call it; when that is lost, another one."""
        future: Future[T] = self._executor.submit(function, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster, which goes on."""
        with contextlib.suppress(OSError, TimeoutError):
            self._executor.shutdown(wait=wait and not cancel_futures)
            self._client.close()


def work_here() -> Callable[[Job], Outcome]:
    """What a worker is to call: it refuses to work where it is of another version."""
    return partial(work, version=__version__)


def work(job: Job, version: str) -> Outcome:
    """`build`, in a worker: one track at a time, whatever threads it has, with a cache of its own."""
    if version != __version__:
        message = f"a worker has cuecast {__version__}, and this is {version}: tracks would differ"
        return Outcome(fault=Fault(Failure.ENVIRONMENT, message, "install the same version everywhere"))
    with _at_a_time:
        return build(job, user_cache(os.environ.get(CACHE_VARIABLE)))
