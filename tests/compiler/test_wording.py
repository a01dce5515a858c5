"""What a routine may say is known before its words have any length."""

from __future__ import annotations

import zlib

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cuecast.model.diagnostics import has_errors
from cuecast.model.routine import Routine
from cuecast.model.script import Utterance
from cuecast.model.speech_duration import estimate_ms
from cuecast.model.timeline import SpeechEvent
from cuecast.options import Options
from cuecast.pipeline import arrange_to_length
from cuecast.read import read
from cuecast.speak.recording.script import PhraseToRecord, phrases_to_record
from tests.compiler.routines import any_routines
from tests.examples import some

EVERYTHING = """\
title: Bits
defaults:
  work: 30s
  countdown: 3 spoken
  announce: [next, side, length, number, round, halfway, last 10s, total, finish]
steps:
  - say: Hello there.
  - rounds: 2
    rest: 10s
    steps:
      - exercise: Squats
        setup: Feet apart.
        pace: [down 3s, up 1s]
        reps: 8
        cues: {20s: Chest up., 5s: Knees out.}
  - exercise: Calves
    sides: [left, right]
"""


def routine_of(text: str) -> Routine | None:
    routine, diagnostics, *_ = read("routine.yaml", text.encode())
    return None if has_errors(diagnostics) else routine


def phrases_of_text(text: str) -> tuple[PhraseToRecord, ...]:
    routine = routine_of(text)
    assert routine is not None
    arranged = arrange_to_length(routine, Options(), estimate_ms, estimated=True)
    assert arranged.script is not None, arranged.faults
    assert arranged.timeline is not None
    return phrases_to_record(arranged.script, arranged.timeline.duration, is_estimate=routine.fit_ms is None)


def test_all_forms_in_the_order_of_the_track() -> None:
    phrases = phrases_of_text(EVERYTHING)
    texts = [phrase.utterance.text for phrase in phrases]
    known = {text: index for index, text in reversed(list(enumerate(texts)))}
    expected = ["Hello there.", "Round one of two", "First of two", "First: Squats", "Feet apart.", "Three", "Two"]
    expected += ["Down", "Knees out.", "Halfway", "Chest up.", "Ten seconds left", "Last round", "Last: Calves, left"]
    expected += ["Switch sides: right", "That's it. Well done."]
    assert [known[text] for text in expected] == sorted(known[text] for text in expected)
    assert {"Round one", "First", "Squats", "Ten seconds", "Right", "Thirty-two seconds"} <= set(known)
    assert [p.part for p in phrases if p.utterance.text in ("Hello there.", "Chest up.", "Right")] == [
        "",
        "Squats",
        "Calves",
    ]


def test_words_for_the_length_are_marked_as_a_guess() -> None:
    (opening,) = [phrase for phrase in phrases_of_text(EVERYTHING) if phrase.guessed]
    assert opening.utterance.text.startswith("Bits. ")
    assert phrases_of_text(EVERYTHING)[0] == opening
    assert not any(
        phrase.guessed for phrase in phrases_of_text("fit: 10m\n" + EVERYTHING.replace("work: 30s", "work: 20s-240s"))
    )


@given(any_routines, st.integers(0, 1_000))
@settings(max_examples=some(150))
def test_no_length_of_words_makes_a_routine_say_others(text: str, seed: int) -> None:
    routine = routine_of(text)
    if routine is None:
        return
    arranged = arrange_to_length(routine, Options(), estimate_ms, estimated=True)
    if arranged.script is None or arranged.timeline is None or has_errors(arranged.faults):
        return
    phrases = phrases_to_record(arranged.script, arranged.timeline.duration, is_estimate=routine.fit_ms is None)

    def length(utterance: Utterance) -> int:
        return estimate_ms(utterance) * (20 + zlib.crc32(f"{seed} {utterance.text}".encode()) % 300) // 100

    arranged = arrange_to_length(routine, Options(), length, estimated=True)
    assert arranged.timeline is not None
    known = {phrase.utterance for phrase in phrases}
    spoken = {event.utterance for event in arranged.timeline.events if isinstance(event, SpeechEvent)}
    words = {replace(utterance, faster=0) for utterance in {*arranged.utterances, *spoken}}
    assert {utterance.text for utterance in words - known if not utterance.text.startswith("Any. ")} == set()
