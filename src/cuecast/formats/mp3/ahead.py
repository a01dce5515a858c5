"""Pieces on their way through the encoders: many threads, few pieces at once, and in order again behind them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from cuecast.formats.mp3.islands import Coded, Islands
from cuecast.formats.mp3.pieces import Piece

_BATCH = 4
"""Pieces a thread that are handed out together; two batches are under way at a time."""

_HELD = 4_000_000
"""Bytes of frames from the cache that wait in a batch for their turn. With less, threads would be idle while all that
stands before an edit goes by."""

_Batch = list[tuple[Piece, Coded | Future[Coded]]]


class Ahead:
    """Iterates over the pieces with their frames, in order, encoded by `jobs` threads. Memory stays flat.

    The first pieces are under way as soon as it is made; left as a context, what is not begun is dropped.
    """

    def __init__(self, islands: Islands, pieces: Iterable[Piece], jobs: int) -> None:
        self._islands = islands
        self._pieces = iter(pieces)
        self._size = _BATCH * max(1, jobs)
        self._pool = ThreadPoolExecutor(max(1, jobs), thread_name_prefix="cuecast-mp3")
        self._batches = deque([self._begun(), self._begun()])

    def __enter__(self) -> Ahead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def __iter__(self) -> Iterator[tuple[Piece, Coded]]:
        while batch := self._batches.popleft():
            for piece, coded in batch:
                yield piece, coded.result() if isinstance(coded, Future) else coded
            self._batches.append(self._begun())

    def _begun(self) -> _Batch:
        """The next pieces, the longest first to the threads, so that none works alone at the end for long.

        What is in the cache is taken from there at once: to hand it to a thread and back costs more than to read it.
        """
        batch: dict[Piece, Coded | Future[Coded] | None] = {}
        missing: list[tuple[Piece, str | None]] = []
        held = 0
        for piece in self._pieces:
            key = self._islands.key(piece)
            batch[piece] = kept = self._islands.kept(key)
            if kept:
                held += len(kept.data)
            else:
                missing.append((piece, key))
            if len(missing) == self._size or held > _HELD:
                break
        for piece, key in sorted(missing, key=_length, reverse=True):
            batch[piece] = self._pool.submit(self._islands.coded, piece, key)
        return [(piece, coded) for piece, coded in batch.items() if coded]


def _length(keyed: tuple[Piece, str | None]) -> int:
    piece, _ = keyed
    return piece.last - piece.first + piece.pre_roll
