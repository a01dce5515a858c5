"""Segments on their way through the encoders: on many threads, few at once, and in order again behind them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain

from cuecast.encode.mp3.cached import SegmentEncoder
from cuecast.encode.mp3.cut import Segment

_AHEAD = 8
"""Segments per thread that are encoded ahead of the one that is written."""

_MAX_HELD_BYTES = 4_000_000
"""Frames from the cache that wait for their turn. With less, threads are idle while all that is cached is written."""

_Pending = tuple[Segment, bytes | Future[bytes]]


@contextmanager
def encode_in_order(
    encoder: SegmentEncoder, segments: Iterable[Segment], jobs: int
) -> Iterator[Iterator[tuple[Segment, bytes]]]:
    """The segments with their frames, in order, encoded by `jobs` threads. Memory stays flat.

    The first ones start at once, before they are asked for. On exit, what has not started is cancelled. With one job
    all is done in the caller's thread, when it is asked for: a batch gives each track one core.
    """
    if jobs <= 1:
        yield ((segment, encoder.encode(segment, encoder.key(segment))) for segment in segments)
        return
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="cuecast-mp3")
    try:
        pending = _ahead(encoder, segments, pool, _AHEAD * jobs)
        first = next(pending, None)
        rest = chain((first,), pending) if first else ()
        yield ((segment, data.result() if isinstance(data, Future) else data) for segment, data in rest)
    finally:
        pool.shutdown(cancel_futures=True)


def _ahead(
    encoder: SegmentEncoder, segments: Iterable[Segment], pool: ThreadPoolExecutor, most: int
) -> Iterator[_Pending]:
    waiting: deque[_Pending] = deque()
    submitted = held = 0
    for segment in segments:
        key = encoder.key(segment)
        if cached := encoder.cached(key):  # cheaper here than to hand it to a thread
            held += len(cached)
            waiting.append((segment, cached))
        else:
            submitted += 1
            waiting.append((segment, pool.submit(encoder.encode, segment, key)))
        while submitted >= most or held > _MAX_HELD_BYTES:
            _, data = waiting[0]
            submitted, held = (submitted - 1, held) if isinstance(data, Future) else (submitted, held - len(data))
            yield waiting.popleft()
    yield from waiting
