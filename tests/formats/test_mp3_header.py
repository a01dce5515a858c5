"""The Xing/LAME header, read back by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from cuecast.formats.mp3.crc import crc16, repeated
from cuecast.formats.mp3.encode import encode, encoder_name
from cuecast.formats.mp3.frames import HEAD_BYTES, split, without_past
from tests.formats import decoding
from tests.formats.conftest import Rendered, render
from tests.formats.decoding import Track
from tests.mix.tracks import beep, timeline, voiced


def number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def test_every_field(rendered: Rendered) -> None:
    track = Track.read(rendered.path)
    info, sound = track.info, b"".join(track.frames)
    size = len(info) + len(sound)
    assert info[HEAD_BYTES : HEAD_BYTES + 4] == b"Xing"
    fields = info[HEAD_BYTES + 4 :]
    assert number(fields[:4]) == 0b1111
    assert number(fields[4:8]) == len(track.frames)
    assert number(fields[8:12]) == size
    assert number(fields[112:116]) == 55
    lame = fields[116:]
    assert lame[:9].startswith(b"LAME")
    delay, padding = number(lame[21:24]) >> 12, number(lame[21:24]) & 0xFFF
    assert delay == 576
    assert len(track.frames) * 1_152 - delay - padding == rendered.timeline.duration * 48
    assert padding >= 529  # else a decoder's own delay would swallow the end
    assert number(lame[28:32]) == size
    assert number(lame[32:34]) == decoding.crc16(sound)
    end = info.index(lame[32:34], HEAD_BYTES + 120 + 32) + 2
    assert number(info[end : end + 2]) == decoding.crc16(info[:end])
    assert not any(info[end + 2 :])
    assert len(rendered.path.read_bytes()) == len(track.tag) + size


def test_the_table_of_contents_leads_to_the_frame(rendered: Rendered) -> None:
    track = Track.read(rendered.path)
    toc = track.info[HEAD_BYTES + 16 : HEAD_BYTES + 116]
    offsets = [len(track.info)]
    for frame in track.frames:
        offsets.append(offsets[-1] + len(frame))
    for percent, entry in enumerate(toc):
        exact = offsets[percent * len(track.frames) // 100] / offsets[-1] * 256
        assert entry == int(exact)
    assert list(toc) == sorted(toc)


@pytest.mark.parametrize("duration", [1_000, 1_200_000])
def test_short_and_long(tmp_path: Path, duration: int) -> None:
    track = Track.read(render(timeline([beep(0, "start")], duration), {}, tmp_path / "t.mp3").path)
    assert number(track.info[HEAD_BYTES + 8 : HEAD_BYTES + 12]) == len(track.frames)
    lame = track.info[HEAD_BYTES + 120 :]
    assert len(track.frames) * 1_152 - 576 - (number(lame[21:24]) & 0xFFF) == duration * 48
    assert number(lame[32:34]) == crc16(b"".join(track.frames))


def test_nothing_in_a_file_is_of_its_time_or_place(tmp_path: Path) -> None:
    made = timeline([beep(0, "start")], 2_000)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    assert (
        render(made, {}, tmp_path / "a.mp3").path.read_bytes() == render(made, {}, folder / "b.mp3").path.read_bytes()
    )


@pytest.mark.parametrize("data", [b"", b"1", b"123456789", bytes(range(256)) * 9 + b"!"])
def test_crc(data: bytes) -> None:
    assert crc16(data) == decoding.crc16(data)
    assert repeated(data)(crc16(b"before"), 3) == decoding.crc16(b"before" + data * 3)


def test_crc_by_its_check_value() -> None:
    assert crc16(b"123456789") == 0xBB3D


def test_split_refuses_what_is_no_frame() -> None:
    frames = encode(bytes(96_000))
    assert split(b"".join(frames)) == frames == decoding.frames_of(b"".join(frames))
    for broken in (b"RIFF", b"".join(frames)[:-1], b"\xff\xfb\xf4\xc4" + bytes(2_000)):
        with pytest.raises(ValueError, match="no whole MP3 frame"):
            split(broken)


@pytest.mark.parametrize("skip", [1, 2, 4, 20])
def test_frames_without_a_past_carry_the_same_data(skip: int) -> None:
    """Each frame's own bytes are the same, wherever they lie now, and none lies before the first frame."""
    frames = encode(voiced(96_000, seed=1, peak=30_000))
    kept = without_past(frames, skip)
    assert len(kept) == len(frames) - skip
    assert frames[skip][4:6] >= b"\x00\x80"  # it does look back, else this proves nothing
    assert main_data(kept) == main_data(frames)[skip:]
    assert kept[2:] == frames[skip + 2 :]


def main_data(frames: list[bytes]) -> list[bytes]:
    stream, found = b"", []
    for frame in frames:
        side = number(frame[4:HEAD_BYTES])
        back = side >> 127
        assert back <= len(stream)
        bits = sum((side >> (136 - at - 12)) & 0xFFF for at in (18, 77))
        start = len(stream) - back
        stream += frame[HEAD_BYTES:]
        found.append(stream[start : start + -(-bits // 8)])
    return found


def test_the_encoder_says_its_version() -> None:
    assert encoder_name().startswith("LAME")
    assert len(encoder_name()) > len("LAME")
