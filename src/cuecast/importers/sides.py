"""Which sides a sentence of a hand-out asks for: its sides may be those of the exercise, or of a hand that only helps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cuecast.importers.facts import Kind
from cuecast.importers.tokens import Token, of_kind
from cuecast.phrases.lengths import NUMBERS
from cuecast.phrases.patterns import one_of

ONE_SIDE = (("left",), ("right",))
_LEFT, _RIGHT = r"(?:left|links?|linke[nmrs]?|izquierd[ao])", r"(?:right|rechts?|rechte[nmrs]?|derech[ao])"
_LEFT_AND_RIGHT = re.compile(rf"\b{_LEFT}\b.*\b{_RIGHT}\b|\b{_RIGHT}\b.*\b{_LEFT}\b", re.IGNORECASE)
_EACH_WAY = re.compile(
    rf"\b(?:{_LEFT}|{_RIGHT}) (?:side|leg|arm|foot|hand)\b.*\bthen\b.*\b(?:{_LEFT}|{_RIGHT}) (?:side|leg|arm|foot|hand)\b"
    rf"|\b(?:{_LEFT}|{_RIGHT})\W{{1,2}}(?:(?:and|then|und|dann|y|luego)\s)*(?:(?:to the|nach|a la|hacia la)\s)?(?:{_LEFT}|{_RIGHT})\b",
    re.IGNORECASE,
)
_OTHER_SIDE = re.compile(
    r"(?<!each )\b(?:(?:with|on|for|to|then|do|same|now) (?:the )?(?:other|opposite)(?: (?:leg|side|arm|foot|hand|way))?"
    r"|(?:die|der|den|dem|das|zur|zum) andere[nrms]?(?: (?:seite|bein|arm|fuß|richtung))?"
    r"|(?:la|el|del|otra vez con la) otr[oa](?: (?:lado|pierna|brazo|pie))?)"
    r"\s?(?:$|[.,;:!)]|one\b|side|leg|arm|seite|bein|lado|pierna|ebenso|genauso|igual)",
    re.IGNORECASE,
)
_IN_TURNS = re.compile(
    rf"\b(?:{_LEFT}|{_RIGHT})(?: \w+)?(?: first)?,? (?:and )?then (?:the |your )?(?:{_LEFT}|{_RIGHT})\b|\bswap (?:your )?(?:feet|hands)\b", re.IGNORECASE
)  # fmt: skip
_TWICE = re.compile(
    rf"\d+|\b(?:twice|zweimal|dos veces|{one_of([each for each, n in NUMBERS.items() if n > 2])})\b", re.IGNORECASE
)
_LOOSE = re.compile(rf"\b(?:both (?!sides)|beide (?!seiten)|amb[oa]s (?!lados)|{_LEFT}|hands?|mano)\b", re.IGNORECASE)
_IN_HAND = re.compile(r"\b(?:in|with|en|con) (?:each|every|jede[rm]?|cada) (?:hand|mano)$", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|just|nur|solo|sólo)\b", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:(?:other|opposite|each|either) (?:side|leg|arm|foot|hand|hip|knee)|(?:andere[nrs]?|jede[nrsm]?) (?:seite|bein|arm|fuß|hand)"
    r"|otr[ao] (?:lado|pierna|brazo|pie|mano)|cada (?:lado|pierna|brazo|pie|mano)|swap|switch|change (?:sides|legs|arms)|wechsel\w*|cambi[ae]\w*)\b",
    re.IGNORECASE,
)


def are_both(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a sentence with a dose says that it is done on both sides, one after the other, in words that no token is."""
    if any(len(token.sides) == 2 for token in tokens):
        return False
    if _OTHER_SIDE.search(text) or _EACH_WAY.search(text):
        return True
    return len(_TWICE.findall(text)) > 1 and _LEFT_AND_RIGHT.search(text) is not None


def of_sentence(text: str, facts: Sequence[Token], *, is_dosed: bool) -> list[Token]:
    """The facts without sides that are only words of an instruction; `is_dosed` says that there is a dose beside them."""
    sides = {token.sides for token in of_kind(facts, Kind.SIDES)}
    both = is_dosed and set(ONE_SIDE) <= sides
    chosen = []
    for token in facts:
        is_single = token.sides in ONE_SIDE and not both and not _ONLY.search(text)
        is_loose = token.kind is Kind.SIDES and not is_dosed and _LOOSE.search(token.text) is not None
        is_loose |= token.kind is Kind.SIDES and _IN_HAND.search(text[: token.end]) is not None
        if not is_single and not (is_loose and token.sides not in ONE_SIDE):
            chosen.append(token)
    return chosen


def are_in_turns(text: str) -> bool:
    """Whether a sentence names one side and then the other: `Left leg first, and then the right.`"""
    return _IN_TURNS.search(text) is not None


def are_unsure(text: str) -> bool:
    """Whether a text without sides speaks of the other one."""
    return _UNSURE.search(text) is not None
