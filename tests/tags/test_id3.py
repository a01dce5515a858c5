"""The tag, read back with mutagen."""

from __future__ import annotations

import io
from typing import Any, cast

import pytest
from mutagen.id3 import ID3

from cuecast.model.tags import Picture, Tags
from cuecast.model.timeline import Chapter
from cuecast.tags.id3 import MAX_CONTENTS, encode_tag
from tests.encode.conftest import Rendered, rendered
from tests.mix.tracks import timeline

__all__ = ["rendered"]


def read(data: bytes) -> Any:
    """Mutagen's view of a tag; it is untyped."""
    return cast(Any, ID3)(io.BytesIO(data), translate=False)


def chapters(count: int) -> tuple[Chapter, ...]:
    return tuple(Chapter(i * 1_000, (i + 1) * 1_000, f"Chapter {i}{'!' * (7 - i % 7)}") for i in range(count))


def test_version_2_3() -> None:
    tags = Tags("Füße", comment="Hände", track=(2, 10), id3="2.3")
    found = read(encode_tag(timeline([], 9_000, chapters=chapters(2)), tags, "cuecast"))
    assert found.version == (2, 3, 0)
    encodings = {frame.FrameID: int(frame.encoding) for frame in found.values() if hasattr(frame, "encoding")}
    assert encodings.pop("GEOB") == 0
    numbers = {name: encodings.pop(name) for name in ("TLEN", "TRCK", "TSSE")}
    assert set(numbers.values()) == {0}  # the standard wants numbers in Latin-1
    assert set(encodings.values()) == {1}  # UTF-16; 2.3 has no UTF-8
    assert str(found["TRCK"]) == "2/10"
    assert not any(name in found for name in ("TDRC", "TDRL", "TSOT", "TIPL"))  # frames of 2.4 only


def test_the_words(rendered: Rendered) -> None:
    found = read(rendered.path.read_bytes())
    assert found.version == (2, 4, 0)
    texts = {key: str(found[key]) for key in ("TIT2", "TPE1", "TALB", "TCON", "TLEN")}
    duration = str(rendered.timeline.duration)
    assert texts == {"TIT2": "Rollout", "TPE1": "cuecast", "TALB": "cuecast", "TCON": "Speech", "TLEN": duration}
    assert str(found["TSSE"]).startswith("cuecast ")
    (comment,) = found.getall("COMM")
    assert (comment.lang, comment.text) == ("eng", ["Hands\non the floor"])


def test_a_track_without_words_has_no_lyrics() -> None:
    found = read(encode_tag(timeline([], 1_000), Tags("T"), "cuecast"))
    assert not found.getall("USLT") + found.getall("SYLT")


@pytest.mark.parametrize("data", [b"", b"\xff\xe0\xff\x00" * 9, bytes(70_000)])
def test_the_picture(data: bytes) -> None:
    written = encode_tag(timeline([], 1_000), Tags("T", cover=Picture("image/png", data)), "cuecast")
    found = read(written)
    (picture,) = found.getall("APIC")
    assert (picture.mime, int(picture.type), picture.data) == ("image/png", 3, data)
    assert written.index(b"TSSE") < 1_000  # by it others see whose track it is, and look no further


@pytest.mark.parametrize("count", [0, 1, MAX_CONTENTS, MAX_CONTENTS + 1, 600])
def test_contents_are_nested_if_one_table_is_too_small(count: int) -> None:
    made = timeline([], max(1, count) * 1_000, chapters=chapters(count))
    found = read(encode_tag(made, Tags("T"), "cuecast"))
    marks = {c.element_id: c for c in found.getall("CHAP")}
    tables = {c.element_id: c for c in found.getall("CTOC")}
    assert len(marks) == count
    assert not marks.keys() & tables.keys()
    tops = [name for name, table in tables.items() if int(table.flags) & 2]
    assert len(tops) == (1 if count else 0)

    def leaves(name: str) -> list[str]:
        if name in marks:
            return [name]
        assert len(tables[name].child_element_ids) <= MAX_CONTENTS
        assert int(tables[name].flags) & 1
        return [leaf for child in tables[name].child_element_ids for leaf in leaves(child)]

    order = [leaf for top in tops for leaf in leaves(top)]
    assert [marks[leaf].start_time for leaf in order] == [i * 1_000 for i in range(count)]


def test_chapters_stand_in_the_order_of_time_in_the_file() -> None:
    data = encode_tag(timeline([], 9_000, chapters=chapters(9)), Tags("T"), "cuecast")
    places = [data.index(f"Chapter {i}".encode()) for i in range(9)]
    assert places == sorted(places)


def test_any_text_survives() -> None:
    made = timeline([], 1_000)
    found = read(encode_tag(made, Tags("Fußrolle „ÄÖ“ 🦵", artist="a\0b", comment="x" * 40_000), "cuecast"))
    assert str(found["TIT2"]) == "Fußrolle „ÄÖ“ 🦵"
    assert found["TPE1"].text == ["a b"]
    assert found.getall("COMM")[0].text == ["x" * 40_000]
