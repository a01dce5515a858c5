"""Tags of ours, of mutagen's, and of nobody's good will."""

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

from cuecast.model.timeline import Chapter
from cuecast.protocols import Tags
from cuecast.tags import reader as tagreader
from cuecast.tags.id3 import tag
from cuecast.tags.reader import read_tag
from cuecast.tags.reader.model import Attachment, Contents, Mark, Other, Picture, Tag, Text, TimedWords, Words
from tests.mix.tracks import timeline

LATIN, UTF16, UTF16_BE, UTF8 = range(4)


def read(data: bytes) -> Tag:
    found = read_tag(io.BytesIO(data))
    assert found is not None
    return found


def synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def whole(body: bytes, major: int = 4, flags: int = 0) -> bytes:
    return b"ID3" + bytes((major, 0, flags)) + synchsafe(len(body)) + body


def frame(id_: str, data: bytes, major: int = 4, flags: int = 0, size: int | None = None) -> bytes:
    length = len(data) if size is None else size
    return id_.encode() + (synchsafe(length) if major == 4 else length.to_bytes(4, "big")) + bytes((0, flags)) + data


def mutagens(version: int, *frames: object) -> bytes:
    """What mutagen writes."""
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
    data = tag(timeline([], 300_000, chapters), Tags("Rollout", comment="Hands\non the floor"), "cuecast")
    found = read(data + b"\xff\xfb sound")
    assert (found.version, found.size, found.problems) == ("2.4", len(data), ())
    assert {key: found.text(key) for key in ("TIT2", "TPE1", "TLEN", "TKEY")} == {
        "TIT2": "Rollout", "TPE1": "cuecast", "TLEN": "300000", "TKEY": None,
    }  # fmt: skip
    assert found.chapters() == chapters
    assert found.all(Words) == (Words("COMM", "eng", "", "Hands\non the floor"),)
    (top,) = (each for each in found.all(Contents) if each.top)
    assert (top.ordered, top.children) == (True, ("toc1", "toc2"))
    attached = found.attachment("cuecast timeline")
    assert attached is not None
    assert (attached.mime, attached.filename) == ("application/json", "timeline.json")


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("encoding", [UTF16, UTF16_BE, UTF8])
def test_what_mutagen_writes(version: int, encoding: int) -> None:
    made = cast(Any, id3)
    data = mutagens(
        version,
        made.TIT2(encoding, ["Fußrolle „ÄÖ“ 🦵"]),
        made.TXXX(encoding, "mood", ["calm", "slow"]),
        made.WOAR("https://example.org/a"),
        made.COMM(encoding, "deu", "short", ["Wörter"]),
        made.USLT(encoding, "eng", "", "one\ntwo"),
        made.SYLT(encoding, "eng", 2, 1, "", text=[("one", 0), ("two", 70_000)]),
        made.APIC(encoding, "image/png", 3, "Titelbild", b"\x89PNG\xff\x00\xff\xe0"),
        made.GEOB(encoding, "text/plain", "ä.txt", "a file", b"\x00\xff\x00"),
        made.CHAP("chp0", 500, 9_000, sub_frames=[made.TIT2(encoding, ["Waden, links"])]),
        made.CTOC("toc", 3, ["chp0"], sub_frames=[]),
        made.PRIV("me", b"\x00"),
    )
    found = read(data)
    assert found.version == f"2.{version}"
    assert found.problems == ()
    assert found.text("TIT2") == "Fußrolle „ÄÖ“ 🦵"
    mood = ("calm/slow",) if version == 3 else ("calm", "slow")  # 2.3 has one value only
    assert Text("TXXX", mood, "mood") in found.frames
    assert Text("WOAR", ("https://example.org/a",)) in found.frames
    assert set(found.all(Words)) == {Words("COMM", "deu", "short", "Wörter"), Words("USLT", "eng", "", "one\ntwo")}
    assert found.all(TimedWords) == (TimedWords("eng", "", 1, ((0, "one"), (70_000, "two"))),)
    assert found.all(Picture) == (Picture("image/png", 3, "Titelbild", b"\x89PNG\xff\x00\xff\xe0"),)
    assert found.all(Attachment) == (Attachment("text/plain", "ä.txt", "a file", b"\x00\xff\x00"),)
    assert found.chapters() == (Chapter(500, 9_000, "Waden, links"),)
    assert Other("PRIV", b"me\0\0") in found.frames


def test_a_file_without_a_tag() -> None:
    for data in (b"", b"ID3", b"\xff\xfb\x54\xc4" * 9, b"ID3\x04\x00\x00\xff\xff\xff\xff"):
        file = io.BytesIO(data)
        assert read_tag(file) is None
        assert file.tell() == 0


def test_unsynchronised_tags() -> None:
    picture = b"\x00image/png\0\x03\0" + b"\xff\x00\x00\xff\x00\xe0"
    plain = b"\xff\x00\xff\xe0"
    assert read(whole(frame("APIC", picture, 3), 3, 0x80)).problems  # sizes count what is there after it is undone
    body = frame("APIC", b"\x00image/png\0\x03\0" + plain, 3).replace(b"\xff", b"\xff\x00")
    assert read(whole(body, 3, 0x80)).all(Picture)[0].data == plain
    packed = b"\x00image/png\0\x03\0" + plain.replace(b"\xff", b"\xff\x00")
    assert read(whole(frame("APIC", packed, 4, 0x02))).all(Picture)[0].data == plain
    assert read(whole(frame("APIC", packed), flags=0x80)).all(Picture)[0].data == plain


def test_extended_headers_groups_and_compression() -> None:
    text = b"\x03Rollout"
    assert read(whole(b"\0\0\0\x06\0\0\0\0\0\0" + frame("TIT2", text, 3), 3, 0x40)).text("TIT2") == "Rollout"
    assert read(whole(b"\0\0\0\x06\x01\0" + frame("TIT2", text), 4, 0x40)).text("TIT2") == "Rollout"
    packed = synchsafe(len(text)) + zlib.compress(text)
    assert read(whole(frame("TIT2", packed, 4, 0x09))).text("TIT2") == "Rollout"
    assert read(whole(frame("TIT2", struct.pack(">I", len(text)) + zlib.compress(text), 3, 0x80), 3)).text("TIT2")
    assert read(whole(frame("TIT2", b"G" + text, 4, 0x40))).text("TIT2") == "Rollout"


def test_sizes_as_itunes_wrote_them() -> None:
    long = frame("TIT2", b"\x03" + b"x" * 199, major=3)
    assert read(whole(long + frame("TPE1", b"\x03me", major=3))).text("TPE1") == "me"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (whole(b"", major=2), "ID3v2.2"),
        (whole(frame("TIT2", b"\x03a") + bytes(99))[:-1], "cut off"),
        (whole(frame("TIT2", b"\x03a", size=99)), "frame TIT2 is longer than the tag"),
        (whole(frame("TIT2", b"\x07a")), "frame TIT2 is broken"),
        (whole(frame("TIT2", b"")), "frame TIT2 is broken"),
        (whole(frame("CHAP", b"chp0\0\0\0")), "frame CHAP is broken"),
        (whole(frame("CTOC", b"toc\0\x03\x09a\0")), "frame CTOC is broken"),
        (whole(frame("SYLT", b"\x03eng\x02\x01\0word\0\0")), "frame SYLT is broken"),
        (whole(frame("TIT2", b"\x03a", flags=0x04)), "encrypted"),
        (whole(frame("TIT2", b"nonsense", flags=0x08)), "frame TIT2 is broken"),
        (whole(frame("TIT2", b"\x03a") + b"not a frame"), "no frame where one should be"),
        (b"ID3\x04\x00\x00" + synchsafe((1 << 28) - 1) + b"TIT2", "more than is read"),
    ],
)
def test_what_is_broken_is_told_and_no_more(data: bytes, said: str) -> None:
    found = read(data)
    assert any(said in problem for problem in found.problems), found.problems
    assert len(found.problems) == 1


def test_a_broken_frame_does_not_hide_the_next() -> None:
    found = read(whole(frame("TIT2", b"\x09") + frame("TPE1", b"\x03me")))
    assert found.text("TPE1") == "me"
    assert len(found.problems) == 1


def test_odd_texts_are_read_as_far_as_they_go() -> None:
    odd = {
        b"\x01\xff\xfea\0b": "a\N{REPLACEMENT CHARACTER}",  # half a letter at the end
        b"\x01a\0b\0": "ab",  # no byte order mark
        b"\x03\xff\xfe": "\N{REPLACEMENT CHARACTER}" * 2,
        b"\x02\xd8\x00": "\N{REPLACEMENT CHARACTER}",  # half a pair
        b"\x03": None,
        b"\x00caf\xe9\0\0\0": "café",
    }
    for data, text in odd.items():
        assert read(whole(frame("TIT2", data))).text("TIT2") == text


def test_bombs_burst_at_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagreader, "MOST_BYTES", 1 << 20)
    bomb = synchsafe(0) + zlib.compress(b"\x03" + b"x" * (40 << 20), 9)
    tracemalloc.start()
    found = read(whole(frame("TIT2", bomb, 4, 0x09) + frame("TIT3", bomb, 4, 0x09) + frame("TPE1", b"\x03me")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.text("TIT2") is None
    assert found.text("TPE1") == "me"
    assert any("larger, unpacked" in problem for problem in found.problems)
    assert peak < 8 << 20


def test_swarms_of_tiny_frames_and_texts_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagreader, "MOST_ITEMS", 1_000)
    for body in (
        frame("TIT2", b"\x03") * 5_000,
        frame("TXXX", b"\x03" + b"a\0" * 50_000),
        frame("SYLT", b"\x00eng\x02\x01\0" + b"\0\0\0\0\0" * 5_000),
        b"".join(frame("CTOC", b"t\0\x03\xff" + b"a\0" * 255) for _ in range(20)),
    ):
        found = read(whole(body))
        assert any("more than 1,000" in problem for problem in found.problems), body[:4]
        assert len(found.frames) <= 1_000


def test_chapters_do_not_stand_in_each_other() -> None:
    inner = frame("CHAP", b"b\0" + bytes(16))
    for _ in range(50):
        inner = frame("CHAP", b"a\0" + bytes(16) + inner)
    found = read(whole(inner))
    (mark,) = found.all(Mark)
    assert mark.frames == ()
    assert found.problems == ("its frame CHAP is broken",)


GOOD = mutagens(
    4,
    cast(Any, id3).TIT2(1, ["Rollout"]),
    cast(Any, id3).SYLT(1, "eng", 2, 1, "", text=[("one", 0)]),
    cast(Any, id3).CHAP("c", 0, 9, sub_frames=[cast(Any, id3).TIT2(3, ["Calves"])]),
    cast(Any, id3).CTOC("t", 3, ["c"], sub_frames=[]),
    cast(Any, id3).GEOB(1, "text/plain", "a", "b", b"c" * 40),
)[:400]


@given(st.integers(3, 4), st.integers(0, 255), st.binary(max_size=400))
def test_no_tag_at_all_makes_it_raise(major: int, flags: int, body: bytes) -> None:
    read(whole(body, major, flags))


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=12), st.integers(0, 400))
@example([(3, 3)], 400)
def test_no_damaged_tag_makes_it_raise(damage: list[tuple[int, int]], end: int) -> None:
    data = bytearray(GOOD)
    for at, byte in damage:
        data[at] = byte
    found = read_tag(io.BytesIO(bytes(data[:end])))
    if found:
        assert len(found.problems) <= tagreader.MOST_PROBLEMS
        found.chapters()


IDS = ["TIT2", "TXXX", "WXXX", "COMM", "USLT", "SYLT", "APIC", "GEOB", "CHAP", "CTOC", "PRIV", "WOAR"]


@given(
    st.lists(st.tuples(st.sampled_from(IDS), st.integers(0, 255), st.binary(max_size=60)), max_size=6),
    st.integers(3, 4),
)
def test_no_content_makes_it_raise(frames: list[tuple[str, int, bytes]], major: int) -> None:
    read(whole(b"".join(frame(id_, data, major, flags) for id_, flags, data in frames), major))
