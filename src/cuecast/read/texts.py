"""Words with fields in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cuecast.model.diagnostics import Diagnostic, error, nearest
from cuecast.model.limits import MAX_TEXT
from cuecast.model.routine import FIELDS, SIDE_FIELDS, Field, Text
from cuecast.model.source import Span
from cuecast.read.yaml.nodes import Scalar
from cuecast.read.yaml.pitfalls import shown

_BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")


def plain_words(node: Scalar) -> str:
    """The text on one line, with single spaces."""
    return " ".join(node.words.split())


def check_words(key: str, node: Scalar) -> list[Diagnostic]:
    """What is wrong with any text."""
    words = plain_words(node)
    if not words:
        return [error("missing-value", f"`{key}` has no words", node.span, "write some, or delete it")]
    if len(words) > MAX_TEXT:
        return [
            error(
                "text-too-long",
                f"`{key}` has {len(words):,} characters; {MAX_TEXT:,} are the most",
                node.span,
                "cut it, or divide it into several",
            )
        ]
    if has_control(words):
        return [error("odd-character", f"`{key}` has an invisible character in it", node.span, "type it again")]
    return []


def has_words(words: str) -> bool:
    """Whether a voice can say anything of it."""
    return any(char.isalnum() for char in words)


def check_sound(key: str, node: Scalar, words: str) -> list[Diagnostic]:
    """Report a spoken text without words. Fields count as words."""
    if has_words(words):
        return []
    message = f"there is nothing to say in `{shown(words)}`"
    hint = "for quiet, write `pause: 10s`" if key == "say" else "write words"
    return [error("nothing-to-say", message, node.span, hint)]


def has_control(words: str) -> bool:
    """Whether it has an invisible character."""
    return bool(_CONTROL.search(words))


def read_text(key: str, node: Scalar) -> tuple[Text | None, list[Diagnostic]]:
    """The text with its fields, and what is wrong with it."""
    faults = check_words(key, node)
    if faults:
        return None, faults
    words = plain_words(node)
    if "{" not in words and "}" not in words:
        faults = check_sound(key, node, words)
        return None if faults else Text((words,), node.span), faults
    parts: list[str | Field] = []
    literal, last = "", 0
    spans = _brace_spans(node, words)
    for match in _BRACES.finditer(words):
        span = next(spans)
        literal += words[last : match.start()]
        last = match.end()
        token = match[0]
        if token in ("{{", "}}"):
            literal += token[0]
        elif len(token) == 1:
            faults.append(_lone_brace(token, span))
        elif field := _field(token, span):
            parts += [literal, field]
            literal = ""
        else:
            faults.append(_unknown_field(token, span))
    parts.append(literal + words[last:])
    if not faults and not any(isinstance(part, Field) or has_words(part) for part in parts):
        faults = check_sound(key, node, "".join(part for part in parts if isinstance(part, str)))
    return Text(tuple(part for part in parts if part), node.span), faults


def _field(token: str, span: Span) -> Field | None:
    """The field in braces; only sides have a form, as in `{side:e}`."""
    name, colon, form = token[1:-1].partition(":")
    if name not in FIELDS or (colon and (name not in SIDE_FIELDS or not form)):
        return None
    return Field(name, span, form)


def _lone_brace(brace: str, span: Span) -> Diagnostic:
    message = f"this `{brace}` is alone; braces hold a field, such as `{{side}}`"
    return error("bad-field", message, span, f"write `{brace * 2}` for a brace that is meant as one")


def _unknown_field(token: str, span: Span) -> Diagnostic:
    name = token[1:-1].strip()
    if not name:
        return error(
            "bad-field", "there is no field between these braces", span, "write `{{}}` to have them as they are"
        )
    near = nearest(name, FIELDS)
    if near:
        return error("unknown-field", f"`{shown(token)}` is not a field", span, f"did you mean `{{{near}}}`?")
    return error(
        "unknown-field",
        f"`{shown(token)}` is not a field",
        span,
        "the fields are " + ", ".join(f"{{{each}}}" for each in FIELDS),
    )


def _brace_spans(node: Scalar, words: str) -> Iterator[Span]:
    """The spans of the braces in `words`, in order.

    They are found in the text as typed: quoting and folding change what is between braces, never the braces.
    Should the two not agree after all, the whole text stands for each.
    """
    is_block = not node.is_plain and node.raw[:1] in ("|", ">")
    typed = list(_BRACES.finditer(node.raw, node.raw.find("\n") if is_block else 0))
    if [match[0] for match in typed] != _BRACES.findall(words):
        while True:
            yield node.span
    file, line, column = node.span.file, node.span.line, node.span.column
    for match in typed:
        row = node.raw.count("\n", 0, match.start())
        start = match.start() + (-node.raw.rfind("\n", 0, match.start()) if row else column)
        yield Span(file, line + row, start, line + row, start + len(match[0]))
