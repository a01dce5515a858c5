"""`render --id3`: the version of the tag."""

from __future__ import annotations

from pathlib import Path

from cuecast.tags.reader import read_tag
from tests.cli.running import SILENT, Home


def version(track: Path) -> str:
    with track.open("rb") as file:
        tag = read_tag(file)
    assert tag is not None
    assert tag.problems == []
    return tag.version


def test_a_tag_of_version_2_3(home: Home) -> None:
    home.write("short.yaml", SILENT)
    assert home.cuecast("render", "short.yaml").returncode == 0
    assert version(home.here / "short.mp3") == "2.4"
    made = home.cuecast("render", "short.yaml", "--id3", "2.3")
    assert (made.returncode, "unchanged" in made.stderr) == (0, False)
    assert version(home.here / "short.mp3") == "2.3"
    assert "id3-letters" not in made.stderr
    assert home.cuecast("render", "short.yaml", "--id3", "2.2").returncode == 2


def test_every_part_has_it(home: Home) -> None:
    home.write("short.yaml", SILENT)
    for _ in range(2):  # the second time it replaces files of its own
        assert home.cuecast("render", "short.yaml", "--split", "--id3", "2.3").returncode == 0
    assert {version(part) for part in (home.here / "short").glob("*.mp3")} == {"2.3"}


def test_letters_that_2_3_does_not_have(home: Home) -> None:
    home.write("short.yaml", SILENT.replace("Calves", "Calves 🦵"))
    assert "id3-letters" not in home.cuecast("render", "short.yaml").stderr
    made = home.cuecast("render", "short.yaml", "--id3", "2.3")
    assert (made.returncode, "note[id3-letters]: some players show ?? for 🦵" in made.stderr) == (0, True)
