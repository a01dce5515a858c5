"""What keys take that is a choice of known words, or a list of them: sides, moments, announcements.

A parser gives the value, or None once it has reported why there is none.
"""

from __future__ import annotations

import re

from cuecast.model.diagnostics import nearest
from cuecast.model.duration import DurationError, text_to_ms
from cuecast.model.routine import Announce, AnnouncementKind, ExerciseKind, Level, Moment, Side
from cuecast.read.cue_times import MomentError, text_to_moment
from cuecast.read.nodes import Scalar
from cuecast.read.pitfalls import shown
from cuecast.read.slot import Slot

OFF = "off"
"""The word for none, wherever there can be none."""


def read_side(slot: Slot) -> Side | None:
    """One side."""
    node = slot.scalar()
    return _side(slot, node) if node else None


def read_sides(slot: Slot) -> tuple[Side, ...] | None:
    """The sides of an exercise, in order, or `off` for none."""
    if isinstance(slot.node, Scalar) and slot.node.words == OFF:
        return ()
    if isinstance(slot.node, Scalar) and re.search(r"[\s,/&+]", slot.node.words.strip()):
        words = re.findall(r"left|right|both", slot.node.words.casefold())
        slot.refuse(slot.node, f"write `sides: [{', '.join(dict.fromkeys(words))}]`" if words else slot.example)
        return None
    sides: list[Side] = []
    nodes = slot.scalars()
    for node in nodes:
        side = _side(slot, node) if node else None
        if node and side in sides:
            slot.fault("bad-value", f"`{side}` stands here twice", node, "each side once; use `rounds` for more")
        elif side:
            sides.append(side)
    if not nodes:
        slot.fault("missing-value", "`sides` is an empty list", hint="leave it out where an exercise has no sides")
    return tuple(sides) if len(sides) == len(nodes) and nodes else None


def _side(slot: Slot, node: Scalar) -> Side | None:
    if node.words in list(Side):
        return Side(node.words)
    near = nearest(node.words, list(Side))
    slot.refuse(node, f"did you mean `{near}`?" if near else slot.example)
    return None


_LEVELS = {
    **dict.fromkeys(("easy", "light", "soft", "beginner", "low"), Level.GENTLE),
    **dict.fromkeys(("normal", "medium", "default", "middle"), Level.STANDARD),
    **dict.fromkeys(("hard", "strong", "advanced", "intense", "high"), Level.DEEP),
}
_SORTS = {
    **dict.fromkeys(("roll", "foam rolling", "massage"), ExerciseKind.ROLLING),
    **dict.fromkeys(("stretching", "mobility"), ExerciseKind.STRETCH),
    **dict.fromkeys(("breath", "breathe"), ExerciseKind.BREATHING),
    **dict.fromkeys(("running", "run", "endurance"), ExerciseKind.CARDIO),
}


def read_level(slot: Slot) -> Level | None:
    """A level."""
    node = slot.scalar()
    if node is None:
        return None
    if node.words in list(Level):
        return Level(node.words)
    near = _LEVELS.get(node.words.casefold()) or nearest(node.words, list(Level))
    slot.refuse(node, f"did you mean `{near}`?" if near else slot.example)
    return None


def read_sort(slot: Slot) -> ExerciseKind | None:
    """What sort of exercise it is."""
    node = slot.scalar()
    if node is None:
        return None
    if node.words in list(ExerciseKind):
        return ExerciseKind(node.words)
    near = _SORTS.get(node.words.casefold()) or nearest(node.words, list(ExerciseKind))
    slot.refuse(node, f"did you mean `{near}`?" if near else slot.example)
    return None


def read_moment(slot: Slot) -> Moment | None:
    """One moment."""
    node = slot.scalar()
    return _moment(slot, node) if node else None


def read_moments(slot: Slot) -> tuple[Moment, ...] | None:
    """Moments, or `off` for none."""
    nodes = slot.scalars()
    if len(nodes) == 1 and nodes[0] and nodes[0].words == OFF:
        return ()
    moments = [_moment(slot, node) if node else None for node in nodes]
    good = tuple(dict.fromkeys(moment for moment in moments if moment))
    return None if None in moments else good


def _moment(slot: Slot, node: Scalar) -> Moment | None:
    try:
        return text_to_moment(node.words)
    except MomentError as fault:
        slot.fault("bad-moment", str(fault), node, fault.hint)
        return None


def read_announce(slot: Slot) -> Announce | None:
    """What is announced, or `off` for nothing."""
    if isinstance(slot.node, Scalar) and "," in slot.node.words:
        slot.refuse(slot.node, f"write `announce: [{shown(slot.node.words)}]`")
        return None
    nodes = slot.scalars()
    if len(nodes) == 1 and nodes[0] and nodes[0].words == OFF:
        return Announce()
    kinds: set[AnnouncementKind] = set()
    last: list[int] = []
    is_good = True
    for node in nodes:
        if node and node.words.startswith("last"):
            ms = _time_left(slot, node)
            last += [ms] if ms else []
            kinds.add(AnnouncementKind.LAST)
            is_good = is_good and ms is not None
        elif node and node.words in list(AnnouncementKind):
            kinds.add(AnnouncementKind(node.words))
        else:
            is_good = False
            if node:
                near = nearest(node.words, [*AnnouncementKind, OFF])
                slot.refuse(node, f"did you mean `{near}`?" if near else slot.example)
    return Announce(frozenset(kinds), tuple(dict.fromkeys(last))) if is_good else None


def _time_left(slot: Slot, node: Scalar) -> int | None:
    rest = node.words[4:].strip()
    try:
        ms = text_to_ms(rest)
        if ms:
            return ms
        slot.fault("bad-duration", "the last 0 seconds are the end of the work", node, "write `last 10s`, for example")
    except DurationError as fault:
        message = f"`last` wants the time that is left, such as `last 10s`, not `{shown(node.words)}`"
        slot.fault("bad-duration", message, node, f"write `last {fault.suggestion or '10s'}`")
    return None
