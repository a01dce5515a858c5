"""The line at which YAML stops: a known fault of it is reported and corrected, else the line is taken out.

`levels` are the lists and keys that are open there, from the outside in.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from cuecast.read.yaml.nodes import Frame, owner
from cuecast.read.yaml.patched_source import LINE, Edit, PatchedSource
from cuecast.read.yaml.pitfalls import is_moment, key_of, shown
from cuecast.read.yaml.quoting import quote_in_braces, quote_value

_BULLET = re.compile(r" *([–—−•·*])(?=\s)")
_DASHES = re.compile(r"(?:-(?: +|$))+")
_LOOSE = re.compile(r"([A-Za-z]{2,20}|-?[0-9][0-9hms:]{0,12})(\s*[:=\uff1a]\s*|\s+|$)")

_STAR = re.compile(r"[\[,]\s*(\*[^\s,\]]*)")
"""A file pattern in a list, which YAML takes for a broken alias."""


class Value(NamedTuple):
    """Where a plain value or key begins; a value's key, and the column of that key."""

    start: int
    key: str | None
    column: int


def mend_fault(source: PatchedSource, fault: Exception, levels: list[Frame], last: Value | None) -> list[Edit]:
    """The correction where YAML stops; nothing if none is known.

    The fault may begin further up: with the last plain value, or where YAML began to read a scalar or a key.
    """
    context, mark = str(getattr(fault, "context", "")), getattr(fault, "context_mark", None)
    begun = mark.index if mark and ("scanning" in context or "scalar" in context) else None
    problem = _place_of(source, fault)
    if begun is not None and source.text[begun] == '"' and (edits := _mend_escape(source, begun, fault)):
        return edits
    if any(frame.is_flow for frame in levels):
        return _mend_braces(source, levels, problem)
    if last and last.key and (edits := quote_value(source, last.key, last.start, last.column)):
        return edits
    places = (last and not last.key and last.start, begun, problem)
    return next((edits for at in places if at is not None and (edits := _mend_line(source, at, levels))), [])


def blank_line(source: PatchedSource, fault: Exception) -> list[Edit]:
    """Take the line out at which YAML stops; the first such line of a file is reported."""
    start, end = source.content(_place_of(source, fault))
    if start == end or source.text[start] == "#":
        return []
    if not source.is_guess:
        hint = "check its brackets, its commas and its indentation; put words with `:` or `#` in quotes"
        source.report("syntax", "something in this line can't be read", start, end, hint)
    source.is_guess = source.is_cut = True
    return [Edit(start, end, "#")]


def mend_colon(source: PatchedSource, at: int, is_item: bool) -> list[Edit]:
    """The correction of a key without its colon, or without the space behind it."""
    body = source.text[at : source.content_end(at)]
    match = _LOOSE.match(body)
    if not match or not source.grammar.is_key(match[1]) or (is_item and not match[1].isalpha()):
        return []
    name, between = match[1], match[2]
    has_colon = ":" in between.strip() or "\uff1a" in between
    if between.startswith(":") and (len(between) > 1 or match.end() == len(body)):
        return []
    # A sentence may begin with such a word too; a value that is no text has few words, or is a list.
    is_clear = source.grammar.takes_text(name) or has_colon or body[match.end() :].startswith(("[", "{"))
    if not is_clear and len(body.split(maxsplit=4)) > 3:
        return []
    code, message = "missing-colon", f"a colon is missing after `{name}`"
    if between.startswith(":"):
        code, message = "missing-space", f"a space is missing after `{name}:`"
    source.report(code, message, at, at + len(name) + between.startswith(":"), f"write `{LINE}`")
    new = name.lower() + (": " if len(body) > match.end() else ":")
    return [Edit(at, at + match.end(), new)]


def _place_of(source: PatchedSource, fault: Exception) -> int:
    """Where YAML stops: at the last line with content before its mark."""
    mark: Any = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    at: int = min(mark.index, len(source.text) - 1) if mark else 0
    while at > 0 and re.match(r"\s*(?:#|$)", source.text[source.line_start(at) : source.line_end(at)]):
        at = source.line_start(at) - 1
    return max(at, 0)


def _mend_line(source: PatchedSource, at: int, levels: list[Frame]) -> list[Edit]:
    """The correction of the line around a place."""
    start = source.line_start(at)
    line = source.text[start : source.line_end(start)]
    column = len(line) - len(line.lstrip(" "))
    if not line.strip() or line[column] == "#":
        return []
    if bullet := _BULLET.match(line):
        message = f"an entry of a list begins with `-`, not with `{bullet[1]}`"
        source.report("syntax", message, start + column, start + column + 1, f"write `{LINE}`")
        return [Edit(start + column, start + column + 1, "-")]
    levels = [frame for frame in levels if not frame.is_flow and frame.start < start]
    edits = _mend_indent(source, start, column, levels)
    if edits is not None:
        return edits
    dashes = _DASHES.match(line, column)
    column = dashes.end() if dashes else column
    if not line[column:] or line[column] == "#":
        return []
    found = key_of(line[column:])
    if found is None:
        return _mend_without_key(source, start + column, bool(dashes), levels)
    name, colon = found
    if name[:1] == "-" and source.grammar.is_key(name[1:]) and not name[1:2].isdigit():
        at = start + column
        source.report("missing-space", "a space is missing after the dash", at, at + len(name), f"write `{LINE}`")
        return [Edit(at + 1, at + 1, " ")]
    value = line[column + colon + 1 :].lstrip()
    return quote_value(source, name, start + len(line) - len(value), column) if value and value[0] != "#" else []


def _mend_indent(source: PatchedSource, start: int, column: int, levels: list[Frame]) -> list[Edit] | None:
    """The correction of a line that is in the column of none of its kind; None if it is where it belongs."""
    body = source.text[start + column : source.line_end(start)]
    is_dash = _is_dash(body)
    around = [frame for frame in levels if frame.column <= column]
    if not levels or (around and around == levels and around[-1].is_awaiting and around[-1].column < column):
        return None
    if any(frame.column == column and frame.is_list == is_dash for frame in around):
        return None
    if is_dash and around and not around[-1].is_list and (around[-1].column == column or around == levels):
        return None if around[-1].is_awaiting else _skip_list(source, start, column)
    fitting = [frame for frame in levels if frame.is_list == is_dash]
    loose = _LOOSE.match(body)
    is_key = (body[0] != "-" or body[1:2].isdigit()) and bool(
        key_of(body) or (loose and source.grammar.is_key(loose[1]))
    )
    if not fitting or not (is_dash or is_key):
        return None
    return _shift(source, start, column, min(fitting, key=lambda frame: (abs(frame.column - column), -frame.column)))


def _shift(source: PatchedSource, start: int, column: int, target: Frame) -> list[Edit]:
    """Report a wrong indent, and move the line with all that belongs to it."""
    body = source.text[start + column : source.content_end(start)]
    found = key_of(body[1:].lstrip() if target.is_list else body)
    name = "this `-`" if target.is_list else f"`{shown(found[0])}`" if found else "this line"
    if not source.typed(start, start + column).strip(" "):  # else it is reported as a tab already
        message = f"{name} is indented by {_spaces(column)}, those it belongs with by {_spaces(target.column)}"
        end = 1 if target.is_list else found[1] if found else len(body)
        hint = f"put {_spaces(target.column)} before it"
        source.report("wrong-indent", message, start + column, start + column + end, hint)
    source.is_guess = True
    edits, opens = [], False
    for line in source.lines(start):
        if line.body:
            is_sibling = line.indent == column and _is_dash(line.body) == target.is_list
            if not is_sibling and (line.indent <= column or (line.indent == target.column and not opens)):
                break
            opens = line.body.endswith(":") if is_sibling else opens
            indent = max(0, line.indent + target.column - column)
            edits.append(Edit(line.start, line.start + line.indent, " " * indent))
    return edits


def _skip_list(source: PatchedSource, start: int, column: int) -> list[Edit]:
    """Report a `-` in the column of keys, and pass over the list that it begins."""
    body = source.text[start + column + 1 : source.content_end(start)].strip()
    found = key_of(body)
    message, hint = "an entry of a list is among keys", "a list belongs below its key, further in"
    if found and is_moment(found[0]):
        hint = f"write `-{body}`, without the space"
    source.report("syntax", message, start + column, start + column + 1, hint)
    source.is_guess = True
    end = start
    for line in source.lines(start):
        if line.body and (line.indent < column or (line.indent == column and not _is_dash(line.body))):
            break
        end = source.line_end(line.start)
    return [Edit(start, end, "")]


def _mend_without_key(source: PatchedSource, at: int, is_item: bool, levels: list[Frame]) -> list[Edit]:
    """A line without `key: `: a key without its colon, an entry of a list, text that goes on, or neither."""
    if edits := mend_colon(source, at, is_item):
        return edits
    if is_item or source.text[at] in "?!*&{[":
        name = owner(levels) if is_item else None
        is_known = source.grammar.is_key(name or "")
        return quote_value(source, name if is_known else None, at, levels[-1].column if levels else -1)
    line = source.line_start(at)
    above = source.text[source.line_start(line - 1) : line].strip() if line else ""
    if above != "#":  # else the line above was such a line, too: they are one fault
        hint = source.grammar.begins
        if above.startswith("#"):
            hint = "if it goes on with the text above, take the comment out from between"
        elif levels:
            hint = "if it goes on with the text above, indent it further"
        message = "this line is neither `key: value` nor an entry of a list (`- …`)"
        source.report("syntax", message, at, source.content_end(at), hint)
    source.is_guess = True
    return [Edit(line, source.line_end(line), "#")]


def _mend_braces(source: PatchedSource, levels: list[Frame], problem: int) -> list[Edit]:
    """Text without quotes in brackets, or a bracket that is never closed."""
    start = next(frame.start for frame in levels if frame.is_flow)
    column = max((frame.column for frame in levels if not frame.is_flow), default=-1)
    limit = source.block_end(start, column)
    if edits := quote_in_braces(source, start, limit):
        return edits
    if star := _STAR.search(source.text, source.line_start(problem), source.line_end(problem)):
        source.report("syntax", "a word that begins with `*` needs quotes", *star.span(1), f"write `'{star[1]}'`")
        return [Edit(*star.span(1), f"'{star[1]}'")]
    region = source.text[start:limit].rstrip()
    is_open = sum(region.count(char) for char in "[{") > sum(region.count(char) for char in "]}")
    if not is_open and problem < start + len(region):
        return []
    innermost = next(frame.start for frame in reversed(levels) if frame.is_flow)
    comment = re.compile(r"\s#").search(region, region.rfind("\n") + 1)
    end = start + (comment.start() if comment else len(region))
    bracket = source.text[innermost]
    close = "}" if bracket == "{" else "]"
    hint = (
        f"write `{LINE}`" if source.line_start(innermost) == source.line_start(end) else f"put `{close}` where it ends"
    )
    source.report("syntax", f"the `{bracket}` that opens here is never closed", innermost, innermost + 1, hint)
    source.is_guess = True
    return [Edit(end, end, close)]


def _mend_escape(source: PatchedSource, start: int, fault: Any) -> list[Edit]:
    """The correction of a backslash that means nothing, in the text in double quotes at `start`."""
    at = (
        source.text.rfind("\\", start, fault.problem_mark.index + 2)
        if "escape" in fault.problem or "hex" in fault.problem
        else -1
    )
    if at < 0:
        return []
    hint = "use single quotes, or write the backslash twice"
    source.report("syntax", f"`{source.text[at : at + 2]}` means nothing inside double quotes", at, at + 2, hint)
    return [Edit(at, at + 1, "/")]


def _is_dash(body: str) -> bool:
    return body[:1] == "-" and (len(body) == 1 or body[1].isspace())


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces" if count else "no spaces"
