"""Text that needs quotes: on lines of its own, inside braces, and with escapes that mean nothing."""

from __future__ import annotations

import re

from cuecast.read.grammar import Grammar
from cuecast.read.yaml.patched_source import LINE, Edit, PatchedSource
from cuecast.read.yaml.pitfalls import (
    Pitfall,
    comment,
    is_rest_empty,
    key_of,
    plain_pitfall,
    quote,
    quoted_end,
    wrong_escapes,
)

_BLOCK = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-])(?:\s+#.*)?")
_CLOSES_EARLY = re.compile(r"[\[{][^\[\]{}]*[\]}]\s*[^\s#]")

_SPACE = r"(?:\s|(?<=\s)#[^\n]{0,500}+(?=\n))*"
_KEY = r"""[^\s,{}\[\]"'#:&*!|>%@`][^,{}\[\]#:\n]{0,40}?|-?[0-9][0-9:hms]{0,12}?"""
_NEXT_KEY = re.compile(rf",{_SPACE}[\"']?({_KEY})[\"']?\s{{0,9}}:(?=\s|$)")
_CLOSER = re.compile(rf",?{_SPACE}[}}\]]")
_AFTER_VALUE = re.compile(rf"{_SPACE}(?:[,}}]|$)")
_ALIAS = re.compile(r"\*[\w-]+\s*[,}\]]")
_FIELD = re.compile(r"\{\s*\w*\s*\}")
_INSIDE = re.compile(r"\{\{|\}\}|\{[^{}]{0,28}\}|[},\n]")


def quote_value(source: PatchedSource, name: str | None, start: int, column: int) -> list[Edit]:
    """The quotes that a key's value needs, if it does; it may go on in lines further in than `column`."""
    is_text = source.grammar.takes_text(name)
    if _is_complete(source.text[start : source.content_end(start)], is_text):
        return []
    pieces = _pieces(source, start, column)
    for number, (piece, end) in enumerate(pieces):
        words = source.text[piece:end]
        pitfall = plain_pitfall(words if is_text else re.split(r"\s#", words, maxsplit=1)[0], number > 0)
        if pitfall:
            return _quoted(source, name, pieces, number, pitfall)
    return []


def quote_in_braces(source: PatchedSource, start: int, limit: int) -> list[Edit]:
    """The quotes that a text inside braces needs, if it does."""
    end = _end_in_braces(source.text, start, limit, source.grammar)
    pitfall = plain_pitfall(source.text[start:end], in_braces=True) if end else None
    if not end or not pitfall:
        return []
    where = " on one line" if "\n" in source.text[start:end] else ""
    source.report(pitfall.code, pitfall.message, start, end, f"write{where} `{LINE}`")
    return [Edit(start, end, quote(" ".join(pitfall.text.split())))]


def mend_escapes(source: PatchedSource, start: int) -> list[Edit]:
    """The edits for backslashes that mean nothing, in the text in double quotes at `start`; the first is reported."""
    wrong = wrong_escapes(source.text, start)
    if not wrong:
        return []
    typed, hint = wrong[0][0], "use single quotes, or write the backslash twice"
    if len(typed) > 2:
        hint = "write the character itself"
    if len(typed) == 12:  # one character in two halves, as JSON writes it
        halves = typed.encode().decode("unicode_escape")
        hint = f"write `{halves.encode('utf-16', 'surrogatepass').decode('utf-16')}` itself"
    source.report("syntax", f"`{typed}` means nothing inside double quotes", *wrong[0].span(), hint)
    return [Edit(*match.span(), match[0].replace("\\", "/")) for match in wrong]


def is_bracketed_text(line: str) -> bool:
    """Whether a line's value that begins with a bracket is text, and not a list or keys."""
    if line[0] == "{":
        return not re.match(r"\{\s*[^{}:,]+:\s", line) or not is_rest_empty(line[line.rfind("}") + 1 :])
    return line[-1] != "]"


def _is_complete(body: str, is_text: bool) -> bool:
    """Whether the value is quoted, in brackets, a block of text or an alias already."""
    if body[:1] in ("'", '"'):
        end = quoted_end(body, 0)
        return end is not None and is_rest_empty(body[end:])
    if body[:1] in ("[", "{"):
        return not (is_text and is_bracketed_text(body)) and not _CLOSES_EARLY.match(body)
    return bool(_BLOCK.fullmatch(body))


def _quoted(
    source: PatchedSource, name: str | None, pieces: list[tuple[int, int]], number: int, pitfall: Pitfall
) -> list[Edit]:
    grammar, texts = source.grammar, [source.text[start:end] for start, end in pieces]
    text = " ".join([pitfall.text, *texts[1:]] if number == 0 else texts)
    # Behind a key that has keys of its own, as `music: noise: brown`, it is no text either.
    is_key = not grammar.takes_text(name) and grammar.is_key(text.partition(": ")[0])
    if (grammar.takes_quotes(name) and not is_key) or pitfall.code in ("unclosed-quote", "curly-quotes"):
        hint = f"write{' on one line' if len(pieces) > 1 else ''} `{LINE}`"
        if pitfall.code == "words-lost" and re.search(r"\s#\s", text):
            hint += "; if it is a comment, put two spaces before the `#`"
        source.report(pitfall.code, pitfall.message, *pieces[number], hint)
    # Otherwise no text is wanted here: the reader says what is.
    return [Edit(pieces[0][0], pieces[-1][1], quote(text))]


def _pieces(source: PatchedSource, start: int, column: int) -> list[tuple[int, int]]:
    """The lines of a plain text, each without spaces around it and without a comment beyond doubt."""
    before = source.text[source.line_start(start) : start]
    pieces = [_piece(source, start, before[len(before.rstrip()) :])]
    for line in source.lines(source.line_end(start) + 1):
        at = line.start + line.indent
        is_end = line.indent <= column or _is_entry(line.body, source.grammar)
        if source.text[at : at + 1] == "#" or (line.body and is_end):
            break
        if line.body:
            pieces.append(_piece(source, at, ""))
    return pieces


def _piece(source: PatchedSource, start: int, gap: str) -> tuple[int, int]:
    words = source.text[start : source.content_end(start)]
    return start, start + len(words[: comment(words, gap)].rstrip())


def _is_entry(body: str, grammar: Grammar) -> bool:
    """Whether a line is clearly an entry with a key, not text that goes on."""
    while body[:2] == "- ":
        body = body[2:].lstrip()
    found = key_of(body)
    return found is not None and grammar.is_key(found[0])


def _end_in_braces(text: str, start: int, limit: int, grammar: Grammar) -> int | None:
    """The end of the plain text at `start`; None if it is quoted, an alias, a list or keys, or has no end.

    YAML cuts it at every comma and brace; its author goes on to the next known key.
    """
    char = text[start : start + 1]
    closed = quoted_end(text, start) if char in ("'", '"') else text.find("]", start) + 1 if char == "[" else 0
    if (
        text.find("}", start, limit) < 0
        or (closed and _AFTER_VALUE.match(text, closed))
        or (char == "*" and _ALIAS.match(text, start))
        or (char == "{" and not _FIELD.match(text, start))
    ):
        return None
    doubled = 0
    for match in _INSIDE.finditer(text, start, limit):
        token, at = match[0], match.start()
        if token == "}}" and not doubled:
            token = "}"
        doubled += (token == "{{") - (token == "}}")
        if token == "}" or (token in ",\n" and _ends_at(text, at, grammar)):
            return start + len(text[start:at].rstrip()) or None
    return None


def _ends_at(text: str, at: int, grammar: Grammar) -> bool:
    key = _NEXT_KEY.match(text, at)
    return bool((key and grammar.is_nearly_key(key[1].strip())) or _CLOSER.match(text, at))
