"""Words, and texts with fields in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cuecast.model import field_types as types
from cuecast.model.diagnostics import nearest
from cuecast.model.limits import MAX_TEXT
from cuecast.model.routine import FIELDS, SIDE_FIELDS, Field, Text
from cuecast.model.source import Span
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.yaml.nodes import Scalar
from cuecast.read.yaml.pitfalls import shown

_BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")


def plain_words(node: Scalar) -> str:
    """The text on one line, with single spaces."""
    return " ".join(node.words.split())


def words_of(context: FieldContext, node: Scalar, most: int = MAX_TEXT) -> str | None:
    """Any text on one line; None if a fault is reported."""
    words, name = plain_words(node), context.key.name
    if not words:
        context.report("missing-value", f"`{name}` is empty", node, context.example)
    elif len(words) > most:
        message = f"`{name}` has {len(words):,} characters; {most:,} are the most"
        context.report("text-too-long", message, node, "cut it, or divide it into several")
    elif has_control(words):
        context.report("odd-character", f"`{name}` has an invisible character in it", node, "type it again")
    else:
        return words
    return None


def has_words(words: str) -> bool:
    """Whether a voice can say anything of it."""
    return any(char.isalnum() for char in words)


def is_silent(context: FieldContext, node: Scalar, words: str) -> bool:
    """Whether a spoken text has no words, which is reported."""
    if has_words(words):
        return False
    is_say = context.key.type is types.TEXT and context.key.name == "say"
    hint = "for quiet, write `pause: 10s`" if is_say else "write words"
    context.report("nothing-to-say", f"there is nothing to say in `{shown(words)}`", node, hint)
    return True


def has_control(words: str) -> bool:
    """Whether it has an invisible character."""
    return bool(_CONTROL.search(words))


@parses_scalar(types.WORDS)
def read_words(context: FieldContext, node: Scalar) -> str | None:
    """Text without fields."""
    words = words_of(context, node)
    return None if words and context.key.name == "title" and is_silent(context, node, words) else words


@types.CREDITS.parser
def read_credits(context: FieldContext) -> tuple[str, ...] | None:
    """Words, or a list of them."""
    return context.each(words_of)


@parses_scalar(types.TEXT)
def read_text(context: FieldContext, node: Scalar) -> Text | None:
    """Text with its fields."""
    words = words_of(context, node)
    if words is None:
        return None
    parts: list[str | Field] = []
    literal, last, is_good = "", 0, True
    spans = _brace_spans(node, words)
    for match in _BRACES.finditer(words):
        literal += words[last : match.start()]
        token, span, last = match[0], next(spans), match.end()
        name, colon, form = token[1:-1].partition(":")
        if token in ("{{", "}}"):
            literal += token[0]
        elif name in FIELDS and (not colon or (name in SIDE_FIELDS and form)):  # only sides have a form: `{side:e}`
            parts += [literal, Field(name, span, form)]
            literal = ""
        else:
            _bad_field(context, token, span)
            is_good = False
    parts.append(literal + words[last:])
    if not is_good or (
        not any(isinstance(part, Field) for part in parts) and is_silent(context, node, "".join(map(str, parts)))
    ):
        return None
    return Text(tuple(part for part in parts if part), node.span)


def _bad_field(context: FieldContext, token: str, span: Span) -> None:
    name = token[1:-1].strip()
    near = nearest(name, FIELDS)
    code, message = "bad-field", "there is no field between these braces"
    hint = "write `{{}}` to have them as they are"
    if len(token) == 1:
        message = f"this `{token}` is alone; braces hold a field, such as `{{side}}`"
        hint = f"write `{token * 2}` for a brace that is meant as one"
    elif name:
        code, message = "unknown-field", f"`{shown(token)}` is not a field"
        hint = (
            f"did you mean `{{{near}}}`?" if near else "the fields are " + ", ".join(f"{{{each}}}" for each in FIELDS)
        )
    context.reader.report(code, message, span, hint)


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
