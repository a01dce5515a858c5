"""Workouts as points in time: `.erg` (watts) and `.mrc` (percent), with the texts of their `[COURSE TEXT]`."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import ClassVar

from cuecast.importers.effort import aimed_exercise, effort_at, ramp_words
from cuecast.importers.ir import Cue, Draft, exercises_in, line_span, sentence_case
from cuecast.importers.simplify import finish
from cuecast.model.duration import SECOND
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported

_SECTION = re.compile(r"\s*\[(END )?COURSE (HEADER|DATA|TEXT)\]\s*", re.IGNORECASE)
_POINT = re.compile(r"\s*(\d{1,4}(?:\.\d{1,9})?)[\s,;]+(\d{1,5}(?:\.\d{1,9})?)\s*")
_TEXT = re.compile(r"\s*(\d{1,6}(?:\.\d{1,3})?)[\t ,;]+(.*?)(?:[\t ,;]+\d{1,4}(?:\.\d{1,3})?)?\s*")
_FTP = re.compile(r"\s*FTP\s*=\s*(\d{1,4}(?:\.\d{1,3})?)\s*", re.IGNORECASE)
_DESCRIPTION = re.compile(r"\s*description\s*=\s*(.*)", re.IGNORECASE)
_IN_PERCENT = re.compile(r"\s*minutes\s+percent\b.*", re.IGNORECASE)
_UNUSED = re.compile(r"\s*(?:(?:version|units|file ?name|ftp|minutes\s+watts|lap)\b|;).*|\s*", re.IGNORECASE)


class Erg:
    """Each stretch between two points is an exercise; texts are cues."""

    name: ClassVar[str] = "erg"
    suffixes: ClassVar[tuple[str, ...]] = (".erg", ".mrc")

    def recognises(self, name: str, text: str) -> bool:
        """By the heading of its data."""
        return re.search(r"^\s*\[COURSE DATA\]", text, re.IGNORECASE | re.MULTILINE) is not None

    def convert(self, source: Source) -> Imported:
        """The workout as a routine with `transition: 0s`."""
        draft = Draft(source, transition=0)
        points: list[tuple[int, float, Span]] = []
        cues: list[Cue] = []
        section, percent_of = "", 0.0
        for number, line in enumerate(source.text.splitlines(), 1):
            span = line_span(source, number, line)
            if match := _SECTION.fullmatch(line):
                section = "" if match[1] else match[2].upper()
            elif section == "DATA" and (match := _POINT.fullmatch(line)):
                points.append((round(float(match[1]) * 60), float(match[2]), span))
            elif section == "TEXT" and (match := _TEXT.fullmatch(line)):
                if words := draft.fit_text(match[2], span):
                    cues.append(Cue(round(float(match[1])) * SECOND, words, span))
            elif match := _DESCRIPTION.fullmatch(line):
                draft.summary = draft.fit_text(match[1], span, 160)
            elif match := _FTP.fullmatch(line):
                percent_of = percent_of or float(match[1])
            elif _IN_PERCENT.fullmatch(line):
                percent_of = 100.0
            elif not _UNUSED.fullmatch(line):
                draft.warn("this line is neither a point nor a text of the workout", span)
        _add_stretches(draft, points, cues, percent_of)
        return finish(draft)


def _add_stretches(draft: Draft, points: list[tuple[int, float, Span]], cues: list[Cue], percent_of: float) -> None:
    """An exercise from each point to the next, with its texts. Values are percents of `percent_of`, or watts if it is 0."""
    starts, unit = [], "%" if percent_of else " watts"
    for (start, low, span), (end, high, _) in pairwise(points):
        if end < start:
            draft.warn("this point lies before the one above it", span)
        if end <= start:
            continue
        share = 100 / percent_of if percent_of else 1
        values = round(low * share), round(high * share)
        target = ramp_words(*values, unit)
        name = effort_at(max(values)) if percent_of else sentence_case(target)
        starts.append(start * SECOND)
        draft.steps.append(aimed_exercise(name, end - start, [target], span))
    works = exercises_in(draft.steps)
    for cue in cues:
        at = bisect_right(starts, cue.ms) - 1
        if at < 0 or cue.ms >= starts[at] + works[at].work.low:
            draft.warn(f"“{cue.say}” comes after the end of the workout", cue.span)
        else:
            works[at].cues.append(Cue(cue.ms - starts[at], cue.say, cue.span))
