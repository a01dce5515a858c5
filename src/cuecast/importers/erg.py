"""Workouts as points in time: `.erg` (watts) and `.mrc` (percent), with the texts of their `[COURSE TEXT]`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import ClassVar

from cuecast.importers.ir import Cue, Draft, Exercise, line_span, sentence_case
from cuecast.importers.simplify import finish
from cuecast.importers.target import effort_at
from cuecast.model.duration import SECOND, DurationRange
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported

_SECTION = re.compile(r"\s*\[(END )?COURSE (HEADER|DATA|TEXT)\]\s*", re.IGNORECASE)
_POINT = re.compile(r"\s*(\d{1,4}(?:\.\d{1,9})?)[\s,;]+(\d{1,5}(?:\.\d{1,9})?)\s*")
_TEXT = re.compile(r"\s*(\d{1,6}(?:\.\d{1,3})?)[\t ,;]+(.*?)(?:[\t ,;]+\d{1,4}(?:\.\d{1,3})?)?\s*")
_FIELD = re.compile(r"\s*([\w ]+?)\s*=\s*(.*?)\s*")
_UNUSED = re.compile(r"\s*(?:version|units|file ?name|ftp|minutes\s+(?:watts|percent)|lap)\b.*", re.IGNORECASE)


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
        section, ftp, in_percent = "", 0.0, False
        for number, line in enumerate(source.text.splitlines(), 1):
            span = line_span(source, number, line)
            if match := _SECTION.fullmatch(line):
                section = "" if match[1] else match[2].upper()
            elif section == "DATA" and (match := _POINT.fullmatch(line)):
                points.append((round(float(match[1]) * 60), float(match[2]), span))
            elif section == "TEXT" and (match := _TEXT.fullmatch(line)):
                if words := draft.fit_text(match[2], span):
                    cues.append(Cue(round(float(match[1])) * SECOND, words, span))
            elif (match := _FIELD.fullmatch(line)) and match[1].lower() == "description":
                draft.summary = draft.fit_text(match[2], span, 160)
            else:
                in_percent |= re.search(r"minutes\s+percent", line, re.IGNORECASE) is not None
                if (
                    (match := _FIELD.fullmatch(line))
                    and match[1].lower() == "ftp"
                    and _POINT.fullmatch(f"0 {match[2]}")
                ):
                    ftp = float(match[2])
                elif line.strip() and not _UNUSED.fullmatch(line) and not line.lstrip().startswith(";"):
                    draft.warn("this line is neither a point nor a text of the workout", span)
        for (start, low, span), (end, high, _) in pairwise(points):
            if end > start:
                share = 1.0 if in_percent else 100 / ftp if ftp else 0.0
                draft.steps.append(_exercise(draft, cues, (start, end), (low, high), share, span))
            elif end < start:
                draft.warn("this point lies before the one above it", span)
        for cue in cues:
            draft.warn(f"“{cue.say}” comes after the end of the workout", cue.span)
        return finish(draft)


def _exercise(
    draft: Draft, cues: list[Cue], time: tuple[int, int], values: tuple[float, float], share: float, span: Span
) -> Exercise:
    """The stretch from one point to the next; it takes its texts out of `cues`. `share` makes values percents."""
    ms = (time[1] - time[0]) * SECOND
    low, high = (round(value * share) if share else round(value) for value in values)
    unit = "%" if share else " watts"
    target = f"{low}{unit}" if low == high else f"From {low} to {high}{unit}"
    exercise = Exercise(effort_at(max(low, high)) if share else sentence_case(target), span, DurationRange(ms, ms))
    if share:
        exercise.cues.append(Cue(0, f"{target}.", span))
    for cue in [cue for cue in cues if time[0] * SECOND <= cue.ms < time[1] * SECOND]:
        cues.remove(cue)
        exercise.cues.append(Cue(cue.ms - time[0] * SECOND, cue.say, cue.span))
    return exercise
