"""What a hand-out says beside its exercises: letterheads, appointments, how often, advice. None of it is an exercise.

`LEFT_OUT` are the rules of what is left out with a note; a line of advice is spoken.
"""

from __future__ import annotations

import re

from cuecast.phrases.lengths import LENGTH, NUMBERS
from cuecast.phrases.patterns import one_of

DATE, PERSON = "is left out: a date", "is left out: about a person or a practice"
APPOINTMENT = "is left out: a time of day or an appointment"
FREQUENCY, TOTAL = "is left out: how often", "is left out: how long it all takes"

DAY = "is left out: all days are one routine"

WHOLE_LINE = frozenset((DATE, PERSON, APPOINTMENT))
"""What these take leaves nothing of a line that has no dose."""

_COUNT = rf"(?:\d{{1,4}}|(?:{one_of(NUMBERS)})\b)"
_RANGE = r"(?:\d{1,3}\s?(?:[-–]|to|bis|a)\s?)?"
_TIMES = r"(?:\s?[x×](?![^\W\d_])|\s?(?:times|mal|veces)\b|(?<=mal)\b|(?<=once)\b|(?<=twice)\b)"
_DAYS = r"(?:days?|evenings?|mornings?|nights?|tage?|días)"
_PERIOD = r"(?:day|daily|week|weekly|tag|täglich|woche|día|dia|semana)s?\b"
_EVERY = r"(?:/|a|per|each|every|pro|am|al|por|in der|die)"
_ABOUT = r"(?:ca\.?|circa|about|approx\.?|around|roughly|no more than|more than|less than|up to|etwa|rund|unos|alrededor de|como máximo)"
_MONTH = r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic)[^\W\d_]*\.?"
_DAY_OF_WEEK = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?|(?:mo|di|mi|fr|sa)|(?:mon|diens|donners|frei|sams|sonn)tags?"
    r"|mittwochs?|lunes|martes|miércoles|jueves|viernes|sábados?|domingos?"
)
_HOUR = r"(?:[6-9]|1\d|2[0-3])[:.][0-5]\d(?!\d|\s?(?:kg|km|m|cm|min|sec|s)\b)(?:\s?h\b)?"
_ANY_HOUR = r"(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?"
_UNTIL = r"\s?(?:[-–]|to|till|until|bis|a|hasta)\s?(?:las )?"
_HALF_OF_DAY = r"\s?(?:[ap]\.?m\b\.?(?!\s(?-i:[A-ZÄÖÜ]))|uhr\b|o['’]clock\b)"

LEFT_OUT = (
    (DATE, rf"(?:(?:date|datum|fecha)\s?:\s*)?(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./](?:(?:19|20)\d\d|[2-4]\d)\b|\d{{1,2}}\.\d{{1,2}}\.(?=\s|$)"
     rf"|\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of |de )?{_MONTH}(?:,? (?:de )?\d{{4}}|(?=\s*(?:$|[,.;)]|at\b|um\b|a las?\b)))|{_MONTH} \d{{1,2}},? \d{{4}})(?!\w)"),
    (APPOINTMENT, r"(?:(?:next|your)\s(?:appointment|visit|session|workshop|class)|follow[- ]?up(?: appointment| visit)?|appointment|review|(?:nächster )?termin"
     r"|(?:próxima |proxima )?(?:cita|visita|revisión)|office hours|opening hours|öffnungszeiten|sprechzeiten|sprechstunde|horario)\s?(?::|on\b).*"),
    (PERSON, r"(?:patient(?:in)?|client|name|nombre|(?:physio)?therapist|physio|clinician|prescribed by|provided by|doctor|therapeut(?:in)?|arzt|ärztin|prepared (?:by|for)"
     r"|paciente|fisioterapeuta|médico|entrenadora?|kursleitung|trainer(?:in)?|coach|instructor|phone|tel\.?|telefon|teléfono|e-?mail|web(?:site)?|address|adresse|dob"
     r"|geburtsdatum|nº colegiado|nhs (?:no|number)|room|raum|sala)\s*:.*"),
    (PERSON, r"^(?:from|to|sent|cc|subject|re|von|an|gesendet|betreff|de|para|enviado|asunto|reply-to)\s?:\s.*"),
    (DATE, r"^(?:date|datum|fecha)\s?:.*\d.*"),
    (PERSON, r"(?:prepared (?:by|for)|inh\.|nº colegiado|no colegiado|suite|hcpc|ig @|insta(?:gram)? @?\w)\b.*"),
    (PERSON, r"(?:(?:tele)?(?:phone|fon|fax)|tel|tfno|tlf|telefono|teléfono|mobile|mobil|móvil|cell|whatsapp|ext|extension|call|ring|text|llame al?|m|t|p|f)\b[.:]*\s*(?:us\s)?(?:on\s)?"
     r"\+?\(?\d{2}[\d\s()/.–-]{4,}\d(?!\d)"),
    (PERSON, r"(?:ext|extension|durchwahl)\b\.?\s?\d{1,5}\b"),
    (PERSON, r"(?:\+\d|\(?0\d)[\d\s()/.–-]{6,}\d(?!\d)|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{2,4}(?!\d)|(?=[\d ]*\d{3})\d{2,3}(?: \d{2,3}){3}(?![\d:])"),
    (PERSON, r"[\w.+-]+@[\w-]+\.[\w.-]*\w|(?:https?://|www\.)\S+"),
    (PERSON, r"(?-i:[A-ZÄÖÜ])\w+(?:straße|strasse|str\.|weg|platz|allee|gasse)\s\d{1,4}\s?[a-z]?\b.*|(?:c/|calle|avda\.?|avenida|plaza|paseo)\s.*\d.*"
     r"|\d{1,5}[a-z]?\s(?:(?-i:[A-Z])\w+\s){1,3}(?:street|st|road|rd|lane|ln|avenue|ave|drive|dr|boulevard|blvd)\b.*|\d{5}\s(?-i:[A-ZÄÖÜ])\w+"),
    (DAY, rf"^(?:{_DAY_OF_WEEK}|(?:day|week|tag|woche|día|semana)\s\d{{1,2}})\s?(?::|\s[-–]\s)"),
    (FREQUENCY, r"(?:frequency|how often|häufigkeit|frecuencia)\s*:.*|(?:(?:times )?(?:daily|weekly|per day|per week)|(?:times|x) ?/ ?(?:day|week|wk))\s*:\s*\d+|days per week\s*:?\s*\d+(?:\s?(?:to|[-–])\s?\d+)?"),
    (FREQUENCY, rf"^(?:{_DAY_OF_WEEK}|do)(?:(?:\s?[+,&/]\s?|\s(?:und|and|y)\s)(?:{_DAY_OF_WEEK}|do)\b)+.*"),
    (FREQUENCY, rf"(?:{_COUNT}\s?(?:[-–]|to|bis|a)\s?)?\d{{1,2}}\s{_DAYS}\s*{_EVERY}?\s(?:la )?{_PERIOD}"),
    (FREQUENCY, rf"(?:{_RANGE}{_COUNT}{_TIMES}?|[x×]\s?\d+)\s*{_EVERY}?\s?{_PERIOD}"),
    (FREQUENCY, rf"(?:{_EVERY}\s)?(?:daily|every (?:other )?day|twice daily|täglich|jeden (?:zweiten )?tag|(?:todos los|cada) días?)\b"),
    (TOTAL, rf"{LENGTH}\s(?:in all|in total|total|altogether|insgesamt|gesamt|en total)\b"),
    (TOTAL, rf"(?:duration|total time|takes?|dauer|dauert|zeitaufwand|duración(?: total)?|dura)\s?:?\s?{_ABOUT}\s{LENGTH}"),
    (APPOINTMENT, rf"{_ANY_HOUR}(?:{_HALF_OF_DAY})?(?:{_UNTIL}{_ANY_HOUR})?{_HALF_OF_DAY}"),
    (APPOINTMENT, rf"(?:at|um|ab|a las?|from|until|till|bis|von|de|desde|hasta|by)\s{_HOUR}(?:{_UNTIL}{_HOUR})?"),
    (APPOINTMENT, rf"(?:{_DAY_OF_WEEK})\b\.?(?:\s?(?:[-–]|bis|to|a)\s?(?:{_DAY_OF_WEEK})\b\.?)?,?\s?(?:[-–]\s)?{_HOUR}(?:{_UNTIL}{_HOUR})?"),
    (APPOINTMENT, rf"{_HOUR}\s?[-–]\s?{_HOUR}"),
)  # fmt: skip
"""What is left out: why, and the pattern that finds it at the start of a word."""

_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|hallo|liebe[rs]?|guten tag|sehr geehrte[rs]?|hola|querid[oa]s?|buen(?:os|as) \w+)\b[^.:\d]{0,40}[,!]", re.I
)  # fmt: skip
_SIGN_OFF = re.compile(
    r"(?:cheers|(?:(?:kind|best|warm) )*(?:regards|wishes)|best|thanks|thank you|take care|see you\b.*|yours\b.*|good luck|namaste"
    r"|(?:(?:viele|liebe|herzliche|beste|mit freundlichen) )+grüße.*|viel erfolg.*|gute besserung.*|(?:un |muchos )?(?:saludos?|abrazos?)\b.*)[\s,.!]*",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"(?:if|when|whenever|before|after|afterwards|once you|unless|please|do not|don't|avoid|stop|wait|try|make sure|remember|begin|start with|add|increase|build up|gradually|drink|you|your|do (?:it|this|them|these|not)"
    r"|wenn|falls|sollten?|bei|vor|vorher|nach|nachher|danach|anschließend|bitte|nicht|vermeiden|denken|trinken|warten|steigern|erhöhen|beginnen"
    r"|si|cuando|antes|después|al (?:terminar|acabar|finalizar)|no (?:debe|haga|fuerce|se|olvide)|evit[ae]|esper[ae]|beb[ae]|recuerd[ae]|intente|procure|aument[ae]r?|empiece|empezar|comience|ante|en caso)\b(?!-)"
    r"|(?:consejos?|recomendaciones|advice|tipps?|notas?|notes?|tips?|water|agua|important[e]?|wichtig|hinweise?|achtung)\s?:",
    re.IGNORECASE,
)
_ADVICE_INSIDE = re.compile(
    r"\b(?:if|when|until|unless|should(?:n't)?|shouldn't|can help|longer than|every few days|start with|begin with|build up|more than|less than|afterwards|beforehand|before you|before bed|heat pack|ice pack|per week|your|please"
    r"|wenn|falls|sollten?|länger als|mehr als|weniger als|mindestens|spätestens|vorher|danach|bitte"
    r"|si hay|si siente|si te|más de|menos de|antes de|después de|debe|puede|por favor)\b",
    re.IGNORECASE,
)


def is_greeting(line: str) -> bool:
    """Whether a line only addresses the reader."""
    return _GREETING.fullmatch(line) is not None


def is_sign_off(line: str) -> bool:
    """Whether a line ends a letter: below it stand names."""
    return _SIGN_OFF.fullmatch(line) is not None


def is_advice(line: str, *, in_list: bool) -> bool:
    """Whether a line is advice or an instruction, not an exercise. In a list only its first words say so."""
    return _ADVICE.match(line) is not None or (not in_list and _ADVICE_INSIDE.search(line) is not None)
