"""Each word and each number of a file is in the routine or in a diagnostic. Numbers are unique, so they can be found."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuecast.importers import convert
from cuecast.model.duration import ms_to_text
from tests.examples import THOROUGH

EXAMPLES = 20_000 if THOROUGH else 100

DOSES = """{n}s|{n} sec|{n} min|{n}"|hold {n} seconds|Hold for {n} seconds.|{n} Sekunden halten|mantener {n} segundos|rest {n}
|{n}s rest between sets|{n} Sek. Pause|descanso {n} s|{n} reps|x {n} reps|{n} Wdh.|{n} repeticiones|{n} sets|3 sets of {n}|x{n}|{n}x
|{n} times|Repeat {n} times.|repeat this {n} times|for {n} more rounds|{n} breaths|{n} metres|{n} times a week|{n}x daily
|{n} minutes in all|({n} more)|{n}%|T{n}|{n}|{n} each|about {n} inches|Sets: {n}|Reps: {n}|Hold: {n}s|Rest: {n} seconds
|{n} s pro Bein|{n} series|{n} Sätze|Tabata: {n} rounds|AMRAP {n} min|EMOM {n} min|{n}s on|{n} kg|level {n}|{n}/90|minute {n}"""
WORDS = """slowly|Knie gebeugt|heel|with a strap|w/ band|one arm|(lento)|each side|je Seite|Lie on your back.|Keep your heel down
|only if it feels easy|, then breathe|# careful|Superset|Warm up|left|R only|por lado|twice"""
ENDS = {"Superset": "superset", "w/ band": "band"}
SEPARATORS = st.sampled_from((" ", ", ", " - ", "; ", ": ", "\n  ", "\n", "\n- ", "\n   - ", ". "))
NAMES = ("Plank", "Squat", "Brücke", "Sentadilla", "Bird dog", "Hip opener", "Arms")
BULLETS = st.sampled_from(("", "- ", "* ", "1. ", "A1. ", "[ ] ", "## "))
CHECKED = r"\b(?:slowly|gebeugt|heel|strap|band|lento|back|easy|breathe|careful)\b"

TARGETS = """{n}%|{n}w|{n}rpm|Z{z}|{n}bpm|ramp {n}%|{n}% HR|{n}km|press lap|power={n}s|freeride|{n}:30/km|{n}% MMP|{n}% LTHR|{n}% pace"""
PROMPTS = "spin up|hold it||steady now|30^breathe out|knees (soft)|with feeling <!>|[easy gear]"


def _pieces(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(text.replace("\n", "").split("|"))


class _Numbers:
    """Numbers that a text has only once."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.pool, self.used = draw, [n for n in range(4, 100) if n not in (30, 60, 90)], list[int]()

    def fill(self, piece: str) -> str:
        if "{n}" not in piece:
            return piece.replace("{z}", str(self.draw(st.integers(1, 7))))
        self.used.append(self.pool.pop(self.draw(st.integers(0, len(self.pool) - 1))))
        return piece.replace("{n}", str(self.used[-1]))


@st.composite
def notes(draw: st.DrawFn) -> tuple[str, list[int]]:
    """Notes of some exercises, and their numbers."""
    numbers = _Numbers(draw)
    text = draw(st.sampled_from(("Title\n\n", "", "Title 45 min\n", "Programme: back\nDate: 1.2.2024\n\n")))
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
        text += draw(BULLETS) + name
        for dose in draw(st.lists(_pieces(DOSES), max_size=4)):
            text += draw(SEPARATORS) + numbers.fill(dose)
            if draw(st.booleans()):
                text += draw(SEPARATORS) + draw(_pieces(WORDS))
        text += draw(st.sampled_from(("\n", "\n\n")))
    return text, numbers.used


@st.composite
def workouts(draw: st.DrawFn) -> tuple[str, list[int]]:
    """Workout text of intervals.icu, and its numbers."""
    numbers = _Numbers(draw)
    text = draw(st.sampled_from(("", "Tempo day\n\n")))
    for _ in range(draw(st.integers(1, 3))):
        text += draw(st.sampled_from(("Main set\n", "", "Main set 3x\n", "2x\n")))
        for _ in range(draw(st.integers(1, 3))):
            parts = [draw(_pieces(PROMPTS)), draw(st.sampled_from(("10m", "1h", "2m30", "45s", "1h30m", "")))]
            parts += [numbers.fill(piece) for piece in draw(st.lists(_pieces(TARGETS), max_size=2))]
            parts += [draw(_pieces(PROMPTS))]
            text += draw(st.sampled_from(("- ", "- ", "- 4x "))) + " ".join(filter(None, parts)) + "\n"
        text += "\n"
    return text, numbers.used


COLUMNS = {"Sets": "{n}", "Reps": "{n}|{n}-{n}|{n} per leg", "Time": "{n}|{n} sec|{n}s each side", "Rest (s)": "{n}|none", "Weight (kg)": "{n}",
           "Pause": "{n} Sek.", "Notes": "slowly|keep {n} cm apart", "Block": "A|{n}|Finisher", "RPE": "{n}", "Tempo": "{n}-{n}-{n}", "Level": "{n}",
           "Dauer (min)": "{n}", "Nivel": "{n}%", "Hold": "{n}", "Equipment": "band|{n} kg", "Side": "left|both"}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[int]]:
    """A table with any separator, and its numbers."""
    numbers = _Numbers(draw)
    separator = draw(st.sampled_from((",", ";", "\t", " | ")))
    headings = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=4, unique=True))
    rows = [["Exercise", *headings]]
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)):
        cells = [draw(st.sampled_from([*COLUMNS[heading].split("|"), ""])) for heading in headings]
        rows.append([name, *(re.sub(r"\{n\}", lambda m: numbers.fill(m[0]), cell) for cell in cells)])
    lines = [separator.join(row) for row in rows]
    return "\n".join(f"| {line} |" if separator == " | " else line for line in lines) + "\n", numbers.used


def _lost(example: tuple[str, list[int]], kind: str, words: str) -> list[object]:
    """What of the text is neither in the routine nor in a message."""
    text, numbers = example
    imported = convert("a.txt", text.encode(), kind)
    if not imported.yaml:
        return [] if imported.diagnostics else [text]
    result = (imported.yaml + "\n".join(d.message for d in imported.diagnostics)).lower()
    lost: list[object] = []
    for n in numbers:
        if re.search(rf"^\s*(?:- )?{n}\. ", text, re.MULTILINE):
            continue  # the number of an item in a list
        sums = [(a * 60 + b) * 1000 for m in numbers for a, b in ((n, m), (m, n))]  # `61 min 4`, on two lines
        times = (n * 1000, n * 60_000, (n * 60 + 30) * 1000, (n + 1) * 1000, *sums)
        written = {str(n), str(n + 1), f"{n}s", f"{n}m", *map(ms_to_text, times)}
        if not any(re.search(rf"(?<!\d){re.escape(each)}(?!\d)", result) for each in written):
            lost.append(n)
    return lost + [word for word in re.findall(words, text.lower()) if word not in result]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(notes())
def test_no_number_and_no_word_of_notes_is_lost(example: tuple[str, list[int]]) -> None:
    assert _lost(example, "notes", CHECKED) == []


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(workouts())
def test_no_number_and_no_word_of_a_workout_is_lost(example: tuple[str, list[int]]) -> None:
    assert _lost(example, "intervals", r"\b(?:spin|hold|steady|breathe|knees|soft|feeling|gear|tempo)\b") == []


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_no_number_and_no_word_of_a_table_is_lost(example: tuple[str, list[int]]) -> None:
    assert _lost(example, "notes", r"\b(?:slowly|apart|finisher|band)\b") == []
