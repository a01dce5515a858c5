"""What a stranger's track carries is read in proportion to its size: eight times as much, not sixty-four times the time."""

from __future__ import annotations

import io
import json
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from cuecast.tags.bundle import read_bundle
from cuecast.tags.mp3_length import length_ms
from cuecast.tags.reader import read_tag
from cuecast.tags.timeline_frame import read_timeline
from tests.patience import times_as_long
from tests.tags.test_reader import frame, whole


def _tag(body: bytes) -> None:
    read_tag(io.BytesIO(whole(body)))


def _chapters(n: int) -> bytes:
    title = frame("TIT2", b"\x03Calves")
    return b"".join(frame("CHAP", b"%d\0" % i + i.to_bytes(4, "big") * 2 + bytes(8) + title) for i in range(n))


def _broken_zip(_: int) -> bytes:
    return frame("TIT2", bytes(4) + zlib.compress(bytes(4 << 20), 9)[:-4] + b"sum!", 4, 0x09)


def _timeline(n: int) -> bytes:
    times = [{"start": i, "end": i + 1} for i in range(n)]
    return json.dumps(
        {
            "schema": "cuecast/timeline@1", "title": "T", "language": "en", "voice": "coach", "duration": n,
            "intervals": [{**each, "kind": "work", "exercise": "Calves"} for each in times],
            "chapters": [{**each, "title": "Calves"} for each in times],
            "events": [{**each, "lane": "voice", "kind": "speech", "text": "Slowly."} for each in times],
        }
    ).encode()  # fmt: skip


def _bundle(n: int) -> bytes:
    files = {"a.yaml": "title: A\n", **{f"parts/{i}.yaml": "steps: []\n" for i in range(n)}}
    plain = {"cuecast": "1", "routine": "a.yaml", "options": {}, "files": files, "elsewhere": {}}
    return json.dumps({"schema": "cuecast/bundle@1", **plain}).encode()


KINDS: dict[str, tuple[Callable[[bytes], object], Callable[[int], bytes], int]] = {
    "text frames": (_tag, lambda n: frame("TIT2", b"\x03Calves") * n, 2_000),
    "values of a text": (_tag, lambda n: frame("TIT2", b"\x03" + b"Calves\0" * n), 5_000),
    "nulls at odd places": (_tag, lambda n: frame("TIT2", b"\x02" + b"a\0\0b" * n), 50_000),
    "chapters": (_tag, _chapters, 1_000),
    "chapters' frames": (
        _tag,
        lambda n: frame("CHAP", b"a\0" + bytes(16) + frame("TIT2", b"\x03Calves") * n),
        2_000,
    ),
    "timed lyrics": (_tag, lambda n: frame("SYLT", b"\x03eng\x02\x01\0" + b"Calves\0\0\0\0\0" * n), 2_000),
    "attachments": (_tag, lambda n: frame("GEOB", b"\x03a/b\0a\0" + b"%d\0x") * n, 2_000),
    "unsynchronised frames": (_tag, lambda n: frame("APIC", b"\x03a/b\0\x03\0" + b"\xff\0" * 99, 4, 0x02) * n, 500),
    "broken compressed frames": (_tag, lambda n: _broken_zip(n) * n, 20),
    "frames that are none": (_tag, lambda n: frame("TIT2", b"\x09x") * n, 2_000),
    "timeline": (read_timeline, _timeline, 2_000),
    "routine": (read_bundle, _bundle, 200),
}
"""What is read how, and how many parts the smallest has."""


@pytest.mark.parametrize("kind", KINDS)
def test_three_doublings_are_no_more_than_linear(kind: str) -> None:
    read, make, least = KINDS[kind]
    assert times_as_long(read, make(least), make(8 * least)) < 40


def test_broken_compressed_frames_are_unpacked_up_to_the_bound_of_a_tag() -> None:
    body = _broken_zip(0)
    tag = read_tag(io.BytesIO(whole(body * 1_000 + frame("TPE1", b"\x03me"))))
    assert tag is not None
    assert tag.texts == {"TPE1": "me"}
    assert any("larger, decompressed" in problem for problem in tag.problems)


def test_the_frames_of_a_long_sound_are_not_kept(tmp_path: Path) -> None:
    header = bytes((0xFF, 0xF3, 0x14, 0xC4))  # MPEG-2, 8 kbit/s, 24 kHz: the smallest frames
    path = tmp_path / "long.mp3"
    path.write_bytes(header.ljust(24, b"\0") * 100_000)
    with path.open("rb") as file:
        tracemalloc.start()
        ms = length_ms(file, 0)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert ms == 100_000 * 24
    assert peak < 100_000
