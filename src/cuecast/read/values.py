"""Parsers of values on one line.

A parser gives the value, or None once it has reported why there is none.
"""

from __future__ import annotations

import re

from cuecast.model import field_types as types
from cuecast.model import limits
from cuecast.model.decibels import text_to_db
from cuecast.model.duration import SECOND, DurationError, DurationRange, ms_to_text, range_to_text
from cuecast.model.routine import Auto, Countdown, RepRange
from cuecast.phrases.lengths import is_plain, text_to_range
from cuecast.read.enums import OFF
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.schema import WORDS
from cuecast.read.texts import words_of
from cuecast.read.yaml.nodes import Scalar

_NUMBERS = {
    types.INTEGER: (1, limits.MAX_ROUNDS),
    types.SETS: (1, limits.MAX_SETS),
    types.PITCH: (0, limits.MAX_PITCH),
    types.RATE: (limits.MIN_RATE, limits.MAX_RATE),
}
"""The least and the most."""

_SINGLE = (types.DURATION, types.LENGTH)
"""Durations that are no ranges."""

_COUNTED = re.compile(r"([0-9]{1,4})\s*(?:x|\u00d7|reps?|repetitions|times|breaths?)", re.IGNORECASE)
_METRES = re.compile(r"([1-9][0-9]{2,3})m")
"""So many minutes nobody exercises at a stretch."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@parses_scalar(*_SINGLE, types.RANGE, types.OPEN_RANGE, types.GAP)
def read_duration(context: FieldContext, node: Scalar) -> int | DurationRange | Auto | None:
    """A duration in milliseconds; for the types that take one, a range, or `auto`."""
    kind, words = context.key.type, node.words.strip()
    if kind is types.GAP and words == "auto":
        return Auto()
    if context.key.name == "work" and (metres := _METRES.fullmatch(words)):
        message = f"`{words}` could be {metres[1]} minutes or {metres[1]} metres"
        hint = f"write `work: {ms_to_text(int(metres[1]) * 60 * SECOND)}`; for a distance, write how long it takes"
        context.report("bad-duration", message, node, hint)
        return None
    span = _read_range(context, node)
    if span and span.low == 0 and kind in (types.LENGTH, types.RANGE):
        context.report("bad-duration", f"`{context.key.name}` lasts at least 1s", node, context.example)
        return None
    return span.low if span and kind in _SINGLE else span


def _read_range(context: FieldContext, node: Scalar) -> DurationRange | None:
    try:
        span = text_to_range(node.words)
    except DurationError as fault:
        _not_a_duration(context, node, fault)
        return None
    if context.key.type in _SINGLE and span.low != span.high:
        message = f"`{context.key.name}` takes one duration, not a range"
        context.report("bad-duration", message, node, f"write `{context.key.name}: {ms_to_text(span.middle)}`")
        return None
    if not is_plain(node.words):
        context.fix(node, range_to_text(span))
    return span


def _not_a_duration(context: FieldContext, node: Scalar, fault: DurationError) -> None:
    name = context.key.name
    hint = f"write `{name}: {fault.suggestion}`" if fault.suggestion else f"write {context.key.type.expects}"
    if name == "work" and (counted := _COUNTED.fullmatch(node.words.strip())):
        hint = f"write `reps: {counted[1]}` in its place, and the `pace` of each"
    context.report("bad-duration", str(fault), node, hint)


@parses_scalar(types.REPS)
def read_reps(context: FieldContext, node: Scalar) -> RepRange | None:
    """A number of reps, or a range of them."""
    match = re.fullmatch(r"([0-9]{1,9})(?:\s*[-\u2013]\s*([0-9]{1,9}))?", node.words.strip())
    if not match:
        near = re.match(r"[0-9]{1,4}(?:\s*[-\u2013]\s*[0-9]{1,4})?(?![0-9])", node.words.strip())
        context.reject(node, f"write `reps: {near[0]}`" if near else None)
        return None
    low, high = int(match[1]), int(match[2] or match[1])
    if low > high:
        context.report(
            "bad-value", f"the range `{node.words.strip()}` runs backwards", node, f"write `reps: {high}-{low}`"
        )
    elif low < 1 or high > limits.MAX_REPS:
        context.report("bad-value", f"`reps` is a number from 1 to {limits.MAX_REPS:,}", node, context.example)
    else:
        return RepRange(low, high)
    return None


@parses_scalar(types.PATH, types.TONE_FILE, types.MUSIC_FILE, types.MUSIC_FOLDER, types.FILE)
def read_path(context: FieldContext, node: Scalar) -> str | None:
    """A path or a name, exactly as written."""
    return node.words.strip() if words_of(context, node) is not None else None


@parses_scalar(*_NUMBERS)
def read_integer(context: FieldContext, node: Scalar) -> int | None:
    """A whole number between bounds."""
    name, (least, most) = context.key.name, _NUMBERS[context.key.type]
    words = node.words.strip()
    if context.key.type is types.RATE:
        words = re.sub(r"\s*wpm$", "", words, flags=re.IGNORECASE)
    number = re.match(r"[0-9]{1,9}(?![0-9])", words)
    is_within = number is not None and least <= int(number[0]) <= most
    if not number or number[0] != words:
        context.reject(node, f"write `{name}: {number[0]}`" if number and is_within else None)
    elif not is_within:
        context.report("bad-value", f"`{name}` is a number from {least} to {most:,}", node, context.example)
    else:
        return int(words)
    return None


@parses_scalar(types.NUMBER)
def read_decimal(context: FieldContext, node: Scalar) -> float | None:
    """A number with or without decimals."""
    words = node.words.strip()
    if _DECIMAL.fullmatch(words):
        return float(words)
    near = words.replace(",", ".", 1)
    context.reject(node, f"write `{context.key.name}: {near}`" if _DECIMAL.fullmatch(near) else None)
    return None


@parses_scalar(types.BOOLEAN)
def read_boolean(context: FieldContext, node: Scalar) -> bool | None:
    """True or false."""
    value = _BOOLEANS.get(node.words.casefold())
    if value is None:
        context.reject(node)
    return value


@parses_scalar(types.COUNTDOWN)
def read_countdown(context: FieldContext, node: Scalar) -> Countdown | None:
    """`3`, `3 spoken` or `off`."""
    if node.words == OFF:
        return Countdown(0)
    match = re.fullmatch(r"([0-9]{1,9})(\s+spoken)?", node.words.strip())
    if match is None:
        context.reject(node)
    elif int(match[1]) > limits.MAX_COUNTDOWN:
        context.report("bad-value", f"a countdown is {limits.MAX_COUNTDOWN} seconds long at most", node)
    else:
        return Countdown(int(match[1]), spoken=bool(match[2]))
    return None


@parses_scalar(types.GAIN, types.TRIM)
def read_gain(context: FieldContext, node: Scalar) -> float | None:
    """Decibels. Minus infinity is `off`, which a trim can't be."""
    try:
        gain = text_to_db(node.words)
    except ValueError as fault:
        context.report("bad-value", f"`{context.key.name}`: {fault}", node)
        return None
    if context.key.type is types.TRIM and (gain is None or not limits.MIN_TRIM <= gain <= limits.MAX_TRIM):
        context.reject(node, "the voice `silent` says nothing" if gain is None else None)
        return None
    return float("-inf") if gain is None else gain


@parses_scalar(types.LANGUAGE)
def read_language(context: FieldContext, node: Scalar) -> str | None:
    """A language code."""
    words = node.words.strip()
    if _LANGUAGE.fullmatch(words):
        return words
    known = WORDS["language"].get(words.casefold())
    if match := re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?", words):
        known = match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")
    context.suggest(node, known)
    return None


@parses_scalar(types.NAME, types.USE)
def read_name(context: FieldContext, node: Scalar) -> str | None:
    """The name of a voice, an exercise or a format."""
    words = node.words.strip()
    if _NAME.fullmatch(words):
        return words
    if context.key.type is types.USE and re.search(r"[,+&(]|\b[0-9]+[hms]?\b", words):
        context.reject(node, "write the name of one exercise here; its length goes below: `work: 45s`")
    else:
        stem = words.casefold().rpartition("/")[2].strip(".").partition(".")[0]
        near = re.sub(r"[^a-z0-9_-]+", "" if context.key.type is types.FORMATS else "-", stem).strip("-_")
        context.suggest(node, near if len(near) < 40 else None)
    return None


@parses_scalar(types.ENGINE)
def read_engine(context: FieldContext, node: Scalar) -> str | None:
    """The name of an engine."""
    if re.fullmatch(r"[\w.-]{1,64}", node.words):
        return node.words
    context.reject(node)
    return None
