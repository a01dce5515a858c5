"""Text that needs quotes: behind a key, and inside braces."""

from __future__ import annotations

import re

from cuecast.read.grammar import Grammar
from cuecast.read.yaml.patched_source import LINE, Edit, PatchedSource
from cuecast.read.yaml.pitfalls import is_rest_empty, key_of, plain_pitfall, quote, quoted_end

_BLOCK = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-])(?:\s+#.*)?")
_CLOSES_EARLY = re.compile(r"[\[{][^\[\]{}]*[\]}]\s*[^\s#]")
_COMMENT = re.compile(r"(?:  |\t)#(?=\s|$)")
"""What is certainly a comment: two spaces or a tab before the `#`, a space after it."""

_KEY = r"""[^\s,{}\[\]"'#:&*!|>%@`][^,{}\[\]#:\n]{0,40}?|-?[0-9][0-9:hms]{0,12}?"""
_KEY_IN_BRACES = re.compile(rf"[{{,]\s*[\"']?({_KEY})[\"']?\s?:\s+")
_NEXT_KEY = re.compile(rf",\s*[\"']?({_KEY})[\"']?\s?:(?=\s|$)")
_CLOSER = re.compile(r",?\s*[}\]]")
_AFTER_VALUE = re.compile(r"\s*(?:[,}]|$)")
_ALIAS = re.compile(r"\*[\w-]+\s*[,}\]]")
_FIELD = re.compile(r"\{\s*\w*\s*\}")
_INSIDE = re.compile(r"\{\{|\}\}|\{[^{}]{0,28}\}|[},\n]")
_LONGEST = 4_000  # characters of a text inside braces


def quote_value(source: PatchedSource, name: str | None, start: int, column: int) -> list[Edit]:
    """The quotes that a key's value needs, if it does; it may go on in lines further in than `column`."""
    grammar, is_text = source.grammar, source.grammar.takes_text(name)
    if _is_complete(source.text[start : source.content_end(start)], is_text):
        return []
    end = _plain_end(source, start, column)
    words = " ".join(source.text[start:end].split())
    pitfall = plain_pitfall(words if is_text else re.split(r"\s#", words, maxsplit=1)[0])
    if pitfall is None:
        return []
    # Behind a key that has keys of its own, as `music: noise: brown`, it is no text either.
    is_key = not is_text and grammar.is_key(words.partition(": ")[0])
    if (grammar.takes_quotes(name) and not is_key) or pitfall.code in ("unclosed-quote", "curly-quotes"):
        where = " on one line" if "\n" in source.text[start:end] else ""
        hint = f"write{where} `{LINE}`"
        if pitfall.code == "words-lost" and re.search(r"\s#\s", words):
            hint += "; if it is a comment, put two spaces before the `#`"
        source.report(pitfall.code, pitfall.message, start, end, hint)
    # Otherwise no text is wanted here: the reader says what is.
    return [Edit(start, end, quote(pitfall.text))]


def quote_in_braces(source: PatchedSource, start: int, limit: int) -> list[Edit]:
    """The quotes that texts inside braces need."""
    edits, text, at = [], source.text, start
    while key := _KEY_IN_BRACES.search(text, at, limit):
        at = key.end()
        if key[1].strip() in source.grammar.lexicons:
            at = max(at, text.find("}", at, limit))  # beside any word is a short one, and no key tells where it ends
        elif source.grammar.is_nearly_text_key(key[1].strip()):
            end = _end_in_braces(text, at, min(limit, at + _LONGEST), source.grammar)
            pitfall = plain_pitfall(text[at:end], in_braces=True) if end else None
            if end and pitfall:
                where = " on one line" if "\n" in text[at:end] else ""
                source.report(pitfall.code, pitfall.message, at, end, f"write{where} `{LINE}`")
                edits.append(Edit(at, end, quote(" ".join(pitfall.text.split()))))
            at = end or at
        at = max(at, quoted_end(text, at) or 0) if text[at : at + 1] in ("'", '"') else at
    return edits


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


def _plain_end(source: PatchedSource, start: int, column: int) -> int:
    """The end of a plain text: it goes on in lines further in, up to a comment or an entry."""
    text, end = source.text, start
    for line in source.lines(source.line_start(start)):
        at = max(start, line.start + line.indent)
        if at > start and (text[at : at + 1] == "#" or (line.body and line.indent <= column)):
            break
        if at > start and _is_entry(line.body, source.grammar):
            break
        comment = _COMMENT.search(text, max(line.start, at - 2), source.line_end(at))
        words = text[at : comment.start() if comment else source.line_end(at)].rstrip()
        end = at + len(words) if words else end
        if comment:
            break
    return end


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
