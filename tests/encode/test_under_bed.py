"""A track over a bed: in stereo, cut at fixed places, and what comes again found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cuecast.cache import Cache
from cuecast.encode.mp3.cut import (
    DELAY,
    DUCK_AFTER,
    DUCK_BEFORE,
    GLIDE,
    LEAD,
    LOOP_CELL,
    MAX_FRAMES,
    MIN_SILENCE,
    MUSIC_CELL,
    frame_count,
    segments_of,
)
from cuecast.encode.mp3.frames import FRAME_MS, FRAME_SAMPLES, JOINT_STEREO
from cuecast.encode.mp3.lame import encode
from cuecast.mix.mixer import mix
from cuecast.mix.music import curves, layers
from cuecast.mix.music import generated as made_sounds
from cuecast.model.music import GeneratedSound, Music, Recording
from cuecast.model.script import Utterance
from cuecast.model.timeline import Event, SpeechEvent, Timeline
from tests.encode.beds import LoopBed, with_bed
from tests.encode.conftest import Rendered, render
from tests.encode.decoding import DECODERS, Track, Wave, decibels, every_sample
from tests.encode.test_mp3_sound import Decoder
from tests.encode.test_segment_cache import counted, marked, spread
from tests.examples import some
from tests.mix.tracks import Clips, beep, make_clip, session, speech, timeline

MUSIC = Music(recordings=(Recording("calm.mp3", Path("calm.mp3")),))


def write(made: Timeline, clips: Clips, cache: Cache | None, path: Path, jobs: int = 2) -> bytes:
    return write_counted(made, clips, cache, path, jobs)[0]


def write_counted(made: Timeline, clips: Clips, cache: Cache | None, path: Path, jobs: int = 2) -> tuple[bytes, int]:
    return counted(mix(made, clips, LoopBed(made)), made, cache, path, jobs)


def test_the_bytes_depend_on_neither_jobs_nor_the_cache(tmp_path: Path) -> None:
    made, clips = session(tmp_path)
    made, clips = with_bed(made), marked(clips)
    tracks = [write(made, clips, None, tmp_path / "t.mp3", jobs) for jobs in (1, 2)]
    cache = Cache(tmp_path / "cache")
    tracks += [write(made, clips, cache, tmp_path / "t.mp3", jobs) for jobs in (2, 1)]
    assert len(set(tracks)) == 1


def test_no_frame_looks_back_beyond_its_piece(over_bed: Rendered, tmp_path: Path) -> None:
    """Each segment alone decodes to what it is in the track, but for the half frame that overlaps the one before."""
    track = Track.read(over_bed.path)
    whole = every_sample(over_bed.path)
    for segment in list(segments_of(over_bed.timeline))[::4]:
        alone = tmp_path / "alone.mp3"
        alone.write_bytes(b"".join(track.frames[segment.first : segment.last]))
        wave = every_sample(alone)
        here = whole[segment.first * 1_152 :][: len(wave)]
        assert np.abs(wave - here)[2 * 1_152 :].max() < 1e-4


def test_where_the_bed_is_off_there_is_digital_silence(tmp_path: Path) -> None:
    clips = dict([make_clip(tmp_path, "words", 60_000)])
    words = next(iter(clips))
    events: list[Event] = [speech(at, words, clips) for at in (2_000, 20_000, 40_000)]
    made = with_bed(timeline(events, 50_000), (0, 10_000), (32_000, 50_000))
    write(made, clips, None, tmp_path / "t.mp3")
    segments = list(segments_of(made))
    frames = Track.read(tmp_path / "t.mp3").frames
    covered = {i for segment in segments for i in range(segment.first, segment.last)}
    assert {frames[i] for i in range(len(frames)) if i not in covered} == {JOINT_STEREO.silent_frame}
    assert [
        (segment.first, segment.joined) for segment in segments if segment.first * FRAME_MS in range(15_000, 25_000)
    ] == [(20_000 // FRAME_MS - LEAD, False)]
    wave = every_sample(tmp_path / "t.mp3")[DELAY:]
    for start, end in ((10_200, 19_900), (21_500, 31_900)):
        assert not wave[start * 48 : end * 48].any()
    source = mix(made, clips, LoopBed(made))(0, made.duration)
    assert np.abs(wave[: made.duration * 48] - np.frombuffer(source, "<i2").reshape(-1, 2) / 32_768).max() < 0.1


def test_what_repeats_is_encoded_once(tmp_path: Path) -> None:
    made, clips = spread(tmp_path, count=4, apart=30_000)
    made = with_bed(made)
    every = list(segments_of(made))
    alone = [each for each in every if (each.frames, each.first % LOOP_CELL) == (LOOP_CELL, 0)]
    assert len(every) > len(alone) > 60
    assert write_counted(made, clips, None, tmp_path / "t.mp3")[1] == len(every)
    calls = write_counted(made, clips, Cache(tmp_path / "cache"), tmp_path / "t.mp3", jobs=1)[1]
    assert calls <= len(every) - len(alone) + 6_000 // (LOOP_CELL * FRAME_MS)


def test_an_edited_cue_encodes_what_it_touches(tmp_path: Path) -> None:
    """Longer words end the pause behind them later: only the segment that holds them is encoded again."""
    made, clips = spread(tmp_path, apart=9_000)
    made = with_bed(made, music=MUSIC)
    cache, out = Cache(tmp_path / "cache"), tmp_path / "t.mp3"
    write(made, clips, cache, out)
    words, clip = make_clip(tmp_path, "edited", 150_000, seed=99)
    clips[words] = replace(clip, mark="edited")
    middle = made.events[4]
    events = tuple(speech(e.start, words, clips) if e is middle else e for e in made.events)
    after = replace(made, events=events)
    assert write_counted(after, clips, cache, out) == (write(after, clips, None, out), 1)


def test_the_cells_are_those_of_the_bed() -> None:
    """What `formats` takes for granted of a bed, which it does not know: else what comes again is not found."""
    assert (curves.BEFORE_MS + curves.DOWN_MS, curves.AFTER_MS + curves.UP_MS) == (DUCK_BEFORE, DUCK_AFTER)
    assert max(curves.GLIDE_MS, layers.CHANGE_MS) <= GLIDE
    for loop in (made_sounds.NOISE_S, made_sounds.OCEAN_S, made_sounds.DRONE_S):
        assert loop * 1_000 % (LOOP_CELL * FRAME_MS) == 0


@st.composite
def tracks(draw: st.DrawFn) -> Timeline:
    """Some seconds to some minutes, speech and tones where it likes, and stretches of a bed."""
    duration = draw(st.integers(1, 240)) * 1_000
    base = timeline([], duration)
    events: list[Event] = []
    at = 0
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 30_000)), max_size=12)):
        start, end = at + gap, min(at + gap + length, duration)
        if start >= end:
            break
        events.append(SpeechEvent(start, end, _WORDS) if length % 3 else beep(start, "start"))
        at = end
    edges = sorted(draw(st.sets(st.integers(0, duration // 1_000), max_size=6)))
    stretches = [(a * 1_000, b * 1_000) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    music = draw(st.sampled_from([MUSIC, Music(GeneratedSound.OCEAN)]))
    made = replace(base, events=tuple(events))
    return with_bed(made, *stretches, music=music) if stretches else made


_WORDS = Utterance("words", "coach", "en")


@settings(max_examples=some(300), deadline=None)
@given(tracks())
def test_pieces_hold_all_sound_once_and_in_order(made: Timeline) -> None:
    segments = list(segments_of(made))
    total = frame_count(made.duration)
    at = 0
    for segment in segments:
        assert at <= segment.first < segment.last <= total
        assert segment.last - segment.first <= MAX_FRAMES
        assert segment.joined == (segment.first == at and at > 0)
        assert segment.joined or at == 0 or segment.first - at >= MIN_SILENCE
        at = segment.last
    covered = np.zeros(total, bool)
    for segment in segments:
        covered[segment.first : segment.last] = True
    for sound in (*made.events, *made.bed):
        end = min(sound.end, made.duration)
        if sound.start < end:
            assert covered[sound.start // FRAME_MS : -(-end * 48 // 1_152) + 1].all()
    if made.bed:  # cells lie at multiples of their size, and are joined wherever something else is heard
        size = MUSIC_CELL if made.bed[0].music == MUSIC else LOOP_CELL
        cuts = [segment.first for segment in segments if segment.joined]
        beds = [cut for cut in cuts if any(s.start <= cut * FRAME_MS < s.end for s in made.bed)]
        assert all(cut % size == 0 for cut in beds)


def lag(wave: Wave, source: Wave) -> int:
    """By how many samples a wave is late, at most half its length: where the cross-correlation is highest."""
    n = 2 * len(source)
    together = np.fft.irfft(np.fft.rfft(wave, n) * np.conj(np.fft.rfft(source, n)), n)
    at = int(np.argmax(together))
    return at if at <= n // 2 else at - n


@DECODERS
def test_the_decoded_track_is_as_long_as_its_timeline_and_not_late(either: Rendered, decode: Decoder) -> None:
    """In every second in which there is sound, on either side."""
    channels = either.timeline.channels
    wave = decode(either.path).reshape(-1, channels)
    source = np.frombuffer(either.source, "<i2").reshape(-1, channels) / 32_768
    assert wave.shape == source.shape == (either.timeline.duration * 48, channels)
    heard = 0
    for at in range(0, len(source), 48_000):
        part = slice(at, at + 48_000)
        for channel in range(channels):
            if np.abs(source[part, channel]).max() > 0.03:
                heard += 1
                assert lag(wave[part, channel], source[part, channel]) == 0, (at, channel)
    assert heard > 20 * channels


class Joined:
    """What a decoded track over a bed adds to its source, cut into segments and in a single pass."""

    def __init__(self, folder: Path, music: Music, rounds: int) -> None:
        made, clips = session(folder, rounds)
        self.made = with_bed(made, music=music)
        track = render(self.made, clips, folder / "t.mp3", bed=LoopBed(self.made, loop_ms=18_000))
        self._pcm, self._single = track.source + bytes(5 * FRAME_SAMPLES * 4), folder / "single.mp3"
        self._source = np.frombuffer(track.source, "<i2").reshape(-1, 2) / 32_768
        self.error = self._error(track.path)

    def in_one_pass(self, kbits: int) -> Wave:
        frames = encode(self._pcm, JOINT_STEREO, kbits)[: frame_count(self.made.duration)]
        self._single.write_bytes(b"".join(frames))
        return self._error(self._single)

    def _error(self, path: Path) -> Wave:
        wave = every_sample(path).reshape(-1, 2)[DELAY:]
        n = min(len(self._source), len(wave))
        return wave[:n] - self._source[:n]


@pytest.mark.parametrize(
    ("music", "rounds", "least"), [(Music(GeneratedSound.BROWN), 1, 15), (MUSIC, 2, 8)]
)  # under recordings, few joins
def test_a_join_costs_one_step_of_bit_rate_for_a_frame(tmp_path: Path, music: Music, rounds: int, least: int) -> None:
    """In the three frames that a join can touch, against a single pass at 112 kbit/s: the error's level and steps.

    Behind a join the encoder has no reservoir, so a sudden sound there costs a little more. Between joins the track is
    a single pass at the full rate.
    """
    joined = Joined(tmp_path, music, rounds)
    apart, at_once = joined.error, joined.in_one_pass(112)

    def worse(frame: int) -> tuple[float, float]:
        part = slice(frame * FRAME_SAMPLES - DELAY - FRAME_SAMPLES, frame * FRAME_SAMPLES - DELAY + 2 * FRAME_SAMPLES)
        steps = [float(np.abs(np.diff(error[part], axis=0)).max()) for error in (apart, at_once)]
        levels = [max(decibels(error[part]), -90) for error in (apart, at_once)]
        return levels[0] - levels[1], steps[0] / max(steps[1], 1e-4)

    total = len(apart) // FRAME_SAMPLES
    joins = [each.first for each in segments_of(joined.made) if each.joined and 3 < each.first < total - 3]
    assert len(joins) > least
    levels, steps = zip(*map(worse, joins), strict=True)
    assert np.mean(levels) < 1
    assert max(levels) < 2.5
    assert np.mean(steps) < 1.2
    assert max(steps) < 1.5
    if music is MUSIC:
        assert decibels(apart) - decibels(at_once) < -0.5
        assert decibels(apart) - decibels(joined.in_one_pass(128)) < 0.1
