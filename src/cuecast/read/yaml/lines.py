"""Lines that YAML can't read: colons, dashes and indentation. Each fault is reported; the edits correct it.

`levels` are the lists and keys that are open before the line, from the outside in.
"""

from __future__ import annotations

import re

from cuecast.read.grammar import Grammar
from cuecast.read.yaml.nodes import Frame
from cuecast.read.yaml.patched_source import LINE, Edit, PatchedSource
from cuecast.read.yaml.pitfalls import is_moment, key_of, shown
from cuecast.read.yaml.quoting import quote_value

_BULLET = re.compile(r" *([–—−•·*])(?=\s)")
_DASHES = re.compile(r"(?:-(?:\s+|$))+")
_ANCHOR = re.compile(r"&([\w-]+)(?:\s+|$)")
_LOOSE = re.compile(r"([A-Za-z]{2,20}|-?[0-9][0-9hms:]{0,12})(\s*[:=\uff1a]\s*|\s+|$)")


def report_directive(source: PatchedSource, start: int) -> None:
    """Report a line that begins with `%`."""
    message = "a line can't begin with `%`"
    source.report("unsupported-yaml", message, start, source.line_end(start), "delete it")


def report_second_document(source: PatchedSource, start: int) -> None:
    """Report that a second document begins."""
    message = "a second document begins here; a file holds only one"
    hint = "put it into a file of its own, or delete this line"
    source.report("unsupported-yaml", message, start, source.content_end(start), hint)


def owner(levels: list[Frame]) -> str | None:
    """The key that has the innermost list."""
    return next((frame.key for frame in reversed(levels) if not frame.is_list), None)


def mend_line(source: PatchedSource, at: int, levels: list[Frame]) -> list[Edit]:
    """The correction of the line around a place."""
    start = source.line_start(at)
    line = source.text[start : source.line_end(start)]
    column = len(line) - len(line.lstrip(" "))
    if not line.strip() or line[column] == "#":
        return []
    if line[0] == "%":
        report_directive(source, start)
        return [Edit(start, source.line_end(start), "")]
    if re.match(r"---\s*$", line) or source.text[:start].rstrip().endswith("\n..."):
        report_second_document(source, start)
        return [Edit(start, len(source.text), "")]
    if bullet := _BULLET.match(line):
        at = start + column
        message = f"an entry of a list begins with `-`, not with `{bullet[1]}`"
        source.report("syntax", message, at, at + 1, f"write `{LINE}`")
        return [Edit(at, at + 1, "-")]
    levels = [frame for frame in levels if not frame.is_flow and frame.start < start]
    edits = _indentation(source, start, column, levels)
    if edits is not None:
        return edits
    dashes = _DASHES.match(line, column)
    if dashes:
        if dashes[0].strip("- "):
            return [Edit(start + column, start + dashes.end(), re.sub(r"[^-]", " ", dashes[0]))]
        column = dashes.end()
    if anchor := _ANCHOR.match(line, column):
        column = min(anchor.end(), len(line) - 1)
    if not line[column:] or line[column] == "#":
        return []
    found = key_of(line[column:])
    if found is None:
        return _without_key(source, start + column, bool(dashes), levels)
    name, colon = found
    if name[:1] == "-" and source.grammar.is_key(name[1:]) and not name[1:2].isdigit():
        at = start + column
        source.report("missing-space", "a space is missing after the dash", at, at + len(name), f"write `{LINE}`")
        return [Edit(at + 1, at + 1, " ")]
    value = line[column + colon + 1 :].lstrip()
    return quote_value(source, name, start + len(line) - len(value), column) if value and value[0] != "#" else []


def mend_loose_key(source: PatchedSource, at: int, is_item: bool, levels: list[Frame]) -> list[Edit]:
    """The correction of a key without its colon, or without the space behind it."""
    body = source.text[at : source.content_end(at)]
    match = _LOOSE.match(body)
    if not match or not _is_meant_as_key(source.grammar, match, is_item, levels):
        return []
    name, between = match[1], match[2]
    end = at + len(name)
    code, message = "missing-colon", f"a colon is missing after `{name}`"
    if "\uff1a" in between:
        message = f"the colon after `{name}` is a wide one, which is none here"
    elif between.startswith(":"):
        if len(between) > 1 or match.end() == len(body):
            return []
        code, message = "missing-space", f"a space is missing after `{name}:`"
        end += 1
    if len(body) > len(name) or source.text[at : source.block_end(at, source.column(at))].strip() != body:
        source.report(code, message, at, end, f"write `{LINE}`")
    # Otherwise it has no value either, and the reader says so.
    in_small_letters = [Edit(at, at + len(name), name.lower())] if name != name.lower() else []
    return [*in_small_letters, Edit(at + len(name), at + match.end(), ": " if len(body) > match.end() else ":")]


def shift(source: PatchedSource, start: int, column: int, target: Frame) -> list[Edit]:
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
    edits, takes_more = [], False
    is_of_root = found is not None and source.grammar.root.key(found[0]) is not None
    for line in source.lines(start):
        if line.body or line.start == start:
            is_dash = _is_dash(line.body, 0)
            is_sibling = line.indent == column and is_dash == target.is_list
            if column == 0 and not is_of_root and (key := key_of(line.body)):
                is_sibling = is_sibling and source.grammar.root.key(key[0]) is None
            is_below = line.indent > column and (line.indent != target.column or takes_more)
            if not is_sibling and not is_below:
                break
            if is_sibling:
                takes_more = line.body.endswith(":")
        if source.text[line.start : source.line_end(line.start)].strip():
            indent = max(0, line.indent + target.column - column)
            edits.append(Edit(line.start, line.start + line.indent, " " * indent))
    return edits


def _without_key(source: PatchedSource, at: int, is_item: bool, levels: list[Frame]) -> list[Edit]:
    """A line without `key: `: an entry of a list, text that goes on, or neither."""
    if edits := mend_loose_key(source, at, is_item, levels):
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


def _is_meant_as_key(grammar: Grammar, match: re.Match[str], is_item: bool, levels: list[Frame]) -> bool:
    name, body = match[1], match.string
    above = levels[-1] if levels and not is_item else None
    if (
        not grammar.is_key(name)
        or (is_item and (owner(levels) in grammar.lists or not name.isalpha()))
        or (above and above.is_awaiting and above.key in grammar.lists)
    ):
        return False
    # A sentence may begin with such a word too; a value that is no text has few words, or is a list.
    has_colon = ":" in match[2] or "\uff1a" in match[2]
    return grammar.takes_text(name) or has_colon or len(body.split(maxsplit=4)) <= 3 or body[match.end()] in "[{"


def _indentation(source: PatchedSource, start: int, column: int, levels: list[Frame]) -> list[Edit] | None:
    """The correction of a line that is in the column of none of its kind; None if it is where it belongs."""
    body = source.text[start + column : source.line_end(start)]
    is_dash = _is_dash(body, 0)
    around = [frame for frame in levels if frame.column <= column]
    top = around[-1] if around else None
    is_inside = len(around) == len(levels)
    if not levels or (top and is_inside and top.is_awaiting and top.column < column):
        return None
    is_key = (body[0] != "-" or body[1:2].isdigit()) and bool(key_of(body) or source.grammar.loose.match(body))
    if top and top.column == column:
        if top.is_list and is_key and not (len(around) > 1 and around[-2].column == column):
            inner = next(iter(levels[len(around) :]), None)
            if inner and not inner.is_list and inner.key:
                return shift(source, start, column, inner)  # below the dash, not beside the first key
        elif is_dash and not top.is_list and not top.is_awaiting:
            return _list_among_keys(source, start, column)
        return None
    if is_dash and top and is_inside and top.key == "rounds":
        # `rounds: 3` with its steps right below: that `steps:` is missing is said of it as a whole.
        return [Edit(start, source.block_end(start, column - 1), "")]
    fitting = [frame for frame in levels if frame.is_list == is_dash]
    if not fitting or not (is_dash or is_key):
        return None
    target = min(fitting, key=lambda frame: (abs(frame.column - column), -frame.column))
    return shift(source, start, column, target)


def _list_among_keys(source: PatchedSource, start: int, column: int) -> list[Edit]:
    """Report a `-` in the column of keys, and pass over the list that it begins."""
    body = source.text[start + column + 1 : source.content_end(start)].strip()
    found = key_of(body)
    message = "an entry of a list is among keys"
    hint = "a list belongs below its key, further in"
    if found and is_moment(found[0]):
        message, hint = "a `-` and a space begin an entry of a list", f"write `-{body}`, without the space"
    source.report("syntax", message, start + column, start + column + 1, hint)
    source.is_guess = True
    end = start
    for line in source.lines(start):
        if line.body and (line.indent < column or (line.indent == column and not _is_dash(line.body, 0))):
            break
        end = source.line_end(line.start)
    return [Edit(start, end, "")]


def _is_dash(line: str, column: int) -> bool:
    return line[column : column + 1] == "-" and (len(line) == column + 1 or line[column + 1].isspace())


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces" if count else "no spaces"
