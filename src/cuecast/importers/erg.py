"""Workouts as points in time: `.erg` (watts) and `.mrc` (percent), with the texts of their `[COURSE TEXT]`."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import ClassVar

from cuecast.importers.effort import aimed_exercise, effort_at, ramp_words
from cuecast.importers.ir import Cue, Draft, exercises_in, line_span, sentence_case
from cuecast.importers.simplify import finish
from cuecast.model.duration import SECOND, ms_to_clock
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported

_SECTION = re.compile(r"\s*\[(END )?COURSE (HEADER|DATA|TEXT)\]\s*", re.IGNORECASE)
_N = r"\d{1,5}(?:[.,:]\d{1,9})?"
_POINT = re.compile(rf"\s*(?:({_N})[\s;]+({_N})|(\d{{1,4}}(?:\.\d{{1,9}})?)\s*,\s*(\d{{1,5}}(?:\.\d{{1,9}})?))\s*")
_TEXT = re.compile(r"\s*(\d{1,6}(?:\.\d{1,3})?)[\t ,;]+(.*?)\s*")
_SHOWN = re.compile(r"(.*?)(?:\t\s*|[ ,;]+)\d{1,4}(?:\.\d{1,3})?")
_COUNTED = frozenset(("of", "interval", "rep", "set", "round", "block", "part", "at", "to", "zone", "/"))
"""Words before a number that is a part of the text, as in `Rep 3 of 5`."""

_FTP = re.compile(r"\s*FTP\s*=\s*(\d{1,4}(?:\.\d{1,3})?)\s*", re.IGNORECASE)
_DESCRIPTION = re.compile(r"\s*description\s*=\s*(.*)", re.IGNORECASE)
_IN_PERCENT = re.compile(r"\s*(?:minutes|seconds)\s+(?:percent|%|ftp).*", re.IGNORECASE)
_IN_SECONDS = re.compile(r"\s*seconds\s+(?:percent|%|ftp|watts)", re.IGNORECASE)
_BY_DISTANCE = re.compile(r"\s*distance\s+(?:grade|watts|percent).*", re.IGNORECASE)
_UNUSED = re.compile(
    r"\s*(?:(?:version|units|file ?name|ftp|(?:minutes|seconds)\s+watts|lap)\b|;).*|\s*", re.IGNORECASE
)


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
        section, percent_of, in_minutes, in_seconds = "", 0.0, True, False
        for number, line in enumerate(source.text.splitlines(), 1):
            span = line_span(source, number, line)
            if match := _SECTION.fullmatch(line):
                section = "" if match[1] else match[2].upper()
            elif section == "DATA" and (match := _POINT.fullmatch(line)):
                time, value = (each for each in match.groups() if each)
                points.append((round(_minutes(time) * (1 if in_seconds else 60)), _minutes(value), span))
            elif section == "TEXT" and (match := _TEXT.fullmatch(line)):
                in_minutes = in_minutes and bool(re.fullmatch(r"\d+\.\d\d", match[1]))
                if words := draft.fit_text(_without_seconds(match[2]), span):
                    cues.append(Cue(round(float(match[1]) * SECOND), words, span))
            elif _IN_SECONDS.match(line):
                in_seconds, percent_of = True, 100.0 if _IN_PERCENT.fullmatch(line) else percent_of
            elif _BY_DISTANCE.fullmatch(line):
                hint = "export it as a workout in time: `MINUTES WATTS` or `MINUTES PERCENT`"
                draft.refuse("this is a course by distance, which no voice can time", span, hint)
            elif match := _DESCRIPTION.fullmatch(line):
                draft.summary = draft.fit_text(match[1], span, 160)
            elif match := _FTP.fullmatch(line):
                percent_of = percent_of or float(match[1])
            elif _IN_PERCENT.fullmatch(line):
                percent_of = 100.0
            elif not _UNUSED.fullmatch(line):
                draft.warn("this line is neither a point nor a text of the workout", span)
        if cues and in_minutes and points and max(cue.ms for cue in cues) * 60 <= points[-1][0] * SECOND:
            draft.warn("the times of these texts are taken for minutes, as those of the points", cues[0].span)
            cues = [Cue(cue.ms * 60, cue.say, cue.span) for cue in cues]
        for cue in cues:
            cue.ms = round(cue.ms / SECOND) * SECOND
        if points and points[0][0]:
            draft.warn(
                f"the first point is at {ms_to_clock(points[0][0] * SECOND)}: there the routine begins", points[0][2]
            )
        _add_stretches(draft, points, cues, percent_of)
        return finish(draft)


def _minutes(text: str) -> float:
    """A number with a point, a comma or as a clock: `1.5`, `1,5`, `1:30`."""
    whole, _, seconds = text.partition(":")
    return float(whole.replace(",", ".")) + (float(seconds) / 60 if seconds else 0)


def _without_seconds(text: str) -> str:
    """The text without the seconds for which it is shown; only a tab tells them from a number of the text."""
    match = _SHOWN.fullmatch(text)
    is_counted = match and "\t" not in text and match[1].lower().split()[-1:] in [[word] for word in _COUNTED]
    return match[1] if match and not is_counted else text


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
