"""The length of the sound, of whatever MP3."""

from __future__ import annotations

from pathlib import Path

import lameenc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.encode.mp3.frames import MONO
from cuecast.tags.mp3_length import length_ms
from tests.encode.conftest import Rendered, rendered

__all__ = ["rendered"]


def measured(path: Path, start: int = 0) -> int | None:
    with path.open("rb") as file:
        return length_ms(file, start)


def test_a_track_of_ours(rendered: Rendered) -> None:
    assert measured(rendered.path, rendered.path.read_bytes().index(b"\xff\xfb")) == rendered.timeline.duration


@pytest.mark.parametrize(
    ("rate", "channels", "kbits"), [(44_100, 2, 128), (48_000, 1, 64), (22_050, 1, 32), (8_000, 1, 8)]
)
def test_other_rates_walked_over(tmp_path: Path, rate: int, channels: int, kbits: int) -> None:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(rate)
    encoder.set_channels(channels)
    encoder.set_bit_rate(kbits)
    path = tmp_path / "a.mp3"
    path.write_bytes(bytes(encoder.encode(bytes(rate * 2 * channels * 5)) + encoder.flush()) + b"TAG".ljust(128))
    assert measured(path) == pytest.approx(5_000, abs=200)


def test_what_is_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    for data in (b"", b"text" * 99, b"\xff\xfb", b"\xff\xfb\x90\x00" * 3, b"\xff" * 70_000, MONO.silent_frame[:50]):
        path.write_bytes(data)
        assert measured(path) is None, data[:8]
    path.write_bytes(b"junk\xff\xe0" + MONO.silent_frame * 100)
    assert measured(path) == 2_400


def test_a_header_that_claims_a_year_is_not_believed(tmp_path: Path) -> None:
    head = bytearray(MONO.silent_frame)
    head[21:33] = b"Xing\0\0\0\x01\x7f\xff\xff\xff"
    path = tmp_path / "a.mp3"
    path.write_bytes(bytes(head) + MONO.silent_frame * 99)
    assert measured(path) == 2_400


@given(st.binary(max_size=300))
def test_nothing_makes_it_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.mp3"
    path.write_bytes(b"\xff\xfb" + data)
    measured(path)
