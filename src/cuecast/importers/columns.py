"""The columns of tables: what they hold, by their headings or by their cells, and a cell in the words of a note."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from cuecast.importers.ir import clean

_COLUMNS = {
    "name": r"ex\.?|exercises?|(?:exercise )?name|exercise title|move(?:ment)?s?|activity|workout|stretch|what|pose|drill"
    r"|übung(?:en|sname)?|ejercicios?|movimiento|nombre",
    "time": r"time|duration|work(?: time)?|length|on|dauer|zeit|arbeit(?:szeit)?|tiempo|duración|trabajo",
    "hold": r"hold(?: time)?|halten|haltezeit|mantener",
    "sets": r"sets?|rounds?|sätze|runden|series|rondas|vueltas",
    "reps": r"reps?|repetitions?|count|quantity|wdh\.?|wiederholungen|anzahl|repeticiones|cantidad",
    "rest": r"rest(?: time| between sets)?|recovery|off|pausen?(?:zeit)?|break|descanso|pausa",
    "sides": r"sides?|hands?|arms?|legs?|seiten?|bein|arm|lados?|pierna|brazo|mano",
    "label": r"superset|group|label|gruppe|grupo",
    "start": r"start|from|begin|von|beginn|desde|inicio",
    "end": r"end|to|until|bis|ende|hasta|fin",
    "number": r"#|station|no\.?|nr\.?|nº|num|order|pos\.?",
    "words": r"(?:exercise )?notes?|comments?|description|instructions?|details?|dos(?:e|age|is)|bemerkung(?:en)?|notiz(?:en)?"
    r"|hinweise?|beschreibung|notas|descripción|observaciones|how(?: to(?: do it)?| (?:much|many|often|long))?|load|weight|gewicht|art|worauf achten"
    r"|what to do.*|watch for|remember|points|tips?|ausführung|anleitung|dosierung|umfang|dosis|cómo(?: se hace)?|ejecución|amount|(?:wdh\.?|reps?|repeticiones) ?/ ?(?:dauer|zeit|time|secs?|duration|tiempo)"
    r"|sets ?[x×&/] ?reps|sätze ?[x×/] ?wdh\.?|series ?[x×/] ?rep\w*\.?",
    "part": r"days?|week|block|section|part|phase|workout name|title|tag|woche|abschnitt|teil|día|semana|bloque|fase|parte",
    "log": r"date|datum|fecha|start time|end time|workout (?:duration|notes)|set (?:order|index|type)|superset id",
}
"""What the columns hold, by their headings. Of a `log` of past trainings a routine has no use."""

_UNITS = {
    "s": r"(?:in )?(?:seconds?|secs?|s|sekunden|sek\.?|segundos|seg\.?)",
    "min": r"(?:in )?(?:minutes?|mins?|m|minuten|minutos)",
}
_MEASURED = {"time": "{}", "hold": "hold {}", "rest": "rest {}"}
_COUNTED = {"sets": "{} sets", "reps": "{} reps"}
_SIDES = {
    r"both|each|beide|ambos|2|l ?[/+&] ?r": "each side",
    r"both together|beide gleichzeitig|los dos|ambos a la vez": "both together",
    r"r|right|re\.?|rechts|der\.?|derech[ao]": "right only",
    r"l|left|li\.?|links|izq\.?|izquierd[ao]": "left only",
}
_TOGETHER, _LIMBS = ("both", "beide", "ambos", "ambas"), ("arm", "hand", "leg", "bein", "brazo", "mano", "pierna")
_NO_REST = frozenset(("none", "no", "keine", "ninguno"))
BARE = re.compile(r"[\d.,\s–-]+")
_CLOCK = re.compile(r"(?:hh?|mm?|ss?|min|sec|:)+", re.IGNORECASE)
_ZERO = re.compile(r"[0.,:\s]*")


class Column(Struct):
    """What a column holds, the unit of time of its bare numbers, its heading without the unit, and what else is in brackets."""

    kind: str
    unit: str
    heading: str
    more: str = ""


def is_header(cells: Sequence[str]) -> bool:
    """Whether these are the headings of columns in the middle of a text: a name and two more, at most one unknown."""
    kinds = [column.kind for column in columns_of(cells)]
    return len(kinds) > 2 and "name" in kinds and kinds.count("") <= 1 and len({*kinds, ""}) > 2


def columns_of(cells: Sequence[str]) -> list[Column]:
    """What the columns hold. A station is a name where there is no other, `S` the sets beside repetitions."""
    columns = [column_of(cell) for cell in cells]
    kinds = [column.kind for column in columns]
    for column, cell in zip(columns, cells, strict=True):
        if "name" not in kinds and cell.strip().lower() == "station":
            column.kind = "name"
        elif cell.strip() == "S" and "sets" not in kinds:
            column.kind = "sets"
    return columns


def guessed_kinds(rows: Sequence[Sequence[str]]) -> list[str]:
    """What the columns of a table without headings hold, if they are a name and one or two numbers; else nothing."""
    widths = {len(row) for row in rows}
    if not rows or not widths <= {2, 3} or len(widths) != 1:
        return []
    if any(re.search(r"\d", name) or not clean(name) or not BARE.fullmatch(numbers[0]) for name, *numbers in rows):
        return []
    if any(cell.strip() and not BARE.fullmatch(cell) for row in rows for cell in row[2:]):
        return []
    if widths == {3} and all(row[1].strip() in [*"123456"] and row[2].strip() for row in rows):
        return ["name", "sets", "reps"]
    return ["name", "time", "rest"][: widths.pop()]


def column_of(heading: str) -> Column:
    """What a column holds; the unit is in brackets, or its last word."""
    title = " ".join(re.sub(r'["*_]', " ", heading).split()).rstrip(":)")
    words, _, unit = (part.strip() for part in title.partition("("))
    if not unit and (
        match := re.fullmatch(rf"(.*?)(?:^|\s)({_UNITS['s']}|{_UNITS['min']}|kg|lbs|km)", words, re.IGNORECASE)
    ):
        words, unit = (match[1].strip() or "time"), match[2]
    kind = next((name for name, known in _COLUMNS.items() if re.fullmatch(known, words, re.IGNORECASE)), "")
    if (words.lower(), unit) == ("length", "m"):  # metres
        kind, words = "", ""
    time = next((name for name, known in _UNITS.items() if re.fullmatch(known, unit, re.IGNORECASE)), "")
    is_time = kind in _MEASURED and (time or _CLOCK.fullmatch(unit))
    return Column(kind, time, words, "" if is_time else unit)


def worded(column: Column, cell: str) -> str:
    """The cell in words that say what it holds; none for a zero."""
    if column.kind == "sides" and cell.lower() in _TOGETHER and column.heading.lower().rstrip("s") in _LIMBS:
        return "both together"
    if column.kind == "sides":
        return next((words for known, words in _SIDES.items() if re.fullmatch(known, cell, re.IGNORECASE)), cell)
    if column.kind == "rest" and cell.lower() in _NO_REST:
        return ""
    form = _MEASURED.get(column.kind, "{}") + (f" {column.more}" if column.more else "")
    if not BARE.fullmatch(cell) or column.kind in ("name", "words"):
        return form.format(cell)
    if _ZERO.fullmatch(cell):
        return ""
    if column.kind in _MEASURED:
        return form.format(f"{cell} min" if column.unit == "min" else f"{cell}s")
    return form.format(_COUNTED.get(column.kind, f"{column.heading} {{}}".strip()).format(cell))
