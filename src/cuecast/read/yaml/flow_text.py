"""Text inside `{ }`: where it ends. YAML cuts it at every comma and brace; its author goes on to the next known key."""

from __future__ import annotations

import re

from cuecast.read.grammar import Grammar
from cuecast.read.yaml.pitfalls import is_rest_empty, quoted

_SPACE = r"(?:\s|(?<=\s)#[^\n]{0,500}+(?=\n))*"
_KEY = r"""[^\s,{}\[\]"'#:&*!|>%@`][^,{}\[\]#:\n]{0,40}?|-?[0-9][0-9:hms]{0,12}?"""
_NEXT_KEY = re.compile(rf",{_SPACE}(?:({_KEY})|\"([^\"\n]{{0,40}})\"|'([^'\n]{{0,40}})')\s{{0,9}}:(?=\s|$)")
_CLOSER = re.compile(rf",?{_SPACE}[}}\]]")
_AFTER_QUOTED = re.compile(rf"{_SPACE}(?:[,}}]|$)")
_ALIAS = re.compile(r"\*[\w-]+\s*[,}\]]")
_FIELD = re.compile(r"\{\s*\w*\s*\}")


def flow_text_end(text: str, start: int, limit: int, grammar: Grammar) -> int | None:
    """The end of the plain text at `start`; None if it is quoted, an alias, a list or keys, or has no end."""
    char = text[start : start + 1]
    found = quoted(text, start) if char and char in "\"'" else None
    if (
        not char
        or text.find("}", start, limit) < 0
        or (found and _AFTER_QUOTED.match(text, found.end))
        or (char == "*" and _ALIAS.match(text, start))
        or (char in "[{" and not _begins_text(text, start))
    ):
        return None
    at, doubled = start, 0
    while at < limit:
        char = text[at]
        if text.startswith("{{", at):
            doubled += 1
            at += 1
        elif doubled and text.startswith("}}", at):
            doubled -= 1
            at += 1
        elif char == "{" and text.find("}", at, at + 30) > 0:
            at = text.find("}", at)
        elif char == "}" or (char in ",\n" and _ends(text, at, grammar)):
            return start + len(text[start:at].rstrip())
        at += 1
    return None


def is_bracketed_text(line: str) -> bool:
    """Whether a line's value that begins with a bracket is text, and not a list or keys."""
    if line[0] == "{":
        return not re.match(r"\{\s*[^{}:,]+:\s", line) or not is_rest_empty(line[line.rfind("}") + 1 :])
    return line[-1] != "]"


def _begins_text(text: str, at: int) -> bool:
    """Whether a bracket begins a sentence, as in `{side} leg`."""
    if text[at] == "{":
        return bool(_FIELD.match(text, at))
    end = text.find("]", at)
    return end < 0 or not _AFTER_QUOTED.match(text, end + 1)


def _ends(text: str, at: int, grammar: Grammar) -> bool:
    if text[at] == ",":
        match = _NEXT_KEY.match(text, at)
        if match and grammar.is_nearly_key((match[1] or match[2] or match[3] or "").strip()):
            return True
    return bool(_CLOSER.match(text, at))
