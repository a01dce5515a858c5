"""Segments on their way through the encoders."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import cast

import pytest

from cuecast.encode import track_format
from cuecast.encode.mp3.cached import SegmentEncoder
from cuecast.encode.mp3.cut import Segment
from cuecast.encode.mp3.parallel import encode_in_order
from cuecast.model.tags import Tags
from cuecast.protocols import TrackRequest
from tests.mix.tracks import beep, timeline
from tests.patience import PATIENCE_S


class Fake:
    """No encoder: the segments that begin at these frames are in the cache, with so many bytes."""

    def __init__(self, cached: range = range(0), size: int = 8) -> None:
        self.encoded: list[int] = []
        self._cached = cached
        self._size = size

    def key(self, segment: Segment) -> str:
        return str(segment.first)

    def cached(self, key: str) -> bytes | None:
        return int(key).to_bytes(self._size, "big") if int(key) in self._cached else None

    def encode(self, segment: Segment, key: str) -> bytes:
        self.encoded.append(segment.first)
        return segment.first.to_bytes(8, "big")


def ordered(
    fake: Fake, segments: Iterator[Segment], jobs: int = 2
) -> AbstractContextManager[Iterator[tuple[Segment, bytes]]]:
    return encode_in_order(cast(SegmentEncoder, fake), segments, jobs)


def short(count: int) -> Iterator[Segment]:
    return (Segment(first, first + 1) for first in range(count))


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 7, 100])
def test_in_order_each_once(count: int, jobs: int) -> None:
    with ordered(Fake(cached=range(3, 40, 2)), short(count), jobs) as segments:
        found = [(segment.first, int.from_bytes(data, "big")) for segment, data in segments]
    assert found == [(first, first) for first in range(count)]


def test_one_job_works_in_the_callers_thread_when_asked() -> None:
    threads = set()

    class Noting(Fake):
        def encode(self, segment: Segment, key: str) -> bytes:
            threads.add(threading.current_thread())
            return super().encode(segment, key)

    fake = Noting()
    with ordered(fake, short(10), 1) as segments:
        assert fake.encoded == []
        assert next(segments)[0] == Segment(0, 1)
        assert fake.encoded == [0]
        assert len(list(segments)) == 9
    assert threads == {threading.current_thread()}


def test_a_segment_does_not_wait_for_cached_ones_before_it() -> None:
    begun = threading.Event()

    class Noting(Fake):
        def encode(self, segment: Segment, key: str) -> bytes:
            begun.set()
            return super().encode(segment, key)

    with ordered(Noting(cached=range(500)), short(501)):
        assert begun.wait(PATIENCE_S)


@pytest.mark.parametrize(("cached", "most"), [(range(0), 20), (range(500), 20)])
def test_few_are_held_at_once(cached: range, most: int) -> None:
    asked = 0

    def counted() -> Iterator[Segment]:
        nonlocal asked
        for segment in short(500):
            asked += 1
            yield segment

    with ordered(Fake(cached, size=500_000), counted()) as segments:
        for number, _ in enumerate(segments):
            assert asked <= number + most


def test_leaving_early_encodes_nothing_more() -> None:
    fake = Fake()
    with ordered(fake, short(1_000)) as segments:
        next(segments)
    assert len(fake.encoded) < 20


def test_an_encoders_error_is_raised() -> None:
    class Faulty(Fake):
        def encode(self, segment: Segment, key: str) -> bytes:
            if segment.first == 3:
                raise MemoryError("no more")
            return super().encode(segment, key)

    with ordered(Faulty(), short(10), 2) as segments, pytest.raises(MemoryError, match="no more"):
        list(segments)


def test_encoding_starts_before_the_picture_is_drawn() -> None:
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
    track_format("mp3").write(TrackRequest(made, Heard(), tags, 2), io.BytesIO())
    assert begun.is_set()
