"""The Xing/LAME header, read back by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cuecast.encode.mp3.crc import crc16, repeated
from cuecast.encode.mp3.encode import encode, encode_piece, encoder_name
from cuecast.encode.mp3.frames import JOINT_STEREO, MONO, Mode, mode_of, split, without_past
from cuecast.encode.mp3.pieces import PRE_ROLL, Piece
from tests.encode import decoding
from tests.encode.conftest import Rendered, render
from tests.encode.decoding import Track, main_data
from tests.mix.tracks import beep, timeline, voiced


def number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def test_every_field(either: Rendered) -> None:
    track = Track.read(either.path)
    info, sound, fields = track.info, b"".join(track.frames), track.fields
    size = len(info) + len(sound)
    assert len(info) == 192
    assert info[3] >> 6 == track.frames[0][3] >> 6 == {1: 0b11, 2: 0b01}[either.timeline.channels]
    assert not any(info[4 : -len(fields)])
    assert fields[:4] == b"Xing"
    assert number(fields[4:8]) == 0b1111
    assert number(fields[8:12]) == len(track.frames)
    assert number(fields[12:16]) == size
    assert number(fields[116:120]) == 55
    lame = fields[120:]
    assert lame[:9].startswith(b"LAME")
    delay, padding = number(lame[21:24]) >> 12, number(lame[21:24]) & 0xFFF
    assert delay == 576
    assert len(track.frames) * 1_152 - delay - padding == either.timeline.duration * 48
    assert padding >= 529  # else a decoder's own delay would swallow the end
    assert lame[24] == {1: 0b10_0_000_00, 2: 0b10_0_011_00}[either.timeline.channels]  # 48 kHz; mono, joint stereo
    assert number(lame[28:32]) == size
    assert number(lame[32:34]) == decoding.crc16(sound)
    end = len(info) - len(lame) + 34
    assert number(info[end : end + 2]) == decoding.crc16(info[:end])
    assert not any(info[end + 2 :])
    assert len(either.path.read_bytes()) == len(track.tag) + size


def test_the_table_of_contents_leads_to_the_frame(either: Rendered) -> None:
    track = Track.read(either.path)
    toc = track.fields[16:116]
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
    assert number(track.fields[8:12]) == len(track.frames)
    lame = track.fields[120:]
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
    assert kept is not None
    assert len(kept) == len(frames) - skip
    assert decoding.Side.of(frames[skip]).back  # it does look back, else this proves nothing
    assert main_data(kept) == main_data(frames)[skip:]
    assert kept[2:] == frames[skip + 2 :]


@pytest.mark.parametrize("skip", [1, 2, 4, 20])
def test_frames_without_a_past_stay_as_they_are_in_stereo(skip: int) -> None:
    """Each keeps its data and its own of the two ways of stereo, which change within this sound."""
    left = np.frombuffer(voiced(96_000, seed=1, peak=15_000), "<i2").astype(int)
    other = np.frombuffer(voiced(96_000, seed=2, peak=15_000), "<i2")
    alike = np.arange(96_000) // 9_000 % 2 == 1
    pcm = np.stack([left, np.where(alike, left, other)], axis=1).astype("<i2").tobytes()
    frames = encode(pcm, JOINT_STEREO)
    assert {frame[3] for frame in frames} == {0x44, 0x64}
    kept = without_past(frames, skip, JOINT_STEREO)
    assert kept is not None
    assert decoding.Side.of(frames[skip]).back
    assert decoding.frames_of(b"".join(kept)) == kept
    assert [frame[3] for frame in kept] == [frame[3] for frame in frames[skip:]]
    assert main_data(kept) == main_data(frames)[skip:]
    assert kept[2:] == frames[skip + 2 :]


@pytest.mark.parametrize("mode", [MONO, JOINT_STEREO])
def test_a_frame_that_could_not_stand_alone_is_made_smaller(mode: Mode) -> None:
    """Bursts of noise at full scale: what LAME wants for a frame can be more than the largest frame holds."""
    rng = np.random.default_rng(5)
    count = 48_000 * 4
    bursts = (np.arange(count) // 700 % 3 == 0)[:, None]
    pcm: bytes = np.round(rng.uniform(-32_700, 32_700, (count, mode.channels)) * bursts).astype("<i2").tobytes()
    sizes = [len(data) for data in main_data(encode(pcm, mode))]
    largest = 960 - mode.head_bytes
    assert max(sizes) > largest
    first = next(i for i, size in enumerate(sizes) if size > largest)

    class Bursts:
        channels = mode.channels

        def __call__(self, start: int, end: int) -> bytes:
            return pcm[start * 96 * mode.channels : end * 96 * mode.channels]

        def recipe(self, start: int, end: int) -> None:
            return None

    windows, alone = Bursts(), 0
    for at in range(max(PRE_ROLL, first - 8), first + 8):
        piece = Piece(at, at + 40, joined=True)
        heard = windows(*piece.window(4_000))
        alone += without_past(encode(heard, mode), PRE_ROLL, mode) is None
        frames = encode_piece(piece, windows, 4_000)
        assert len(frames) == 40
        main_data(frames)
    assert alone  # some of these needed it


def test_only_one_channel_or_two() -> None:
    for channels in (0, 3, 6):
        with pytest.raises(ValueError, match="one channel or two"):
            mode_of(channels)


def test_the_encoder_says_its_version() -> None:
    assert encoder_name().startswith("LAME")
    assert len(encoder_name()) > len("LAME")
