"""A draft as the text that a person would have typed: short keys, quotes only where words need them."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from cuecast.importers.ir import Cue, Draft, Exercise, Rest, Rounds, Say, Step, exercises_in
from cuecast.model.duration import SECOND, DurationRange, ms_to_text
from cuecast.model.limits import MAX_SETS

WIDTH = 116
"""The longest line, if the words allow it."""

# A plain text begins with a letter, a digit or a harmless sign, so it never looks like an indicator of YAML.
_PLAIN = re.compile(r"[^\W_]|[(+¡¿]")
_NEEDS_QUOTES = re.compile(r":(?=\s|$)|(?:^|\s)#")
_CURLY = "“”„‟«»‘’‚‛"


def to_yaml(draft: Draft) -> str:
    """The whole text."""
    return "\n".join(_routine(draft)) + "\n"


def quoted(text: str) -> str:
    """The text as a value: plain where YAML takes it as it is, else in quotes."""
    if (
        _PLAIN.match(text)
        and not _NEEDS_QUOTES.search(text)
        and text[-1] not in _CURLY
        and text.lower() not in ("null", "~")
    ):
        return text
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _routine(draft: Draft) -> Iterator[str]:
    for comment in draft.comments:
        yield from _comment(comment, "")
    if draft.comments:
        yield ""
    yield from _text("title", draft.title, "")
    if draft.summary:
        yield from _text("summary", draft.summary, "")
    if draft.language != "en":
        yield f"language: {draft.language}"
    work = _usual_work(list(exercises_in(draft.steps)), flows=draft.transition == 0)
    if work is not None or draft.transition is not None:
        yield ""
        yield "defaults:"
        if work is not None:
            yield f"  work: {_range(work)}"
        if draft.transition is not None:
            yield f"  transition: {ms_to_text(draft.transition)}"
    yield ""
    yield "steps:"
    yield from _steps(draft, draft.steps, "  ", work)


def _usual_work(exercises: Sequence[Exercise], *, flows: bool) -> DurationRange | None:
    """The work that most exercises share: what a person would write once, on top.

    Where one exercise flows into the next, lengths are the workout, and stay where they are unless nearly all agree.
    """
    lengths = Counter(exercise.work for exercise in exercises if not exercise.reps and not exercise.use)
    work, times = max(lengths.items(), key=lambda pair: pair[1], default=(None, 0))
    shares = 3 * times > 2 * lengths.total() if flows else 2 * times > lengths.total()
    return work if times > 1 and shares else None


def _steps(draft: Draft, steps: Sequence[Step], margin: str, work: DurationRange | None) -> Iterator[str]:
    blocks = [list(_step(draft, step, margin, work)) for step in steps]
    for index, block in enumerate(blocks):
        # Air between long steps, as in a text; none in a plain list.
        if (
            index
            and len(margin) == 2
            and (max(len(block), len(blocks[index - 1])) > 3 or block[0].lstrip().startswith("#"))
        ):
            yield ""
        yield from block


def _step(draft: Draft, step: Step, margin: str, work: DurationRange | None) -> Iterator[str]:
    for comment in step.comments:
        yield from _comment(comment, margin)
    inner = margin + "  "
    match step:
        case Say():
            yield from _text("say", _braced(step.text), margin, "- ")
        case Rest():
            yield f"{margin}- rest: {ms_to_text(step.ms)}"
        case Rounds(steps=[Exercise() as exercise]) if (
            draft.transition != 0 and not exercise.comments and step.count <= MAX_SETS
        ):
            yield from _exercise(exercise, margin, work, step)
        case Rounds():
            yield f"{margin}- rounds: {step.count}"
            if step.rest:
                yield f"{inner}rest: {ms_to_text(step.rest)}"
            yield f"{inner}steps:"
            yield from _steps(draft, step.steps, inner + "  ", work)
        case Exercise():
            yield from _exercise(step, margin, work, None)


def _exercise(step: Exercise, margin: str, work: DurationRange | None, sets: Rounds | None) -> Iterator[str]:
    inner = margin + "  "
    if step.use:
        yield f"{margin}- use: {step.use}"
        if step.name.casefold() != step.known_as.casefold():
            yield from _text("name", _braced(step.name), inner)
    else:
        yield from _text("exercise", _braced(step.name), margin, "- ")
    if step.sides:
        yield f"{inner}sides: " + (step.sides[0] if len(step.sides) == 1 else f"[{', '.join(step.sides)}]")
    if sets:
        yield f"{inner}sets: {sets.count}"
        if sets.rest:
            yield f"{inner}rest: {ms_to_text(sets.rest)}"
    if step.reps:
        yield f"{inner}reps: {step.reps}"
    if step.pace:
        yield f"{inner}pace: [{', '.join(f'{word} {ms_to_text(ms)}' for word, ms in step.pace)}]"
    elif not step.reps and (step.use or step.work != work):  # `defaults` come after what the library says
        yield f"{inner}work: {_range(step.work)}"
    if step.setup:
        yield from _text("setup", _braced(step.setup), inner)
    if step.cues:
        yield f"{inner}cues:"
        yield from _cues(step.cues, inner + "  ")


def _cues(cues: Sequence[Cue], margin: str) -> Iterator[str]:
    moments = [_moment(cue) for cue in cues]
    if all(cue.round is None for cue in cues) and len(set(moments)) == len(cues):
        for moment, cue in zip(moments, cues, strict=True):
            yield from _text(moment, _braced(cue.say), margin)
        return
    for moment, cue in zip(moments, cues, strict=True):
        yield f"{margin}- at: {moment}"
        if cue.round is not None:
            yield f"{margin}  round: {cue.round}"
        yield from _text("say", _braced(cue.say), margin + "  ")


def _moment(cue: Cue) -> str:
    return ms_to_text(cue.ms) if cue.ms else "start"


def _range(work: DurationRange) -> str:
    if work.low == work.high:
        return ms_to_text(work.low)
    if work.high < 100 * SECOND:
        return f"{work.low // SECOND}s-{work.high // SECOND}s"  # `45s-60s`: nobody changes the unit within a range
    return f"{ms_to_text(work.low)}-{ms_to_text(work.high)}"


def _text(key: str, words: str, margin: str, mark: str = "") -> Iterator[str]:
    line = f"{margin}{mark}{key}: {quoted(words)}"
    if len(line) <= WIDTH:
        yield line
        return
    below = " " * (len(margin) + len(mark) + 2)
    yield f"{margin}{mark}{key}: >-"
    yield from (below + part for part in _wrapped(words, WIDTH - len(below)))


def _comment(words: str, margin: str) -> Iterator[str]:
    yield from (f"{margin}# {part}" for part in _wrapped(words, WIDTH - len(margin) - 2))


def _wrapped(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, max(20, width), break_long_words=False, break_on_hyphens=False)


def _braced(words: str) -> str:
    """Braces as a routine writes them, where they would hold a field."""
    return words.replace("{", "{{").replace("}", "}}")
