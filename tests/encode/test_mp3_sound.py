"""What comes out of decoders: length, place, silence, and no loss against encoding in one pass."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from cuecast.encode import track_format
from cuecast.encode.mp3.cut import DELAY, frame_count, segments_of
from cuecast.encode.mp3.frames import FRAME_SAMPLES, MONO
from cuecast.encode.mp3.lame import encode
from cuecast.model.tags import Tags
from cuecast.protocols import TrackRequest
from tests.encode.conftest import Rendered, render
from tests.encode.decoding import DECODERS, Track, Wave, decibels, every_sample
from tests.mix.tracks import beep, make_clip, samples, speech, timeline
from tests.patience import PATIENCE_S

Decoder = Callable[[Path], Wave]


def single_pass(source: bytes, folder: Path, count: int, kbits: int = 64) -> Wave:
    """The same samples through one encoder, decoded with all delays."""
    path = folder / "single.mp3"
    path.write_bytes(b"".join(encode(source + bytes(5 * FRAME_SAMPLES * 2), kbits=kbits)[:count]))
    return every_sample(path)


@DECODERS
@pytest.mark.parametrize("duration", [1_000, 2_000, 3_000, 7_000, 24_000])
def test_any_whole_second_is_exact(tmp_path: Path, duration: int, decode: Decoder) -> None:
    """The three phases of a second against a frame, with sound up to the last sample."""
    made = timeline([beep(0, "start"), beep(duration - 400, "start")], duration)
    track = render(made, {}, tmp_path / "t.mp3")
    wave = decode(track.path)
    assert len(wave) == duration * 48
    assert decibels(wave[-400 * 48 :] - samples(track.source)[-400 * 48 :]) < -40


def test_silence_is_digital_silence(rendered: Rendered) -> None:
    wave, loud = every_sample(rendered.path)[DELAY:], np.zeros(rendered.timeline.duration * 48, bool)
    for event in rendered.timeline.events:
        loud[max(0, event.start - 30) * 48 : (event.end + 60) * 48] = True
    quiet = wave[: len(loud)][~loud[: len(wave)]]
    assert len(quiet) > 10 * 48_000
    assert np.abs(quiet).max() < 10 ** (-90 / 20)


def test_segments_sound_as_in_a_single_pass(rendered: Rendered, tmp_path: Path) -> None:
    """Over all, in every sound, and in its first and last 20 ms, where a segment's encoder is coldest."""
    source = samples(rendered.source)
    count = frame_count(rendered.timeline.duration)
    apart = every_sample(rendered.path)[DELAY:][: len(source)]
    at_once = single_pass(rendered.source, tmp_path, count)[DELAY:][: len(source)]
    n = min(len(apart), len(at_once))

    def worse(start: int, end: int) -> float:
        part = slice(max(0, start), min(end, n))
        return max(decibels(apart[part] - source[part]), -75) - max(decibels(at_once[part] - source[part]), -75)

    assert abs(worse(0, n)) < 0.1
    for event in rendered.timeline.events:
        start, end = event.start * 48, event.end * 48
        assert worse(start, end) < 0.5
        assert worse(start - 960, start + 960) < 3
        assert worse(end - 960, end + 960) < 3


def test_an_island_decodes_as_it_does_alone(rendered: Rendered, tmp_path: Path) -> None:
    """One constant silent frame is enough to part it from whatever came before."""
    track = Track.read(rendered.path)
    whole = every_sample(rendered.path)
    for segment in segments_of(rendered.timeline):
        alone = tmp_path / "alone.mp3"
        alone.write_bytes(b"".join(track.frames[segment.first : segment.last]))
        wave = every_sample(alone)
        here = whole[segment.first * FRAME_SAMPLES :][: len(wave)]
        assert np.abs(wave - here).max() < 1e-6  # a decoder's rounding depends on the phase of its filter's buffer
        assert not wave[-FRAME_SAMPLES // 2 :].any()


def test_between_islands_there_is_one_frame_repeated(rendered: Rendered) -> None:
    frames = Track.read(rendered.path).frames
    covered = {i for segment in segments_of(rendered.timeline) for i in range(segment.first, segment.last)}
    between = [frame for i, frame in enumerate(frames) if i not in covered]
    assert len(between) > 100
    assert set(between) == {MONO.silent_frame}


def test_a_long_sound_is_cut_without_a_trace(tmp_path: Path) -> None:
    """With many joins: the error at each is that of a single pass, and so is the error's steepest step."""
    words, clip = make_clip(tmp_path, "minutes of words", 20 * 48_000, seed=3)
    clip.path.write_bytes(clip.path.read_bytes() * 7)
    clip = replace(clip, samples=7 * clip.samples)
    made = timeline([speech(500, words, {words: clip})], 141_000)
    track = render(made, {words: clip}, tmp_path / "t.mp3")
    joins = [segment.first for segment in segments_of(made) if segment.joined]
    assert len(joins) == 5
    source, count = samples(track.source), frame_count(made.duration)
    apart = every_sample(track.path)[DELAY:]
    at_once = single_pass(track.source, tmp_path, count, 56)[DELAY:]
    for join in joins:
        part = slice(join * FRAME_SAMPLES - 2 * FRAME_SAMPLES, join * FRAME_SAMPLES + FRAME_SAMPLES)
        error, least = apart[part] - source[part], at_once[part] - source[part]
        assert decibels(error) - decibels(least) < 0.5
        assert np.abs(np.diff(error)).max() < 1.2 * np.abs(np.diff(least)).max()


class Silence:
    """The sound of a track, which notes what it is asked for."""

    channels = 1

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.begun = threading.Event()

    def __call__(self, start: int, end: int) -> bytes:
        self.begun.set()
        self.asked.append((start, end))
        return bytes((end - start) * 96)

    def recipe(self, start: int, end: int) -> None:
        return None


def test_memory_stays_flat(tmp_path: Path) -> None:
    """No window is larger than a segment, and few are under way at once, in ten minutes of sound without a pause."""
    made = timeline([beep(at, "finish") for at in range(0, 600_000, 950)], 600_000)
    sound, ahead = Silence(), list[int]()

    def progress(done: int, of: int) -> None:
        ahead.append(len(sound.asked) - len(ahead))

    with (tmp_path / "t.mp3").open("w+b") as target:
        track_format("mp3").write(TrackRequest(made, sound, lambda: Tags("Long"), 2, progress), target)
    assert len(sound.asked) > 20
    assert max(ahead) <= 8 * 2 + 2
    assert max(end - start for start, end in sound.asked) < 25_000


def test_encoding_starts_before_the_picture_is_drawn() -> None:
    sound = Silence()

    def tags() -> Tags:
        assert sound.begun.wait(PATIENCE_S)
        return Tags("Legs")

    track_format("mp3").write(TrackRequest(timeline([beep(1_000, "start")], 2_000), sound, tags, 2), io.BytesIO())


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_the_sound_is_raised(jobs: int) -> None:
    class Faulty(Silence):
        def __call__(self, start: int, end: int) -> bytes:
            raise MemoryError("no more")

    made = timeline([beep(at, "start") for at in range(1_000, 60_000, 9_000)], 60_000)
    with pytest.raises(MemoryError, match="no more"):
        track_format("mp3").write(TrackRequest(made, Faulty(), lambda: Tags("Legs"), jobs), io.BytesIO())
