"""All that a routine may say, whatever its words will last: what a person records before anybody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from cuecast.arrange import arrange
from cuecast.expand import Choices, expand
from cuecast.layout import arrange_to_length
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.routine import Routine
from cuecast.model.script import AnnouncementForms, SayItem, Script, Utterance, WorkItem
from cuecast.model.speech_duration import estimate_ms
from cuecast.model.timeline import SpeechEvent
from cuecast.phrases import Phrases

_NO_TIME, _ENDLESS = 1, 600_000
"""Lengths in ms for every utterance: with the one all long forms fit, with the other not even the short ones."""


class PhraseToRecord(Struct, frozen=True):
    """An utterance, and the part of the routine in which it is first said: an exercise's name, or nothing.

    `guessed` is set where the words themselves hang on the track's length, which the takes' own lengths change.
    """

    utterance: Utterance
    part: str = ""
    guessed: bool = False


def phrases_to_record(
    routine: Routine, phrases: Phrases, choices: Choices, fit_ms: int | None
) -> tuple[tuple[PhraseToRecord, ...] | None, tuple[Diagnostic, ...]]:
    """Every form of every announcement, cue, setup, number and word of a pace, each once for each voice, in the order
    of the track; where a length is told, with works as estimated lengths of words make them. None where there are
    errors.
    """
    laid = arrange_to_length(routine, phrases, choices, fit_ms, estimate_ms, estimated=True)
    script, _ = expand(routine, phrases, replace(choices, fraction=laid.fraction))
    if laid.timeline is None or script is None or has_errors(laid.faults):
        return None, laid.faults
    # `arrange` alone knows which forms it may come to and in whose voice; so it is asked, with every length there can
    # be: the longest and the shortest. What depends on the length of all is left to the estimate.
    timeless = replace(script, total=False)
    heard = [event.utterance for event in laid.timeline.events if isinstance(event, SpeechEvent)]
    asked = dict.fromkeys((*_asked(timeless, _NO_TIME), *_asked(timeless, _ENDLESS), *heard))
    target = fit_ms or routine.fit_ms
    opening = {phrases.total(script.title, target or laid.timeline.duration)} if script.total else set()
    places = _places(script, opening)
    known = [
        PhraseToRecord(
            utterance, places.get(_folded(utterance.text), ("", 0))[0], utterance.text in opening and not target
        )
        for utterance in asked
    ]
    last = len(places)
    known.sort(key=lambda phrase: places.get(_folded(phrase.utterance.text), ("", last))[1])
    return tuple(known), laid.faults


def _asked(script: Script, ms: int) -> Iterable[Utterance]:
    """What `arrange` wants to know the lengths of, where each is `ms`."""
    asked: dict[Utterance, None] = {}

    def length(utterance: Utterance) -> int:
        asked[utterance] = None
        return ms

    arrange(script, length, estimated=True)
    return asked


def _places(script: Script, opening: Iterable[str]) -> dict[str, tuple[str, int]]:
    """The part in which each text is first said, and its number among all texts."""
    places: dict[str, tuple[str, int]] = {}
    for text, part in ((text, "") for text in opening):
        places.setdefault(_folded(text), (part, len(places)))
    for text, part in _texts(script):
        places.setdefault(_folded(text), (part, len(places)))
    return places


def _texts(script: Script) -> Iterator[tuple[str, str]]:
    """All texts with their parts, as a listener would hear them."""
    for item in script.items:
        match item:
            case SayItem(line):
                yield line.text, ""
            case WorkItem():
                for text in _texts_of(item):
                    yield text, item.exercise
    if script.finish:
        yield from ((text, "") for text in _both(script.finish))


def _texts_of(item: WorkItem) -> Iterator[str]:
    for forms in (*item.before, *((item.name,) if item.name else ()), *item.after):
        yield from _both(forms)
    if item.setup:
        yield item.setup.text
    yield from reversed(item.numbers)
    for stroke in item.pace:
        yield stroke.word
    said = [
        (next(iter(cue.at.times(item.work_ms)), 0), _both(AnnouncementForms(cue.line.text, cue.line.text)))
        for cue in item.cues
    ]
    said += [(next(iter(mark.at.times(item.work_ms)), 0), _both(mark.forms)) for mark in item.marks]
    for _, texts in sorted(said, key=lambda pair: pair[0]):
        yield from texts


def _both(forms: AnnouncementForms) -> tuple[str, ...]:
    return tuple(dict.fromkeys((forms.long, forms.short)))


def _folded(text: str) -> str:
    """The words of a pace are said with a large first letter, and asked for with a small one."""
    return text.casefold()
