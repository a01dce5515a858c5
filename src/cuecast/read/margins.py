"""The left margin: spaces and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from cuecast.model.source import Span
from cuecast.read.patched_source import Page


def straighten(page: Page) -> dict[int, str]:
    """Indent by spaces alone: two for a tab, one for a space of another kind. Gives the margins that were not so."""
    odd = {}
    for row, line in enumerate(page.lines):
        body = line.lstrip()
        margin = line[: len(line) - len(body)]
        if margin.strip(" "):
            page.set_indent(row, sum(2 if char == "\t" else 1 for char in margin))
            if body and body[0] != "#":
                odd[row] = margin
    return odd


def report_margins(page: Page, odd: Mapping[int, str]) -> None:
    """Report the margins, all at once: they mostly come from one setting of an editor."""
    if not odd:
        return
    row = min(odd)
    page.shaky = True
    what = "a tab" if "\t" in odd[row] else "a space of another kind"
    others = f", and {len(odd) - 1} more below" if len(odd) > 1 else ""
    page.report(
        "tabs",
        f"this line is indented with {what}{others}",
        Span(page.source.name, row + 1, 1, row + 1, len(odd[row]) + 1),
        "indent with spaces only, two for each level",
    )
