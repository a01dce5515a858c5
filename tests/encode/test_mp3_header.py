"""The frames of an MP3: one bit rate, a header with the gapless fields, and main data that lies in the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cuecast.encode.mp3.cut import PRE_ROLL, Segment
from cuecast.encode.mp3.frames import JOINT_STEREO, MONO, Mode
from cuecast.encode.mp3.lame import encode_segment
from tests.encode import decoding
from tests.encode.conftest import Rendered, render
from tests.encode.decoding import Track, main_data
from tests.mix.tracks import beep, timeline


def number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def test_every_field(either: Rendered) -> None:
    track = Track.read(either.path)
    info, sound, fields = track.info, b"".join(track.frames), track.fields
    kbits = {1: 64, 2: 128}[either.timeline.channels]
    assert {len(frame) for frame in (info, *track.frames)} == {3 * kbits}
    assert info[:3] == track.frames[0][:3]
    assert info[3] >> 6 == track.frames[0][3] >> 6 == {1: 0b11, 2: 0b01}[either.timeline.channels]
    assert not any(info[4 : -len(fields)])
    assert fields[:4] == b"Info"
    assert number(fields[4:8]) == 0b1011  # frames, bytes, quality; no table of contents
    assert number(fields[8:12]) == len(track.frames)
    assert number(fields[12:16]) == len(info) + len(sound)
    lame = fields[20:]
    assert lame[:9].startswith(b"LAME")
    assert lame[9] == 1  # constant bit rate
    assert lame[20] == kbits
    delay, padding = number(lame[21:24]) >> 12, number(lame[21:24]) & 0xFFF
    assert delay == 576
    assert len(track.frames) * 1_152 - delay - padding == either.timeline.duration * 48
    assert padding >= 529  # else a decoder's own delay would swallow the end
    assert lame[24] == {1: 0b10_0_000_00, 2: 0b10_0_011_00}[either.timeline.channels]  # 48 kHz; mono, joint stereo
    assert number(lame[28:32]) == len(info) + len(sound)
    assert number(lame[32:34]) == decoding.crc16(sound)
    end = len(info) - len(lame) + 34
    assert number(info[end : end + 2]) == decoding.crc16(info[:end])
    assert not any(info[end + 2 :])


@pytest.mark.parametrize("duration", [1_000, 1_200_000])
def test_short_and_long(tmp_path: Path, duration: int) -> None:
    track = Track.read(render(timeline([beep(0, "start")], duration), {}, tmp_path / "t.mp3").path)
    assert number(track.fields[8:12]) == len(track.frames)
    lame = track.fields[20:]
    assert len(track.frames) * 1_152 - 576 - (number(lame[21:24]) & 0xFFF) == duration * 48
    assert number(lame[32:34]) == decoding.crc16(b"".join(track.frames))


class Sound:
    """Samples as the sound of a track."""

    def __init__(self, pcm: bytes, channels: int) -> None:
        self.pcm, self.channels = pcm, channels

    def __call__(self, start: int, end: int) -> bytes:
        return self.pcm[start * 96 * self.channels : end * 96 * self.channels]

    def recipe(self, start: int, end: int) -> None:
        return None


@pytest.mark.parametrize("mode", [MONO, JOINT_STEREO])
@pytest.mark.parametrize("kind", ["noise", "bursts", "clicks"])
def test_a_segment_cut_anywhere_in_the_hardest_sound_has_all_its_data(mode: Mode, kind: str) -> None:
    """No frame of it looks back before its first one, and all have the size of the track's frames."""
    rng = np.random.default_rng(5)
    count = 48_000 * 4
    on = {"noise": np.ones(count), "bursts": np.arange(count) // 700 % 3 == 0, "clicks": np.arange(count) % 1_900 < 30}
    noise = rng.uniform(-32_700, 32_700, (count, mode.channels))
    sound = Sound(np.round(noise * on[kind][:, None]).astype("<i2").tobytes(), mode.channels)
    for first in range(PRE_ROLL, 40, 3):
        for frames in (1, 3, 12):
            data = encode_segment(Segment(first, first + frames, joined=True), sound, 4_000)
            cut = decoding.frames_of(data)
            assert [len(frame) for frame in cut] == [mode.frame_bytes] * frames
            main_data(cut)
