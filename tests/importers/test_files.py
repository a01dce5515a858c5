"""Files that are not plain text, or not in UTF-8: what they become, and what is said of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cuecast import api
from cuecast.export.table import Table
from cuecast.importers import convert, importer_for
from cuecast.library import RoutineSource, folders, named_routines
from cuecast.model.duration import ms_to_text
from cuecast.model.routine import Level
from cuecast.model.timeline import Kind, Timeline
from cuecast.options import Options
from tests.builds import check
from tests.importers.documents import docx, docx_of, fit
from tests.importers.test_cases import works

WORD = docx_of("Knees\n- Squats 40s\n| Calf stretch | 30s each side |")
ERG = b"""[COURSE HEADER]
FTP = 200
MINUTES WATTS
[END COURSE HEADER]
[COURSE DATA]
0.00 100
5.00 100
5.00 200
6.50 200
[END COURSE DATA]
[COURSE TEXT]
60\tSpin easily\t10
[END COURSE TEXT]
"""
TIMERS = {
    "hiit": {
        "name": "Core",
        "activities": ["Plank", "Crunches"],
        "activeIntervals": 2,
        "restarts": 1,
        "timeSettings": {"workTime": 30, "restTime": 10, "breakTime": 60},
    },
    "sets": {
        "title": "Legs",
        "sets": [
            {"repetitions": 2, "exercises": [{"name": "Squats", "duration": 40}, {"name": "Rest", "duration": 20}]}
        ],
    },
    "machine": {"timers": [{"name": "Hips", "loop": 2, "steps": [{"label": "Frog", "length": 60000}]}]},
}
FILES = {
    "Squats 40, Calf stretch left 30, Calf stretch right 30": WORD,
    "Easy 300, Threshold 90": ERG,
    "Plank 30, rest 10, Crunches 30, rest 60, Plank 30, rest 10, Crunches 30": json.dumps([TIMERS["hiit"]]).encode(),
    "Squats 40, rest 20, Squats 40": json.dumps(TIMERS["sets"]).encode(),
    "Frog 60, Frog 60": json.dumps(TIMERS["machine"]).encode(),
    "Hüpfen 45": "Übung;Dauer\nHüpfen;45\n".encode("cp1252"),
    "Plank 45, Bridge 30": docx(
        "<w:p><w:r><w:t>Plank</w:t><w:br/><w:t>45 sec</w:t><w:br/><w:t>Hips level</w:t></w:r></w:p><w:p><w:r><w:t>Bridge 30s</w:t></w:r></w:p>"
    ),
    "Höhe 30": "Übung\tSekunden\nHöhe\t30\n".encode("utf-16"),
}


@pytest.mark.parametrize(("expected", "data"), FILES.items(), ids=range(len(FILES)))
def test_files(expected: str, data: bytes) -> None:
    assert works(convert("a.txt", data).yaml) == expected


def test_a_workout_in_fit() -> None:
    pytest.importorskip("fitdecode")
    data = fit(
        [
            (26, {"wkt_name": "Hills"}),
            (27, {"wkt_step_name": "Easy spin", "duration_type": 0, "duration_value": 600_000, "intensity": 2}),
            (27, {"duration_type": 0, "duration_value": 60_000, "target_type": 4, "target_value": 5, "intensity": 0}),
            (27, {"duration_type": 0, "duration_value": 30_000, "intensity": 1}),
            (27, {"duration_type": 6, "duration_value": 1, "target_value": 2}),
            (27, {"wkt_step_name": "Home", "duration_type": 1, "duration_value": 100_000}),
        ]
    )
    imported = convert("a.fit", data)
    assert works(imported.yaml) == "Easy spin 600, Hard 60, rest 30, Hard 60"
    assert "“Home” ends by distance" in imported.diagnostics[0].message


def test_distances_and_repetitions_in_fit() -> None:
    pytest.importorskip("fitdecode")
    data = fit(
        [
            (
                27,
                {
                    "duration_type": 1,
                    "duration_value": 40_000,
                    "target_type": 0,
                    "target_value": 0,
                    "low": 4000,
                    "high": 4000,
                },
            ),
            (27, {"duration_type": 29, "duration_value": 12, "target_type": 2, "intensity": 0, "category": 28}),
            (27, {"duration_type": 5, "duration_value": 0, "target_type": 2, "intensity": 3}),
        ]
    )
    imported = convert("a.fit", data)
    assert works(imported.yaml) == "On pace 100, Squat 36"
    messages = " ".join(d.message for d in imported.diagnostics)
    assert all(words in messages for words in ("400 m take 1m40s", "12 reps have no length", "lap button"))


def test_an_encoding_that_is_guessed_is_a_warning() -> None:
    (remark,) = convert("a.txt", "Plank 45s\nHöhe 30s\n".encode("cp1252")).diagnostics
    assert (remark.severity, "Windows-1252" in remark.message) == ("warning", True)
    assert convert("a.txt", "Plank 45s".encode("utf-16")).diagnostics[0].severity == "note"


def test_a_strange_document_is_read() -> None:
    paragraph = "<w:p><w:pPr><w:numPr><w:ilvl w:val='{}'/></w:numPr></w:pPr><w:r><w:t>Hop 45s</w:t></w:r></w:p>"
    for level in ("x", "-1", "9" * 5_000, "²"):
        assert works(convert("a.docx", docx(paragraph.format(level))).yaml) == "Hop 45"
    for around in ("w:sdt", "w:r", "w:tbl><w:tr><w:tc"):
        end = "></".join(reversed(around.split("><")))
        nest = f"<{around}>" * 5_000 + paragraph.format(0) + f"</{end}>" * 5_000
        assert works(convert("a.docx", docx(nest if around != "w:r" else f"<w:p>{nest}</w:p>")).yaml) == "Hop 45"


def test_a_very_long_cell_is_cut() -> None:
    imported = convert("a.csv", f"exercise,seconds\nHop,45\n{'x' * 140_000},30\n".encode())
    assert "only the first 1,000 are imported" in imported.diagnostics[0].message
    assert works(imported.yaml).startswith("Hop 45")


@pytest.mark.parametrize(
    "data",
    [
        WORD[:200],
        docx("<w:p>")[:-9],
        docx("", "utf-16"),
        b"\x0e\x10\x00\x00\x00\x00\x00\x00.FIT",
        b"\x0e\x10\x00\x00\x00\x00\x00\x00.FIT".ljust(1_000_001),
    ],
    ids=["start of a Word file", "Word file without its end", "Word file in UTF-16", "FIT", "large FIT"],
)
def test_a_broken_document_is_refused_with_a_hint(data: bytes) -> None:
    imported = convert("a.docx", data)
    assert imported.yaml == ""
    assert imported.diagnostics[0].hint


def test_rich_text_without_its_library_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "striprtf.striprtf", None)
    (refusal,) = convert("a.rtf", b"{\\rtf1\\ansi Hop 45s\\par}").diagnostics
    assert "RTF" in refusal.message
    assert "cuecast[rtf]" in (refusal.hint or "")


def test_rich_text() -> None:
    pytest.importorskip("striprtf")
    assert works(convert("a.rtf", b"{\\rtf1\\ansi Hop 45s\\par Jump 30s\\par}").yaml) == "Hop 45, Jump 30"
    fonts = b"{\\fonttbl{\\f0\\fswiss Arial;}{\\f1\\fnil\\fcharset204{\\*\\panose 02}Arial CE;}}"
    link = b'{\\field{\\*\\fldinst{HYPERLINK "http://a.b"}}{\\fldrslt Jump}}'
    text = (
        b"{\\rtf1\\ansi\\ansicpg1252" + fonts + b"\\f1 \\'cf\\'eb\\'e0\\'ed\\'ea\\'e0 45s\\par " + link + b" 30s\\par}"
    )
    assert works(convert("a.rtf", text).yaml) == "Планка 45, Jump 30"


def test_the_length_of_all_exercises_is_an_option() -> None:
    result = api.import_routine("a.txt", b"Legs\n\n- Hop\n- Jump\n", work="30s")
    assert works(result.value or "") == "Hop 30, Jump 30"


ROUTINES = [(path, level) for _, path in named_routines(folders()) for level in Level]


@pytest.mark.parametrize(("path", "level"), ROUTINES, ids=lambda each: getattr(each, "name", str(each)))
def test_the_table_of_a_plan_comes_back_with_the_same_works(path: Path, level: Level) -> None:
    timeline = api.check(path, Options(level=level)).value
    assert timeline is not None
    table = Table().dump(timeline).encode()
    assert importer_for("a.txt", table).name == "plan"
    assert _works_of(convert("a.txt", table).yaml) == _works(timeline)


AMBIGUOUS = ("before-sleep", "four-seven-eight")
"""Routines with an exercise whose name says something else in notes: “Rest”, “Four, seven, eight”."""

WAYS = ("{name} {time} {side}", "- {name}: {time}, {side}", "1. {name} – {time} {side}")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "path", [path for stem, path in named_routines(folders()) if stem not in AMBIGUOUS], ids=lambda path: path.name
)
def test_a_routine_that_is_written_down_comes_back_with_the_same_works(path: Path, way: str) -> None:
    timeline = api.check(path).value
    assert timeline is not None
    written = [
        way.format(name=name, time=ms_to_text(ms), side="both at once" if side == "both" else side or "").rstrip(" ,")
        for name, side, ms in _works(timeline)
    ]
    text = f"{timeline.title}\n\n" + "\n".join(written)
    made = [(name.casefold(), side, ms) for name, side, ms in _works_of(convert("a.txt", text.encode(), "notes").yaml)]
    assert made == [(name.casefold(), side, ms) for name, side, ms in _works(timeline)]


def _works_of(yaml: str) -> list[tuple[str, str | None, int]]:
    timeline = check("routine.yaml", yaml).value
    assert timeline is not None
    return _works(timeline)


def _works(timeline: Timeline) -> list[tuple[str, str | None, int]]:
    return [(i.exercise or "", i.side, i.end - i.start) for i in timeline.intervals if i.kind is Kind.WORK]


def test_an_exercise_of_the_library_brings_its_words() -> None:
    source = RoutineSource(
        "a.yaml", convert("a.txt", b"Legs\n\nSquats 40s\n").yaml.encode(), folders().routines[0], "a"
    )
    result = api.check(source)
    assert result.value is not None
    assert "Feet hip-wide" in " ".join(e.utterance.text for e in result.value.events if hasattr(e, "utterance"))
