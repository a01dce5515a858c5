"""Who says what, and how words reach the voice."""

from __future__ import annotations

import pytest

from cuecast.model.diagnostics import has_errors
from cuecast.model.routine import Pronunciation, Role, Routine
from cuecast.model.script import Utterance, VoiceMap
from cuecast.model.speech_duration import estimate_ms
from cuecast.model.timeline import SpeechEvent, Timeline
from cuecast.options import Options
from cuecast.pipeline import arrange_to_length
from cuecast.read import read
from cuecast.read.voice_selection import voice_map
from tests.compiler.test_wording import EVERYTHING as WORDY

EVERYTHING = f"voice: {{main: joe, announcements: brisk, countdown: ticker}}\n{WORDY}"
WRITTEN = {"Hello there.", "Feet apart.", "Chest up.", "Knees out."}
NUMBERS = {"One", "Two", "Three"}


def timeline_of(text: str) -> Timeline:
    routine = parsed(text)
    arranged = arrange_to_length(routine, Options(), estimate_ms, estimated=True)
    assert arranged.timeline is not None
    return arranged.timeline


def parsed(text: str) -> Routine:
    routine, diagnostics, *_ = read("routine.yaml", text.encode())
    assert routine is not None
    assert not has_errors(diagnostics)
    return routine


def utterances_of(timeline: Timeline) -> list[Utterance]:
    return [event.utterance for event in timeline.events if isinstance(event, SpeechEvent)]


def test_each_role_has_its_voice() -> None:
    timeline = timeline_of(EVERYTHING)
    assert timeline.voice == "joe"
    by_voice: dict[str, set[str]] = {}
    for utterance in utterances_of(timeline):
        by_voice.setdefault(utterance.voice, set()).add(utterance.text)
    assert by_voice.keys() == {"joe", "brisk", "ticker"}
    assert by_voice["joe"] == WRITTEN
    assert by_voice["ticker"] == NUMBERS
    announced = by_voice["brisk"]
    assert {"First: Squats", "Thirty seconds", "Round one of two", "Halfway", "Ten seconds left", "Down"} <= announced
    assert any(words.startswith("Bits.") for words in announced)
    assert "That's it. Well done." in announced


def test_no_length_is_measured_in_another_voice_than_it_is_said() -> None:
    asked: set[Utterance] = set()

    def lengths(utterance: Utterance) -> int:
        asked.add(utterance)
        return {"joe": 700, "brisk": 500, "ticker": 300}[utterance.voice]

    routine = parsed(EVERYTHING)
    timeline = arrange_to_length(routine, Options(), lengths).timeline
    assert timeline is not None
    for event in timeline.events:
        if isinstance(event, SpeechEvent):
            assert event.utterance in asked
            assert event.end - event.start == lengths(event.utterance)
    voices: dict[str, set[str]] = {}
    for utterance in asked:
        voices.setdefault(utterance.text, set()).add(utterance.voice)
    assert all(len(each) == 1 for each in voices.values())


@pytest.mark.parametrize(
    ("voice", "chosen", "expected"),
    [
        ("", {}, VoiceMap("coach", "coach", "coach")),
        ("voice: joe", {}, VoiceMap("joe", "joe", "joe")),
        ("voice: {countdown: brisk}", {}, VoiceMap("coach", "coach", "brisk")),
        ("voice: {main: joe, announcements: brisk}", {}, VoiceMap("joe", "brisk", "brisk")),
        ("voice: {main: joe, countdown: brisk}", {Role.MAIN: "calm"}, VoiceMap("calm", "calm", "calm")),
        ("voice: {main: joe, announcements: brisk}", {Role.COUNTDOWN: "calm"}, VoiceMap("joe", "brisk", "calm")),
        ("voice: joe", {Role.MAIN: "calm", Role.COUNTDOWN: "brisk"}, VoiceMap("calm", "calm", "brisk")),
        ("language: de", {}, VoiceMap("coach-de", "coach-de", "coach-de")),
    ],
)
def test_which_voice_has_which_role(voice: str, chosen: dict[Role, str], expected: VoiceMap) -> None:
    routine = parsed(f"title: T\n{voice}\nsteps:\n  - say: Hello.\n")
    assert voice_map(routine, chosen) == expected


LEXICON = """\
title: 3 words
lexicon:
  psoas: so-ass
  IT band: eye tee band
  IT: eye tee
  5x5: five by five
  km: kay em
steps:
  - say: Stretch the Psoas for 30 s.
    for: 5s
  - say: The it  band, 5x5, then 10 km.
  - say: Nothing to see.
"""


def test_figures_are_read_aloud_and_the_lexicon_goes_with_the_words_that_need_it() -> None:
    first, second, third = utterances_of(timeline_of(LEXICON))
    assert first.text == "Stretch the Psoas for 30 s."
    assert first.spoken == "Stretch the Psoas for thirty seconds."
    assert first.lexicon == (Pronunciation("psoas", "so-ass"),)
    # A word of the lexicon is said as that tells; its figures and units are not read otherwise.
    assert second.spoken == "The it band, 5x5, then ten km."
    assert {entry.word for entry in second.lexicon} == {"IT band", "5x5", "km"}
    assert (third.spoken, third.lexicon) == (third.text, ())


def test_check_measures_what_is_said() -> None:
    as_figures, as_words = (
        estimate_ms(utterances_of(timeline_of(f"title: T\nsteps:\n  - say: {words}\n"))[0])
        for words in ("Hold it for 45 s.", "Hold it for forty-five seconds.")
    )
    assert as_figures == as_words
