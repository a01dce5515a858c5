"""Pieces on their way through the encoders: many threads, few pieces at once, and in order again behind them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from cuecast.encode.mp3.pieces import Piece
from cuecast.encode.mp3.segments import Coded, Islands

_BATCH = 4
"""Pieces a thread that are handed out together; two batches are under way at a time."""

_HELD = 4_000_000
"""Bytes of frames from the cache that wait in a batch for their turn. With less, threads would be idle while all that
stands before an edit goes by."""

_Batch = list[tuple[Piece, Coded | Future[Coded]]]


@contextmanager
def encoded(islands: Islands, pieces: Iterable[Piece], jobs: int) -> Iterator[Iterator[tuple[Piece, Coded]]]:
    """The pieces with their frames, in order, encoded by `jobs` threads. Memory stays flat.

    The first ones are under way at once, before they are asked for. At the end, what is not begun is dropped. One job
    is the caller's own thread, and nothing is ahead of it: who works for a catalogue has one core, and others theirs.
    """
    if jobs <= 1:
        yield ((piece, islands.coded(piece, islands.key(piece))) for piece in pieces)
        return
    waiting = iter(pieces)
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="cuecast-mp3")

    def begun() -> _Batch:
        return _begun(islands, waiting, pool, _BATCH * jobs)

    try:
        yield _in_order(deque([begun(), begun()]), begun)
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(batches: deque[_Batch], begun: Callable[[], _Batch]) -> Iterator[tuple[Piece, Coded]]:
    while batch := batches.popleft():
        for piece, coded in batch:
            yield piece, coded.result() if isinstance(coded, Future) else coded
        batches.append(begun())


def _begun(islands: Islands, pieces: Iterator[Piece], pool: ThreadPoolExecutor, most: int) -> _Batch:
    """The next pieces, the longest first to the threads, so that none works alone at the end for long.

    What is in the cache is taken from there at once: to hand it to a thread and back costs more than to read it.
    """
    batch: dict[Piece, Coded | Future[Coded] | None] = {}
    missing: list[tuple[Piece, str | None]] = []
    held = 0
    for piece in pieces:
        key = islands.key(piece)
        batch[piece] = kept = islands.kept(key)
        if kept:
            held += len(kept.data)
        else:
            missing.append((piece, key))
        if len(missing) == most or held > _HELD:
            break
    for piece, key in sorted(missing, key=lambda keyed: keyed[0].frames, reverse=True):
        batch[piece] = pool.submit(islands.coded, piece, key)
    return [(piece, coded) for piece, coded in batch.items() if coded]
