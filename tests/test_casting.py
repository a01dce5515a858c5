"""Which profiles the voices of a routine are, and what is said of those that do not suit."""

from __future__ import annotations

from pathlib import Path

import pytest

from cuecast.files import data_dir
from cuecast.model.diagnostics import Severity
from cuecast.read import read
from cuecast.read.voice_selection import resolve_voices, voice_map
from tests.builds import voices_in

VOICES = (data_dir("voices"),)


def result(voices: str, language: str, folders: tuple[Path, ...] = VOICES) -> list[tuple[Severity, str, str | None]]:
    text = f"title: x\nlanguage: {language}\nvoice: {voices}\nsteps: [say: Hi]\n"
    routine = read("x.yaml", text.encode()).value
    assert routine is not None
    _, diagnostics, _ = resolve_voices(voice_map(routine, {}), routine, voices_in(*folders))
    return [(d.severity, d.code, d.hint) for d in diagnostics]


@pytest.mark.parametrize(
    ("voices", "language"),
    [
        ("coach", "en"),
        ("coach-de", "de"),
        ("coach", "en-GB"),
        ("silent", "es"),
        ("{main: joe, countdown: brisk}", "en"),
    ],
)
def test_a_voice_of_the_language_is_no_matter(voices: str, language: str) -> None:
    assert result(voices, language) == []


def test_a_voice_of_another_language_is_a_warning_that_names_others() -> None:
    suits = "for “de” there are: brisk-de, calm-de, coach-de, machine-de, thorsten"
    assert result("joe", "de") == [(Severity.WARNING, "voice-language", suits)]
    assert result("{main: coach-de, countdown: brisk}", "de") == [(Severity.WARNING, "voice-language", suits)]


def test_a_voice_of_another_language_behind_one_with_takes_is_found(tmp_path: Path) -> None:
    (tmp_path / "anna.yaml").write_text("engine: recorded\nlanguage: de\ntakes: .\notherwise: coach\n")
    ((_, code, _),) = result("anna", "de", (tmp_path, *VOICES))
    assert code == "voice-language"
