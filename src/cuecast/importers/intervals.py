"""Workout text of intervals.icu: sections, steps that begin with a dash, repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct, field

from cuecast.importers.ir import (
    Cue,
    Draft,
    Exercise,
    Rest,
    Rounds,
    Say,
    Step,
    clean,
    line_span,
    sentence_case,
)
from cuecast.importers.simplify import finish
from cuecast.importers.target import Target, find_target
from cuecast.model.duration import SECOND
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported

_STEP = re.compile(r"([ \t]*)[-•*]\s+(.*)")
_TIMES = re.compile(r"(?:(.{0,200}?)[\s:(-]|)(\d{1,4})\s?[x×]\)?:?", re.IGNORECASE)
_STEP_TIMES = re.compile(r"(\d{1,4})\s?[x×]\s+(?=\S)", re.IGNORECASE)
_TIMED = re.compile(r"(?<!\S)(\d{1,5})\^(?:\d{1,5}(?=\s))?")
_POOL = re.compile(r"pool length\s*:", re.IGNORECASE)
_EDGES = re.compile(r"\s*(?:warm[ -]?up|cool[ -]?down|w/?u|c/?d)\b", re.IGNORECASE)
NAME_WORDS = 4
"""The most words of a prompt that make a name; a longer one is said at the start."""


class Intervals:
    """Steps become exercises without gaps, their targets the first words; repeats become rounds."""

    name: ClassVar[str] = "intervals"
    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".md")

    def recognises(self, name: str, text: str) -> bool:
        """At least half of the lines with a dash have a length and a target such as 75%, Z2 or 200w."""
        steps = [match[2] for line in text.splitlines() if (match := _STEP.fullmatch(line.rstrip()))]
        timed = [step for step in steps if not _TIMES.fullmatch(step.strip())]
        aimed = sum(1 for step in timed if find_target(step).is_aimed)
        return aimed > 0 and 2 * aimed >= len(timed)

    def convert(self, source: Source) -> Imported:
        """The workout as a routine with `transition: 0s`."""
        return _Workout(source).routine()


class _Section(Struct):
    """Lines with a dash, under a header or a repeat."""

    header: str = ""
    count: int = 1
    lines: list[_Line] = field(default_factory=list)


class _Line(Struct):
    text: str
    indent: int
    span: Span


class _Workout:
    def __init__(self, source: Source) -> None:
        self.draft = Draft(source, transition=0)
        self.remarks: list[tuple[str, Span]] = []

    def routine(self) -> Imported:
        draft = self.draft
        for section in self.sections():
            steps = list(self.steps(section))
            if not steps:
                continue
            if not draft.steps:
                draft.remarks = [words for words, _ in self.remarks]
            else:
                steps[0].comments = [words for words, _ in self.remarks]
            self.remarks = []
            if section.header and len(section.lines) > 1 and not _EDGES.match(section.header):
                steps[0].comments.append(section.header)
            if section.count > 1:
                rounds = Rounds(section.count, section.lines[0].span, steps)
                rounds.comments, steps[0].comments = steps[0].comments, []
                draft.steps.append(rounds)
            else:
                draft.steps += steps
        # What follows the last step takes nobody's time any more, so it may be spoken.
        draft.steps += [Say(draft.words(words, span), span) for words, span in self.remarks if draft.steps]
        return finish(draft)

    def sections(self) -> Iterator[_Section]:
        """The sections that have steps; the text outside of them goes to title, summary and comments."""
        draft = self.draft
        rows = draft.source.text.splitlines()
        section = _Section()
        is_first = True
        for number, row in enumerate(rows, 1):
            words, span = clean(row), line_span(draft.source, number, row)
            step = _STEP.fullmatch(row.rstrip())
            if step:
                section.lines.append(_Line(clean(step[2]), len(step[1].expandtabs(4)), span))
            elif words and _is_step_without_dash(words):
                section.lines.append(_Line(words, 0, span))
            elif not words:
                if section.lines:  # an empty line ends what is repeated
                    yield section
                    section = _Section()
            elif _POOL.match(words):
                draft.lost("a routine knows no pool length", span)
            else:
                if section.lines:
                    yield section
                    section = _Section()
                if section.header:
                    self.text(section.header, span)
                times = _TIMES.fullmatch(words)
                if times and int(times[2]):
                    section.header, section.count = (times[1] or section.header).strip(" :-"), int(times[2])
                elif is_first and not _leads(rows, number):
                    draft.title = sentence_case(draft.words(words, span))
                elif not _leads(rows, number):
                    self.text(words, span)
                else:
                    section.header = words.rstrip(" :")
            is_first = is_first and not words
        if section.lines:
            yield section

    def text(self, words: str, span: Span) -> None:
        """A line that is no step and leads none: what the workout is for, or a remark."""
        if not self.draft.summary and not self.draft.steps and len(words.split()) > 3:
            self.draft.summary = self.draft.words(words, span)
        else:
            self.remarks.append((words, span))

    def steps(self, section: _Section) -> Iterator[Step]:
        """The section's steps; a step that is only `3x` takes those that stand further in."""
        index = 0
        while index < len(section.lines):
            line = section.lines[index]
            index += 1
            times = _TIMES.fullmatch(line.text)
            if times and int(times[2]) and not find_target(line.text).work:
                inner = _Section(times[1] or "")
                while index < len(section.lines) and section.lines[index].indent > line.indent:
                    inner.lines.append(section.lines[index])
                    index += 1
                flat = [_Line(each.text, line.indent + 1, each.span) for each in inner.lines]
                rounds = Rounds(int(times[2]), line.span, list(self.steps(_Section(inner.header, 1, flat))))
                if rounds.steps:
                    yield rounds
                else:
                    self.draft.lost("there is nothing to repeat here", line.span)
                continue
            step = self.step(line, section)
            if step is not None:
                yield step

    def step(self, line: _Line, section: _Section) -> Step | None:
        times = _STEP_TIMES.match(line.text)
        text = line.text[times.end() :] if times else line.text
        prompt, has_prompts, step_text = text.rpartition("<!>")
        target = find_target(step_text)
        if has_prompts:
            target.prompt = f"{prompt.strip()} {target.prompt}".strip()
        for message in target.lost:
            self.draft.lost(message, line.span)
        if target.work is None:
            if target.distance:
                message = f"{target.distance} has no length of time"
                self.draft.lost(message, line.span, "add an exercise for the time that it takes you")
            else:
                self.draft.lost("this step has no length of time, such as 10m or 30s", line.span)
            return None
        step: Step = self.exercise(line, target, section)
        if target.is_rest:
            step = Rest(target.work.low, line.span)
        return Rounds(int(times[1]), line.span, [step]) if times and int(times[1]) > 1 else step

    def exercise(self, line: _Line, target: Target, section: _Section) -> Exercise:
        """Its name from the prompt, the section or the target, whichever is there first."""
        assert target.work is not None
        before, *timed = _TIMED.split(target.prompt)
        prompt = self.words(before or target.label, line.span)
        section_named = section.header if len(section.lines) == 1 or _EDGES.match(section.header) else ""
        is_name = prompt and len(prompt.split()) <= NAME_WORDS
        name = prompt if is_name else section_named or target.effort
        name = sentence_case(self.draft.words(name.strip(" :,-"), line.span)) or "Go"
        said = [] if is_name or not prompt else [prompt if prompt[-1] in ".!?" else f"{prompt}."]
        aims = ", ".join(words for words in target.said if sentence_case(words) != name)
        said += [f"{sentence_case(aims)}."] if aims else []
        exercise = Exercise(name, line.span, target.work)
        if said:
            exercise.cues.append(Cue(0, self.draft.words(" ".join(said), line.span), line.span))
        for offset, words in zip(timed[::2], timed[1::2], strict=True):
            if told := self.draft.words(self.words(words, line.span), line.span):
                exercise.cues.append(Cue(int(offset) * SECOND, told, line.span))
        return exercise

    def words(self, text: str, span: Span) -> str:
        return clean(text.replace("<!>", " ")).strip(" ,:-")


def _is_step_without_dash(words: str) -> bool:
    """A line that is only a length and a target: `10m 70%`."""
    target = find_target(words)
    return bool(target.work and target.said and not target.prompt and not target.label)


def _leads(rows: list[str], number: int) -> bool:
    """Whether a step follows the line: at once, or after empty lines and nothing else but a repeat."""
    return number < len(rows) and bool(_STEP.match(rows[number]) or _is_step_without_dash(rows[number].strip()))
