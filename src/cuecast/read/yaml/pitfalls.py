"""Text that YAML reads differently than its author wrote it: missing quotes, accidental comments, wrong escapes."""

from __future__ import annotations

import re
from typing import NamedTuple

CURLY = "“”„‟«»‘’‚‛"
"""Typographic quotation marks, which YAML does not know."""

_MOMENT = re.compile(r"(?:start|half|end|every [0-9hms:]+|-?[0-9][0-9hms:]*)", re.IGNORECASE)
_HASH = re.compile(r"(?:(?<=\s)|^)#")
_COMMENT = re.compile(r"(?:  |\t)#(?=\s|$)")
_COLON = re.compile(r":(?=\s|$)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'(?!\')', re.DOTALL)
_ESCAPE = re.compile(
    r'\\(?:[0abt\tnvfre "/\\N_LP\n]|x[0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}'
    r"|U(?:0000(?![dD][89a-fA-F])|000[1-9a-fA-F]|0010)[0-9a-fA-F]{4})"
)
_HALF = r"\\(?:u|U0000)(?P<{}>[dD][{}][0-9a-fA-F]{{2}})"
_HIGH, _LOW, _LONE = _HALF.format("high", "89abAB"), _HALF.format("low", "c-fC-F"), _HALF.format("lone", "c-fC-F")
_CODED = re.compile(f"{_HIGH}(?:{_LOW})?|{_LONE}")
_FAR = re.compile(r"\\U[0-9a-fA-F]{8}")
_BACKSLASHED = re.compile(r'\\.?|"')


class Pitfall(NamedTuple):
    """Text that YAML misreads: code and message of the diagnostic, and the text that the author wanted."""

    code: str
    message: str
    text: str


class Quoted(NamedTuple):
    """Where a quoted text ends, and its first wrong escape, or None."""

    end: int
    bad_escape: int | None


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


def quoted(text: str, start: int) -> Quoted | None:
    """The quoted text at `start`; None if it has no end."""
    match = _QUOTED.match(text, start)
    if not match:
        return None
    bad = None
    if text[start] == '"':
        at = text.find("\\", start, match.end())
        while at >= 0 and bad is None:
            escape = _ESCAPE.match(text, at)
            bad = at if escape is None else None
            at = text.find("\\", escape.end(), match.end()) if escape else -1
    return Quoted(match.end(), bad)


def bad_escape(line: str, at: int) -> tuple[str, str, str]:
    """A wrong escape at `at`: as typed, the message, and a hint."""
    if half := _CODED.match(line, at):
        if half["low"]:
            pair = bytes.fromhex(half["high"] + half["low"]).decode("utf-16-be")
            return half[0], f"`{half[0]}` is one character in two halves", f"write `{pair}` itself"
        return half[0], f"`{half[0]}` is half a character", "write the character itself"
    if far := _FAR.match(line, at):
        return far[0], f"`{far[0]}` is no character; they end at `\\U0010ffff`", "write the character itself"
    typed = line[at : at + 2]
    return typed, f"`{typed}` means nothing inside double quotes", "use single quotes, or write the backslash twice"


def bad_escapes(line: str, at: int) -> list[int]:
    """The wrong escapes from there to the closing double quote."""
    found = []
    for match in _BACKSLASHED.finditer(line, at):
        if match[0] == '"':
            break
        if not _ESCAPE.match(line, match.start()) and match.end() < len(line):
            found.append(match.start())
    return found


def key_of(body: str) -> tuple[str, int] | None:
    """The key at the start of a line's body, and the column of its colon; None without one."""
    if body[0] in "\"'":
        found = quoted(body, 0)
        if found is None:
            return None
        colon = found.end + len(body[found.end :]) - len(body[found.end :].lstrip())
        return (body[1 : found.end - 1], colon) if _COLON.match(body, colon) else None
    if body[0] in "[]{}#&*!|>%@`," or body[:2] in ("- ", "? ", ": "):
        return None
    match = _COLON.search(body)
    if match is None or _HASH.search(body, 0, match.start()):
        return None
    return body[: match.start()].rstrip(), match.start()


def comment(text: str, gap: str) -> int | None:
    """Where a certain comment begins: two spaces or a tab before the `#`, a space after it.

    `gap` is the space before the text.
    """
    match = _COMMENT.search(gap + text)
    return match.end() - 1 - len(gap) if match else None


def is_rest_empty(text: str) -> bool:
    """Whether what follows a complete value is nothing, or a comment."""
    body = text.lstrip()
    return not body or (body[0] == "#" and body != text)


def plain_pitfall(text: str, continued: bool = False) -> Pitfall | None:
    """Why a plain text needs quotes, or None. `continued`: it goes on from the line above."""
    if not continued:
        pitfall = _first_character(text)
        if pitfall:
            return pitfall
    hash_ = _HASH.search(text)
    if hash_:
        return Pitfall("words-lost", "the words from the `#` on are lost: they would be taken for a comment", text)
    if _COLON.search(text):
        return Pitfall("text-needs-quotes", "a text with a colon in it needs quotes", text)
    return None


def flow_pitfall(text: str) -> Pitfall | None:
    """Why a plain text inside `{ }` needs quotes, or None."""
    pitfall = plain_pitfall(text)
    if pitfall:
        return pitfall
    for char, name in ((",", "a comma"), ("{", "braces"), ("}", "braces"), ("[", "brackets"), ("]", "brackets")):
        if char in text:
            return Pitfall("text-needs-quotes", f"a text with {name} in it needs quotes here, inside `{{ }}`", text)
    return None


def curly_quotes(text: str) -> Pitfall | None:
    """The pitfall of curly quotes around a whole text, or None."""
    if len(text) > 1 and text[0] in CURLY and text[-1] in CURLY:
        return Pitfall("curly-quotes", f"{text[0]} and {text[-1]} are not quotes here; straight ones are", text[1:-1])
    return None


def _within(text: str) -> str | None:
    """The text inside the quotes around it, if it contains such quotes too; else None.

    In `'Don't stop'` the second quote closes nothing: a letter follows it; in `"Now" and "then"` it does.
    """
    mark = text[0]
    second = text.find(mark, 1)
    if text[-1] != mark or not 0 < second < len(text) - 1 or not text[second + 1].isalnum():
        return None
    inner = text[1:-1].strip()
    return inner.replace("''", "'") if mark == "'" else inner.replace('\\"', '"')


def _first_character(text: str) -> Pitfall | None:
    curly = curly_quotes(text)
    if curly:
        return curly
    first = text[:1]
    if first and first in "\"'":
        closed = quoted(text, 0)
        if closed is None and first == '"' and text.count('"') == 1:
            return Pitfall("unclosed-quote", "the quote that opens here is never closed", text[1:])
        if closed is None and first == "'" and text.count("'") == 1 and text[1:2].isspace():
            return Pitfall("unclosed-quote", "the quote that opens here is never closed", text[1:])
        inner = _within(text)
        if inner is not None:
            return Pitfall("text-needs-quotes", f"a `{first}` inside of the text ends it too early", inner)
        return Pitfall("text-needs-quotes", f"a text that begins with `{first}` needs quotes around all of it", text)
    if first and (first in "{}[]&*!|>%@`," or text[:2] in ("- ", "? ", ": ") or text in ("-", "?", ":")):
        shown = "a backtick" if first == "`" else f"`{first}`"
        return Pitfall("text-needs-quotes", f"a text that begins with {shown} needs quotes", text)
    return None
