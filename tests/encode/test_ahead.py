"""Pieces on their way through the encoders."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import cast

import pytest

from cuecast.encode import track_format
from cuecast.encode.mp3 import parallel as ahead
from cuecast.encode.mp3.parallel import encoded
from cuecast.encode.mp3.pieces import Piece
from cuecast.encode.mp3.segments import Coded, Islands
from cuecast.protocols import Tags
from tests.mix.tracks import beep, timeline
from tests.patience import PATIENCE_S


class Stub:
    """Islands without an encoder: the pieces that begin at these frames are in the cache, as so many bytes."""

    def __init__(self, kept: range = range(0), size: int = 10) -> None:
        self.encoded: list[int] = []
        self._kept = kept
        self._size = size

    def key(self, piece: Piece) -> str:
        return str(piece.first)

    def kept(self, key: str) -> Coded | None:
        return Coded(bytes(self._size), int(key)) if int(key) in self._kept else None

    def coded(self, piece: Piece, key: str) -> Coded:
        self.encoded.append(piece.first)
        return Coded(b"", piece.first)


def ahead_of(
    stub: Stub, pieces: Iterator[Piece], jobs: int = 2
) -> AbstractContextManager[Iterator[tuple[Piece, Coded]]]:
    return encoded(cast(Islands, stub), pieces, jobs)


def short(count: int) -> Iterator[Piece]:
    return (Piece(first, first + 1) for first in range(count))


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 7, 100])
def test_in_order_each_once(count: int, jobs: int) -> None:
    with ahead_of(Stub(kept=range(3, 40, 2)), short(count), jobs) as pieces:
        assert [(piece.first, coded.crc) for piece, coded in pieces] == [(first, first) for first in range(count)]


def test_the_longest_go_to_threads_first() -> None:
    together = threading.Barrier(2, timeout=PATIENCE_S)

    class Paired(Stub):
        def coded(self, piece: Piece, key: str) -> Coded:
            self.encoded.append(piece.last - piece.first)
            together.wait()
            return Coded(b"", piece.first)

    lengths = (5, 80, 20, 300)
    stub = Paired()
    with ahead_of(stub, (Piece(1_000 * i, 1_000 * i + length) for i, length in enumerate(lengths))) as pieces:
        assert [piece.last - piece.first for piece, _ in pieces] == list(lengths)
    assert [set(stub.encoded[:2]), set(stub.encoded[2:])] == [{300, 80}, {20, 5}]


def test_one_job_is_done_in_its_own_thread_when_asked_for() -> None:
    threads = set()

    class Told(Stub):
        def coded(self, piece: Piece, key: str) -> Coded:
            threads.add(threading.current_thread())
            return super().coded(piece, key)

    stub = Told()
    with ahead_of(stub, short(10), 1) as pieces:
        assert stub.encoded == []
        assert next(pieces)[0] == Piece(0, 1)
        assert stub.encoded == [0]
        assert len(list(pieces)) == 9
    assert threads == {threading.current_thread()}


def test_what_is_kept_before_it_does_not_make_a_piece_wait() -> None:
    begun = threading.Event()

    class Told(Stub):
        def coded(self, piece: Piece, key: str) -> Coded:
            begun.set()
            return super().coded(piece, key)

    with ahead_of(Told(kept=range(500)), short(501)):
        assert begun.wait(PATIENCE_S)


def test_but_no_more_is_held_than_fits_two_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_HELD", 10_000)
    asked = 0

    def counted() -> Iterator[Piece]:
        nonlocal asked
        for piece in short(500):
            asked += 1
            yield piece

    with ahead_of(Stub(kept=range(500), size=1_000), counted()) as pieces:
        assert asked == 22  # eleven hold more than 10,000 bytes
        for number, _ in enumerate(pieces):
            assert asked <= number + 23


def test_what_is_left_early_encodes_nothing_more() -> None:
    stub = Stub()
    with ahead_of(stub, short(1_000)) as pieces:
        next(pieces)
    assert len(stub.encoded) < 20


def test_a_fault_of_an_encoder_is_told() -> None:
    class Faulty(Stub):
        def coded(self, piece: Piece, key: str) -> Coded:
            if piece.first == 3:
                raise MemoryError("no more")
            return super().coded(piece, key)

    with ahead_of(Faulty(), short(10), 2) as pieces, pytest.raises(MemoryError, match="no more"):
        list(pieces)


def test_sound_is_under_way_when_the_picture_is_drawn() -> None:
    begun = threading.Event()

    class Heard:
        channels = 1

        def __call__(self, start: int, end: int) -> bytes:
            begun.set()
            return bytes((end - start) * 96)

        def recipe(self, start: int, end: int) -> None:
            return None

    def tags() -> Tags:
        assert begun.wait(PATIENCE_S)
        return Tags("Legs")

    made = timeline([beep(1_000, "start")], 2_000)
    track_format("mp3").write(made, Heard(), tags, io.BytesIO(), 2, lambda done, of: None)
    assert begun.is_set()
