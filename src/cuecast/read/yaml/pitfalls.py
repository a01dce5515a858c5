"""Text that YAML reads differently than its author wrote it: missing quotes, and accidental comments."""

from __future__ import annotations

import re
from typing import NamedTuple

CURLY = "“”„‟«»‘’‚‛"
"""Typographic quotation marks, which YAML does not know."""

_MOMENT = re.compile(
    r"(?:start|half|halfway|middle|end|(?:every |-)?[0-9][0-9hms:]*(?: ?(?:sec|min|sek|seg)[a-z]*)?)", re.IGNORECASE
)
_HASH = re.compile(r"(?:(?<=\s)|^)#")
_COLON = re.compile(r":(?=\s|$)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'(?!\')', re.DOTALL)

# Code, what the text begins with (`text`: what was meant) or has in it, and the message.
_PITFALLS = (
    ("curly-quotes", rf"([{CURLY}])(?P<text>.*)([{CURLY}])\Z", "{1} and {3} are not quotes here; straight ones are"),
    ("unclosed-quote", r"(\"|'(?=\s))(?P<text>(?:(?!\1).)*)\Z", "the quote that opens here is never closed"),
    (
        "text-needs-quotes",
        r"(['\"])(?P<text>(?:(?!\1).)+\1[^\W_].*)\1\Z",
        "a `{1}` inside of the text ends it too early",
    ),
    ("text-needs-quotes", r"(['\"])", "a text that begins with `{1}` needs quotes around all of it"),
    ("text-needs-quotes", r"(`)", "a text that begins with a backtick needs quotes"),
    ("text-needs-quotes", r"([{}\[\]&*!|>%@,]|[-?:](?=\s|\Z))", "a text that begins with `{1}` needs quotes"),
)
_PITFALLS_INSIDE = (
    ("words-lost", r"(?:(?<=\s)|^)#", "the words from the `#` on are lost: they would be taken for a comment"),
    ("text-needs-quotes", r":(?=\s|$)", "a text with a colon in it needs quotes"),
)
_IN_BRACES = "a text with {} in it needs quotes here, inside `{{ }}`"
_PITFALLS_IN_BRACES = (
    ("text-needs-quotes", ",", _IN_BRACES.format("a comma")),
    ("text-needs-quotes", "[{}]", _IN_BRACES.format("braces")),
    ("text-needs-quotes", r"[\[\]]", _IN_BRACES.format("brackets")),
)


class Pitfall(NamedTuple):
    """Text that YAML misreads: code and message of the diagnostic, and the text that the author wanted."""

    code: str
    message: str
    text: str


def is_moment(name: str) -> bool:
    """Whether it looks like a moment: a key of `cues`."""
    return bool(_MOMENT.fullmatch(name))


def shown(text: str) -> str:
    """The text as messages show it: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"


def quote(text: str) -> str:
    """The text in quotes that YAML reads back as it is."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def quoted_end(text: str, start: int) -> int | None:
    """The end of the quoted text at `start`; None if it is not closed."""
    match = _QUOTED.match(text, start)
    return match.end() if match else None


def key_of(body: str) -> tuple[str, int] | None:
    """The key at the start of a line's body, and the column of its colon; None without one."""
    if body[:1] in ("'", '"'):
        end = quoted_end(body, 0)
        if end is None:
            return None
        colon = end + len(body[end:]) - len(body[end:].lstrip())
        return (body[1 : end - 1], colon) if _COLON.match(body, colon) else None
    if not body or body[0] in "[]{}#&*!|>%@`," or body[:2] in ("- ", "? ", ": "):
        return None
    match = _COLON.search(body)
    if match is None or _HASH.search(body, 0, match.start()):
        return None
    return body[: match.start()].rstrip(), match.start()


def is_rest_empty(text: str) -> bool:
    """Whether what follows a complete value is nothing, or a comment."""
    body = text.lstrip()
    return not body or (body[0] == "#" and body != text)


def plain_pitfall(text: str, in_braces: bool = False) -> Pitfall | None:
    """Why a plain text needs quotes, or None."""
    for code, pattern, message in _PITFALLS:
        if match := re.match(pattern, text, re.DOTALL):
            inner = match.groupdict().get("text")
            wanted = text if inner is None else inner.strip().replace("''", "'").replace('\\"', '"')
            return Pitfall(code, message.format("", *match.groups()), wanted)
    for code, pattern, message in (*_PITFALLS_INSIDE, *(_PITFALLS_IN_BRACES if in_braces else ())):
        if re.search(pattern, text):
            return Pitfall(code, message, text)
    return None


def curly_quotes(text: str) -> Pitfall | None:
    """The pitfall of curly quotes around a whole text, or None."""
    return plain_pitfall(text) if text[:1] in CURLY and text[-1:] in CURLY and len(text) > 1 else None
