"""Parsers of values on one line.

A parser gives the value, or None once it has reported why there is none.
"""

from __future__ import annotations

import re

from cuecast.model import field_types as types
from cuecast.model.decibels import text_to_db
from cuecast.model.duration import DurationError, DurationRange, ms_to_text, text_to_ms, text_to_range
from cuecast.model.limits import MAX_COUNTDOWN, MAX_ROUNDS
from cuecast.model.routine import Countdown, Text
from cuecast.read.enums import OFF
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.texts import check_sound, check_words, plain_words, read_text
from cuecast.read.yaml.nodes import Scalar

_COUNTED = re.compile(r"([0-9]{1,4})\s*(?:x|\u00d7|reps?|repetitions|times|breaths?)", re.IGNORECASE)
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_LANGUAGES = {"english": "en", "german": "de", "deutsch": "de", "spanish": "es", "español": "es", "french": "fr"}


@parses_scalar(types.WORDS)
def read_words(context: FieldContext, node: Scalar) -> str | None:
    """Text without fields."""
    faults = check_words(context.key.name, node)
    if context.key.name == "title" and not faults:
        faults = check_sound(context.key.name, node, plain_words(node))
    context.reader.report_all(faults)
    return None if faults else plain_words(node)


@parses_scalar(types.TEXT)
def read_fields(context: FieldContext, node: Scalar) -> Text | None:
    """Text with fields."""
    text, faults = read_text(context.key.name, node)
    context.reader.report_all(faults)
    return None if faults else text


@parses_scalar(types.DURATION)
def read_duration(context: FieldContext, node: Scalar) -> int | None:
    """A duration, in milliseconds."""
    try:
        return text_to_ms(node.words)
    except DurationError as fault:
        _not_a_duration(context, node, fault)
        return None


@parses_scalar(types.LENGTH)
def read_length(context: FieldContext, node: Scalar) -> int | None:
    """A duration that is not zero, in milliseconds."""
    ms = read_duration(context, node)
    if ms == 0:
        context.report("bad-duration", f"`{context.key.name}` lasts at least 1s", hint=context.example)
        return None
    return ms


@types.CREDITS.parser
def read_credits(context: FieldContext) -> tuple[str, ...] | None:
    """Words, or a list of them."""
    nodes = context.scalars()
    faults = [fault for node in nodes if node for fault in check_words(context.key.name, node)]
    context.reader.report_all(faults)
    return None if faults or None in nodes else tuple(plain_words(node) for node in nodes if node)


@parses_scalar(types.PATH, types.TONE_FILE, types.MUSIC_FILE, types.MUSIC_FOLDER)
def read_path(context: FieldContext, node: Scalar) -> str | None:
    """The path of a file, as written."""
    return node.words.strip() if read_words(context, node) is not None else None


@parses_scalar(types.RANGE)
def read_range(context: FieldContext, node: Scalar) -> DurationRange | None:
    """A duration or a range of them; not zero."""
    try:
        span = text_to_range(node.words)
    except DurationError as fault:
        _not_a_duration(context, node, fault)
        return None
    if span.low == 0:
        context.report("bad-duration", f"`{context.key.name}` lasts at least 1s", node, context.example)
        return None
    return span


def _not_a_duration(context: FieldContext, node: Scalar, fault: DurationError) -> None:
    message, suggestion = str(fault), fault.suggestion
    if context.key.type is not types.RANGE:
        try:
            span = text_to_range(node.words)
            message, suggestion = f"`{context.key.name}` takes one duration, not a range", ms_to_text(span.middle)
        except DurationError:
            pass
    hint = f"write `{context.key.name}: {suggestion}`" if suggestion else f"write {context.key.type.expects}"
    if context.key.name == "work" and (counted := _COUNTED.fullmatch(node.words.strip())):
        hint = f"write `reps: {counted[1]}` in its place, and the `pace` of each"
    context.report("bad-duration", message, node, hint)


@parses_scalar(types.INTEGER)
def read_integer(context: FieldContext, node: Scalar) -> int | None:
    """A whole number, at least 1."""
    number = re.match(r"[0-9]+", node.words)
    if not number or number[0] != node.words:
        context.reject(node, f"write `{context.key.name}: {number[0][:9]}`" if number else context.example)
    elif not 1 <= int(number[0][:9]) <= MAX_ROUNDS or len(number[0]) > 9:
        context.report("bad-value", f"`{context.key.name}` is a number from 1 to {MAX_ROUNDS:,}", node)
    else:
        return int(number[0])
    return None


@parses_scalar(types.BOOLEAN)
def read_boolean(context: FieldContext, node: Scalar) -> bool | None:
    """True or false."""
    value = _BOOLEANS.get(node.words.casefold())
    if value is None:
        context.reject(node, context.example)
    return value


@parses_scalar(types.COUNTDOWN)
def read_countdown(context: FieldContext, node: Scalar) -> Countdown | None:
    """`3`, `3 spoken` or `off`."""
    if node.words == OFF:
        return Countdown(0)
    match = re.fullmatch(r"([0-9]{1,9})(\s+spoken)?", node.words.strip())
    if match is None:
        suggestion = re.match(r"([0-9]{1,2})\s*s?", node.words)
        spoken = " spoken" if "sp" in node.words.casefold() else ""
        seconds = suggestion[1] if suggestion else "3" if spoken else None
        context.reject(node, f"write `countdown: {seconds}{spoken}`" if seconds else context.example)
        return None
    if int(match[1]) > MAX_COUNTDOWN:
        context.report("bad-value", f"a countdown is {MAX_COUNTDOWN} seconds long at most", node)
        return None
    return Countdown(int(match[1]), spoken=bool(match[2]))


@parses_scalar(types.GAIN)
def read_gain(context: FieldContext, node: Scalar) -> float | None:
    """Decibels. Minus infinity is `off`."""
    try:
        gain = text_to_db(node.words)
    except ValueError as fault:
        context.report("bad-value", f"`{context.key.name}`: {fault}", node)
        return None
    return float("-inf") if gain is None else gain


@parses_scalar(types.LANGUAGE)
def read_language(context: FieldContext, node: Scalar) -> str | None:
    """A language code."""
    if re.fullmatch(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?", node.words):
        return node.words
    context.reject(node, _suggest_language(node.words.strip()))
    return None


def _suggest_language(words: str) -> str | None:
    known = _LANGUAGES.get(words.casefold())
    match = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?", words)
    if match:
        known = match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")
    return f"did you mean `{known}`?" if known else None


@parses_scalar(types.NAME, types.USE)
def read_name(context: FieldContext, node: Scalar) -> str | None:
    """The name of a voice or an exercise."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", node.words):
        return node.words
    if context.key.type is types.USE and re.search(r"[,+&]", node.words):
        context.reject(node, "one exercise a step, each behind a `- ` of its own")
        return None
    if context.key.type is types.USE and re.search(r"\(|\b[0-9]+[hms]?\b", node.words):
        context.reject(node, "write only its name here; its length goes below: `work: 45s`")
        return None
    plain = re.sub(r"[^a-z0-9_-]+", "-", node.words.casefold().rpartition("/")[2].partition(".")[0]).strip("-_")
    context.reject(node, f"did you mean `{plain}`?" if plain and len(plain) < 40 else context.example)
    return None
