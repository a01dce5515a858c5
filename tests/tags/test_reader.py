"""The reader of tags: of ours, of mutagen's, and of hostile ones."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mutagen import id3

from cuecast.model.tags import Tags
from cuecast.model.timeline import Chapter
from cuecast.tags.id3 import encode_tag
from cuecast.tags.reader import MAX_BYTES, MAX_ITEMS, MAX_PROBLEMS, AttachedPicture, Tag, Text, read_tag
from tests.mix.tracks import timeline

UTF16, UTF16_BE, UTF8 = 1, 2, 3


def read(data: bytes) -> Tag:
    tag = read_tag(io.BytesIO(data))
    assert tag is not None
    return tag


def synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def whole(body: bytes, major: int = 4, flags: int = 0) -> bytes:
    return b"ID3" + bytes((major, 0, flags)) + synchsafe(len(body)) + body


def frame(id_: str, data: bytes, major: int = 4, flags: int = 0, size: int | None = None) -> bytes:
    length = len(data) if size is None else size
    return id_.encode() + (synchsafe(length) if major == 4 else length.to_bytes(4, "big")) + bytes((0, flags)) + data


def by_mutagen(version: int, *frames: object) -> bytes:
    made = cast(Any, id3.ID3)()
    for each in frames:
        made.add(each)
    if version == 3:
        made.update_to_v23()
    out = io.BytesIO()
    made.save(out, v2_version=version)
    return out.getvalue()


def test_our_own_tag() -> None:
    chapters = tuple(Chapter(i * 1_000, (i + 1) * 1_000, f"Übung {i}") for i in range(300))
    data = encode_tag(timeline([], 300_000, chapters), Tags("Rollout", comment="Hands\non the floor"), "cuecast")
    tag = read(data + b"\xff\xfb sound")
    assert (tag.version, tag.size, tag.problems) == ("2.4", len(data), [])
    assert (tag.texts["TIT2"], tag.texts["TPE1"], tag.texts["TLEN"]) == ("Rollout", "cuecast", "300000")
    assert tag.chapters == list(chapters)
    assert tag.comments == [Text("eng", "", "Hands\non the floor")]
    assert list(tag.attachments) == ["cuecast timeline"]


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("encoding", [UTF16, UTF16_BE, UTF8])
def test_what_mutagen_writes(version: int, encoding: int) -> None:
    made = cast(Any, id3)
    picture, data = b"\x89PNG\xff\x00\xff\xe0", b"\x00\xff\x00"
    tag = read(
        by_mutagen(
            version,
            made.TIT2(encoding, ["Fußrolle „ÄÖ“ 🦵"]),
            made.TXXX(encoding, "mood", ["calm", "slow"]),
            made.COMM(encoding, "deu", "short", ["Wörter"]),
            made.USLT(encoding, "eng", "", "one\ntwo"),
            made.SYLT(encoding, "eng", 2, 1, "", text=[("one", 0), ("two", 70_000)]),
            made.APIC(encoding, "image/png", 3, "Titelbild", picture),
            made.GEOB(encoding, "text/plain", "ä.txt", "a file", data),
            made.CHAP("chp0", 500, 9_000, sub_frames=[made.TIT2(encoding, ["Waden, links"])]),
            made.CHAP("chp1", 0, 500, sub_frames=[]),
            made.CTOC("toc", 3, ["chp0"], sub_frames=[]),
            made.PRIV("me", b"\x00"),
        )
    )
    assert (tag.version, tag.problems, tag.texts) == (f"2.{version}", [], {"TIT2": "Fußrolle „ÄÖ“ 🦵"})
    assert tag.comments == [Text("deu", "short", "Wörter")]
    assert tag.lyrics == [Text("eng", "", "one\ntwo")]
    assert tag.timed_lyrics == [(0, "one"), (70_000, "two")]
    assert tag.pictures == [AttachedPicture("image/png", 3, picture)]
    assert tag.attachments == {"a file": data}
    assert tag.chapters == [Chapter(0, 500, ""), Chapter(500, 9_000, "Waden, links")]


def test_a_file_without_a_tag() -> None:
    for data in (b"", b"ID3", b"\xff\xfb\x54\xc4" * 9, b"ID3\x04\x00\x00\xff\xff\xff\xff"):
        file = io.BytesIO(data)
        assert read_tag(file) is None
        assert file.tell() == 0


def test_unsynchronised_tags() -> None:
    plain = b"\xff\x00\xff\xe0"
    head = b"\x00image/png\0\x03\0"
    packed = head + plain.replace(b"\xff", b"\xff\x00")
    whole_23 = frame("APIC", head + plain, 3).replace(b"\xff", b"\xff\x00")
    for data in (
        whole(whole_23, 3, 0x80),
        whole(frame("APIC", packed, 4, 0x02)),
        whole(frame("APIC", packed), flags=0x80),
    ):
        assert read(data).pictures[0].data == plain


def test_extended_headers_groups_compression_and_sizes_as_itunes_wrote_them() -> None:
    text = b"\x03Rollout"
    for data in (
        whole(b"\0\0\0\x06\0\0\0\0\0\0" + frame("TIT2", text, 3), 3, 0x40),
        whole(b"\0\0\0\x06\x01\0" + frame("TIT2", text), 4, 0x40),
        whole(frame("TIT2", synchsafe(len(text)) + zlib.compress(text), 4, 0x09)),
        whole(frame("TIT2", struct.pack(">I", len(text)) + zlib.compress(text), 3, 0x80), 3),
        whole(frame("TIT2", b"G" + text, 4, 0x40)),
        whole(frame("TIT3", b"\x03" + b"x" * 199, major=3) + frame("TIT2", text, major=3)),
    ):
        assert read(data).texts["TIT2"] == "Rollout"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (whole(b"", major=2), "ID3v2.2"),
        (whole(frame("TIT2", b"\x03a") + bytes(99))[:-1], "cut off"),
        (whole(frame("TIT2", b"\x03a", size=99)), "frame TIT2 is longer than the tag"),
        (whole(frame("TIT2", b"\x07a")), "frame TIT2 is broken"),
        (whole(frame("TIT2", b"")), "frame TIT2 is broken"),
        (whole(frame("CHAP", b"chp0\0\0\0")), "frame CHAP is broken"),
        (whole(frame("SYLT", b"\x03eng\x02\x01\0word\0\0")), "frame SYLT is broken"),
        (whole(frame("TIT2", b"\x03a", flags=0x04)), "encrypted"),
        (whole(frame("TIT2", b"nonsense", flags=0x08)), "frame TIT2 is broken"),
        (whole(frame("TIT2", b"\x03a") + b"not a frame"), "no frame where one should be"),
        (b"ID3\x04\x00\x00" + synchsafe((1 << 28) - 1) + b"TIT2", "more than is read"),
    ],
)
def test_a_problem_is_reported_once(data: bytes, problem: str) -> None:
    (found,) = read(data).problems
    assert problem in found


def test_odd_texts_are_read_as_far_as_possible() -> None:
    odd = {
        b"\x01\xff\xfea\0b": "a\N{REPLACEMENT CHARACTER}",  # half a letter at the end
        b"\x01a\0b\0": "ab",  # no byte order mark
        b"\x03\xff\xfe": "\N{REPLACEMENT CHARACTER}" * 2,
        b"\x02\xd8\x00": "\N{REPLACEMENT CHARACTER}",  # half a surrogate pair
        b"\x03": None,
        b"\x00caf\xe9\0\0\0": "café",
    }
    for data, text in odd.items():
        assert read(whole(frame("TIT2", data))).texts.get("TIT2") == text


def test_compressed_frames_expand_to_a_bound() -> None:
    bomb = synchsafe(0) + zlib.compress(b"\x03" + b"x" * (MAX_BYTES + (8 << 20)), 9)
    tracemalloc.start()
    tag = read(whole(frame("TIT2", bomb, 4, 0x09) + frame("TIT3", bomb, 4, 0x09) + frame("TPE1", b"\x03me")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert tag.texts == {"TPE1": "me"}
    assert "larger, decompressed" in tag.problems[0]
    assert peak < 3 * MAX_BYTES


@pytest.mark.parametrize(
    "body",
    [
        frame("TIT2", b"\x03") * (MAX_ITEMS + 1),
        frame("TPE1", b"\x03" + b"a\0" * MAX_ITEMS),
        frame("SYLT", b"\x00eng\x02\x01\0" + b"\0\0\0\0\0" * MAX_ITEMS),
    ],
    ids=["frames", "texts", "lines"],
)
def test_the_number_of_frames_and_texts_is_bounded(body: bytes) -> None:
    assert any(f"more than {MAX_ITEMS:,}" in problem for problem in read(whole(body)).problems)


def test_chapters_inside_chapters_are_ignored() -> None:
    inner = frame("CHAP", b"b\0" + bytes(16))
    for _ in range(50):
        inner = frame("CHAP", b"a\0" + bytes(16) + inner)
    assert read(whole(inner)).chapters == [Chapter(0, 0, "")]


GOOD = by_mutagen(
    4,
    cast(Any, id3).TIT2(1, ["Rollout"]),
    cast(Any, id3).SYLT(1, "eng", 2, 1, "", text=[("one", 0)]),
    cast(Any, id3).CHAP("c", 0, 9, sub_frames=[cast(Any, id3).TIT2(3, ["Calves"])]),
    cast(Any, id3).GEOB(1, "text/plain", "a", "b", b"c" * 40),
)[:400]
IDS = ["TIT2", "TXXX", "COMM", "USLT", "SYLT", "APIC", "GEOB", "CHAP", "CTOC", "PRIV"]


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=12), st.integers(0, 400))
@example([(3, 3)], 400)
def test_no_damaged_tag_makes_it_raise(damage: list[tuple[int, int]], end: int) -> None:
    data = bytearray(GOOD)
    for at, byte in damage:
        data[at] = byte
    if tag := read_tag(io.BytesIO(bytes(data[:end]))):
        assert len(tag.problems) <= MAX_PROBLEMS


@given(
    st.lists(st.tuples(st.sampled_from(IDS), st.integers(0, 255), st.binary(max_size=60)), max_size=6),
    st.integers(3, 4),
)
def test_no_content_makes_it_raise(frames: list[tuple[str, int, bytes]], major: int) -> None:
    read(whole(b"".join(frame(id_, data, major, flags) for id_, flags, data in frames), major))
