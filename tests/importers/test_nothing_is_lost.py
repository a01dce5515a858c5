"""Each word and each number of a note is in the routine or in a diagnostic. Numbers are unique, so they can be found."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from cuecast.importers import convert
from cuecast.model.duration import ms_to_text
from tests.examples import some

DOSES: tuple[Callable[[int], str], ...] = (
    lambda n: f"{n}s",
    lambda n: f"{n} sec",
    lambda n: f"hold {n} seconds",
    lambda n: f"{n} Sekunden halten",
    lambda n: f"rest {n}",
    lambda n: f"{n}s rest between sets",
    lambda n: f"{n} Sek. Pause",
    lambda n: f"descanso {n} s",
    lambda n: f"{n} reps",
    lambda n: f"{n} Wdh.",
    lambda n: f"{n} repeticiones",
    lambda n: f"{n} sets",
    lambda n: f"x{n}",
    lambda n: f"{n}x",
    lambda n: f"{n} times",
    lambda n: f"{n} breaths",
    lambda n: f"{n} metres",
    lambda n: f"{n} times a week",
    lambda n: f"{n} minutes in all",
    lambda n: f"({n} more)",
    lambda n: f"{n}%",
    lambda n: f"T{n}",
    lambda n: f"{n}",
)
WORDS = st.sampled_from(
    ("slowly", "Knie gebeugt", "heel", "with a strap", "one arm", "(lento)", "each side", "je Seite")
)
SEPARATORS = st.sampled_from((" ", ", ", " - ", "; ", ": ", "\n  ", "\n", "\n- "))
NAMES = ("Plank", "Squat", "Brücke", "Sentadilla", "Bird dog")


@st.composite
def notes(draw: st.DrawFn) -> tuple[str, list[int]]:
    """Notes of some exercises, and their numbers."""
    pool = list(range(2, 100))
    text, numbers = "Title\n\n", []
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
        text += f"{draw(st.sampled_from(('', '- ', '* ')))}{name}"
        for dose in draw(st.lists(st.sampled_from(DOSES), max_size=4)):
            numbers.append(pool.pop(draw(st.integers(0, len(pool) - 1))))
            text += draw(SEPARATORS) + dose(numbers[-1])
            if draw(st.booleans()):
                text += draw(SEPARATORS) + draw(WORDS)
        text += draw(st.sampled_from(("\n", "\n\n")))
    return text, numbers


@settings(max_examples=some(500), deadline=None)
@given(notes())
def test_every_number_and_word_is_somewhere(example: tuple[str, list[int]]) -> None:
    text, numbers = example
    imported = convert("a.txt", text.encode(), "notes")
    if not imported.yaml:
        assert imported.diagnostics
        return
    result = imported.yaml + "\n".join(d.message for d in imported.diagnostics)
    for n in numbers:
        written = {str(n), f"{n}s", ms_to_text(n * 1000), f"{n}m", ms_to_text(n * 60_000)}
        assert any(re.search(rf"(?<!\d){re.escape(each)}(?!\d)", result) for each in written), (n, text, result)
    for word in re.findall(r"\b(?:slowly|gebeugt|heel|strap|one|lento)\b", text):
        assert word in result.lower(), (word, text, result)
