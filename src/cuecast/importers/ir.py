"""What every importer builds: a routine as its author meant it, in plain words. `finish` turns it into text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from msgspec import Struct, field

from cuecast.model.diagnostics import Diagnostic, error, note, warning
from cuecast.model.duration import DurationRange
from cuecast.model.limits import MAX_TEXT
from cuecast.model.source import Source, Span

# What YAML or the reader would not take, and line ends of all kinds.
_UNPRINTABLE = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Cue(Struct):
    """Words so many milliseconds after the start of the work; only in `round`, if that is set."""

    ms: int
    say: str
    span: Span
    round: int | None = None


class Exercise(Struct):
    """A work interval for each of its sides. `comments` stand above it in the text.

    `use` is the library's exercise that it is, and `known_as` what that is called.

    If there are `reps`, they are written in place of `work`, with the `pace` (words and lengths in ms); without one, the library has it.
    `counted` are reps in words whose `work` is a guess.
    """

    name: str
    span: Span
    work: DurationRange
    sides: tuple[str, ...] = ()
    setup: str | None = None
    use: str = ""
    known_as: str = ""
    reps: int = 0
    counted: str = ""
    pace: tuple[tuple[str, int], ...] = ()
    cues: list[Cue] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


class Say(Struct):
    """Words in a time of their own."""

    text: str
    span: Span
    comments: list[str] = field(default_factory=list)


class Rest(Struct):
    """Time to rest before the next exercise. `is_own` says that it is written with the exercise before it."""

    ms: int
    span: Span
    is_own: bool = False
    comments: list[str] = field(default_factory=list)


class Rounds(Struct):
    """Steps done several times."""

    count: int
    span: Span
    steps: list[Step] = field(default_factory=list)
    rest: int | None = None
    comments: list[str] = field(default_factory=list)


Step = Exercise | Say | Rest | Rounds


class Draft(Struct):
    """A routine on its way to text. `comments` stand at its head."""

    source: Source
    title: str = ""
    summary: str = ""
    language: str = "en"
    transition: int | None = None
    steps: list[Step] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def start(self) -> Span:
        """The first place of the file."""
        return Span(self.source.name, 1, 1, 1, 1)

    def warn(self, message: str, span: Span, hint: str | None = None) -> None:
        """Report something that is not carried over, or only by a guess."""
        self.diagnostics.append(warning("not-carried-over", message, span, hint))

    def note(self, message: str, span: Span) -> None:
        """Report something that is carried over a little differently, or left out on purpose."""
        self.diagnostics.append(note("not-carried-over", message, span))

    def refuse(self, message: str, span: Span, hint: str | None = None) -> None:
        """Report why nothing can be imported."""
        self.diagnostics.append(error("bad-import", message, span, hint))

    def fit_text(self, text: str, span: Span, limit: int = MAX_TEXT) -> str:
        """The text as a routine can hold it: on one line, without odd characters, not too long."""
        words = clean(speakable(text))
        length = _written_length(words)
        if length > limit:
            self.warn(f"these words have {length:,} characters; only the first {limit:,} are imported", span)
            words = words[: limit + 1]
        while _written_length(words) > limit:
            words = words.rpartition(" ")[0] or words[: limit // 2]
        return words


_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_SECONDS = re.compile(r"(?<![\w\"“])(\d{1,3})\s?[\"″](?!\w)")
_SYMBOLS = ("So", "Cf", "Cs", "Co", "Sk")


def speakable(text: str) -> str:
    """The text without marks of Markdown and without emoji; `30"` as `30 s`, which a voice can read."""
    words = _SECONDS.sub(r"\1 s", _EMPHASIS.sub(r"\2", text))
    return words if words.isascii() else without_symbols(words)


def without_symbols(text: str) -> str:
    """The text without emoji, but with degrees."""
    return "".join(
        c for c in text if c == "°" or not (unicodedata.category(c) in _SYMBOLS or "\ufe00" <= c <= "\ufe0f")
    )


def _written_length(words: str) -> int:
    """The length in a routine, where braces are doubled."""
    return len(words) + words.count("{") + words.count("}")


def clean(text: str) -> str:
    """The text on one line, with single spaces and without invisible characters; empty if it has no letter or digit."""
    words = " ".join(_UNPRINTABLE.sub(" ", text).split())
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


def walk(steps: Sequence[Step]) -> Iterator[Step]:
    """All steps in order, those inside rounds too."""
    for step in steps:
        yield step
        if isinstance(step, Rounds):
            yield from walk(step.steps)


def exercises_in(steps: Sequence[Step]) -> list[Exercise]:
    """All exercises in order."""
    return [step for step in walk(steps) if isinstance(step, Exercise)]
