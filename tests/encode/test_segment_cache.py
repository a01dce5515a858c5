"""The cache of encoded segments: the same bytes with and without it, and what an edit encodes again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from cuecast.cache import Cache
from cuecast.encode import track_format
from cuecast.mix.mixer import SOUND_VERSION, mix
from cuecast.mix.tones import render_glide, render_tone
from cuecast.model.routine import Volume
from cuecast.model.tags import Tags
from cuecast.model.timeline import Event, SpeechEvent, Timeline
from cuecast.model.tones import TONES
from cuecast.protocols import MixedSound, TrackRequest
from tests.encode.conftest import Rendered
from tests.encode.decoding import DECODERS
from tests.encode.test_mp3_sound import Decoder
from tests.mix.tracks import Clips, beep, make_clip, samples, session, speech, timeline

POWER = [0.023141, 0.0045408, 0.0025575, 0.00041411]
EDGES = [0.00027031, 6.8634e-05, 3.0699e-05, 2.4818e-06]
"""Of some tones: the mean square of their samples, and of the steps from one to the next."""


def write(made: Timeline, clips: Clips, cache: Cache | None, path: Path, jobs: int = 2) -> bytes:
    return counted(mix(made, clips), made, cache, path, jobs)[0]


def counted(sound: MixedSound, made: Timeline, cache: Cache | None, path: Path, jobs: int = 2) -> tuple[bytes, int]:
    """The track, and how many segments were encoded for it: each asks for its sound once."""
    counting = Counting(sound)
    with path.open("w+b") as target:
        track_format("mp3").write(TrackRequest(made, counting, lambda: Tags(made.title), jobs, cache=cache), target)
    return path.read_bytes(), counting.calls


class Counting:
    """A sound that counts how often it is asked for."""

    def __init__(self, sound: MixedSound) -> None:
        self.calls, self.recipe, self.channels = 0, sound.recipe, sound.channels
        self._sound = sound

    def __call__(self, start: int, end: int) -> bytes:
        self.calls += 1
        return self._sound(start, end)


@dataclass
class Studio:
    """Writes tracks and counts what is encoded for them."""

    folder: Path
    cache: Cache
    jobs: int = 2

    def write(self, made: Timeline, clips: Clips, cache: Cache | None = None) -> tuple[bytes, int]:
        return counted(mix(made, clips), made, cache or self.cache, self.folder / "t.mp3", self.jobs)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path, Cache(tmp_path / "cache"))


def marked(clips: Clips) -> Clips:
    return {utterance: replace(clip, mark=utterance.text) for utterance, clip in clips.items()}


def spread(folder: Path, count: int = 8, apart: int = 9_000) -> tuple[Timeline, Clips]:
    """Words that nothing else is near to, each other ones, at whole seconds of one phase."""
    clips = marked(dict(make_clip(folder, f"cue {i}", 40_000 + 500 * i, seed=i) for i in range(count)))
    events: list[Event] = [speech(3_000 + i * apart, words, clips) for i, words in enumerate(clips)]
    return timeline(events, count * apart + 3_000), clips


def moved(made: Timeline, after: int, by: int) -> Timeline:
    events = [replace(e, start=e.start + by, end=e.end + by) if e.start >= after else e for e in made.events]
    return timeline(list(events), made.duration + by)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_the_bytes_are_the_same_without_a_cache_with_an_empty_and_with_a_full_one(tmp_path: Path, jobs: int) -> None:
    made, clips = session(tmp_path, rounds=2)
    clips, cache, out = marked(clips), Cache(tmp_path / "cache"), tmp_path / "t.mp3"
    none = write(made, clips, None, out)
    assert write(made, clips, cache, out, jobs) == none
    assert write(made, clips, cache, out, jobs) == none
    assert write(made, clips, Cache(tmp_path / "cache"), out, jobs) == none
    assert write(made, clips, Cache(None), out, jobs) == none


def test_beeps_of_a_countdown_are_encoded_once_for_each_phase(studio: Studio) -> None:
    """However many of them there are: a second apart, they stand alone, at one of three places within a frame."""
    events: list[Event] = [beep(1_000 * (gap + left), "countdown") for gap in (5, 15, 25, 35) for left in range(3)]
    made = timeline(events, 40_000)
    studio.jobs = 1
    cached, calls = studio.write(made, {})
    assert calls == 3
    assert counted(mix(made, {}), made, None, studio.folder / "t.mp3") == (cached, 12)


def test_an_edited_cue_encodes_what_it_touches(tmp_path: Path, studio: Studio) -> None:
    made, clips = spread(tmp_path)
    assert studio.write(made, clips)[1] == 8
    words, clip = make_clip(tmp_path, "edited", 55_000, seed=99)
    clips[words] = replace(clip, mark="edited")
    middle = made.events[4]
    after = timeline([speech(e.start, words, clips) if e is middle else e for e in made.events], made.duration)
    assert studio.write(after, clips) == (write(after, clips, None, tmp_path / "t.mp3"), 1)


@pytest.mark.parametrize(("by", "encoded"), [(3_000, 0), (24_000, 0), (24, 0), (1_000, 4), (2_000, 4)])
def test_what_moves_is_found_again_at_the_same_phase(tmp_path: Path, studio: Studio, by: int, encoded: int) -> None:
    made, clips = spread(tmp_path)
    assert studio.write(made, clips)[1] == 8
    later = moved(made, made.events[4].start, by)
    assert studio.write(later, clips) == (write(later, clips, None, tmp_path / "t.mp3"), encoded)


def test_a_track_that_repeats_itself_is_encoded_once(studio: Studio) -> None:
    made = timeline([beep(3_000 * i, "start") for i in range(1, 40)], 121_000)
    studio.jobs = 1
    assert studio.write(made, {}, Cache(None))[1] == 1


def test_all_that_changes_the_sound_changes_the_recipe(tmp_path: Path) -> None:
    made, clips = session(tmp_path)
    clips = marked(clips)
    words = next(e for e in made.events if isinstance(e, SpeechEvent))
    start, end = words.start - 100, words.end + 2_000

    def recipe(other: Timeline = made, clips: Clips = clips) -> object:
        return mix(other, clips).recipe(start, end)

    def changed(event: Event) -> Timeline:
        return replace(made, events=tuple(sorted((*made.events, event), key=lambda e: (e.start, e.end))))

    others = [
        recipe(replace(made, volume=Volume(voice=-1.0))),
        recipe(replace(made, volume=Volume(voice=None))),
        recipe(changed(beep(words.end + 100, "interval"))),
        recipe(changed(beep(words.end + 101, "interval"))),
        recipe(changed(beep(words.end + 100, "halfway"))),
        recipe(made, {**clips, words.utterance: replace(clips[words.utterance], mark="another take")}),
        recipe(replace(made, events=tuple(replace(e, end=e.end - 9) if e is words else e for e in made.events))),
    ]
    every = [recipe(), *others]
    assert [i for i, one in enumerate(every) if one in every[:i]] == []
    assert None not in every
    far = replace(made, title="Another", language="de", voice="other", chapters=())
    assert recipe(far) == recipe()


def test_a_clip_without_a_mark_is_never_cached(tmp_path: Path, studio: Studio) -> None:
    made, clips = spread(tmp_path)
    unknown = {utterance: replace(clip, mark="") for utterance, clip in clips.items()}
    assert [studio.write(made, unknown)[1] for _ in range(2)] == [8, 8]


def test_a_gain_on_one_lane_leaves_the_other_lanes_segments(tmp_path: Path, studio: Studio) -> None:
    made, clips = spread(tmp_path)
    made = timeline([*made.events, beep(made.duration, "finish")], made.duration + 9_000)
    assert studio.write(made, clips)[1] == 9
    assert studio.write(replace(made, volume=Volume(tones=-3.0)), clips)[1] == 1


@DECODERS
def test_a_track_put_together_from_the_cache_decodes_to_its_timeline(
    rendered: Rendered, tmp_path: Path, decode: Decoder
) -> None:
    """Segments that were encoded at another place of another track sound as those of an uninterrupted one."""
    clips = marked(rendered.clips)
    cache, out = Cache(tmp_path / "cache"), tmp_path / "t.mp3"
    write(moved(rendered.timeline, 0, 3_000), clips, cache, out)
    made = replace(rendered.timeline)
    write(made, clips, cache, out)
    wave = decode(out)
    assert len(wave) == made.duration * 48
    assert np.array_equal(wave, decode(rendered.path))
    assert np.abs(wave - samples(rendered.source)).max() < 0.2


def test_the_tones_are_those_of_the_recipes_version() -> None:
    """A recipe names a tone by its description: where the synthesis changes, `SOUND_VERSION` has to, and these."""
    assert SOUND_VERSION == 2
    sounds = [render_tone(TONES[name]) for name in ("countdown", "finish", "halfway")] + [render_glide(294, 440, 2_000)]
    power = [float(np.mean(np.square(samples(sound)))) for sound in sounds]
    edges = [float(np.mean(np.square(np.diff(samples(sound))))) for sound in sounds]
    assert power == pytest.approx(POWER, rel=1e-3)
    assert edges == pytest.approx(EDGES, rel=1e-3)
