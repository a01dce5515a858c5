"""Parsers of known words and lists of them: sides, levels, moments, announcements.

A parser gives the value, or None once it has reported why there is none.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar

from cuecast.model import field_types as types
from cuecast.model.diagnostics import nearest
from cuecast.model.duration import DurationError, ms_to_text
from cuecast.model.keys import FieldType
from cuecast.model.routine import Announce, AnnouncementKind, ExerciseKind, Level, Moment, MomentKind, Side
from cuecast.phrases.lengths import is_plain, text_to_ms
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.schema import WORDS
from cuecast.read.texts import plain_words
from cuecast.read.yaml.nodes import Scalar, Sequence
from cuecast.read.yaml.pitfalls import shown

E = TypeVar("E", bound=StrEnum)

OFF = "off"
"""The word for none."""

_TABLES = {Level: "level", ExerciseKind: "kind", Side: "side"}
"""The tables of words for each."""

_MOMENTS = {"start": MomentKind.START, "half": MomentKind.HALF, "end": MomentKind.END}
_BEFORE = re.compile(
    r"(?P<every>every|each|alle|jede|cada)\s+|(?P<left>[-\u2212\u2013]\s?)|(?:at|after|nach|bei|a los|tras)\s+",
    re.IGNORECASE,
)
_BOTH_SIDES = ("both sides", "beide seiten", "beidseitig", "ambos lados")
"""These can mean one side after the other, or both at once."""

_ENUMS: dict[FieldType, type[StrEnum]] = {types.LEVEL: Level, types.SORT: ExerciseKind, types.SIDE: Side}


@parses_scalar(*_ENUMS)
def read_choice(context: FieldContext, node: Scalar) -> StrEnum | None:
    """One of the known words of the key's type."""
    return one_of(context, node, _ENUMS[context.key.type])


def one_of(context: FieldContext, node: Scalar, enum: type[E]) -> E | None:
    """One of the words of an enum."""
    if node.words in list(enum):
        return enum(node.words)
    context.suggest(node, WORDS[_TABLES[enum]].get(node.words.casefold()) or nearest(node.words, list(enum)))
    return None


def is_off(context: FieldContext) -> bool:
    """Whether the value is `off`."""
    return isinstance(context.node, Scalar) and context.node.words == OFF


def is_none(context: FieldContext) -> bool:
    """Whether the value is `off` or an empty list."""
    return is_off(context) or (isinstance(context.node, Sequence) and not context.node.items)


@types.SIDES.parser
def read_sides(context: FieldContext) -> tuple[Side, ...] | None:
    """The sides of an exercise, in order, or `off` for none."""
    node, sides = context.node, list[Side]()
    if is_off(context):
        return ()
    if isinstance(node, Scalar) and (plain := _plain_sides(node.words)):
        context.fix(node, plain)
        return tuple(map(Side, plain.strip("[]").split(", ")))
    if isinstance(node, Scalar) and plain_words(node).casefold() in _BOTH_SIDES:
        message = f"`{shown(node.words)}` could be one side after the other, or both at once"
        context.report("bad-value", message, node, "write `sides: [left, right]` or `sides: both`")
        return None
    nodes = context.scalars()
    for item in nodes:
        side = _side(context, item) if item else None
        if item and side in sides:
            context.report("bad-value", f"`{side}` is here twice", item, "each side once; use `rounds` for more")
        elif side:
            sides.append(side)
    return tuple(sides) if len(sides) == len(nodes) else None


def _side(context: FieldContext, node: Scalar) -> Side | None:
    plain = _plain_sides(node.words)
    if plain not in list(Side):  # several sides in one entry of a list are none
        return one_of(context, node, Side)
    context.fix(node, plain)
    return Side(plain)


def _plain_sides(words: str) -> str | None:
    """The plain form of one side or several; None if it is not certain."""
    table, folded = WORDS["side"], " ".join(words.casefold().split())
    if folded in table:
        return table[folded]
    found = re.split(r"\s*(?:[,/&+]|\s(?:and|then|und|dann|y|e)\s)\s*", folded)
    sides = [table.get(word) for word in found]
    if None in sides or len(set(sides)) < len(sides):
        return None
    return f"[{', '.join(map(str, sides))}]" if len(sides) > 1 else sides[0]


@types.MOMENTS.parser
def read_moments(context: FieldContext) -> tuple[Moment, ...] | None:
    """Moments, or `off` for none."""
    if is_none(context):
        return ()
    return context.each(read_moment, with_commas=True)


@parses_scalar(types.MOMENT)
def read_moment(context: FieldContext, node: Scalar) -> Moment | None:
    """A moment of the work."""
    words = plain_words(node)
    try:
        moment, plain = _parse_moment(words)
    except DurationError as fault:
        hint = f"did you mean `{fault.suggestion}`?" if fault.suggestion else f"write {types.MOMENT.expects}"
        context.report("bad-moment", str(fault), node, hint)
        return None
    context.fix(node, plain)
    return moment


def _parse_moment(words: str) -> tuple[Moment, str]:
    """Read a moment: `start`, `half`, `end`, `10s`, `-10s`, `every 15s`; also gives its plain form. Raises DurationError."""
    if name := WORDS["moment"].get(words.casefold()):
        return Moment(_MOMENTS[name]), name
    match = _BEFORE.match(words)
    rest = words[match.end() :] if match else words
    kind = MomentKind.AFTER
    if match and match.lastgroup:
        kind = MomentKind.EVERY if match["every"] else MomentKind.BEFORE
    elif match and (rest in _MOMENTS or rest[:1] == "-"):
        return _parse_moment(rest)  # `at half`, `after -5s`
    before = {MomentKind.EVERY: "every ", MomentKind.BEFORE: "-"}.get(kind, "")
    try:
        ms = text_to_ms(rest)
    except DurationError as fault:
        near = before + fault.suggestion if fault.suggestion else None if before else nearest(words, _MOMENTS)
        raise DurationError(f"`{shown(words)}` is not a moment", near) from None
    if before and not ms:
        is_every = kind is MomentKind.EVERY
        message = "`every 0s` would never end" if is_every else f"`{words}` is the end of the work"
        raise DurationError(message, "every 15s" if is_every else "end")
    plain = before + (rest if is_plain(rest) else ms_to_text(ms))
    return Moment(kind, ms) if ms else Moment(MomentKind.START), plain


@types.ANNOUNCE.parser
def read_announce(context: FieldContext) -> Announce | None:
    """What is announced, or `off` for nothing."""
    if is_none(context):
        return Announce()
    kinds: list[AnnouncementKind | None] = []
    last: list[int] = []
    for node in context.scalars(with_commas=True):
        if node and node.words.startswith("last"):
            ms = _time_left(context, node)
            last += [ms] if ms else []
            kinds.append(AnnouncementKind.LAST if ms else None)
        elif node and node.words in list(AnnouncementKind):
            kinds.append(AnnouncementKind(node.words))
        else:
            kinds.append(None)
            if node:
                context.suggest(node, nearest(node.words, [*AnnouncementKind, OFF]))
    return None if None in kinds else Announce(frozenset(filter(None, kinds)), tuple(dict.fromkeys(last)))


def _time_left(context: FieldContext, node: Scalar) -> int | None:
    left = node.words[4:].strip()
    try:
        ms = text_to_ms(left)
    except DurationError as fault:
        message = f"`last` wants the time that is left, such as `last 10s`, not `{shown(node.words)}`"
        context.report("bad-duration", message, node, f"write `last {fault.suggestion or '10s'}`")
        return None
    if not ms:
        message = "the last 0 seconds are the end of the work"
        context.report("bad-duration", message, node, "write `last 10s`, for example")
    if not is_plain(left):
        context.fix(node, f"last {ms_to_text(ms)}")
    return ms
