"""What machines read of a shared folder: valid by schemas of the standards, and read by programs that apps are made of."""

from __future__ import annotations

import io
import json
from pathlib import Path

import feedparser
import jsonschema
import podcastparser
import pytest
from lxml import etree

from tests.share.sharing import share_all
from tests.share.test_pages import with_cover
from tests.share.tracks import evil, foreign, legs, track

STANDARDS = Path(__file__).with_name("standards")
BASE = "https://xn--hst-sna.example/my%20r/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tracks whose names and texts are hard to write, with and without cover and chapters."""
    root = tmp_path_factory.mktemp("shared")
    tracks = [
        with_cover(track(root / "Füße & legs.mp3", comment="For <tags> & more")),
        track(root / "one.mp3", legs("One")),
        track(root / "the same.mp3", legs("One")),
        foreign(root / "what's 100% (new); a+b=c.mp3"),
        evil(root / "evil.mp3"),
    ]
    return share_all(tracks, root / "site", title="M & y", url="https://höst.example/my r").folder


def validate(name: str, value: object) -> None:
    schema = json.loads((STANDARDS / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(value)


def test_the_feed_is_valid(site: Path) -> None:
    schema = etree.RelaxNG(etree.parse(STANDARDS / "feed.rng"))
    schema.assertValid(etree.parse(site / "feed.xml"))


def test_the_feed_is_read(site: Path) -> None:
    data = (site / "feed.xml").read_bytes()
    parsed = feedparser.parse(data)
    assert (parsed.bozo, parsed.version, parsed.encoding) == (False, "rss20", "utf-8")
    podcast = podcastparser.parse(f"{BASE}feed.xml", io.BytesIO(data))
    assert podcast["title"] == parsed.feed.title == "M & y"
    assert len(podcast["episodes"]) == len(parsed.entries) == 5
    assert len({episode["guid"] for episode in podcast["episodes"]}) == 5
    by_title = {episode["title"]: episode for episode in podcast["episodes"]}
    covered = by_title["Legs"]
    (enclosure,) = covered["enclosures"]
    name = f"{BASE}F%C3%BC%C3%9Fe%20-%20legs"
    assert enclosure == {
        "url": f"{name}.mp3", "file_size": (site / "Füße - legs.mp3").stat().st_size, "mime_type": "audio/mpeg",
    }  # fmt: skip
    assert (covered["total_time"], covered["episode_art_url"]) == (100, f"{name}.png")


def test_the_chapters_are_valid(site: Path) -> None:
    files = sorted(site.glob("*.chapters.json"))
    assert len(files) == 4
    for path in files:
        value = json.loads(path.read_text(encoding="utf-8"))
        validate("chapters.schema.json", value)
        starts = [chapter["startTime"] for chapter in value["chapters"]]
        assert starts == sorted(starts)


def test_the_manifest_is_valid(site: Path) -> None:
    """The browser tests have Chromium's own opinion of it, too."""
    manifest = json.loads((site / "manifest.webmanifest").read_text(encoding="utf-8"))
    validate("manifest.schema.json", manifest)
    assert all((site / icon["src"]).is_file() for icon in manifest["icons"])
