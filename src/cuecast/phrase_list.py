"""All that a routine may say, however long its words last: what a person has to record."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from cuecast.expand import Choices, expand
from cuecast.layout import arrange_to_length
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.routine import Routine
from cuecast.model.script import SayItem, Script, Utterance, WorkItem
from cuecast.model.speech_duration import estimate_ms
from cuecast.phrases import Phrases


class PhraseToRecord(Struct, frozen=True):
    """An utterance, and the part of the routine in which it is first said: an exercise's name, or nothing.

    `guessed` is set if the words depend on the track's length, which the takes' own lengths change.
    """

    utterance: Utterance
    part: str = ""
    guessed: bool = False


def phrases_to_record(
    routine: Routine, phrases: Phrases, choices: Choices, fit_ms: int | None
) -> tuple[tuple[PhraseToRecord, ...] | None, tuple[Diagnostic, ...]]:
    """Every form of every announcement, cue, setup, number and word of a pace, each once for each voice, in the order
    of the track. With a `fit`, works are as long as the estimated lengths of words make them. None if there are errors.
    """
    laid = arrange_to_length(routine, phrases, choices, fit_ms, estimate_ms, estimated=True)
    script, _ = expand(routine, phrases, replace(choices, fraction=laid.fraction))
    if laid.timeline is None or script is None or has_errors(laid.faults):
        return None, laid.faults
    found: dict[Utterance, PhraseToRecord] = {}
    if script.opening:
        target = fit_ms or routine.fit_ms
        opening = script.opening(target or laid.timeline.duration)
        found[opening] = PhraseToRecord(opening, guessed=not target)
    for utterance, part in _utterances(script):
        found.setdefault(utterance, PhraseToRecord(utterance, part))
    return tuple(found.values()), laid.faults


def _utterances(script: Script) -> Iterator[tuple[Utterance, str]]:
    """All utterances with their parts, in the order in which a listener would hear them."""
    for item in script.items:
        match item:
            case SayItem():
                yield item.line.utterance, ""
            case WorkItem():
                yield from ((utterance, item.exercise) for utterance in _utterances_of(item))
    yield from ((utterance, "") for utterance in script.finish)


def _utterances_of(item: WorkItem) -> Iterator[Utterance]:
    for forms in (*item.before, item.name, *item.after):
        yield from forms
    if item.setup:
        yield item.setup.utterance
    yield from reversed(item.numbers)
    yield from (phase.word for phase in item.pace if phase.word)
    timed = [(cue.at, (cue.line.utterance,)) for cue in item.cues] + [(each.at, each.forms) for each in item.timed]
    for _, forms in sorted(timed, key=lambda pair: next(iter(pair[0].times(item.work_ms)), 0)):
        yield from forms
