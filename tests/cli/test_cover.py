"""`render --cover` and `--id3`: a picture of one's own in a track, or none; the version of its tag."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from cuecast.tags.artwork import SIZE
from cuecast.tags.reader import AttachedPicture, Tag, read_tag
from tests.cli.running import SILENT, Home


def painted(path: Path, form: str = "PNG", size: int = 400) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (size, size), "teal").save(target, form)
    path.write_bytes(target.getvalue())
    return target.getvalue()


def tag_of(track: Path) -> Tag:
    with track.open("rb") as file:
        tag = read_tag(file)
    assert tag is not None
    assert tag.problems == []
    return tag


def pictures(track: Path) -> list[AttachedPicture]:
    return tag_of(track).pictures


def test_a_track_has_a_picture(home: Home) -> None:
    home.write("short.yaml", SILENT)
    assert home.cuecast("render", "short.yaml").returncode == 0
    (picture,) = pictures(home.here / "short.mp3")
    assert (picture.mime, picture.kind) == ("image/png", 3)
    assert Image.open(io.BytesIO(picture.data)).size == (SIZE, SIZE)


@pytest.mark.parametrize(("form", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_ones_own(home: Home, form: str, mime: str) -> None:
    home.write("short.yaml", SILENT)
    mine = painted(home.here / "mine", form)
    result = home.cuecast("render", "short.yaml", "--cover", "mine")
    assert result.returncode == 0, result.stderr
    assert [(p.mime, p.data) for p in pictures(home.here / "short.mp3")] == [(mime, mine)]
    assert "unchanged" in home.cuecast("render", "short.yaml", "--cover", "mine").stderr
    other = painted(home.here / "mine", form, 500)
    assert home.cuecast("render", "short.yaml", "--cover", "mine").returncode == 0
    assert [p.data for p in pictures(home.here / "short.mp3")] == [other]


def test_none(home: Home) -> None:
    home.write("short.yaml", SILENT)
    assert home.cuecast("render", "short.yaml", "--cover", "off").returncode == 0
    assert pictures(home.here / "short.mp3") == []


def test_every_part_has_it(home: Home) -> None:
    home.write("short.yaml", SILENT)
    mine = painted(home.here / "mine.png")
    assert home.cuecast("render", "short.yaml", "--split", "--cover", "mine.png").returncode == 0
    parts = sorted((home.here / "short").glob("*.mp3"))
    assert parts
    assert all([p.data for p in pictures(part)] == [mine] for part in parts)


def test_a_tag_of_version_2_3(home: Home) -> None:
    home.write("short.yaml", SILENT.replace("Calves", "Calves 🦵"))
    made = home.cuecast("render", "short.yaml")
    assert (tag_of(home.here / "short.mp3").version, "id3-letters" in made.stderr) == ("2.4", False)
    made = home.cuecast("render", "short.yaml", "--id3", "2.3")
    assert (made.returncode, "unchanged" in made.stderr) == (0, False)
    assert "note[id3-letters]: some players show ?? for 🦵" in made.stderr
    assert tag_of(home.here / "short.mp3").version == "2.3"
    for _ in range(2):  # the second time it replaces files of its own
        assert home.cuecast("render", "short.yaml", "--split", "--id3", "2.3").returncode == 0
    assert {tag_of(part).version for part in (home.here / "short").glob("*.mp3")} == {"2.3"}
