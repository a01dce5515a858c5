"""An importer from another package: lists of exercises with work, rest and rounds.

Squats 20/10 x 8
Mountain climbers 30/15 x 4

cuecast import evening.tabata -o evening.yaml
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import ClassVar

from cuecast.model.diagnostics import Diagnostic, error, warning
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported

_LINE = re.compile(r"(?P<name>[^\W\d_][\w ,'-]{0,60}) (?P<work>[1-9]\d{0,2})/(?P<rest>\d{1,3}) x (?P<sets>[1-9]\d?)")


class Tabata:
    """Each line that it knows is an exercise with sets; all others are warnings, so that nothing is lost in silence."""

    name: ClassVar[str] = "tabata"
    suffixes: ClassVar[tuple[str, ...]] = (".tabata",)

    def recognises(self, name: str, text: str) -> bool:
        """By the file's name. By content is better, if the format has something that no other has."""
        return name.endswith(self.suffixes)

    def convert(self, source: Source) -> Imported:
        """The routine that a person would have written."""
        lines = [f"title: {_quoted(PurePath(source.name).stem)}", "steps:"]
        found: list[Diagnostic] = []
        for number, line in enumerate(source.text.splitlines(), 1):
            if match := _LINE.fullmatch(line.strip()):
                lines += [
                    f"  - exercise: {_quoted(match['name'].strip())}",
                    f"    work: {match['work']}s",
                    f"    rest: {match['rest']}s",
                    f"    sets: {match['sets']}",
                ]
            elif line.strip():
                span = Span(source.name, number, 1, number, len(line) + 1)
                found.append(warning("not-carried-over", "this line is not `NAME WORK/REST x SETS`", span))
        if len(lines) == 2:
            return Imported("", (error("bad-import", "it has no exercise", Span(source.name, 1, 1, 1, 1)),))
        return Imported("\n".join(lines) + "\n", tuple(found))


def _quoted(text: str) -> str:
    """Text for YAML: JSON's quotes are YAML's, and a brace would begin a field."""
    return json.dumps(text.replace("{", "{{").replace("}", "}}"), ensure_ascii=False)
