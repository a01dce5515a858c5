"""All that a routine may say, however long its words last: what a person has to record."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cuecast.model.script import SayItem, Script, Utterance, WorkItem


class PhraseToRecord(Struct, frozen=True):
    """An utterance, and the part of the routine in which it is first said: an exercise's name, or nothing.

    `guessed` is set if the words depend on the track's length, which the takes' own lengths change.
    """

    utterance: Utterance
    part: str = ""
    guessed: bool = False


def phrases_to_record(script: Script, duration: int, *, is_estimate: bool) -> tuple[PhraseToRecord, ...]:
    """Every form of every announcement, cue, setup, number and word of a pace, each once for each voice, in the order
    of the track. `duration` is its length in ms; `is_estimate` if the lengths of the takes will change it.
    """
    phrases: dict[Utterance, PhraseToRecord] = {}
    if script.opening:
        opening = script.opening(duration)
        phrases[opening] = PhraseToRecord(opening, guessed=is_estimate)
    for utterance, part in _utterances(script):
        phrases.setdefault(utterance, PhraseToRecord(utterance, part))
    return tuple(phrases.values())


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
