"""The table that `cuecast plan` prints: its works and rests, as a routine again."""

from __future__ import annotations

import re
from typing import ClassVar

from cuecast.importers.ir import Draft, Exercise, Rest, line_span
from cuecast.importers.simplify import finish
from cuecast.model.duration import DurationError, DurationRange
from cuecast.model.source import Source
from cuecast.phrases.lengths import text_to_ms
from cuecast.protocols import Imported

_HEAD = re.compile(r"\d[\d:]* in all · .* \((?P<language>\w\w)[\w-]*\) speaks ")
_ROW = re.compile(r"\s*\d[\d:]*\s+(?P<time>[\dhms.]+)\s+(?P<kind>[a-z-]+)(?:\s+(?P<name>\S.*?))?\s*")
_ROUND = re.compile(r", round \d+ of \d+$")
_SIDES = {"left": "left", "right": "right", "both sides": "both", "links": "left", "rechts": "right"}
_SIDES |= {"beide seiten": "both", "izquierda": "left", "derecha": "right", "ambos lados": "both"}


class Plan:
    """Works and rests come back with their names, sides and lengths; the words that are spoken do not."""

    name: ClassVar[str] = "plan"
    suffixes: ClassVar[tuple[str, ...]] = (".txt",)

    def recognises(self, name: str, text: str) -> bool:
        """By the line below the title."""
        return any(_HEAD.match(line) for line in text.splitlines()[1:5])

    def convert(self, source: Source) -> Imported:
        """A routine of the same works; rounds are written out."""
        draft = Draft(source)
        lines = source.text.splitlines()
        head = next((i for i, line in enumerate(lines) if _HEAD.match(line)), 0)
        draft.title = draft.fit_text(" ".join(lines[:head]), draft.start)
        if match := _HEAD.match(lines[head] if lines else ""):
            draft.language = match["language"]
        before = ""
        for number, line in enumerate(lines[head + 1 :], head + 2):
            match, span = _ROW.fullmatch(line), line_span(source, number, line)
            if not match:
                continue
            try:
                ms = text_to_ms(match["time"])
            except DurationError:
                draft.warn(f"“{match['time']}” is not a length in whole seconds", span)
                continue
            if match["kind"] == "rest":
                draft.steps.append(Rest(ms, span, is_own=True))
            elif match["kind"] == "work":
                name, side = _name_and_side(match["name"] or "")
                last = draft.steps[-1] if draft.steps else None
                work = DurationRange(ms, ms)
                if before == "switch" and isinstance(last, Exercise) and (last.name, last.work) == (name, work):
                    last.sides = (*last.sides, *side)
                else:
                    draft.steps.append(Exercise(draft.fit_text(name, span) or "Exercise", span, work, side))
            before = match["kind"]
        draft.note("the words that the plan quotes are left out; what it times comes back", draft.start)
        return finish(draft)


def _name_and_side(text: str) -> tuple[str, tuple[str, ...]]:
    """`Calves, left, round 1 of 2` in its parts."""
    text = _ROUND.sub("", text)
    name, _, side = text.rpartition(", ")
    known = _SIDES.get(side.lower())
    return (name, (known,)) if known else (text, ())
