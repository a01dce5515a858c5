"""Workout text of intervals.icu: sections, steps that begin with a dash, repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct, field

from cuecast.importers.effort import aimed_exercise
from cuecast.importers.ir import (
    Cue,
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
from cuecast.importers.line_kinds import is_sentence
from cuecast.importers.simplify import finish
from cuecast.importers.target import Target, read_target
from cuecast.importers.text import too_long
from cuecast.model.duration import SECOND
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported

_STEP = re.compile(r"([ \t]*)(?:[-–—•·●▪*]|\d{1,2}[.)])\s+(.*)")
_TIMES = re.compile(
    r"(?:(.{0,200}?)[\s:(-]|)(?:(\d{1,4})\s?(?:[x×]|times|rounds|sets|mal|runden|veces)|[x×]\s?(\d{1,4}))\)?:?",
    re.IGNORECASE,
)
"""A repeat: `3x`, `Main set x3`, `Repeat 3 times`."""

_TIMES_FIRST = re.compile(r"(\d{1,4})\s?[x×]\s+(\D{2,200})", re.IGNORECASE)
_REPEAT_WORD = re.compile(r"(?:repeat|do|repetir|wiederhole)\b[\s:]*", re.IGNORECASE)
_TIMES_BEFORE_STEP = re.compile(r"(\d{1,4})\s?[x×](?:\s+(?=\S)|(?=[(\d]))", re.IGNORECASE)
_OWN_REST = re.compile(
    r"(.*[^\s,;+])[,;+]?\s+(?:(\d\S*)\s+(?:rest|pause|recovery)|(?:rest|pause)\s+(\d\S*))", re.IGNORECASE
)
_MARKS = re.compile(r"^(?:#+|//)\s*|\*\*")
_QUOTE = re.compile(r"^\s*>\s?")
_TIMED_PROMPT = re.compile(r"(?<!\S)(\d{1,5}s?|\d{1,3}m\d{0,2}s?)\^(?:\d{1,5}(?=\s))?")
_SEVERAL = re.compile(r"\s*(?:[,;+]|\bthen\b)\s*|\s+(?=\d{1,3}\s?(?:s|m|h|secs?|mins?)\b)", re.IGNORECASE)
_POOL = re.compile(r"pool length\s*:", re.IGNORECASE)
_WARM_UP = re.compile(r"\s*(?:warm[ -]?up|cool[ -]?down|w/?u|c/?d)\b", re.IGNORECASE)
MAX_LOOK = 20_000
"""The characters by which a workout is recognised."""

TITLE_WORDS = 10
"""The most words of a first line that is the title; a longer one is the summary."""

NAME_WORDS = 4
"""The most words of a prompt that is a name; a longer one is said at the start."""


class Intervals:
    """Steps become exercises without gaps, their targets the first words; repeats become rounds."""

    name: ClassVar[str] = "intervals"
    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".md")

    def recognises(self, name: str, text: str) -> bool:
        """At least half of the lines with a dash have a length and a target such as 75%, Z2 or 200w; without any, all of two have."""
        lines = text[:MAX_LOOK].splitlines()
        steps = [match[2] for line in lines if (match := _STEP.fullmatch(_QUOTE.sub("", line).rstrip()))]
        start = Span("", 1, 1, 1, 1)
        bare = [line.text for each in lines if not steps and (line := _step_line(each, start))]
        steps = bare if len(bare) > 1 else steps
        steps = [step for step in steps if not _repeat(step.strip())[0]]
        with_target = sum(read_target(step).has_target for step in steps)
        return with_target > 0 and 2 * with_target >= len(steps)

    def convert(self, source: Source) -> Imported:
        """The workout as a routine with `transition: 0s`."""
        if refused := too_long(source):
            return Imported("", refused)
        return _Workout(source).routine()


class _Line(Struct):
    text: str
    indent: int
    span: Span


class _Section(Struct):
    """Steps under a header or a repeat."""

    header: str = ""
    count: int = 1
    lines: list[_Line] = field(default_factory=list)


class _Workout:
    """`texts` are lines that belong to no section so far."""

    def __init__(self, source: Source) -> None:
        self.draft = Draft(source, transition=0)
        self.texts: list[tuple[str, Span]] = []

    def routine(self) -> Imported:
        draft = self.draft
        for section in self.sections():
            steps = list(self.steps(section))
            if not steps:
                self.texts += [(section.header, section.lines[0].span)] if section.header else []
                continue
            comments = [words for words, _ in self.texts]
            for words, span in (*self.texts, (section.header, section.lines[0].span)):
                if is_sentence(words):
                    draft.note(f"“{words}” is a comment in the routine; it is not spoken", span)
            self.texts = []
            if not draft.steps:
                draft.comments, comments = comments, []
            is_name = sentence_case(section.header) in {each.name for each in exercises_in(steps)}
            if section.header and not is_name and not _WARM_UP.match(section.header):
                comments.append(section.header)
            if section.count > 1:
                draft.steps.append(Rounds(section.count, section.lines[0].span, steps, comments=comments))
            else:
                steps[0].comments = comments
                draft.steps += steps
        # Nothing follows the last text, so there is time to speak it.
        draft.steps += [Say(draft.fit_text(words, span), span) for words, span in self.texts if draft.steps]
        return finish(draft)

    def sections(self) -> Iterator[_Section]:
        """The sections that have steps; other lines go to title, summary and `texts`. An empty line ends a section."""
        draft = self.draft
        rows = draft.source.text.splitlines()
        section = _Section()
        is_first = True
        for number, row in enumerate(rows, 1):
            words, span = clean(_MARKS.sub("", _QUOTE.sub("", row))), line_span(draft.source, number, row)
            if line := _step_line(row, span):
                section.lines.append(line)
                is_first = False
                continue
            if section.lines:
                yield section
                section = _Section()
            if not words:
                continue
            if _POOL.match(words):
                draft.warn("a routine has no pool length", span)
            else:
                self.read_header(section, words, span, is_first, rows[number] if number < len(rows) else "")
            is_first = False
        if section.lines:
            yield section

    def read_header(self, section: _Section, words: str, span: Span, is_first: bool, below: str) -> None:
        """A line that is not a step: the title, a repeat, the header of the steps below it, or text; `below` is the next one."""
        if section.header:
            self.add_text(section.header, span)
        count, header = _repeat(words)
        leads_steps = bool(_step_line(below, span))
        if below.strip() and (first := _TIMES_FIRST.fullmatch(words)):
            count, header = int(first[1]), first[2]
        if count:
            section.header, section.count = (header or section.header).strip(" :-"), count
        elif leads_steps:
            section.header = words.rstrip(" :")
        elif is_first and len(words.split()) <= TITLE_WORDS:
            self.draft.title = sentence_case(self.draft.fit_text(words, span))
        else:
            self.add_text(words, span)

    def add_text(self, words: str, span: Span) -> None:
        """The summary, or a comment."""
        if not self.draft.summary and not self.draft.steps and len(words.split()) > 3:
            self.draft.summary = self.draft.fit_text(words, span)
        else:
            self.texts.append((words, span))

    def steps(self, section: _Section) -> Iterator[Step]:
        """The section's steps; a step that is only `3x` takes those that are indented below it."""
        lines = list(section.lines)
        while lines:
            line = lines.pop(0)
            count, header = _repeat(line.text)
            if not count or read_target(line.text).work:
                yield from self.step(line, section)
                continue
            inner = _Section(header)
            is_flat = bool(lines) and lines[0].indent <= line.indent and not _repeat(lines[0].text)[0]
            if is_flat:
                self.draft.warn("no steps are indented below this; those below it are repeated", line.span)
            while lines and (lines[0].indent > line.indent or (is_flat and not _repeat(lines[0].text)[0])):
                inner.lines.append(_Line(lines[0].text, line.indent + 1, lines.pop(0).span))
            if steps := list(self.steps(inner)):
                yield Rounds(count, line.span, steps, comments=[header] if header and len(steps) > 1 else [])
            else:
                self.draft.warn(f"“{line.text}”: there is nothing to repeat here", line.span)

    def step(self, line: _Line, section: _Section) -> Iterator[Step]:
        """The steps of a line, which may be done several times."""
        times = _TIMES_BEFORE_STEP.match(line.text)
        text = line.text[times.end() if times else 0 :]
        if text.startswith("(") and text.endswith(")"):
            text = text[1:-1]
        steps = list(self.parts(text, line, section))
        count = int(times[1]) if times and steps else 1
        yield from [Rounds(count, line.span, steps)] if count > 1 else steps

    def parts(self, text: str, line: _Line, section: _Section) -> Iterator[Step]:
        """A step; several in a line: `5m 50%, 10m 60%`; a step and its rest: `5m 95% 1m rest`."""
        parts = _SEVERAL.split(text) if "<!>" not in text else []
        if len(parts) > 1 and all(part.work and part.aims for part in map(read_target, parts)):
            for part in parts:
                yield from self.step(_Line(part, line.indent, line.span), _Section())
            return
        if (
            (own := _OWN_REST.fullmatch(text))
            and read_target(own[1]).work
            and (rest := read_target(own[2] or own[3]).work)
        ):
            yield from self.parts(own[1], line, section)
            yield Rest(rest.low, line.span)
            return
        target = _with_prompts(text)
        for message in target.warnings:
            self.draft.warn(message, line.span)
        if target.work is None:
            hint = (
                "add an exercise for the time that it takes you" if target.distance else "add one, such as 10m or 30s"
            )
            self.draft.warn(f"“{line.text}” has no length of time", line.span, hint)
        elif target.is_rest:
            yield Rest(target.work.low, line.span)
        else:
            yield self.exercise(line, target, section)

    def exercise(self, line: _Line, target: Target, section: _Section) -> Exercise:
        """Its name is the prompt, the section's header or the target, whichever there is first."""
        assert target.work is not None
        if _TIMED_PROMPT.match(target.label):
            target.prompt, target.label = f"{target.prompt} {target.label}", ""
        before, *timed = _TIMED_PROMPT.split(target.prompt)
        prompt = _prompt(before or target.label)
        header = section.header if len(section.lines) == 1 or _WARM_UP.match(section.header) else ""
        is_name = prompt and len(prompt.split()) <= NAME_WORDS
        name = prompt if is_name else header or target.effort
        name = sentence_case(self.draft.fit_text(name.strip(" :,-"), line.span)) or "Go"
        words = [] if is_name or not prompt else [prompt if prompt[-1] in ".!?" else f"{prompt}."]
        if before and target.label:
            words.append(f"{sentence_case(target.label)}.")
        exercise = aimed_exercise(name, target.work.low // SECOND, target.aims, line.span, " ".join(words))
        for cue in exercise.cues:
            cue.say = self.draft.fit_text(cue.say, line.span)
        for seconds, text in zip(timed[::2], map(_prompt, timed[1::2]), strict=True):
            if say := self.draft.fit_text(text, line.span):
                exercise.cues.append(Cue(_prompt_ms(seconds), say, line.span))
        return exercise


def _with_prompts(text: str) -> Target:
    """A step whose prompts stand before `<!>`; its length stands behind it, or before the first timed prompt."""
    prompts, mark, step = text.rpartition("<!>")
    timed = _TIMED_PROMPT.search(prompts)
    if timed and not read_target(step).work and read_target(prompts[: timed.start()]).work:
        target = read_target(f"{prompts[: timed.start()]}{step}")
        target.prompt = f"{target.prompt} {prompts[timed.start() :].strip()}"
    else:
        target = read_target(step)
        target.prompt = f"{prompts.strip()} {target.prompt}".strip() if mark else target.prompt
    return target


def _prompt_ms(moment: str) -> int:
    """When a prompt is said: `90`, `90s` or `1m30` after the start."""
    minutes, _, seconds = moment.rstrip("s").rpartition("m")
    return (int(minutes or 0) * 60 + int(seconds or 0)) * SECOND


def _prompt(text: str) -> str:
    return clean(re.sub(r"<!>|[\[\]()]", " ", text)).strip(" ,:-/#")


def _repeat(words: str) -> tuple[int, str]:
    """How often, and the words before it; 0 if the line is no repeat."""
    match = _TIMES.fullmatch(words)
    return (int(match[2] or match[3]), _REPEAT_WORD.sub("", match[1] or "")) if match else (0, "")


def _step_line(row: str, span: Span) -> _Line | None:
    """A line with a dash, or one that is only a length and a target: `10m 70%`."""
    row = re.sub(r"(?<=\d)[’‘]", "'", re.sub(r"(?<=\d)[”“]", '"', _QUOTE.sub("", row)))
    if step := _STEP.fullmatch(row.rstrip()):
        return _Line(clean(step[2]), len(step[1].expandtabs(4)), span)
    target = read_target(words := clean(row))
    is_step = target.work and target.aims and not target.prompt and not target.label
    return _Line(words, 0, span) if is_step else None
