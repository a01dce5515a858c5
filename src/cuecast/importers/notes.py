"""Plain notes: a list of exercises as people type it into a phone, a hand-out, a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from cuecast.importers.dose import RELEASE_MS, Entry, read_entry
from cuecast.importers.exercises import use_library
from cuecast.importers.facts import Kind
from cuecast.importers.folding import body_end, read_lines
from cuecast.importers.guesses import doubt_exercises, guess_reps, guess_works, sentences
from cuecast.importers.ir import Draft, Exercise, Rest, Rounds, Say, Step, sentence_case
from cuecast.importers.language import EXERCISE, RELEASE_WORDS, REPS, language_of
from cuecast.importers.line_kinds import Line, LineKind, is_sentence
from cuecast.importers.schemes import with_schemes
from cuecast.importers.simplify import finish
from cuecast.importers.text import too_long
from cuecast.importers.tokens import Token, of_kind
from cuecast.library import Folders, folders
from cuecast.model.duration import SECOND, DurationRange
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported

ANY_WORK = DurationRange(30 * SECOND, 30 * SECOND)
"""The length of an exercise until `guess_works` knows what the others have."""

MAX_DEPTH = 50
_TOTAL = re.compile(r"\s*(\([^()]*\d\s?(?:h|m|min|mins|minutes|hours?|minuten|minutos)\.?\))\s*:?$", re.IGNORECASE)


class Notes:
    """Takes any text. An exercise without a length of time gets one, with a warning, if others have one."""

    def __init__(self, work: DurationRange | None = None, where: Folders | None = None) -> None:
        """`work` is the length of exercises that have none, `where` the folders with the library of exercises."""
        self.work, self.where = work, where

    name: ClassVar[str] = "notes"
    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".md", ".csv", ".docx", ".rtf")

    def recognises(self, name: str, text: str) -> bool:
        """Every text is notes."""
        return True

    def convert(self, source: Source) -> Imported:
        """The notes as a routine."""
        draft = Draft(source, language=language_of(source.text))
        if refused := too_long(source):
            return Imported("", refused)
        return _Notes(draft, self.work, self.where or folders()).routine()


class _Notes:
    """`label` is the letter of the last exercise in a superset, `comments` go above the next step. `work`, `rest_ms` and
    `sets_rest_ms` hold for the exercises that follow, `part` up to the next heading."""

    def __init__(self, draft: Draft, usual_work: DurationRange | None, where: Folders) -> None:
        self.draft, self.usual_work, self.where = draft, usual_work, where
        self.lines = with_schemes(read_lines(draft), draft)
        self.work: DurationRange | None = None
        self.rest_ms: int | None = None
        self.sets_rest_ms: int | None = None
        self.part = Entry()
        self.unused_rest: tuple[str, Span] | None = None
        self.has_list = any(line.is_bulleted and line.kind is LineKind.EXERCISE for line in self.lines)
        self.without_length: list[Exercise] = []
        self.comments: list[str] = []
        self.label = ""

    def routine(self) -> Imported:
        draft = self.draft
        self.read_head()
        draft.steps = self.block(0, len(self.lines), 0)
        self.end_part()
        if draft.steps:
            draft.comments += self.comments
        guess_works(draft, self.without_length, self.usual_work)
        doubt_exercises(draft)
        use_library(draft, self.where)
        guess_reps(draft)
        return finish(draft)

    def read_head(self) -> None:
        """The title is the first line, unless that is a step; a sentence below it is the summary."""
        draft, lines = self.draft, self.lines
        while lines and lines[0].kind in (LineKind.COMMENT, LineKind.LEFT_OUT):
            line = lines.pop(0)
            self.add_comments(line)
            self.warn_of_doses(line.ignored, line.row.span)
            draft.comments += [sentences([line.text, *line.about])] if line.kind is LineKind.COMMENT else []
        if not lines:
            return
        first, second = lines[0], lines[1] if len(lines) > 1 else None
        stands_out = second is not None and (second.is_bulleted or (first.before_blank and not second.before_blank))
        is_text = first.kind in (LineKind.TEXT, LineKind.HEADING)
        is_exercise_alone = first.kind is LineKind.EXERCISE and stands_out
        has_rest = first.kind is LineKind.HEADING and of_kind(first.tokens, Kind.SETS, Kind.REST)
        if first.is_bulleted or first.has_dose_below or has_rest or not (is_text or is_exercise_alone):
            return
        words = first.text if is_text else first.body
        if not is_text:
            draft.warn(f"“{words}” is taken for the title, not for an exercise", first.row.span)
        if total := _TOTAL.search(words):
            draft.note(f"“{total[1]}” is left out: how long it all takes", first.row.span)
            words = words[: total.start()]
        draft.title = sentence_case(draft.fit_text(words.rstrip(" :"), first.row.span))
        about, head = first.about, [first]
        if second and second.kind is LineKind.TEXT and not second.is_bulleted and self.is_spoken(second):
            about, head = [*about, second.text, *second.about], [first, second]
        draft.summary = draft.fit_text(sentences(about) if about[1:] else "".join(about), first.row.span)
        draft.comments += [line.comment for line in head if line.comment]
        del lines[: len(head)]

    def block(self, index: int, end: int, depth: int) -> list[Step]:
        """The steps of the lines from `index` to `end`. A repeat takes the steps since the last heading."""
        steps: list[Step] = []
        since = 0
        while index < end:
            line = self.lines[index]
            index += 1
            self.add_comments(line)
            if line.kind is LineKind.HEADING:
                since = len(steps)
            if line.kind is not LineKind.ROUNDS:
                self.add(line, steps)
                continue
            stop = body_end(self.lines, index, end, line)
            is_flat = stop == index or self.lines[index].row.indent <= line.row.indent
            is_header = line.body.endswith(":") or "following" in line.body.lower()
            if stop == index or (line.is_repeat and not is_header and is_flat and steps[since:]):
                steps[since:] = self.repeated(line, steps[since:])
            else:
                steps.append(self.rounds(line, index, stop, depth))
                index = stop
            since = len(steps)
        return steps

    def rounds(self, line: Line, index: int, stop: int, depth: int) -> Rounds:
        """Rounds of the lines from `index` to `stop`. `20s on, 10s off` in the header holds for these lines."""
        rounds = self.empty_rounds(line)
        usual = self.work, self.rest_ms
        self.work, self.rest_ms = line.work or self.work, line.rest_ms or self.rest_ms
        rounds.steps = self.block(index, stop, depth + 1) if depth < MAX_DEPTH else []
        self.work, self.rest_ms = usual
        return rounds

    def empty_rounds(self, line: Line) -> Rounds:
        comments = [*self.comments, line.text] if line.text else self.comments
        self.comments = []
        return Rounds(line.count, line.row.span, rest=line.between_ms, comments=comments)

    def repeated(self, line: Line, steps: list[Step]) -> list[Step]:
        """`Repeat 3 times` below what it repeats."""
        if not steps:
            self.draft.warn(f"there is nothing to repeat here (“{line.body}”)", line.row.span)
            return steps
        self.warn_of_doses(
            [token for token in line.doses if token.kind is Kind.ON_OFF or token.scope == "exercises"], line.row.span
        )
        rounds = self.empty_rounds(line)
        rounds.comments, steps[0].comments = [*steps[0].comments, *rounds.comments], []
        rounds.steps = steps
        return [rounds]

    def add_comments(self, line: Line) -> None:
        """The line's comment goes above the next step; what is left out on purpose is noted."""
        if line.comment:
            self.comments.append(line.comment)
        for token in line.noted if line.kind is not LineKind.TEXT else ():
            self.draft.note(f"“{token.text}” {token.note}", line.row.span)

    def add(self, line: Line, steps: list[Step]) -> None:
        """A line that is a step, or says something about others."""
        draft, span = self.draft, line.row.span
        new: list[Step] = []
        self.warn_of_doses(line.ignored, span)
        match line.kind:
            case LineKind.COMMENT | LineKind.HEADING:
                self.begin_part(line)
                self.comments.append(sentences([line.text, *line.about]) if line.about else line.text)
            case LineKind.SETTING:
                self.begin_part(line)
                if line.rest_ms and steps and isinstance(steps[-1], Rounds) and line.tokens[0].scope == "any":
                    hint = "put `rest` into the exercise whose sets it lies between"
                    draft.warn(f"“{line.body}” is taken for the rest between all exercises", span, hint)
                self.work = line.work or self.work
                draft.transition = line.rest_ms or draft.transition
            case LineKind.REST if line.rest_ms:
                new = [Rest(line.rest_ms, span)]
            case LineKind.REST:
                draft.warn("this rest has no length of time", span, "write `rest 30`, or put a `rest` in the routine")
            case LineKind.TEXT | LineKind.ADVICE if line.kind is LineKind.ADVICE or self.is_spoken(line):
                self.warn_of_doses(line.doses, span)
                words = draft.fit_text(sentences([line.text, *line.about]) if line.about else line.text, span)
                new = [Say(words, span)] if words else []
            case LineKind.TEXT:
                new = self.exercise(Entry(line.text, list(line.about)), span)
            case LineKind.EXERCISE | LineKind.DOSE:
                first = line.entries[0]
                first.setup = [*line.about, *(words for words in first.setup if words not in line.about)]
                new = [step for entry in line.entries for step in self.exercise(entry, span)]
                if line.count > 1:
                    new = [Rounds(line.count, span, new)]
                new = self.superset(line, new, steps)
        if new:
            new[0].comments, self.comments = [*self.comments, *new[0].comments], []
        steps += new

    def begin_part(self, line: Line) -> None:
        """A rest between sets in a heading, or in a line of its own, holds up to the next heading; so does a dose for each."""
        rests = [token for token in line.doses if token.kind is Kind.REST and token.scope in ("sets", "reps")][:1]
        is_heading = line.kind is LineKind.HEADING
        if is_heading or rests:
            self.end_part()
            self.sets_rest_ms = rests[0].rest_ms if rests else None
            self.unused_rest = (rests[0].text, line.row.span) if rests else None
        if is_heading:
            doses = [token for token in line.doses if token not in rests]
            is_for_each = of_kind(line.tokens, Kind.EACH) and {Kind.LENGTH} <= {each.kind for each in doses} <= {
                Kind.LENGTH,
                Kind.SETS,
            }
            self.part = read_entry(doses) if is_for_each else Entry()
            self.warn_of_doses([] if is_for_each else doses, line.row.span)

    def end_part(self) -> None:
        """A warning if a rest between sets has met no sets."""
        if self.unused_rest:
            text, span = self.unused_rest
            self.draft.warn(f"“{text}” is left out: no exercise below it has sets", span)

    def warn_of_doses(self, doses: Sequence[Token], span: Span) -> None:
        """A warning if words that are only spoken say how long or how often."""
        if doses:
            texts = ", ".join(f"“{token.text}”" for token in doses)
            message = f"{texts} is only spoken or a comment here, no dose of an exercise"
            self.draft.warn(message, span, "if it is one, write it in")

    def superset(self, line: Line, new: list[Step], steps: list[Step]) -> list[Step]:
        """`A1` and `A2` with as many sets each take turns: what `A2` adds goes into the rounds of `A1`."""
        label, self.label = self.label, line.label
        before, first = steps[-1] if steps else None, new[0]
        if not label or label != line.label or not isinstance(before, Rounds) or not isinstance(first, Rounds):
            return new
        if before.count != first.count:
            return new
        before.steps += first.steps
        before.rest = max(before.rest or 0, first.rest or 0) or None
        return new[1:]

    def exercise(self, entry: Entry, span: Span) -> list[Step]:
        """An exercise, in rounds if it has sets, and the rest after it."""
        draft = self.draft
        name = sentence_case(draft.fit_text(entry.name, span))
        if not name:
            draft.warn("this exercise has no name; is it a part of the one above?", span)
            name = EXERCISE[draft.language]
        exercise = Exercise(name, span, ANY_WORK, entry.sides)
        if setup := sentences([sentence_case(part) for part in entry.setup]):
            exercise.setup = draft.fit_text(self.in_language(setup), span) or None
        if work := entry.work or self.part.work or self.work:
            exercise.work = work
        else:
            self.without_length.append(exercise)
        exercise.reps, exercise.counted = entry.reps, self.in_language(entry.counted)
        if entry.reps and entry.hold:
            hold, release = RELEASE_WORDS[draft.language]
            exercise.pace = ((hold, entry.hold.high), (release, entry.release_ms or RELEASE_MS))
        for guess in entry.guesses:
            draft.warn(guess, span, "put your own time in")
        for text in entry.unused:
            draft.warn(f"“{text}” is not understood here", span)
        rest_ms = self.rest_ms if entry.rest_ms is None else entry.rest_ms
        sets = entry.sets or self.part.sets
        if sets > 1:
            if not rest_ms:
                rest_ms, self.unused_rest = self.sets_rest_ms, None
            return [Rounds(sets, span, [exercise], rest_ms)]
        return [exercise, Rest(rest_ms, span, is_own=True)] if rest_ms else [exercise]

    def in_language(self, words: str) -> str:
        return re.sub(r"(\d) reps\b", rf"\1 {REPS[self.draft.language]}", words)

    def is_spoken(self, line: Line) -> bool:
        """Whether a line without a length is spoken: it is a sentence, or the only line that is not in the list."""
        if self.has_list and line.is_bulleted and line.text[-1] not in ".!?":
            return False
        is_outside = self.has_list and not line.is_bulleted and not line.row.indent
        return (is_outside and not (self.work or self.part.work)) or is_sentence(line.text)
