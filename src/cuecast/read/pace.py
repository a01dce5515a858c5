"""A pace: parts, each a word and its length; and how many of them."""

from __future__ import annotations

import re

from cuecast.model import field_types as types
from cuecast.model.duration import SECOND, DurationError, ms_to_text, text_to_ms
from cuecast.model.limits import MAX_PARTS, MAX_REPS
from cuecast.model.routine import TextField
from cuecast.read.enums import OFF
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.texts import has_control, has_words, plain_words
from cuecast.read.yaml.nodes import Mapping, Node, Scalar, Sequence
from cuecast.read.yaml.pitfalls import shown

_MAX_WORD = 40
_MAX_ITEM, _MAX_LINE = 80, 250  # longer values are not analysed
_BREATHS = ("in", "hold", "out", "hold")
_COUNTS = re.compile(r"[0-9]{1,3}(?:\s*[-\u2013:/ ]\s*[0-9]{1,3}){1,3}")
_LENGTH_LAST = re.compile(r"(.*?)\s*((?:[0-9]{1,9}[hms]\s*)*[0-9][0-9hms:]*)", re.DOTALL)
_LENGTH_FIRST = re.compile(r"([0-9][0-9hms:]*)\s+(\D.*)", re.DOTALL)


@types.PACE.parser
def read_pace(context: FieldContext) -> tuple[TextField, ...] | None:
    """The parts of a pace, or `off` for none."""
    node = context.node
    if isinstance(node, Mapping):
        context.report("wrong-type", "the parts of `pace` have no colon", node, f"write `{_suggest_from_keys(node)}`")
        return None
    if isinstance(node, Scalar):
        if node.words.strip() == OFF:
            return ()
        if node.words.strip().casefold() in (OFF, "none", "no"):
            context.reject(node, "did you mean `off`?")
            return None
        if len(node.words) <= _MAX_LINE and (suggestion := _suggest_from_text(plain_words(node))):
            context.reject(node, f"write `{suggestion}`")
            return None
    nodes = context.items()
    if not nodes:
        context.report("missing-value", "`pace` is an empty list", hint="write `pace: off` for none")
        return None
    if len(nodes) > MAX_PARTS:
        context.report(
            "bad-value", f"a pace has {MAX_PARTS} parts at most, not {len(nodes)}", hint="it repeats by itself"
        )
        return None
    parts = [_part(context, item) for item in nodes]
    good = tuple(part for part in parts if part)
    return good if len(good) == len(nodes) else None


@parses_scalar(types.REPS)
def read_reps(context: FieldContext, node: Scalar) -> int | None:
    """The number of reps."""
    words = node.words.strip()
    number = re.match(r"[0-9]{1,9}", words)
    if not number or number[0] != words:
        context.reject(node, f"write `reps: {number[0]}`" if number else context.example)
    elif not 1 <= int(words) <= MAX_REPS:
        context.report("bad-value", f"`reps` is a number from 1 to {MAX_REPS:,}", node)
    else:
        return int(words)
    return None


def _part(context: FieldContext, item: Node) -> TextField | None:
    if isinstance(item, Mapping):
        context.report(
            "wrong-type", "a part of `pace` has no colon", item, f"write `{', '.join(_pairs(item)) or 'in 4s'}`"
        )
        return None
    if isinstance(item, Sequence):
        context.report("wrong-type", "a list is here instead of a part of `pace`", item, context.example)
        return None
    node = context.scalar(item)
    if node is None:
        return None
    words, word = plain_words(node), ""
    ms: int | None
    if len(words) > _MAX_ITEM:
        context.report("bad-value", f"the word of a part has {_MAX_WORD} characters at most", node, context.example)
        return None
    try:
        ms = text_to_ms(words)
    except DurationError as fault:
        split = _LENGTH_LAST.fullmatch(words)
        ms = _ms(split[2]) if split else None
        if split is None or ms is None or (split[1] and not words[len(split[1])].isspace()):
            _not_a_part(context, node, words, fault)
            return None
        word = split[1]
        if len(several := _several(words)) > 1:
            context.report("bad-value", "several parts are here in one", node, f"write `{', '.join(several)}`")
            return None
    if ms is None or ms < SECOND:
        context.report(
            "bad-duration", f"a part of `pace` lasts at least 1s, not `{shown(words)}`", node, "leave it out"
        )
    elif len(word) > _MAX_WORD:
        context.report(
            "bad-value", f"the word of a part has {_MAX_WORD} characters at most", node, "a word or two will do"
        )
    elif word and not has_words(word):
        context.report(
            "nothing-to-say", f"there is nothing to say in `{shown(word)}`", node, "a part needs no word: `4s`"
        )
    elif re.search(r"[{}]", word) or has_control(word):
        context.report("bad-value", "the word of a part is said as written, without braces", node, context.example)
    else:
        return TextField(word, ms)
    return None


def _not_a_part(context: FieldContext, node: Scalar, words: str, fault: DurationError) -> None:
    hint = f"for example `{words} 4s`" if words.isalpha() and len(words) <= _MAX_WORD else context.example
    if fault.suggestion:
        hint = f"write `{fault.suggestion}`"
    elif first := _LENGTH_FIRST.fullmatch(words):
        hint = f"write `{shown(first[2])} {first[1]}`"
    elif near := _with_near_length(words):
        hint = f"write `{near}`"
    message = f"a part of `pace` is a word and its length, such as `in 4s`, not `{shown(words)}`"
    context.report("bad-value", message, node, hint)


def _with_near_length(words: str) -> str | None:
    """A correction of a word and a length: `in 4 secs`, `in4s`, `in: 4s`."""
    split = re.fullmatch(r"(\D{1,40}?)[\s:=\-\u2013]*([0-9].{0,20})", words)
    if split is None:
        return None
    try:
        length = ms_to_text(text_to_ms(split[2]))
    except DurationError as fault:
        length = fault.suggestion or ""
    return f"{split[1].strip()} {length}" if length else None


def _suggest_from_text(words: str) -> str | None:
    """A correction of a pace on one line: `4-7-8`, `in 4s, out 6s`."""
    if _COUNTS.fullmatch(words.strip()):
        numbers = re.findall(r"[0-9]+", words)
        named = _BREATHS if len(numbers) != 2 else ("in", "out")
        return f"pace: [{', '.join(f'{word} {int(n)}s' for word, n in zip(named, numbers, strict=False) if int(n))}]"
    if "," in words:
        return f"pace: [{shown(words)}]"
    several = _several(words)
    return f"pace: [{', '.join(several)}]" if len(several) > 1 else None


def _several(words: str) -> list[str]:
    """The parts in a text without commas: `in 4s out 6s`."""
    parts, part = [], ""
    for word in words.split():
        part = f"{part} {word}".strip()
        if _ms(word) is not None:
            parts.append(part)
            part = ""
    return parts


def _suggest_from_keys(node: Mapping) -> str:
    return f"pace: [{', '.join(_pairs(node)) or 'in 4s, out 6s'}]"


def _pairs(node: Mapping) -> list[str]:
    pairs = [(k.words, v.words) for k, v in node.pairs if isinstance(k, Scalar) and isinstance(v, Scalar)]
    return [shown(f"{word} {length}") for word, length in pairs[:MAX_PARTS]]


def _ms(text: str) -> int | None:
    try:
        return text_to_ms(text)
    except DurationError:
        return None
