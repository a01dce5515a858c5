"""A text format from another package: the works of a track as a table in Markdown.

cuecast plan ROUTINE --format markdown
cuecast plan ROUTINE -o plan.md
cuecast render ROUTINE --with markdown
"""

from __future__ import annotations

from typing import ClassVar

from cuecast.export.text_utils import name_of, one_line
from cuecast.model.duration import ms_to_clock, ms_to_text
from cuecast.model.timeline import Kind, Timeline


class Markdown:
    """One row for each work: when it begins, how long it is, what is done."""

    name: ClassVar[str] = "markdown"
    suffix: ClassVar[str] = ".md"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        rows = [
            f"| {ms_to_clock(interval.start)} | {ms_to_text(interval.end - interval.start)} "
            f"| {_cell(name_of(interval, timeline.language))} |"
            for interval in timeline.intervals
            if interval.kind is Kind.WORK
        ]
        return "\n".join([f"# {one_line(timeline.title)}", "", "| at | for | exercise |", "|---|---|---|", *rows, ""])


def _cell(text: str) -> str:
    """A stranger's text must not end a row or a cell."""
    return one_line(text).replace("\\", "\\\\").replace("|", "\\|")
