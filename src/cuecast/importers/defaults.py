"""What a hand-out says once for all its exercises: `each 10 times unless it says otherwise`, `operated leg: right`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from cuecast.importers.counts import BREAK, MAX_HOLD_MS, MAX_SETS, resolved
from cuecast.importers.facts import Kind
from cuecast.importers.tokens import Token, normalise, of_kind, scan
from cuecast.model.duration import SECOND

_FOR_ALL = re.compile(
    r"\b(?:unless|otherwise|(?:standard|general|default|usual|normal) (?:dose|dosage)|(?:for|at) each\b|each station|all (?:three|four|five|six)|alle (?:drei|vier|fünf)|überall|each of (?:these|them)|au(?:ß|ss)er es steht|(?:each|every) (?:one|exercise|movement|stretch)|(?:all|these|following|both) (?:of )?(?:the |these |following )?(?:exercises|movements|stretches)|all of them|do each|repeat each"
    r"|(?:exercises|übungen|ejercicios) \d+ ?(?:to|and|bis|und|a|y|[-–&]) ?\d+|ni(?:chts|x) (?:anderes|dabei)|wenn nicht anders|(?:jede|alle|beide) übung(?:en)?|für alle|jeweils"
    r"|salvo|si no (?:se|pone|pongo|digo|hay|dice)|(?:cada|todos los) ejercicios?|cada uno)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\s+[|]\s+")
_LEFT, _RIGHT = (
    r"(?:left|links|linke[nrsm]?|li\b\.?|izquierd[ao]|izq\b\.?)",
    r"(?:right|rechts|rechte[nrsm]?|re\b\.?|derech[ao])",
)
_LIMB = r"(?:knee|leg|hip|shoulder|arm|elbow|hand|wrist|ankle|foot|side|limb|thumb|thigh|calf|arm|bein|knie|daumen|zehe?|unterarm|oberarm|vorfuß|hüfte|schulter|seite|fuß|fuss|sprunggelenk|pierna|rodilla|cadera|hombro|brazo|muñeca|tobillo|mano|codo|pie|lado)"
_AFFECTED = r"(?:operated|affected|injured|bad|sore|problem|weak|surgical|involved|operierte[nms]?|betroffene[nms]?|kranke[nms]?|operad[ao]|afectad[ao]|afect[ao]|mal[ao]|lesionad[ao])"
_AFFECTED_SIDE = re.compile(
    rf"\b(?:{_AFFECTED}\s)?{_LIMB}(?:\s{_AFFECTED})?\s?[:=(]\s*\W{{0,3}}(?:(?P<left>{_LEFT})|(?P<right>{_RIGHT}))(?!\w)(?!\W+(?:{_LEFT}|{_RIGHT}))"
    rf"|\b(?:{_LIMB}|TEP|Arthroskopie)\s(?:(?P<left2>links|li\.?)|(?P<right2>rechts|re\.?))(?!\w)"
    rf"|\[[xX]\]\s?(?:(?P<left3>{_LEFT})|(?P<right3>{_RIGHT}))(?!\w)"
    rf"|\b(?:dx|diagnos\w+|injury|op|z\. ?n\.|nach|after)[^.\w][^.]{{0,40}}?\b(?:(?P<left5>{_LEFT}|(?-i:L)\b)|(?P<right5>{_RIGHT}|(?-i:R)\b))(?!\w)"
    rf"|\b(?:(?P<left6>{_LEFT}|(?-i:L|Lt\.?))|(?P<right6>{_RIGHT}|(?-i:R|Rt\.?)))\s(?:[^\W\d]+\s){{0,3}}(?:sprain|strain|tear|fracture|replacement|repair|reconstruction|surgery|tendin\w+)\b"
    rf"|\b(?:sprain|strain|tear|fracture|replacement|repair|reconstruction|surgery|operation|tendin\w+|ligaments?|tendons?) (?:of|on|in|to|at) (?:\w+ ){{0,6}}?(?:(?P<left7>{_LEFT})|(?P<right7>{_RIGHT})) {_LIMB}"
    r"|(?-i:\b(?:(?P<left8>L)|(?P<right8>R)))\s*[☑☒✓✔]"
    r"|(?-i:\b(?:(?P<left4>LEFT|LINKS|LINKE[NRS]?|IZQUIERD[AO])|(?P<right4>RIGHT|RECHTS|RECHTE[NRS]?|DERECH[AO]))\b)",
    re.IGNORECASE,
)
_OF_SIDE = {
    "left": re.compile(
        rf"\b(?:links|linke[nrsm]?|izquierd[ao]|the left)\b|\b{_LEFT}\s(?:\w+\s)?{_LIMB}\w*|\b{_LIMB}\s{_LEFT}(?!\w)",
        re.IGNORECASE,
    ),
    "right": re.compile(
        rf"\b(?:rechts|rechte[nrsm]?|derech[ao]|the right)\b|\b{_RIGHT}\s(?:\w+\s)?{_LIMB}\w*|\b{_LIMB}\s{_RIGHT}(?!\w)",
        re.IGNORECASE,
    ),
}
_SAYS_AFFECTED = re.compile(rf"\b(?:{_AFFECTED}\s(?:\w+\s)?{_LIMB}|{_LIMB}\s{_AFFECTED})\b", re.IGNORECASE)
_ALWAYS = re.compile(
    r"\b(?:unless|always|only|everything|all|immer|nur|alles|nichts anderes|todo|siempre|solo|sólo|salvo)\b",
    re.IGNORECASE,
)
_ONLY_THAT = re.compile(rf"\bonly the {_LIMB} (?:that|which)\b", re.IGNORECASE)
_ONE_SIDE = re.compile(rf"(?P<left>\b{_LEFT})|(?P<right>\b{_RIGHT})", re.IGNORECASE)
_KEY = re.compile(r"\b[RL]\s?=\s?(?:(?P<left>left)|(?P<right>right))", re.IGNORECASE)
_BOTH = re.compile(
    r"\b(?:both|beide[nsr]?|beidbeinig|beidseitig|gleichzeitig|los dos|las dos|ambos|ambas|each|jede[smn]?(?! mal)|cada)\b",
    re.I,
)
_NO_SIDES = re.compile(
    r"\bno sides\b|same time|both (?:arms|hands|shoulders)|ohne seite|sin lados|a la vez", re.IGNORECASE
)
_BOTH_LIMBS = re.compile(
    r"\b(?:both|beide[nr]?|ambos|ambas|las dos|los dos) (?:feet|legs|knees|füße|füsse|beine|knie|pies|piernas|rodillas)\b|\b(?:both|feet|legs|arms|hands|knees) together\b|gleichzeitig|beidbeinig|\b(?:each|every) (?:leg|side|foot|arm)|jede[smnr]? (?:bein|seite|fuß)|cada (?:lado|pierna|pie)\b",
    re.IGNORECASE,
)
MAX_SENTENCE = 300
"""A longer sentence is not looked at."""

_COUNTED = (Kind.REPS, Kind.BREATHS, Kind.DISTANCE, Kind.ON_OFF)
_LENGTHS = (Kind.LENGTH, Kind.HOLD)
_OF_SETS = frozenset((Kind.REPS, Kind.NUMBER, Kind.LENGTH, Kind.DISTANCE))
"""What a set is made of: `3 x 10`, `3 x 30 s`; `3 times, hold 20 s` are repetitions."""

_AFTER_EACH = re.compile(r"\b(?:after each|after every|nach jede[mr]?|después de cada)\b", re.IGNORECASE)
_AFTER = re.compile(r"(?:after|nach|después de|tras)\s\d", re.IGNORECASE)
_HEADING = re.compile(
    r"(?-i:[A-ZÄÖÜÁÉÍÓÚÑ][A-ZÄÖÜÁÉÍÓÚÑ,/ ]{3,})\s?[-–—:(]\s?(?=.*(?:\d\s?(?:sets?|x|×|sätze|series)\s?(?:of|à|de|mit|von)?\s?(?:je\s)?\d|hold|halten)).*"
)
"""The heading of a part with a dose: `STANDING - 2 sets of 8`."""

_MARKED = re.compile(
    r"(?:[*=~#-]{1,3}\s?)[^\W\d][^(]*\((?=.*(?:\d\s?(?:sets?|sätze|series|serien|x|mal|veces|times)\b|hold|halten|mantener)).*\)", re.IGNORECASE
)  # fmt: skip
"""A marked heading with a dose in brackets: `== STRENGTH (3 sets, rest 45 s between sets) ==`."""

MAX_LENGTH_MS = 300 * SECOND
"""What lasts longer is no dose of all exercises: `rest 30 minutes afterwards`."""


class Defaults(Struct):
    """The tokens of the doses for all, and sides: `side` is the one that is done, `affected` that of `the operated leg`."""

    dose: tuple[Token, ...] = ()
    rest: Token | None = None
    side: str = ""
    affected: str = ""

    def tokens_for(self, tokens: Sequence[Token], name: str, text: str) -> list[Token]:
        """What holds for an exercise of this name, these tokens and words, and it does not say itself."""
        added = self._dose_for(tokens)
        added += self._rest_for([*tokens, *added])
        if not of_kind(tokens, Kind.SIDES):
            added += self._sides_for(name, text)
        return [BREAK, *added] if added else []

    def _dose_for(self, tokens: Sequence[Token]) -> list[Token]:
        kinds = {token.kind for token in tokens}
        sets = of_kind(self.dose, Kind.SETS)
        if kinds & {*_COUNTED, Kind.SETS}:
            return sets if Kind.SETS not in kinds and Kind.REPS in kinds else []
        lengths = of_kind(tokens, *_LENGTHS)
        if not lengths or self._repeats(lengths):
            return [token for token in self.dose if token.kind not in kinds and token.kind is not Kind.SIDES]
        return sets if len(sets) + len(of_kind(self.dose, Kind.SIDES)) == len(self.dose) else []

    def _repeats(self, lengths: Sequence[Token]) -> bool:
        """Whether what is held so long is done as often as all others: 10 times 5 s, twice 30 s, but not 10 times 30 s."""
        is_few = all(token.number <= MAX_SETS for token in self.dose)
        is_short = lengths[0].time is not None and lengths[0].time.high <= MAX_HOLD_MS
        return len(lengths) == 1 and (is_short or (is_few and lengths[0].kind is Kind.HOLD))

    def _rest_for(self, tokens: Sequence[Token]) -> list[Token]:
        kinds = {token.kind for token in tokens}
        if kinds & {Kind.REST, Kind.ON_OFF}:
            return []
        for on_off in of_kind(self.dose, Kind.ON_OFF):
            return [Token(Kind.REST, on_off.text, -1, -1, rest_ms=on_off.rest_ms, scope="exercises")]
        has_sets = any(token.scope == "sets" for token in tokens) or (Kind.SETS in kinds and kinds & _OF_SETS)
        return [self.rest] if self.rest and (has_sets or self.rest.scope == "exercises") else []

    def _sides_for(self, name: str, text: str) -> list[Token]:
        is_both = _BOTH.search(name) or _BOTH_LIMBS.search(text)
        if (each := of_kind(self.dose, Kind.SIDES)) and not is_both and not _NO_SIDES.search(text):
            return each
        is_affected = self.affected and (_SAYS_AFFECTED.search(text) or _OF_SIDE[self.affected].search(text))
        side = self.affected if is_affected else "" if is_both else self.side
        return [Token(Kind.SIDES, f"{side} only", -1, -1, sides=(side,))] if side else []

    def replaced_by(self, later: Defaults) -> Defaults:
        """These, with what the rows of a later part say for those below."""
        return Defaults(later.dose or self.dose, later.rest or self.rest, self.side, self.affected)


def read_defaults(texts: Sequence[str]) -> Defaults:
    """What the texts beside the exercises say for all of them."""
    found = Defaults()
    for text in texts:
        if match := _AFFECTED_SIDE.search(text):
            found.affected = found.affected or _side(match)
        for sentence in filter(lambda sentence: len(sentence) <= MAX_SENTENCE, _SENTENCE.split(text)):
            _read_sentence(found, sentence)
    return found


def _read_sentence(found: Defaults, sentence: str) -> None:
    side = _ONE_SIDE.search(sentence) if _ALWAYS.search(sentence) else _KEY.search(sentence)
    found.side = found.side or (_side(side) if side else "")
    if _ALWAYS.search(sentence) and (_SAYS_AFFECTED.search(sentence) or _ONLY_THAT.search(sentence)):
        found.side = found.side or found.affected
    every = scan(normalise(sentence))
    tokens = resolved([*of_kind(every, *_COUNTED, *_LENGTHS, Kind.SETS, Kind.REST, Kind.NUMBER)])
    rests = [token for token in tokens if token.kind is Kind.REST and token.scope and not _AFTER.match(token.text)]
    is_for_all = _FOR_ALL.search(sentence) or _HEADING.fullmatch(sentence) or _MARKED.match(sentence)
    if is_for_all and not rests:
        rests = [msgspec.structs.replace(each, scope="exercises") for each in of_kind(tokens, Kind.REST)]
    found.rest = found.rest or next((_of_sets(rest) for rest in rests), None)
    doses = [token for token in tokens if token.kind not in (Kind.REST, Kind.NUMBER) and not _is_long(token)]
    if _MARKED.match(sentence):
        doses = [token for token in doses if token.scope != "rounds"]
    if doses and not found.dose and is_for_all:
        sides = [token for token in of_kind(every, Kind.SIDES) if len(token.sides) == 2 and " " in token.text.strip()]
        found.dose = (*doses, *sides[:1])


def _of_sets(rest: Token) -> Token:
    if rest.scope == "any" and _AFTER_EACH.search(rest.text):
        return msgspec.structs.replace(rest, scope="exercises")
    return msgspec.structs.replace(rest, scope="sets") if rest.scope in ("any", "reps") else rest


def _is_long(token: Token) -> bool:
    return token.kind in _LENGTHS and token.time is not None and token.time.high > MAX_LENGTH_MS


def _side(match: re.Match[str]) -> str:
    return next((name.rstrip("2345678") for name, value in match.groupdict().items() if value), "")
