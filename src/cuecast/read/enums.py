"""Parsers of known words and lists of them: sides, levels, moments, announcements.

A parser gives the value, or None once it has reported why there is none.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar

from cuecast.model import field_types as types
from cuecast.model.diagnostics import nearest
from cuecast.model.duration import DurationError, text_to_ms
from cuecast.model.keys import FieldType
from cuecast.model.routine import Announce, AnnouncementKind, ExerciseKind, Level, Moment, Side
from cuecast.read.cue_times import MomentError, text_to_moment
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.yaml.nodes import Scalar
from cuecast.read.yaml.pitfalls import shown

E = TypeVar("E", bound=StrEnum)

OFF = "off"
"""The word for none."""


@types.SIDES.parser
def read_sides(context: FieldContext) -> tuple[Side, ...] | None:
    """The sides of an exercise, in order, or `off` for none."""
    if isinstance(context.node, Scalar) and context.node.words == OFF:
        return ()
    if isinstance(context.node, Scalar) and re.search(r"[\s,/&+]", context.node.words.strip()):
        words = re.findall(r"left|right|both", context.node.words.casefold())
        context.reject(
            context.node, f"write `sides: [{', '.join(dict.fromkeys(words))}]`" if words else context.example
        )
        return None
    sides: list[Side] = []
    nodes = context.scalars()
    for node in nodes:
        side = _choice(context, node, Side) if node else None
        if node and side in sides:
            context.report("bad-value", f"`{side}` is here twice", node, "each side once; use `rounds` for more")
        elif side:
            sides.append(side)
    if not nodes:
        context.report("missing-value", "`sides` is an empty list", hint="leave it out where an exercise has no sides")
    return tuple(sides) if len(sides) == len(nodes) and nodes else None


_SYNONYMS: dict[FieldType, dict[str, StrEnum]] = {
    types.LEVEL: {
        **dict.fromkeys(("easy", "light", "soft", "beginner", "low"), Level.GENTLE),
        **dict.fromkeys(("normal", "medium", "default", "middle"), Level.STANDARD),
        **dict.fromkeys(("hard", "strong", "advanced", "intense", "high"), Level.DEEP),
    },
    types.SORT: {
        **dict.fromkeys(("roll", "foam rolling", "massage"), ExerciseKind.ROLLING),
        **dict.fromkeys(("stretching", "mobility"), ExerciseKind.STRETCH),
        **dict.fromkeys(("breath", "breathe"), ExerciseKind.BREATHING),
        **dict.fromkeys(("running", "run", "endurance"), ExerciseKind.CARDIO),
    },
}
_ENUMS: dict[FieldType, type[StrEnum]] = {types.LEVEL: Level, types.SORT: ExerciseKind, types.SIDE: Side}


@parses_scalar(*_ENUMS)
def read_choice(context: FieldContext, node: Scalar) -> StrEnum | None:
    """One of the known words of the key's type."""
    return _choice(context, node, _ENUMS[context.key.type])


def _choice(context: FieldContext, node: Scalar, enum: type[E]) -> E | None:
    if node.words in list(enum):
        return enum(node.words)
    near = _SYNONYMS.get(context.key.type, {}).get(node.words.casefold()) or nearest(node.words, list(enum))
    context.reject(node, f"did you mean `{near}`?" if near else context.example)
    return None


@types.MOMENTS.parser
def read_moments(context: FieldContext) -> tuple[Moment, ...] | None:
    """Moments, or `off` for none."""
    nodes = context.scalars()
    if len(nodes) == 1 and nodes[0] and nodes[0].words == OFF:
        return ()
    moments = [_moment(context, node) if node else None for node in nodes]
    return None if None in moments else tuple(dict.fromkeys(moment for moment in moments if moment))


@parses_scalar(types.MOMENT)
def _moment(context: FieldContext, node: Scalar) -> Moment | None:
    try:
        return text_to_moment(node.words)
    except MomentError as fault:
        context.report("bad-moment", str(fault), node, fault.hint)
        return None


@types.ANNOUNCE.parser
def read_announce(context: FieldContext) -> Announce | None:
    """What is announced, or `off` for nothing."""
    if isinstance(context.node, Scalar) and "," in context.node.words:
        context.reject(context.node, f"write `announce: [{shown(context.node.words)}]`")
        return None
    nodes = context.scalars()
    if len(nodes) == 1 and nodes[0] and nodes[0].words == OFF:
        return Announce()
    kinds: set[AnnouncementKind] = set()
    last: list[int] = []
    is_good = True
    for node in nodes:
        if node and node.words.startswith("last"):
            ms = _time_left(context, node)
            last += [ms] if ms else []
            kinds.add(AnnouncementKind.LAST)
            is_good = is_good and ms is not None
        elif node and node.words in list(AnnouncementKind):
            kinds.add(AnnouncementKind(node.words))
        else:
            is_good = False
            if node:
                near = nearest(node.words, [*AnnouncementKind, OFF])
                context.reject(node, f"did you mean `{near}`?" if near else context.example)
    return Announce(frozenset(kinds), tuple(dict.fromkeys(last))) if is_good else None


def _time_left(context: FieldContext, node: Scalar) -> int | None:
    rest = node.words[4:].strip()
    try:
        ms = text_to_ms(rest)
        if ms:
            return ms
        context.report(
            "bad-duration", "the last 0 seconds are the end of the work", node, "write `last 10s`, for example"
        )
    except DurationError as fault:
        message = f"`last` wants the time that is left, such as `last 10s`, not `{shown(node.words)}`"
        context.report("bad-duration", message, node, f"write `last {fault.suggestion or '10s'}`")
    return None
