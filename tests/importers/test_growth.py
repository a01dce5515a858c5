"""Each reader takes time in proportion to its file: eight times the text, not sixty-four times the time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from cuecast.importers import convert
from tests.importers.documents import docx, fit


def _zwo(n: int) -> str:
    blocks = (
        f'<SteadyState Duration="9" Power="0.{50 + i % 40}"><textevent message="go {i}"/></SteadyState>'
        for i in range(n)
    )
    messages = (f'<textevent timeoffset="{9 * i}" message="m {i}"/>' for i in range(n))
    return f"<workout_file><workout>{''.join(blocks)}{''.join(messages)}</workout></workout_file>"


def _messages(n: int) -> str:
    events = "".join(f'<textevent timeoffset="{3 * i}" message="M{i}"/> ' for i in range(n))
    return f'<workout_file><workout><SteadyState Duration="80000" Power="0.5">{events}</SteadyState></workout></workout_file>'


def _erg(n: int) -> str:
    points = "".join(f"{i / 10} {50 + i % 3}\n" for i in range(n))
    texts = "".join(f"{6 * i}\tgo on {i}\t10\n" for i in range(n))
    return f"MINUTES PERCENT\n[COURSE DATA]\n{points}[END COURSE DATA]\n[COURSE TEXT]\n{texts}[END COURSE TEXT]\n"


def _app(n: int) -> str:
    exercises = [{"name": f"S {i}", "duration": 3, "color": i} for i in range(n)]
    return json.dumps({"title": "L", "sets": [{"repetitions": 1, "exercises": exercises}]})


def _lines(head: str, line: str) -> Callable[[int], str]:
    return lambda n: head + "".join(line.format(i=i, m=f"{i // 60}:{i % 60:02}") for i in range(n))


FILES: dict[str, tuple[Callable[[int], str], int]] = {
    "zwo": (_zwo, 500),
    "zwo, all messages in one block": (_messages, 500),
    "erg": (_erg, 500),
    "app": (_app, 500),
    "plan": (_lines("T\n1:00 in all · 0:40 of work · silent (en) speaks 3 times\n", " 0:00 9s work Plank {i}\n"), 500),
    "intervals.icu": (_lines("Main\n", "- 10s 5{i}%\n"), 200),
    "hand-out": (_lines("Legs\n\n", "1. Squats {i}\n   3 x 10 reps each side, hold 5 sec, rest 30 sec\n"), 100),
    "sentences below one name": (_lines("Legs\n\n1. Squats\n", "   hold {i} sec and breathe out.\n"), 100),
    "one endless line": (_lines("Legs\n\n", "Plank {i} 45 s, (a) "), 2000),
    "CSV": (_lines("exercise,seconds,rest\n", "Plank {i},45,15\n"), 100),
    "Markdown table": (_lines("| exercise | time |\n|---|---|\n", "| Plank {i} | 45 s |\n"), 100),
    "time stamps": (_lines("Legs\n", "{m} Move {i}\n"), 100),
}
"""Each kind, and how many parts the smallest file has."""


def _word(body: Callable[[int], str]) -> Callable[[int], bytes]:
    return lambda n: docx(body(n))


DOCUMENTS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "Word, tables in tables": (
        _word(lambda n: "<w:tbl><w:tr><w:tc>" * n + "<w:p/>" * n + "</w:tc></w:tr></w:tbl>" * n),
        1_000,
    ),
    "Word, paragraphs": (_word(lambda n: "<w:p><w:r><w:t>x</w:t></w:r></w:p>" * n), 150),
    "FIT": (lambda n: fit([(26, {"wkt_name": "Hills"})] * n), 300),
    "rich text, fonts": (lambda n: b"{\\rtf1{\\fonttbl" + b"\\f1\\fcharset1 a" * n + b"}x}", 200),
    "rich text, links": (lambda n: b"{\\rtf1" + b'{\\field{\\*\\fldinst{HYPERLINK "x' * n, 500),
}
"""Files that are no text."""


KINDS: dict[str, tuple[Callable[[int], str | bytes], int]] = {**FILES, **DOCUMENTS}


def _seconds(data: bytes) -> float:
    begun = time.process_time()
    convert("a.txt", data)
    return time.process_time() - begun


@pytest.mark.parametrize("kind", KINDS)
def test_three_doublings_are_no_more_than_linear(kind: str) -> None:
    if kind.startswith("rich text"):
        pytest.importorskip("striprtf")
    make, least = KINDS[kind]
    small, large = (data.encode() if isinstance(data, str) else data for data in map(make, (least, 8 * least)))
    _seconds(small)  # what is imported only once
    at_best = [min(_seconds(data) for _ in range(3)) for data in (small, large)]
    assert at_best[1] < 20 * max(at_best[0], 0.005)


@pytest.mark.parametrize(
    "text",
    [
        _lines("Legs\n\n", "1. Squats {i}\n   3 x 10 reps each side, hold 5 sec, rest 30 sec\n")(13_000),
        _lines("exercise,seconds,rest\n", "Plank {i},45,15\n")(20_000),
        _lines("Main\n", "- 10s 5{i}%\n")(60_000),
    ],
    ids=["hand-out of 1 MB", "CSV of 20,000 rows", "workout of 1 MB"],
)
def test_what_nobody_types_is_refused_at_once(text: str) -> None:
    (refusal,) = convert("a.txt", text.encode()).diagnostics
    assert "more than 8,000 lines" in refusal.message
