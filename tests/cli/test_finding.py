"""Which file a name means, and what messages call it; what is listed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import typer

from cuecast import api
from cuecast.cli.environment import build_options
from cuecast.cli.routine_argument import find_routine
from cuecast.library import RoutineNotFound
from cuecast.options import Options
from tests.cli.running import SILENT, Home


def test_list_has_languages_as_rows_of_one_name(home: Home) -> None:
    rows = json.loads(home.cuecast("list", "--json").stdout)
    of_name = [(row["kind"], row["language"]) for row in rows if row["name"] == "bedtime-stretch"]
    assert of_name == [("routine", "en"), ("routine", "de"), ("routine", "es")]
    assert not [row["name"] for row in rows if "." in row["name"]]
    assert {row["kind"] for row in rows} == {"routine", "exercise"}
    assert all(set(row) == {"name", "kind", "title", "language", "summary"} for row in rows)
    assert "(has errors)" not in {row["title"] for row in rows}
    exercises = json.loads(home.cuecast("list", "exercises", "--json").stdout)
    assert [row for row in rows if row["kind"] == "exercise"] == exercises


def test_names_that_no_file_can_have(home: Home) -> None:
    home.write("short.yaml", SILENT)
    for command, message in (
        (("check", "x" * 300), "can't read"),
        (("show", "x" * 5000 + ".yaml"), "can't read"),
        (("render", "x" * 300 + ".yaml"), "can't read"),
        (("check", "short.yaml", "--music", "a" * 5_000), "--music aaa"),
        (("voices", "try", "silent", "word " * 300), "the text is longer than 1,000 characters"),
    ):
        result = home.cuecast(*command)
        assert (result.returncode, message in result.stderr, "Traceback" in result.stderr) == (2, True, False)


def test_a_folder_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    exists = Path.exists

    def refuse(path: Path) -> bool:
        if "shut" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        return exists(path)

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(typer.Exit) as ended:
        find_routine("shut/x.yaml", build_options())
    assert ended.value.exit_code == 2
    assert "cuecast: can't read shut/x.yaml: Permission denied\n" in capsys.readouterr().err


def test_a_translation_is_as_good_as_the_original_to_name_a_routine(tmp_path: Path) -> None:
    (tmp_path / "legs.yaml").write_text(SILENT)
    for language in ("de", "es"):
        (tmp_path / f"legs.{language}.yaml").write_text(f"language: {language}\n{SILENT}")
    for name in ("legs.yaml", "legs.de.yaml"):
        for language, expected in (("en", "legs.yaml"), ("de", "legs.de.yaml"), ("es", "legs.es.yaml")):
            assert api.find_routine(tmp_path / name, Options(language=language)).path.name == expected
        with pytest.raises(RoutineNotFound) as caught:
            api.find_routine(tmp_path / name, Options(language="fr"))
        assert caught.value.hint == "it would be legs.fr.yaml, beside it"


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_track_is_not_written_over_a_routine(home: Home) -> None:
    routine = home.write("legs.yaml", SILENT)
    (home.here / "legs.mp3").symlink_to(routine)
    result = home.cuecast("render", "legs.yaml")
    assert result.returncode == 2
    assert "legs.mp3 is a routine" in result.stderr
    assert routine.read_text() == SILENT
