"""A pace: parts, each a word and its length."""

from __future__ import annotations

import re

from cuecast.model import field_types as types
from cuecast.model.duration import SECOND, DurationError, ms_to_text
from cuecast.model.limits import MAX_PARTS
from cuecast.model.routine import TextField
from cuecast.phrases.lengths import is_plain, text_to_ms
from cuecast.read.enums import is_off
from cuecast.read.field_context import FieldContext
from cuecast.read.texts import has_control, has_words, plain_words
from cuecast.read.yaml.nodes import Mapping, Node, Scalar
from cuecast.read.yaml.pitfalls import shown

_MAX_WORD = 40
_MAX_ITEM = 80  # longer values are not analysed
_BREATHS = ("in", "hold", "out", "hold")
_COUNTS = re.compile(r"[0-9]{1,3}(?:\s*[-\u2013:/ ]\s*[0-9]{1,3}){1,3}")
_LENGTH_FIRST = re.compile(r"([0-9][0-9hms:]*)\s+(\D.*)")


@types.PACE.parser
def read_pace(context: FieldContext) -> tuple[TextField, ...] | None:
    """The parts of a pace, or `off` for none."""
    node = context.node
    if is_off(context):
        return ()
    if isinstance(node, Scalar) and _COUNTS.fullmatch(words := plain_words(node)):  # `4-7-8`
        numbers = re.findall(r"[0-9]+", words)
        named = zip(("in", "out") if len(numbers) == 2 else _BREATHS, numbers, strict=False)
        near = ", ".join(f"{word} {int(number)}s" for word, number in named if int(number))
        context.reject(node, f"write `pace: [{near}]`")
        return None
    parts = [_part(context, item) for item in context.items(MAX_PARTS, with_commas=True)]
    return None if not parts or None in parts else tuple(part for part in parts if part)


def _part(context: FieldContext, item: Node) -> TextField | None:
    if isinstance(item, Mapping):
        pairs = [f"{k.words} {v.words}" for k, v in item.pairs if isinstance(k, Scalar) and isinstance(v, Scalar)]
        hint = f"write `{shown(', '.join(pairs) or 'in 4s')}`"
        context.report("wrong-type", "a part of `pace` has no colon", item, hint)
        return None
    node = context.scalar(item)
    if node is None:
        return None
    words = plain_words(node)
    word, ms = _split(words) if len(words) <= _MAX_ITEM else ("", None)
    if ms is None:
        message = f"a part of `pace` is a word and its length, such as `in 4s`, not `{shown(words)}`"
        first = _LENGTH_FIRST.fullmatch(words)
        context.report(
            "bad-value", message, node, f"write `{shown(first[2])} {first[1]}`" if first else context.example
        )
    elif re.search(r"[{}0-9]", word) or has_control(word):
        message = "the word of a part is said as written, without braces or digits"
        context.report("bad-value", message, node, context.example)
    elif ms < SECOND:
        message = f"a part of `pace` lasts at least 1s, not `{shown(words)}`"
        context.report("bad-duration", message, node, "leave it out")
    elif len(word) > _MAX_WORD:
        message = f"the word of a part has {_MAX_WORD} characters at most"
        context.report("bad-value", message, node, "a word or two will do")
    elif word and not has_words(word):
        message = f"there is nothing to say in `{shown(word)}`"
        context.report("nothing-to-say", message, node, "a part needs no word: `4s`")
    else:
        if not is_plain(words.removeprefix(word)):
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


def _ms(text: str) -> int | None:
    try:
        return text_to_ms(text) if text[:1].isdecimal() else None
    except DurationError:
        return None
