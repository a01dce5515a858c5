"""What every importer makes: a routine as its author meant it, in plain words. `finish` makes text of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from msgspec import Struct, field

from cuecast.model.diagnostics import Diagnostic, note, warning
from cuecast.model.duration import DurationRange
from cuecast.model.limits import MAX_TEXT
from cuecast.model.source import Source, Span

# What YAML or the reader would not take, and line ends of all kinds: nothing that anybody meant to type.
_ODD = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Cue(Struct):
    """Words so many milliseconds after the start of the work; only in `round` where that is set."""

    ms: int
    say: str
    span: Span
    round: int | None = None


class Exercise(Struct):
    """A work interval for each of its sides. `comments` stand above it in the text.

    If there are `reps`, they are written with their `pace` (words and lengths in ms) in place of `work`.
    """

    name: str
    span: Span
    work: DurationRange
    sides: tuple[str, ...] = ()
    setup: str | None = None
    reps: int = 0
    pace: tuple[tuple[str, int], ...] = ()
    cues: list[Cue] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


class Say(Struct):
    """Words in a time of their own."""

    text: str
    span: Span
    comments: list[str] = field(default_factory=list)


class Rest(Struct):
    """Time to rest before the next exercise. `is_own` says that it belongs to the exercise before it."""

    ms: int
    span: Span
    is_own: bool = False
    comments: list[str] = field(default_factory=list)


class Rounds(Struct):
    """Steps done several times over."""

    count: int
    span: Span
    steps: list[Step] = field(default_factory=list)
    rest: int | None = None
    comments: list[str] = field(default_factory=list)


Step = Exercise | Say | Rest | Rounds


class Draft(Struct):
    """A routine on its way to text. `remarks` stand as comments at its head."""

    source: Source
    title: str = ""
    summary: str = ""
    transition: int | None = None
    steps: list[Step] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)

    def lost(self, message: str, span: Span, hint: str | None = None) -> None:
        """Something that could not be carried over."""
        self.faults.append(warning("not-carried-over", message, span, hint))

    def changed(self, message: str, span: Span) -> None:
        """Something that was carried over a little differently."""
        self.faults.append(note("not-carried-over", message, span))

    def words(self, text: str, span: Span, most: int = MAX_TEXT) -> str:
        """The text as a routine can hold it: on one line, without odd characters, not too long."""
        words = clean(text)
        # Braces are doubled in a routine, and count twice.
        length = len(words) + words.count("{") + words.count("}")
        if length <= most:
            return words
        self.lost(f"these words have {length:,} characters; the first {most:,} are kept", span)
        kept = ""
        for word in words.split():
            if len(kept) + len(word) + word.count("{") + word.count("}") + 1 > most - kept.count("{") - kept.count("}"):
                break
            kept = f"{kept} {word}".strip()
        return kept or re.sub("[{}]", "", words)[: most - 1]


def clean(text: str) -> str:
    """The text on one line, each space a single one, without characters that nobody can see.

    Empty where no letter or digit is in it: a voice has nothing to say then.
    """
    words = " ".join(_ODD.sub(" ", text).split())
    return words if any(map(str.isalnum, words)) else ""


def line_span(source: Source, number: int, text: str) -> Span:
    """The span of line `number` (from 1), without the space around it."""
    start = len(text) - len(text.lstrip())
    return Span(source.name, number, start + 1, number, max(start, len(text.rstrip())) + 1)


def title_of(name: str) -> str:
    """A title from a file's name: `leg-day.txt` is `Leg day`."""
    words = clean(re.sub(r"[-_.]+", " ", PurePath(name).stem))
    return sentence_case(words) or "Routine"


def sentence_case(words: str) -> str:
    """The words with a capital first letter."""
    return words[:1].upper() + words[1:]


def exercises_in(steps: Sequence[Step]) -> Iterator[Exercise]:
    """All exercises as written, in order."""
    for step in steps:
        if isinstance(step, Exercise):
            yield step
        elif isinstance(step, Rounds):
            yield from exercises_in(step.steps)
