"""What the facts of a line look like: one rule for each way to write a length, a count, a rest, sides.

The rules are tried at each word in the table's order. Words of English, German and Spanish are understood in any file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from cuecast.importers.asides import LEFT_OUT
from cuecast.model.duration import SECOND, DurationRange, ms_to_text
from cuecast.phrases.lengths import LENGTH, NUMBERS, read_length
from cuecast.phrases.patterns import one_of


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    MARK = "mark"
    NUMBER = "number"
    LENGTH = "length"
    HOLD = "hold"
    ON_OFF = "on-off"
    REST = "rest"
    SIDES = "sides"
    SETS = "sets"
    REPS = "reps"
    BREATHS = "breaths"
    DISTANCE = "distance"
    EACH = "each"
    LEFT_OUT = "left out"


_COUNT = rf"(?P<count>\d{{1,4}}|(?:{one_of(NUMBERS)})\b)"
_RANGE = r"(?:(?:entre\s)?\d{1,3}\s?(?:[-–]|to|bis|a|or|oder|o|y(?=\s\d))\s?)?"
_TIMES = r"(?:\s?[x×](?![^\W\d_])|\s?(?:times|mal|veces)\b|(?<=mal)\b|(?<=once)\b|(?<=twice)\b(?! as))"
_REST = r"(?:rest|pause[nr]?|break|recover(?:y)?|relax|breather|pausa|pausieren|erholung|descans(?:o|a|ar|ando|e|en|as|amos|ad|ás))\b"
_WORK = r"(?:work|on|arbeit|belastung|trabajo|an)\b"
_TIME = rf"(?P<time>{LENGTH}|\d{{1,4}}(?![\w:/]))"
_HELD = rf"(?P<time>{LENGTH}|\d{{1,4}}(?=\s*(?:$|[,.;)x×]|(?:and|then|und|dann|y|with|rest|repeat|each|per|je|pro|por|cada)\b)))"
_OF = r"(?:\s*(?:for|of|time|is|is\s|von|für|de|:))*\s*"
_LEAD = r"(?:(?:then|and|with|mit|con|y|und)\s)?(?:(?:a|an|eine?|una?)\s)?(?:(?:short|long|kurze|corta)\s)?"
_SCOPES = {
    "sets": r"sets?|sätzen?|satz|serien?|series?",
    "reps": r"reps?|repetitions?|holds?|wiederholungen|repeticiones",
    "rounds": r"rounds?|runden?|durchgängen?|circuits?|rondas?|vueltas?",
    "exercises": r"exercises?|stations?|übungen?|ejercicios?|moves?|stretch(?:es)?|stations?",
}
_BETWEEN = (
    r"(?:(?:in\s)?(?:between|zwischen|entre|after|nach|después de)\b|dazwischen\b)"
    r"(?:\s(?:each(?: one)?|every|the|all|den|jede[rmns]?|cada(?: una?)?|las|los|tus))*\s?"
    + rf"(?P<scope>(?:{'|'.join(_SCOPES.values())})\b)?(?:\s(?:y\s(?:serie|tanda|ejercicio|vuelta|una)|jeweils|je|immer|bitte|always)\b)?"
)
_MOVING = re.compile(
    r"\b(?:run|jog|sprint|swim|kick|crawl|freestyle|row|carry|walk|shuttle|lauf|geh|schwimm|kraul|corr|nad|camin|remo)",
    re.IGNORECASE,
)
_PART = r"(?:sides?|legs?|arms?|foot|feet|hips?|shoulders?|calf|calves|knees?|hands?|ways?|directions?)"
_SEITE = r"(?:seiten?|beine?|arme?|fuß|richtung(?:en)?|hand)"
_LADO = r"(?:lado|pierna|brazo|pie|mano|sentido)s?"
_OTHER = rf"(?:other|opposite|anderen?|otr[oa]|contrari[oa])\s(?:{_PART}|{_SEITE}|{_LADO})\b"
_NO_VERB = r"(?:(?<![^\W\d_]\s)|(?<=sec\s)|(?<=secs\s)|(?<=reps\s)|(?<=\ds\s)|(?<=conds\s)|(?<=times\s))"
_LEFT, _RIGHT = r"(?:left|links|li\.|izquierd[ao]|(?-i:L|Lt\b\.?))", r"(?:right|rechts|re\.|derech[ao]|(?-i:R|Rt\b\.?))"
_AND = r"\s*(?:[,/&+]|and|then|und|y)?\s*"
_SIDE_END = r"(?=\s*(?:$|[,.;:()/|–—\d])|\s+-|\s(?:and|then|und|dann|y|luego)\s\d)(?!\.\w)"
_BREATHS = r"(?:(?:deep|slow|full|long|big|easy|gentle|calm|tiefe|lange|ruhige|langsame)\s)*(?:breaths?|atemzüge?n?|respiraciones|breathing cycles)"
_MANNER = r"(?:slow|quick|fast|easy|good|small|big|controlled|gentle|langsame|ruhige|kontrollierte|lentas?)"
_METRE = r"(?:\d{3,5}\s?m\b|\d{1,5}(?:[.,]\d+)?\s?(?:kms?|kilomet(?:er|re)s?|mtrs?|met(?:er|re)s?|metros?|miles?|mi|yards?|yds?)\b)"
_ALL_OF_IT = (
    r"(?:\s?(?:all|everything|this|that|it|the|whole|entire|above|circuit|following|block|alles|das|ganze|todo|el|circuito|sequence|of|exercise|movement|sie|die|übung"
    r"|este|ejercicios?|movimiento|la|los|tanda|serie|de|\s))*"
)

LONGEST_MS = 4 * 3600 * SECOND
"""A longer time is neither an exercise nor a rest: `24 hours`."""

_Fields = dict[str, Any]
_Read = Callable[[re.Match[str]], _Fields]


def _count(match: re.Match[str]) -> _Fields:
    text = match["count"].lower()
    return {"number": NUMBERS.get(text) or int(text)}


def _sets(match: re.Match[str]) -> _Fields:
    fields = {**_count(match), "scope": "sets"}
    if re.match(r"\d+\s?(?:[-–]|to|bis|a\b)", match[0]):
        fields["note"] = f"is a range; {fields['number']} is taken"
    return fields


def _sets_of_range(match: re.Match[str]) -> _Fields:
    return {**_sets(match), "scope": ""}


def _repeats(match: re.Match[str]) -> _Fields:
    return {**_count(match), "is_repeat": True, "scope": "rounds"}


def _repeats_more(match: re.Match[str]) -> _Fields:
    fields = _repeats(match)
    return {**fields, "number": int(str(fields["number"])) + 1}


def _time(text: str) -> DurationRange | None:
    """The length; None if it is too long for an exercise or a rest."""
    length = read_length(text)
    return length if length.low <= LONGEST_MS else None


def _length(match: re.Match[str]) -> _Fields:
    length = _time(match["time"])
    fields: _Fields = {"time": length} if length and length.low else {}
    if (minutes := re.fullmatch(r"([2-9]\d)\s?m", match["time"])) and fields:
        fields["note"] = f"is taken for minutes; metres are written {minutes[1]} metres"
    return fields


def _rest(match: re.Match[str]) -> _Fields:
    """A rest has one length: of a range the longer one."""
    if (length := _time(match["time"])) is None:
        return {}
    note = f"is a range; {ms_to_text(length.high)} is taken" if length.low < length.high else ""
    fields: _Fields = {"rest_ms": length.high, "note": note}
    if "scope" in match.groupdict():
        known = (name for name, words in _SCOPES.items() if re.fullmatch(words, match["scope"] or "", re.IGNORECASE))
        fields["scope"] = next(known, "any")
    return fields


def _on_off(match: re.Match[str]) -> _Fields:
    on, off = read_length(match["on"]), read_length(match["off"])
    return {"time": on, "rest_ms": off.high} if on.low else {}


def _counted_length(match: re.Match[str]) -> _Fields:
    """A count as that many seconds."""
    if match["time"]:
        return _length(match)
    ms = _count(match)["number"] * SECOND
    return {"time": DurationRange(ms, ms)}


def _always(**fields: object) -> _Read:
    return lambda _: {"scope": "", **fields}


FACTS: tuple[tuple[Kind, str, _Read], ...] = (
    *((Kind.LEFT_OUT, pattern, _always(note=why)) for why, pattern in LEFT_OUT),
    (Kind.WORD, r"(?:übung|exercise|ejercicio|nr\.?|no\.|nº)\s\d{1,2}\b", _always()),
    (Kind.WORD, r"(?:not|instead of|statt|en vez de)\s\d{1,3}(?=\s*(?:$|[.,;)]))", _always()),
    (Kind.WORD, r"\d+(?:[.,]\d+)?(?:\s?[-–]\s?\d+)?\s?(?:kg|lbs?|pounds|kilos?|libras|%|°|º|cm|mm|inch(?:es)?|degrees|grad|grados|watts?|bpm|rpm)(?!\w)", _always()),
    (Kind.WORD, r"(?:lower\w*|down|return\w*|come back|up|back)\s(?:[^\W\d]+\s){0,4}count of (?:\d+|three|four|five)\b", _always()),
    (Kind.ON_OFF, rf"(?P<on>{LENGTH}|\d{{1,4}})\s*(?:of\s)?{_WORK}[\s,/;+]*(?:and |then |und |y )?"
     rf"(?P<off>{LENGTH}|\d{{1,4}})\s*(?:of\s|de\s)?(?:off|rest|pause|recovery|aus|descanso)\b", _on_off),
    (Kind.ON_OFF, rf"{_WORK}{_OF}(?P<on>{LENGTH})\s(?:at|on|per|for) (?:each|every) \w+,? (?:and )?(?:then )?(?:take|have|rest(?: for)?)\s(?P<off>{LENGTH})", _on_off),
    (Kind.ON_OFF, rf"{_WORK}{_OF}(?P<on>{LENGTH}|\d{{1,4}})[\s,/;+]*(?:and |then |und |y )?(?:off|{_REST}){_OF}(?P<off>{LENGTH}|\d{{1,4}}(?!\w))", _on_off),
    (Kind.ON_OFF, rf"(?P<on>{LENGTH})\s?/\s?(?P<off>{LENGTH})(?!\s?/)", _on_off),
    (Kind.ON_OFF, r"(?!90\s?/\s?90)(?:(?<=[x×]\s)|(?<=[x×(]))(?P<on>\d{2,3})\s?/\s?(?P<off>\d{1,3})(?![\d/])", _on_off),
    (Kind.ON_OFF, r"(?P<on>\d{2,3})\s?/\s?(?P<off>\d{1,3})(?=\s*(?:s|sec)?\s*[x×]\s?\d)", _on_off),
    (Kind.ON_OFF, r"(?!90\s?/\s?90)(?<=\w )(?P<on>\d{1,2}[05])/(?P<off>\d?[05])(?=\s*(?:$|[,;(]))", _on_off),
    (Kind.REST, rf"{_LEAD}{_REST}{_OF}{_TIME}\s*{_BETWEEN}", _rest),
    (Kind.REST, rf"(?:(?:then|with|and|mit|con)\s)?{_TIME}\s*(?:of\s|de\s)?(?:{_REST}\s*|(?=in between|between|zwischen|entre)){_BETWEEN}", _rest),
    (Kind.REST, rf"{_BETWEEN}:?\s*{_LEAD}(?:{_REST})?{_OF}{_TIME}(?:\s(?:of\s|de\s)?{_REST})?", _rest),
    (Kind.REST, rf"{_LEAD}{_REST}\s*{_BETWEEN}{_OF}{_TIME}", _rest),
    (Kind.REST, rf"{_TIME}\s(?:to|for)\s(?:change|swap|switch|move|get to)\b(?:\s(?:over|to the next))?\s?(?P<scope>(?:stations?|exercises?)\b)?(?:\s?after (?:each|every) exercise)?", lambda match: {**_rest(match), "scope": "exercises"}),
    (Kind.REST, rf"{_BETWEEN}:?\s*(?:sit(?: down)?|wait|walk(?: around)?|stand|breathe|drink)\s(?:for\s)?{_TIME}", _rest),
    (Kind.REST, rf"(?:wait|warte[nt]?|espera[rn]?)\s(?:for\s)?{_TIME}\s(?:before the (?:second|next) (?P<scope>sets?)|(?:vor dem nächsten|antes de la siguiente)\b)", lambda match: {**_rest(match), "scope": "sets"}),
    (Kind.REST, rf"(?P<scope>satz)pause[nr]?{_OF}{_TIME}", _rest),
    (Kind.REST, rf"{_LEAD}{_REST}(?:\s(?:ebenfalls|wieder|jeweils|again|also))?{_OF}{_TIME}", _rest),
    (Kind.REST, rf"(?:(?:then|with|mit|con)\s)?{_TIME}\s*(?:of\s|de\s)?{_REST}(?!{_OF}\d)", _rest),
    (Kind.REST, rf"{_TIME}\s*off\b", _rest),
    (Kind.REST, rf"{_REST}\s?[-–,]\s?(?P<time>{LENGTH})", _rest),
    (Kind.SETS, rf"(?:for\s)?{_COUNT}\s(?:more|weitere)\s(?:rounds?|times?|sets?|runden?|mal)\b", _repeats_more),
    (Kind.SETS, rf"(?:repeat|do it)\s{_COUNT}\smore\b", _repeats_more),
    (Kind.SETS, rf"{_COUNT}{_TIMES}\swiederholen\b", _repeats),
    (Kind.SETS, rf"(?:then |do |and )?(?:repeat|wiederhole[nt]?|repite|repetir|repita|repetimos)\b{_ALL_OF_IT}\s?[x×]?\s?{_RANGE}{_COUNT}{_TIMES}?"
     r"(?:\s?(?:sets?|rounds?|runden)(?:\sof(?=\s\d))?)?(?:\sin total)?", _repeats),
    (Kind.SETS, rf"(?:(?:do|complete|perform)\s(?:this|that|it|all|the)\b|the following\b|das ganze\b|alles\b|todo\b){_ALL_OF_IT}\s?[x×]?\s?{_COUNT}{_TIMES}"
     r"(?:\swiederholen)?(?:\sin total)?", _repeats),
    (Kind.SETS, rf"{_RANGE}{_COUNT}\s?(?:sets?|sätzen?|satz|serien?|series?|tandas|lots)\b(?:\s(?:of|à|mit|von|de|con|zu|je|in total|total|each|[x×](?=\s?\d))|\s?/\s?(?=\d))*", _sets),
    (Kind.SETS, rf"{_COUNT}\s?(?:rounds?|runden?|rondas?|vueltas|circuits?|durchgänge|cycles?|zyklen|ciclos)\b(?:\s(?:of|à|mit|von|de|con|through|in total|total|each))*",
     lambda m: {**_count(m), "scope": "rounds"}),
    (Kind.SETS, r"(?:sets?|sätze|series)\s?:?\s?(?P<count>\d{1,3})\b(?!\s?(?:[x×]|sets?\b|sätze|series|reps?\b(?!\s?:?\s?\d)))", _sets),
    (Kind.SETS, r"(?:rounds|runden|rondas)\s?:\s?(?P<count>\d{1,3})\b", lambda m: {**_count(m), "scope": "rounds"}),
    (Kind.SETS, rf"(?:reps?|repetitions?|wdh|wiederholungen|repeticiones)\.?\s?:\s?{_COUNT}{_TIMES}(?=\s?\d)", _sets),
    (Kind.REPS, rf"(?:reps?|repetitions?|wdh|wiederholungen|repeticiones)\.?\s?:?\s?{_RANGE}(?P<count>\d{{1,3}})\b(?!\s?[x×])(?:\s(?:reps|repetitions|wdh|wiederholungen|repeticiones)\b)?", _count),
    (Kind.REPS, rf"[x×]?\s?{_RANGE}{_COUNT}\s*(?:{_MANNER}\s)?(?:reps?|repetitions?|wdh|wiederholungen|repeticiones|stück|steps?|schritte|pasos|circles|kreise|círculos)\b\.?", _count),
    (Kind.REPS, r"(?P<count>\d{1,3})\s?(?:[x×]|times|mal|veces)?\s?(?:forwards?|backwards?|(?:anti-?|counter-?)?clockwise|im uhrzeigersinn|gegen den uhrzeigersinn|vorwärts|rückwärts|hacia (?:de|a)lante|hacia atrás)\b", lambda m: {**_count(m), "scope": "ways"}),
    (Kind.SETS, rf"(?:and |then |dann )*(?:do |have )?(?:another|again|nochmals?|noch) {_COUNT}(?: more)?(?=\s*(?:$|[.,;)]))", _always(number=2, scope="sets")),
    (Kind.SETS, rf"(?:and |then |dann )+(?:another |nochmals? )?{LENGTH}(?: (?:more|again))?(?<=more|gain)(?=\s*(?:$|[.,;)]))", _always(number=2, scope="sets")),
    (Kind.REPS, rf"(?:do|perform|complete|aim for|mache[nt]?|haga|haz|hacer|realice|realiza[r]?|hac[eé]s?|hacen|hacemos|son)\s(?:(?:about|up to|etwa|unas?)\s)?{_RANGE}{_COUNT}(?=\s(?:of (?:these|them|those)|leading|slow|with|each|on|per|pro|je|por|cada|con|davon|in total|then|and|und|y)\b|\s*[.,;)]|$)(?:\sof (?:these|them|those)\b)?", _count),
    (Kind.REPS, rf"{_RANGE}{_COUNT}\s(?:{_MANNER}\s)?ones\b", _count),
    (Kind.REPS, rf"{_RANGE}{_COUNT}(?:\s(?!(?:sec|min|sek|seg|sets?|sätze|seri|round|rund|times|mal|veces|breath|atem|resp|lengths?)\w*)[^\W\d]+)?(?=\s(?:with|on|to|leading with|mit|auf|con)\s(?:one|each|every|the first|the right|the left|your right|your left|dem rechten|dem linken|einem|dem einen|jede[mr]|una?|cada)\s(?:{_PART}|{_SEITE}|{_LADO}|una?)\b)", _count),
    (Kind.REPS, rf"{_RANGE}{_COUNT}(?:\s[^\W\d]+)?\s(?:(?:is|are) (?:enough|plenty)|reichen|genügen|alcanzan?|bastan?|son suficientes)\b", _count),
    (Kind.REPS, rf"{_RANGE}{_COUNT}\s(?:of (?:these|them|those)|in a row|davon|de (?:ell|est)[oa]s|seguid[ao]s)\b", _count),
    (Kind.SETS, r"(?:(?:and |then |dann )*(?:do |have )?a second set|(?:y\s)?(?:repít\w+|repite|repetir) (?:otra|una) vez(?: más)?)\b", _always(number=2, scope="sets")),
    (Kind.BREATHS, rf"(?:(?:hold|stay|halten|mant(?:ener|én|enga)|aguanta[r]?)\s?:?\s?(?:for|für|por)?\s)?{_RANGE}{_COUNT}\s{_BREATHS}\b", _count),
    (Kind.HOLD, rf"(?:hold(?:ing)?|halten?|mant(?:ener|én|enga|eniendo)|aguant(?:ar|a|e|ando))\b(?:\s?(?:each|it|rep|time|for|für|por|durante|at the top|a count of|the|this|that|your|position|stretch|pose|contraction|die|diese|sie|la|esta|posición|postura)\b|\s?:)*\s*{_HELD}", _length),
    (Kind.HOLD, rf"(?:(?:hold|stay|keep)\w*\s(?:it\s|this\s|that\s|there\s)*)?(?:(?:for|to)\s(?:a\s)?(?:slow\s)?count of|while you count to) (?:{_TIME}|{_COUNT})", _counted_length),
    (Kind.REPS, r"(?:to|until|till) (?:failure|fatigue)\b|as many (?:as|reps as) (?:possible|you can)\b|so viele? wie möglich\b|tantas como (?:pueda|puedas|sea posible)\b|bis zur erschöpfung\b|(?:hasta el|al) fallo\b", _always(scope="open")),
    (Kind.HOLD, rf"{_TIME}\s(?:arriba|oben|at the top)\b(?!\W{{0,3}}(?:y |und |and )?\d)", _length),
    (Kind.HOLD, rf"{_TIME}\s(?:holds?|halten)\b(?!:?\s*(?:for\s|für\s)?\d)", _length),
    (Kind.DISTANCE, _METRE, _always()),
    (Kind.DISTANCE, r"\d{2}\s?m\b", lambda match: {"scope": "metres"} if _MOVING.search(match.string) else {}),
    (Kind.SETS, r"(?P<count>\d{1,3})\s?[x×](?=[\s\d,).:(]|$)\s?", _count),
    (Kind.SETS, r"[x×]\s?(?:\d{1,3}[-–])?(?P<count>\d{1,4})\b(?!\s*(?:s|sec|min)\b)(?P<sets>\s(?:sets?|sätze|series)\b)?", lambda m: _sets(m) if m["sets"] else _count(m)),
    (Kind.SETS, rf"{_RANGE}{_COUNT}{_TIMES}", _sets_of_range),
    (Kind.WORD, LENGTH, lambda match: {} if _time(match[0]) else {"scope": "long"}),
    (Kind.WORD, rf"{LENGTH}\s(?:up|down|lowering|runter|hoch|ab|auf|senken|absenken|heben|bajar|subir|bajando|subiendo|arriba|abajo)(?=\s*(?:$|[,.;)]))", _always()),
    (Kind.LENGTH, rf"(?:(?:duration|time|work|dauer|zeit|duración|tiempo)\s?(?::|\s[-–])\s?)?(?P<time>{LENGTH})", _length),
    (Kind.SIDES, rf"both (?:{_PART} )?(?:together|at once|at the same time)\b|beide (?:seiten )?gleichzeitig\b", _always(sides=("both",))),
    (Kind.SIDES, rf"{_RIGHT}{_AND}{_LEFT}(?!\w)", _always(sides=("right", "left"))),
    (Kind.SIDES, rf"(?:(?:sides?|seiten?|lados?)\s?:\s?)?(?:{_LEFT}{_AND}{_RIGHT}(?!\w)|(?:both|ambos|ambas) (?:sides|ways|directions|lados)\b|(?:sides?|seiten?|lados?)\s?:\s?(?:both|each|beide|ambos|l/r)\b|{_NO_VERB}(?:both {_PART}|ambos {_LADO}|ambas {_LADO}|beide {_SEITE})\b|(?:on )?(?:a[ /](?=side|leg|arm|way)|(?:per|each|every|either|ea\.?)[ /]){_PART}\b|c?/ ?(?:{_PART}|{_SEITE}|{_LADO})\b|li\.?\s?/\s?re\b\.?|seitenwechsel\b"
     rf"|(?:auf )?(?:je|pro|jede[rsm]?) {_SEITE}\b|(?:beide seiten|beidseits|jeweils {_SEITE})\b|beidseits\b|beidseitig\b|(?:(?:a |en )?cada|por) {_LADO}\b)",
     _always(sides=("left", "right"))),
    (Kind.SIDES, rf"(?:(?:then|and|dann|und|luego|y)\s)*(?:repeat|switch|swap|change|do the same|do|same|wiederholen|repit[ae]|repetir|cambi[ae]|cambiar)\b[^.;,\d]{{0,20}}?\b{_OTHER}"
     r"|(?:(?:then|and|dann|und|luego|y)\s)*(?:(?:switch|change|swap) (?:the )?(?:sides?|legs|arms)|(?:seite|bein|arm)n? wechseln|wechseln\b[^.;,\d]{{0,20}}?\bseiten?|(?<!no\s)cambi(?:a|e|ar) de (?:lado|pierna|brazo))\b",
     _always(sides=("left", "right"))),
    *((Kind.SIDES, rf"(?:(?:side|seite|lado)\s?:\s?)?(?:(?:on (?:the|your)|to the|a la|al lado|nach) {word}(?: {_PART})?|(?:^|(?<=[,(] )|(?<=\()){word} {_PART}(?: only)?|{word} {_PART} only"
       rf"|(?:nur )?{word}(?: side| seite)?(?: only)?){_SIDE_END}", _always(sides=(side,))) for side, word in (("left", _LEFT), ("right", _RIGHT))),
    (Kind.SIDES, r"(?:then|and|now|dann|und|luego|y)\s(?:do\s)?(?:the |das |lo )?(?:same|gleiche|dasselbe|mismo) (?:with|on|mit|con|auf)\b", _always(sides=("left", "right"))),
    (Kind.SIDES, r"con cada una\b|mit jede[mr]\b(?=\s*(?:$|[.,;]))", _always(sides=("left", "right"))),
    (Kind.SIDES, r"ea\.?(?=\s*(?:$|[,;.)]))|each(?=\s*$)", _always(sides=("left", "right"))),
    (Kind.EACH, r"(?:(?:(?:for |per )?(?:each|every)|for all)(?: exercises?)?(?: for)?|all exercises|per exercise|jeweils|jede übung|je übung|cada ejercicio)\b", _always()),
    (Kind.NUMBER, rf"(?:\d{{1,2}}\s?(?:[-–]|to|bis|a)\s?)?(?P<count>\d{{1,4}})(?![\w%]|[.:]\w|/(?!\s?{_PART})|-\w)", _count),
    (Kind.NUMBER, rf"(?:(?<=\bof\s)|(?<=\bà\s)|(?<=\bde\s)|(?<=\bje\s)|(?<=:\s))(?P<count>{one_of(NUMBERS)})(?=\s*(?:$|[,.;(]|(?:each|per|on|with|reps?|je|pro|por|cada)\b))", _count),
)  # fmt: skip
