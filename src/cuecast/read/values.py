"""What keys take that is written on one line: a parser for each kind.

A parser gives the value, or None once it has reported why there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cuecast.model.decibels import text_to_db
from cuecast.model.duration import DurationError, DurationRange, ms_to_text, text_to_ms, text_to_range
from cuecast.model.field_types import MAX_COUNTDOWN, MAX_ROUNDS, WANTED, Kind
from cuecast.model.routine import Countdown, Text
from cuecast.read.enums import (
    OFF,
    read_announce,
    read_level,
    read_moment,
    read_moments,
    read_side,
    read_sides,
    read_sort,
)
from cuecast.read.made import read_bed_gain, read_noise, read_sound
from cuecast.read.nodes import Scalar
from cuecast.read.pace import read_pace, read_reps
from cuecast.read.slot import Slot
from cuecast.read.sounds import read_ipa, read_spelling
from cuecast.read.texts import check_sound, check_words, plain_words, read_text

_COUNTED = re.compile(r"([0-9]{1,4})\s*(?:x|\u00d7|reps?|repetitions|times|breaths?)", re.IGNORECASE)
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_LANGUAGES = {"english": "en", "german": "de", "deutsch": "de", "spanish": "es", "español": "es", "french": "fr"}


def read_words(slot: Slot) -> str | None:
    """Words without fields."""
    node = slot.scalar()
    if node is None:
        return None
    faults = check_words(slot.key.name, node)
    if slot.key.name == "title" and not faults:
        faults = check_sound(slot.key.name, node, plain_words(node))
    for fault in faults:
        slot.report(fault)
    return None if faults else plain_words(node)


def read_fields(slot: Slot) -> Text | None:
    """Words with fields."""
    node = slot.scalar()
    if node is None:
        return None
    text, faults = read_text(slot.key.name, node)
    for fault in faults:
        slot.report(fault)
    return None if faults else text


def read_duration(slot: Slot) -> int | None:
    """A duration, in milliseconds."""
    node = slot.scalar()
    if node is None:
        return None
    try:
        return text_to_ms(node.words)
    except DurationError as fault:
        _not_a_duration(slot, node, fault)
        return None


def read_length(slot: Slot) -> int | None:
    """A duration that is not zero, in milliseconds."""
    ms = read_duration(slot)
    if ms == 0:
        slot.fault("bad-duration", f"`{slot.key.name}` lasts at least 1s", hint=slot.example)
        return None
    return ms


def read_credits(slot: Slot) -> tuple[str, ...] | None:
    """Words, or a list of them."""
    nodes = slot.scalars()
    faults = [fault for node in nodes if node for fault in check_words(slot.key.name, node)]
    for fault in faults:
        slot.report(fault)
    return None if faults or None in nodes else tuple(plain_words(node) for node in nodes if node)


def read_path(slot: Slot) -> str | None:
    """The path of a file, as it stands."""
    words = read_words(slot)
    return words if words is None or not isinstance(slot.node, Scalar) else slot.node.words.strip()


def read_range(slot: Slot) -> DurationRange | None:
    """A duration or a range of them; not zero."""
    node = slot.scalar()
    if node is None:
        return None
    try:
        span = text_to_range(node.words)
    except DurationError as fault:
        _not_a_duration(slot, node, fault)
        return None
    if span.low == 0:
        slot.fault("bad-duration", f"`{slot.key.name}` lasts at least 1s", node, slot.example)
        return None
    return span


def _not_a_duration(slot: Slot, node: Scalar, fault: DurationError) -> None:
    message, suggestion = str(fault), fault.suggestion
    if slot.key.kind is not Kind.RANGE:
        try:
            span = text_to_range(node.words)
            message, suggestion = f"`{slot.key.name}` takes one duration, not a range", ms_to_text(span.middle)
        except DurationError:
            pass
    hint = f"write `{slot.key.name}: {suggestion}`" if suggestion else f"write {WANTED[slot.key.kind]}"
    if slot.key.name == "work" and (counted := _COUNTED.fullmatch(node.words.strip())):
        hint = f"write `reps: {counted[1]}` in its place, and the `pace` of each"
    slot.fault("bad-duration", message, node, hint)


def read_integer(slot: Slot) -> int | None:
    """A whole number, at least 1."""
    node = slot.scalar()
    if node is None:
        return None
    number = re.match(r"[0-9]+", node.words)
    if not number or number[0] != node.words:
        slot.refuse(node, f"write `{slot.key.name}: {number[0][:9]}`" if number else slot.example)
    elif not 1 <= int(number[0][:9]) <= MAX_ROUNDS or len(number[0]) > 9:
        slot.fault("bad-value", f"`{slot.key.name}` is a number from 1 to {MAX_ROUNDS:,}", node)
    else:
        return int(number[0])
    return None


def read_boolean(slot: Slot) -> bool | None:
    """True or false."""
    node = slot.scalar()
    if node is None:
        return None
    value = _BOOLEANS.get(node.words.casefold())
    if value is None:
        slot.refuse(node, slot.example)
    return value


def read_countdown(slot: Slot) -> Countdown | None:
    """`3`, `3 spoken` or `off`."""
    node = slot.scalar()
    if node is None:
        return None
    if node.words == OFF:
        return Countdown(0)
    match = re.fullmatch(r"([0-9]{1,9})(\s+spoken)?", node.words.strip())
    if match is None:
        meant = re.match(r"([0-9]{1,2})\s*s?", node.words)
        spoken = " spoken" if "sp" in node.words.casefold() else ""
        seconds = meant[1] if meant else "3" if spoken else None
        slot.refuse(node, f"write `countdown: {seconds}{spoken}`" if seconds else slot.example)
        return None
    if int(match[1]) > MAX_COUNTDOWN:
        slot.fault("bad-value", f"a countdown is {MAX_COUNTDOWN} seconds long at most", node)
        return None
    return Countdown(int(match[1]), spoken=bool(match[2]))


def read_gain(slot: Slot) -> float | None:
    """Decibels. Minus infinity is `off`."""
    node = slot.scalar()
    if node is None:
        return None
    try:
        gain = text_to_db(node.words)
    except ValueError as fault:
        slot.fault("bad-value", f"`{slot.key.name}`: {fault}", node)
        return None
    return float("-inf") if gain is None else gain


def read_language(slot: Slot) -> str | None:
    """A language code."""
    node = slot.scalar()
    if node is None:
        return None
    if re.fullmatch(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?", node.words):
        return node.words
    slot.refuse(node, _language_meant(node.words.strip()))
    return None


def _language_meant(words: str) -> str | None:
    known = _LANGUAGES.get(words.casefold())
    match = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?", words)
    if match:
        known = match[1].lower() + (f"-{match[2].upper()}" if match[2] else "")
    return f"did you mean `{known}`?" if known else None


def read_name(slot: Slot) -> str | None:
    """The name of a voice or an exercise."""
    node = slot.scalar()
    if node is None:
        return None
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", node.words):
        return node.words
    if slot.key.kind is Kind.USE and re.search(r"[,+&]", node.words):
        slot.refuse(node, "one exercise a step, each behind a `- ` of its own")
        return None
    if slot.key.kind is Kind.USE and re.search(r"\(|\b[0-9]+[hms]?\b", node.words):
        slot.refuse(node, "write only its name here; its length goes below: `work: 45s`")
        return None
    plain = re.sub(r"[^a-z0-9_-]+", "-", node.words.casefold().rpartition("/")[2].partition(".")[0]).strip("-_")
    slot.refuse(node, f"did you mean `{plain}`?" if plain and len(plain) < 40 else slot.example)
    return None


PARSERS: Mapping[Kind, Callable[[Slot], object]] = {
    Kind.WORDS: read_words,
    Kind.TEXT: read_fields,
    Kind.CREDITS: read_credits,
    Kind.PATH: read_path,
    Kind.TONE_FILE: read_path,
    Kind.DURATION: read_duration,
    Kind.LENGTH: read_length,
    Kind.RANGE: read_range,
    Kind.INTEGER: read_integer,
    Kind.REPS: read_reps,
    Kind.PACE: read_pace,
    Kind.BOOLEAN: read_boolean,
    Kind.SIDE: read_side,
    Kind.SIDES: read_sides,
    Kind.MOMENT: read_moment,
    Kind.MOMENTS: read_moments,
    Kind.COUNTDOWN: read_countdown,
    Kind.ANNOUNCE: read_announce,
    Kind.GAIN: read_gain,
    Kind.MUSIC_FILE: read_path,
    Kind.MUSIC_FOLDER: read_path,
    Kind.NOISE: read_noise,
    Kind.SOUND: read_sound,
    Kind.BED_GAIN: read_bed_gain,
    Kind.LANGUAGE: read_language,
    Kind.NAME: read_name,
    Kind.USE: read_name,
    Kind.LEVEL: read_level,
    Kind.SORT: read_sort,
    Kind.SPELLING: read_spelling,
    Kind.IPA: read_ipa,
}
"""The parser of each kind that needs nothing else. `cuecast.read.build` adds those that stand on several lines."""
