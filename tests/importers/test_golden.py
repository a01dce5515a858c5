"""Foreign files beside the routines that a person would have made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cuecast.importers import convert, importer_for
from cuecast.model.diagnostics import Severity
from tests.builds import check
from tests.importers.remarks import remarks

GOLDEN = Path(__file__).parent / "golden"
FOREIGN = sorted(path for path in GOLDEN.iterdir() if path.suffix not in (".yaml", ".said"))
NOTES = {
    "core.txt",
    "physio.txt",
    "shoulder.txt",
    "hiit.txt",
    "leg-day.txt",
    "morning.md",
    "strength.txt",
    "sloppy.txt",
}


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_a_foreign_file_becomes_the_routine_beside_it(path: Path) -> None:
    made = convert(path.name, path.read_bytes())
    assert made.yaml == path.with_suffix(".yaml").read_text(encoding="utf-8")
    said = path.with_suffix(".said")
    assert remarks(made.diagnostics) == (said.read_text(encoding="utf-8") if said.exists() else "")


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_the_routine_passes_a_strict_check(path: Path) -> None:
    result = check("made.yaml", path.with_suffix(".yaml").read_bytes())
    assert result.value is not None
    assert [d for d in result.diagnostics if d.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_its_format_is_recognised(path: Path) -> None:
    wanted = (
        "zwo"
        if path.suffix == ".zwo"
        else "notes"
        if path.name in NOTES or path.name.startswith("clinic-")
        else "intervals"
    )
    assert importer_for(path.name, path.read_bytes()).name == wanted


def test_there_are_five_of_each() -> None:
    kinds = [importer_for(path.name, path.read_bytes()).name for path in FOREIGN]
    assert all(kinds.count(kind) >= 5 for kind in ("zwo", "intervals", "notes"))
