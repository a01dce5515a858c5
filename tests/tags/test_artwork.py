"""The picture of a track."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from cuecast.cache import Cache
from cuecast.errors import UnusableAudioError
from cuecast.model.timeline import Interval, Kind, Timeline
from cuecast.tags.artwork import MAX_BYTES, MAX_PIXELS, MIN_PIXELS, SIZE, draw_cover, length_text, load_cover
from tests.examples import some

HALF = SIZE // 2


def timeline(*intervals: tuple[Kind, int, str | None], title: str = "Legs") -> Timeline:
    """One with intervals of so many seconds."""
    made: list[Interval] = []
    for kind, seconds, exercise in intervals:
        start = made[-1].end if made else 0
        made.append(Interval(start, start + seconds * 1000, kind, exercise))
    return Timeline(title, "en", "coach", made[-1].end, tuple(made), (), ())


QUARTERS = timeline(
    (Kind.WORK, 60, "Calves"), (Kind.REST, 60, "Quads"), (Kind.WORK, 60, "Quads"), (Kind.WORK, 60, "Calves")
)


def picture(of: Timeline) -> Image.Image:
    made = draw_cover(of, Cache(None))
    assert made.mime == "image/png"
    return Image.open(io.BytesIO(made.data)).convert("RGB")


def test_the_ring_runs_clockwise_from_the_top() -> None:
    image = picture(QUARTERS)
    reach = int(HALF * 0.87 * 0.7071)
    corners = [(1, -1), (1, 1), (-1, 1), (-1, -1)]
    first, rest, third, last = (image.getpixel((HALF + x * reach, HALF + y * reach)) for x, y in corners)
    assert first == last
    assert len({first, rest, third}) == 3
    assert sum(rest) < sum(third)  # type: ignore[arg-type]


def test_works_that_touch_are_told_apart() -> None:
    image = picture(timeline((Kind.WORK, 60, "Calves"), (Kind.WORK, 60, "Calves")))
    ring = [image.getpixel((HALF + x, HALF + int(HALF * 0.87))) for x in range(-12, 13)]
    assert len([1 for one, other in pairwise(ring) if one != other]) >= 2


TITLES = ["A", "Oberschenkelmuskulaturdehnungsprogramm" * 3, "a very long title " * 50, "Legs 🦵 day", "Растяжка", " "]


@pytest.mark.parametrize("title", TITLES)
def test_any_title_fits_into_the_ring(title: str) -> None:
    image = picture(replace(QUARTERS, title=title))
    edge = HALF - int(HALF * 0.79)
    ground = image.getpixel((HALF, edge + 4))
    for at in range(edge + 4, SIZE - edge - 4):  # a circle's width just inside the ring holds nothing
        across = int((max(0, (HALF * 0.775) ** 2 - (at - HALF) ** 2)) ** 0.5)
        for x in (HALF - across, HALF + across):
            assert image.getpixel((x, at)) == ground
    words = image.crop((HALF - 150, HALF - 100, HALF + 150, HALF + 100))
    assert len(words.getcolors(100_000) or ()) > 1


def test_what_has_no_letters_for_us_shows_the_length_alone() -> None:
    assert draw_cover(replace(QUARTERS, title="Растяжка"), Cache(None)) == draw_cover(
        replace(QUARTERS, title="日本"), Cache(None)
    )


def test_it_is_drawn_once(tmp_path: Path) -> None:
    def entries() -> int:
        return sum(path.is_file() for path in tmp_path.glob("??/*"))

    first = draw_cover(QUARTERS, Cache(tmp_path))
    assert draw_cover(QUARTERS, Cache(None)) == first  # the same bytes, whatever is in the cache
    assert draw_cover(QUARTERS, Cache(tmp_path)) == first
    assert (entries(), len(first.data) < 40_000, picture(QUARTERS).size) == (1, True, (SIZE, SIZE))
    draw_cover(replace(QUARTERS, title="Other"), Cache(tmp_path))
    assert entries() == 2


def test_lengths() -> None:
    lengths = {45: "45 s", 89: "89 s", 90: "2 min", 612: "10 min", 3599: "1 h 00", 3900: "1 h 05", 86_400: "24 h 00"}
    assert {seconds: length_text(seconds * 1000) for seconds in lengths} == lengths


def empty(side: int) -> bytes:
    """A whole PNG, so many pixels wide and high, all black: row by row, so that it is never unpacked here."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, row = zlib.compressobj(1), bytes(1 + side // 8)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def encoded(size: tuple[int, int], kind: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind)
    return target.getvalue()


@pytest.mark.parametrize(("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_of_ones_own_stays_as_it_is(kind: str, mime: str) -> None:
    data = encoded((500, 400), kind)
    assert (load_cover(data).mime, load_cover(data).data) == (mime, data)


def test_a_large_one_is_made_smaller() -> None:
    made = load_cover(encoded((4000, 2000), "PNG"))
    assert made.mime == "image/jpeg"
    assert Image.open(io.BytesIO(made.data)).size == (MAX_PIXELS, MAX_PIXELS // 2)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a PNG or JPEG"),
        (b"GIF89a" + bytes(40), "not a PNG or JPEG"),
        (encoded((MIN_PIXELS - 1, 500), "PNG"), "at least"),
        (encoded((500, 500), "PNG")[:300], "damaged"),
    ],
    ids=["empty", "gif", "small", "cut"],
)
def test_a_picture_that_can_not_be_used(data: bytes, words: str) -> None:
    with pytest.raises(UnusableAudioError, match=words):
        load_cover(data)


def test_a_picture_that_would_fill_the_memory_is_not_unpacked() -> None:
    assert load_cover(empty(4_000)).mime == "image/jpeg"
    with pytest.raises(UnusableAudioError, match="damaged, or too large: Image size"):
        load_cover(empty(30_000))
    with pytest.raises(UnusableAudioError, match="more than 20 MB"):
        load_cover(bytes(MAX_BYTES + 1))


PNG = encoded((320, 320), "PNG")


@given(st.integers(0, len(PNG) - 1), st.binary(min_size=1, max_size=8))
@settings(max_examples=some(60), deadline=None)
def test_a_damaged_picture_is_used_or_refused(at: int, slip: bytes) -> None:
    with contextlib.suppress(UnusableAudioError):
        assert load_cover(PNG[:at] + slip + PNG[at + len(slip) :]).mime == "image/png"
