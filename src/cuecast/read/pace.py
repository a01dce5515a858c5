"""A pace: parts, each a word and its length."""

from __future__ import annotations

import re

from cuecast.model import field_types as types
from cuecast.model.duration import SECOND, DurationError, ms_to_text, text_to_ms
from cuecast.model.limits import MAX_PARTS
from cuecast.model.routine import TextField
from cuecast.read.enums import OFF
from cuecast.read.field_context import FieldContext
from cuecast.read.plain_forms import plain_length
from cuecast.read.texts import has_control, has_words, plain_words
from cuecast.read.yaml.nodes import Mapping, Node, Scalar, Sequence
from cuecast.read.yaml.pitfalls import shown

_MAX_WORD = 40
_MAX_ITEM, _MAX_LINE = 80, 250  # longer values are not analysed
_BREATHS = ("in", "hold", "out", "hold")
_COUNTS = re.compile(r"[0-9]{1,3}(?:\s*[-\u2013:/ ]\s*[0-9]{1,3}){1,3}")
_NEAR_PART = re.compile(r"(\D{0,40}?)[\s:=\-\u2013]*([0-9].{0,20})")
_LENGTH_FIRST = re.compile(r"([0-9][0-9hms:]*)\s+(\D.*)")


@types.PACE.parser
def read_pace(context: FieldContext) -> tuple[TextField, ...] | None:
    """The parts of a pace, or `off` for none."""
    node = context.node
    if isinstance(node, Mapping):
        parts = ", ".join(_pairs(node)) or "in 4s, out 6s"
        context.report("wrong-type", "the parts of `pace` have no colon", node, f"write `pace: [{parts}]`")
        return None
    if isinstance(node, Scalar):
        words = plain_words(node)
        if words == OFF:
            return ()
        if words.casefold() in (OFF, "none", "no"):
            context.suggest(node, OFF)
            return None
        if len(words) <= _MAX_LINE and (near := _on_one_line(words)):
            context.reject(node, f"write `pace: [{near}]`")
            return None
    items = context.items(MAX_PARTS, "write `pace: off` for none")
    parts_ = [_part(context, item) for item in items or ()]
    return None if items is None or None in parts_ else tuple(part for part in parts_ if part)


def _part(context: FieldContext, item: Node) -> TextField | None:
    if isinstance(item, Mapping):
        hint = f"write `{', '.join(_pairs(item)) or 'in 4s'}`"
        context.report("wrong-type", "a part of `pace` has no colon", item, hint)
        return None
    if isinstance(item, Sequence):
        context.report("wrong-type", "a list is here instead of a part of `pace`", item, context.example)
        return None
    node = context.scalar(item)
    if node is None:
        return None
    words = plain_words(node)
    word, ms = _split(words) if len(words) <= _MAX_ITEM else ("", None)
    if ms is None:
        message = f"a part of `pace` is a word and its length, such as `in 4s`, not `{shown(words)}`"
        context.report("bad-value", message, node, _near_part(words) or context.example)
    elif len(several := _several(words)) > 1 and word:
        context.report("bad-value", "several parts are here in one", node, f"write `{', '.join(several)}`")
    elif ms < SECOND:
        message = f"a part of `pace` lasts at least 1s, not `{shown(words)}`"
        context.report("bad-duration", message, node, "leave it out")
    elif len(word) > _MAX_WORD:
        message = f"the word of a part has {_MAX_WORD} characters at most"
        context.report("bad-value", message, node, "a word or two will do")
    elif word and not has_words(word):
        message = f"there is nothing to say in `{shown(word)}`"
        context.report("nothing-to-say", message, node, "a part needs no word: `4s`")
    elif re.search(r"[{}]", word) or has_control(word):
        context.report("bad-value", "the word of a part is said as written, without braces", node, context.example)
    else:
        if _ms(words.removeprefix(word).strip(), plainly=True) is None:
            context.fix(node, f"{word} {ms_to_text(ms)}".strip())
        return TextField(word, ms)
    return None


def _split(words: str) -> tuple[str, int | None]:
    """The word of a part, which may be missing, and its length in milliseconds."""
    tokens = words.split()
    for at in range(len(tokens)):
        ms = _ms(" ".join(tokens[at:]))
        if ms is not None:
            return " ".join(tokens[:at]), ms
    return words, None


def _near_part(words: str) -> str | None:
    """A hint for a part that is nearly right: `in 4 secs`, `in4s`, `in: 4s`, `4s in`, `in`."""
    if len(words) > _MAX_ITEM:
        return None
    if words.isalpha():
        return f"for example `{shown(words)} 4s`"
    if first := _LENGTH_FIRST.fullmatch(words):
        return f"write `{shown(first[2])} {first[1]}`"
    if near := _NEAR_PART.fullmatch(words):
        try:
            length = ms_to_text(text_to_ms(near[2]))
        except DurationError as fault:
            length = fault.suggestion or ""
        return f"write `{f'{near[1].strip()} {length}'.strip()}`" if length else None
    return None


def _on_one_line(words: str) -> str | None:
    """The parts of a pace on one line: `4-7-8`, `in 4s, out 6s`, `in 4s out 6s`."""
    if _COUNTS.fullmatch(words):
        numbers = re.findall(r"[0-9]+", words)
        named = _BREATHS if len(numbers) != 2 else ("in", "out")
        return ", ".join(f"{word} {int(n)}s" for word, n in zip(named, numbers, strict=False) if int(n))
    several = [shown(words)] if "," in words else _several(words)
    return ", ".join(several) if len(several) > 1 or "," in words else None


def _several(words: str) -> list[str]:
    """The parts in a text without commas: `in 4s out 6s`."""
    parts, part = [], ""
    for word in words.split():
        part = f"{part} {word}".strip()
        if _ms(word) is not None:
            parts.append(part)
            part = ""
    return parts


def _pairs(node: Mapping) -> list[str]:
    pairs = [(k.words, v.words) for k, v in node.pairs if isinstance(k, Scalar) and isinstance(v, Scalar)]
    return [shown(f"{word} {length}") for word, length in pairs[:MAX_PARTS]]


def _ms(text: str, plainly: bool = False) -> int | None:
    try:
        return text_to_ms(text)
    except DurationError:
        plain = plain_length(text) if text[:1].isdecimal() and not plainly else None
        return text_to_ms(plain) if plain and "-" not in plain else None
