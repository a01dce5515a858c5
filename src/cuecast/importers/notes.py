"""Plain notes: a list of exercises as people type it into a phone."""

from __future__ import annotations

import re
from collections import Counter
from typing import ClassVar

from msgspec import Struct

from cuecast.importers.ir import (
    Draft,
    Exercise,
    Rest,
    Rounds,
    Say,
    Step,
    clean,
    exercises_in,
    line_span,
    sentence_case,
)
from cuecast.importers.notes_line import Jotting, What, jotting
from cuecast.importers.simplify import finish
from cuecast.model.duration import SECOND, DurationRange, ms_to_text
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported

REP_MS = 3 * SECOND
"""A guess at what one repetition takes: down and up, without hurry."""

GUESS = DurationRange(30 * SECOND, 30 * SECOND)
"""The length of an exercise that has none, where no other in the file has one either."""

_LENGTH = re.compile(r"\s*\([^()]*\d\s?(?:h|m|min|mins|minutes|hours?)\.?\)\s*:?$", re.IGNORECASE)

SENTENCE_WORDS = 7
"""From so many words on, a line is taken for a sentence, not for a name."""


class Notes:
    """Takes any text. What has no length of time is guessed, with a warning, as long as something has one."""

    name: ClassVar[str] = "notes"
    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".md")

    def recognises(self, name: str, text: str) -> bool:
        """Every text is notes."""
        return True

    def convert(self, source: Source) -> Imported:
        """The notes as a routine."""
        return _Notes(source).routine()


class _Line(Struct):
    said: Jotting
    indent: int
    span: Span
    after_blank: bool
    before_blank: bool


class _Notes:
    def __init__(self, source: Source) -> None:
        self.draft = Draft(source)
        self.lines = _lines(source)
        self.usual: DurationRange | None = None
        self.has_list = any(line.said.is_marked and line.said.what is What.EXERCISE for line in self.lines)
        self.unsure: list[tuple[Exercise, str]] = []
        self.comments: list[str] = []

    def routine(self) -> Imported:
        draft = self.draft
        self.head()
        draft.steps = self.block(0, len(self.lines), 0)
        if self.comments and draft.steps:
            draft.remarks += self.comments
        self.guess()
        return finish(draft)

    def head(self) -> None:
        """The title is the first line, unless that is a step; a sentence below it is the summary."""
        draft, lines = self.draft, self.lines
        while lines and lines[0].said.what is What.COMMENT and not lines[0].said.is_heading:
            draft.remarks.append(lines.pop(0).said.text)
        if not lines:
            return
        first = lines[0]
        follows = lines[1].said if len(lines) > 1 else None
        alone = first.before_blank or (follows is not None and follows.is_marked)
        is_text = first.said.what in (What.TEXT, What.COMMENT)
        if not first.said.is_marked and (is_text or (alone and first.said.what is What.EXERCISE)):
            words = first.said.text if is_text else first.said.typed
            words = _LENGTH.sub("", words).rstrip(" :")
            draft.title = sentence_case(draft.words(words, first.span))
            lines.pop(0)
            if lines and lines[0].said.what is What.TEXT and not lines[0].said.is_marked and self.is_sentence(lines[0]):
                draft.summary = draft.words(lines[0].said.text, lines[0].span)
                lines.pop(0)

    def block(self, index: int, end: int, depth: int) -> list[Step]:
        """The steps of lines that belong together."""
        steps: list[Step] = []
        since = 0
        while index < end:
            line = self.lines[index]
            index += 1
            if line.said.what is What.ROUNDS:
                stop = self.body(index, end, line)
                is_flat = stop == index or self.lines[index].indent <= line.indent
                if stop == index or (line.said.is_repeat and is_flat and steps[since:]):
                    steps[since:] = self.wrapped(line, steps[since:])
                    since = len(steps)
                    continue
                rounds = self.rounds(line)
                rounds.steps = self.block(index, stop, depth + 1) if depth < 50 else []
                if rounds.rest and rounds.steps and isinstance(rounds.steps[-1], Rest):
                    rounds.steps.pop()
                steps.append(rounds)
                index, since = stop, len(steps)
            else:
                if line.said.what is What.COMMENT and line.said.is_heading:
                    since = len(steps)
                self.one(line, steps)
        return steps

    def body(self, index: int, end: int, header: _Line) -> int:
        """Where the lines under a header of rounds end: those further in, else all up to an empty line."""
        deeper = index < end and self.lines[index].indent > header.indent
        stop = index
        while stop < end:
            line = self.lines[stop]
            if deeper and line.indent <= header.indent:
                break
            if not deeper and stop > index and (line.after_blank or line.said.what is What.ROUNDS):
                break
            if not deeper and (line.said.what is What.ROUNDS or line.said.is_heading):
                break
            if not deeper and line.indent < header.indent:
                break
            stop += 1
        return stop

    def rounds(self, line: _Line) -> Rounds:
        comments = [*self.comments, line.said.text] if line.said.text else self.comments
        self.comments = []
        return Rounds(line.said.count, line.span, rest=line.said.rest, comments=comments)

    def wrapped(self, line: _Line, steps: list[Step]) -> list[Step]:
        """`Repeat 3 times` below what it repeats."""
        if not steps:
            self.draft.lost("there is nothing to repeat here", line.span)
            return steps
        rounds = self.rounds(line)
        rounds.comments, steps[0].comments = [*steps[0].comments, *rounds.comments], []
        rounds.steps = steps
        return [rounds]

    def one(self, line: _Line, steps: list[Step]) -> None:
        """A line that is a step of its own, or says something about others."""
        said, draft = line.said, self.draft
        if said.remark:
            self.comments.append(said.remark)
        match said.what:
            case What.COMMENT:
                self.comments.append(said.text)
                return
            case What.SETTING:
                self.setting(line)
                return
            case What.REST:
                if not said.rest:
                    draft.lost("how long is this rest?", line.span, "write `rest 30`, or put a `rest` in the routine")
                    return
                step: Step = Rest(said.rest, line.span)
            case What.TEXT if line.indent and steps and isinstance(steps[-1], Exercise) and not said.is_marked:
                before = steps[-1].setup
                words = said.text if not before else f"{before.rstrip('.')}. {said.text}"
                steps[-1].setup = draft.words(words, line.span)
                return
            case What.TEXT if self.is_sentence(line):
                words = draft.words(said.text, line.span)
                if not words:
                    return
                step = Say(words, line.span)
            case _:
                step = self.exercise(line)
        step.comments, self.comments = [*self.comments, *step.comments], []
        steps.append(step)

    def setting(self, line: _Line) -> None:
        """`40s on, 20s off`, or `rest 10 between exercises`: what holds from here on."""
        if line.said.work:
            self.usual = line.said.work
        if line.said.rest:
            self.draft.transition = line.said.rest

    def exercise(self, line: _Line) -> Step:
        said, draft = line.said, self.draft
        name = sentence_case(draft.words(said.text, line.span)) or "Exercise"
        exercise = Exercise(name, line.span, said.work or self.usual or GUESS, said.sides)
        setup = [f"{said.reps} reps."] if said.reps else []
        setup += [said.setup] if said.setup else []
        if setup:
            exercise.setup = draft.words(" ".join(setup), line.span)
        if said.reps and not said.work:
            ms = said.reps * REP_MS
            exercise.work = DurationRange(ms, ms)
            message = f"{said.reps} reps have no length of time; {ms_to_text(ms)} is a guess, at 3 seconds each"
            draft.lost(message, line.span, "put your own time in")
        elif not said.work and not self.usual:
            self.unsure.append((exercise, name))
        if said.count == 1:
            return exercise
        return Rounds(said.count, line.span, [exercise], said.rest)

    def is_sentence(self, line: _Line) -> bool:
        """Whether a line without a length is to be spoken: a sentence, or the one line that is not in the list."""
        text = line.said.text
        if self.has_list and not line.said.is_marked and not line.indent and not self.usual:
            return True
        return text[-1:] in (".", "!", "?") or len(text.split()) >= SENTENCE_WORDS

    def guess(self) -> None:
        """Exercises without a length take that of most others."""
        unsure = {id(exercise) for exercise, _ in self.unsure}
        sure = Counter(each.work for each in exercises_in(self.draft.steps) if id(each) not in unsure)
        if not sure:
            self.draft.steps = []
            return
        work = sure.most_common(1)[0][0]
        for exercise, name in self.unsure:
            exercise.work = work
            message = f"“{name[:40]}” has no length of time; it takes {ms_to_text(work.low)}, as others here"
            self.draft.lost(message, exercise.span, "put your own time in, or delete it if it is no exercise")


def _lines(source: Source) -> list[_Line]:
    """All lines that say something."""
    lines: list[_Line] = []
    blank = False
    for number, row in enumerate(source.text.splitlines(), 1):
        words = clean(row)
        said = jotting(words) if words else None
        if said is None:
            blank = True
            if lines:
                lines[-1].before_blank = True
            continue
        wide = row.expandtabs(4)
        indent = len(wide) - len(wide.lstrip())
        lines.append(_Line(said, indent, line_span(source, number, row), blank, False))
        blank = False
    return lines
