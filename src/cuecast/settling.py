"""From guessed lengths of words to spoken ones: laid out, spoken and laid out again, until nothing is guessed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

from msgspec import Struct, field

from cuecast.errors import SetupError, SpeechFailed
from cuecast.expand import Choices
from cuecast.layout import Arranged, arrange_to_length, default_voice
from cuecast.model.clip import Clip
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.routine import Routine
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.speech_duration import estimate_ms
from cuecast.model.timeline import SpeechEvent, Timeline
from cuecast.phrases import Phrases
from cuecast.protocols import Progress
from cuecast.speak import Speakers
from cuecast.speak.missing_takes import MissingTake, MissingTakesError


def resolve_lengths(
    routine: Routine,
    phrases: Phrases,
    choices: Choices,
    speakers: Speakers,
    fit_ms: int | None,
    wake: bool,
    speaking: Callable[[], Progress],
) -> tuple[Arranged, Mapping[Utterance, Clip], Mapping[MissingTake, Span | None]]:
    """Lay out with the lengths known so far, speak what was guessed, and again until nothing was.

    So no form of an announcement is spoken that never had a chance to be heard. `fit` starts from guesses, then from
    measured words; from there on works only get shorter, so that it ends.

    What a person has no take of, or none that can be used, stays guessed: so all of it is found, with the places where
    it is written. No other voice speaks from then on.
    """
    lengths = _KnownLengths()
    at_most = Fraction(1)
    spoken = 0
    unsaid: dict[Utterance, MissingTake] = {}
    spans: dict[Utterance, Span] = {}
    while True:
        laid = arrange_to_length(routine, phrases, choices, fit_ms, lengths, wake=wake, at_most=at_most)
        for said in laid.timeline.events if laid.timeline else ():
            if isinstance(said, SpeechEvent) and said.span:
                spans.setdefault(said.utterance, said.span)
        guessed = [u for u in laid.utterances if u not in lengths.clips and u not in unsaid]
        if unsaid:
            guessed = [u for u in guessed if speakers.plays_take(u)]
        if not guessed:
            return laid, lengths.clips, {fault: spans.get(each) for each, fault in unsaid.items()}
        try:
            lengths.clips |= speakers.speak(guessed, speaking())
        except MissingTakesError as failure:
            unsaid |= {fault.utterance: fault for fault in failure.faults}
        except SpeechFailed as failure:
            raise _located(failure, laid.timeline) from failure
        spoken += 1
        if spoken > 1 and laid.fraction is not None:
            at_most = laid.fraction


class _KnownLengths(Struct):
    """The lengths of what has been spoken; those of other words are guessed."""

    clips: dict[Utterance, Clip] = field(default_factory=dict)

    def __call__(self, utterance: Utterance) -> int:
        clip = self.clips.get(utterance)
        return estimate_ms(utterance) if clip is None else clip.ms


def _located(failure: SpeechFailed, timeline: Timeline | None) -> SetupError:
    """The same failure, with the line whose words could not be spoken."""
    spans = (
        e.span
        for e in (timeline.events if timeline else ())
        if isinstance(e, SpeechEvent) and e.utterance.text == failure.text
    )
    span = next(spans, None)
    where = f"{span}: " if span else ""
    return SetupError(f"{where}{failure.message}", failure.hint)


def missing_takes(unsaid: Mapping[MissingTake, Span | None], routine: Routine, name: str) -> list[Diagnostic]:
    """Each phrase that can't be said for want of a take, at its line; an announcement at the voice's name."""
    voices = {casting.voice: casting.span for casting in routine.cast}
    if not Path(name).is_file():  # the package's own are called as their files, but found by name; or it is piped in
        name = Path(name).stem if Path(name).suffix in (".yaml", ".yml") else "ROUTINE"
    found = []
    for fault, span in unsaid.items():
        look = f"`cuecast voices check {fault.voice} {shlex.quote(name)}`"
        hint = f"{look} says what is wrong with each take"
        if fault.code == "missing-take":
            other = default_voice(fault.utterance.language)
            hint = (
                f"record it, or name the voice for the rest in the profile: `otherwise: {other}`; {look} lists all "
                "that is missing"
            )
        found.append(error(fault.code, fault.message, span or voices.get(fault.utterance.voice), hint))
    return found
