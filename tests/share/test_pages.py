"""What the pages, the feed and the chapters contain; and that no text of a track can do anything in them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import APIC, CHAP, CTOC, ID3, TIT2

from cuecast.phrases.display import display_words
from cuecast.share.pages import data_json
from cuecast.share.tracks import clean
from tests.share.sharing import share_all
from tests.share.tracks import evil, foreign, legs, track

SPACES = {"i": "http://www.itunes.com/dtds/podcast-1.0.dtd", "p": "https://podcastindex.org/namespace/1.0"}
PNG = b"\x89PNG\r\n\x1a\n and so on"


class Elements(HTMLParser):
    """What a browser would make of a page: elements with their attributes, and the text in each."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found:
            self.texts.append((self.found[-1][0], data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    def data(self) -> dict[str, Any]:
        text = next(text for (tag, text) in self.texts if tag == "script" and text.startswith("{"))
        return dict(json.loads(text))


def page_of(path: Path) -> Elements:
    """The page of one track."""
    site = path.parent / f"site-{path.stem}"
    share_all([path], site)
    return Elements(site / f"{path.stem}.html")


def feed_of(folder: Path) -> ElementTree.Element:
    return ElementTree.fromstring((folder / "feed.xml").read_bytes())


def with_cover(path: Path, data: bytes = PNG) -> Path:
    tags = ID3(path)
    tags.add(APIC(3, "image/png", 3, "", data))
    tags.save(path)
    return path


def test_the_page_has_the_timeline(tmp_path: Path) -> None:
    path = track(tmp_path / "my legs.mp3")
    data = page_of(path).data()
    assert data["duration"] == 100_000
    assert data["chapters"][:2] == [{"start": 0, "title": "Calves, left"}, {"start": 26_000, "title": "Calves, right"}]
    assert data["intervals"][2] == {
        "start": 6_000, "end": 26_000, "kind": "work", "exercise": "Calves", "side": "left", "round": 1, "rounds": 2,
    }  # fmt: skip
    assert data["cues"][0] == {"start": 11_000, "end": 13_000, "text": "Slowly."}
    assert data["summary"] == "2 exercises"
    assert data["file"] == f"my%20legs.mp3?v={hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"


def test_the_page_saves_the_track(tmp_path: Path) -> None:
    (link,) = (each for each in page_of(track(tmp_path / "my legs.mp3")).all("a") if "download" in each)
    assert (link["download"], link["href"]) == ("my legs.mp3", "my%20legs.mp3")
    assert str(link["aria-label"]).startswith("Save the track (")


def test_nothing_is_loaded_from_elsewhere_and_only_our_script_may_run(tmp_path: Path) -> None:
    share_all([track(tmp_path / "legs.mp3")], tmp_path / "site")
    for name in ("legs.html", "index.html"):
        page = Elements(tmp_path / "site" / name)
        assert not re.findall(r"""(?:src|href|url\()=?["']?(?:https?:)?//""", page.source)
        (policy,) = (m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
        rules = dict(rule.split(" ", 1) for rule in str(policy).split("; "))
        assert rules["default-src"] == "'none'"
        script = next(text for tag, text in page.texts if tag == "script" and "use strict" in text)
        style = next(text for tag, text in page.texts if tag == "style")
        for key, content in (("script-src", script), ("style-src", style)):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert rules[key] == f"'sha256-{digest}'"
        assert not [a for _, attributes in page.found for a in attributes if a.startswith("on") or a == "style"]


def test_hostile_text_is_text(tmp_path: Path) -> None:
    for name, path in (("evil", evil(tmp_path / "evil.mp3")), ("good", track(tmp_path / "good.mp3"))):
        share_all([path], tmp_path / name)
    for bad, good in (("evil.html", "good.html"), ("index.html", "index.html")):
        page, plain = Elements(tmp_path / "evil" / bad), Elements(tmp_path / "good" / good)
        shape = [(tag, sorted(a)) for tag, a in page.found]
        assert shape == [(tag, sorted(a)) for tag, a in plain.found]
        assert page.data().keys() == plain.data().keys()
        assert not set(page.source) & set("\u2028\u202e\x00\x1b")


def test_the_feed(tmp_path: Path) -> None:
    path = track(tmp_path / "Füße & legs.mp3", comment="For <tags> & more")
    share_all([path, evil(tmp_path / "evil.mp3")], tmp_path / "site", title="M & y", url="https://höst.example/my r/ä")
    tree = feed_of(tmp_path / "site")
    base = "https://xn--hst-sna.example/my%20r/%C3%A4/"
    assert tree.findtext("channel/title") == "M & y"
    assert tree.findtext("channel/link") == f"{base}index.html"
    item = next(each for each in tree.findall("channel/item") if each.findtext("title") == "Legs")
    enclosure, chapters = item.find("enclosure"), item.find("p:chapters", SPACES)
    assert enclosure is not None
    assert chapters is not None
    name = f"{base}F%C3%BC%C3%9Fe%20-%20legs"
    assert enclosure.attrib == {"url": f"{name}.mp3", "length": str(path.stat().st_size), "type": "audio/mpeg"}
    assert chapters.attrib == {"url": f"{name}.chapters.json", "type": "application/json+chapters"}
    assert item.findtext("guid") == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert item.findtext("i:duration", namespaces=SPACES) == "100"
    assert item.findtext("description") == "For &lt;tags&gt; &amp; more"  # apps read it as HTML
    assert all(
        re.fullmatch(r"[!-~]+", url) for each in tree.iter() for key, url in each.items() if key in ("url", "href")
    )


def test_dates_stay_when_an_episode_is_added(tmp_path: Path) -> None:
    def dates() -> dict[str | None, str | None]:
        return {item.findtext("title"): item.findtext("pubDate") for item in feed_of(tmp_path / "site").iter("item")}

    share_all([track(tmp_path / "b.mp3", legs("B")), track(tmp_path / "c.mp3", legs("C"))], tmp_path / "site")
    before = dates()
    assert before == {"B": "Sat, 01 Jan 2000 12:00:00 +0000", "C": "Sun, 02 Jan 2000 12:00:00 +0000"}
    share_all([track(tmp_path / "a.mp3", legs("A"))], tmp_path / "site")
    assert dates() == {**before, "A": "Mon, 03 Jan 2000 12:00:00 +0000"}


@pytest.mark.parametrize(("mime", "kind"), [("image/png", "png"), ("image/JPEG", "JPEG")])
def test_a_shared_mp3_has_its_picture_under_no_type(tmp_path: Path, mime: str, kind: str) -> None:
    """Chromium would read a minute of sound to learn the size of a picture whose type it knows."""
    path = track(tmp_path / "legs.mp3")
    tags = ID3(path, translate=False)
    tags.add(APIC(3, mime, 3, " of legs", PNG))
    tags.save(path)
    site = share_all([path], tmp_path / "site").folder
    shared = site / "legs.mp3"
    given, found = (ID3(each, translate=False) for each in (path, shared))
    (picture,) = found.getall("APIC")
    assert (picture.mime, picture.desc, picture.data) == ("image/", f"{kind} of legs", PNG)
    assert {key: value for key, value in found.items() if "APIC" not in key} == {
        key: value for key, value in given.items() if "APIC" not in key
    }
    assert shared.stat().st_size == path.stat().st_size
    digest = hashlib.sha256(shared.read_bytes()).hexdigest()
    assert Elements(site / "legs.html").data()["file"] == f"legs.mp3?v={digest[:16]}"
    assert not share_all([shared], site).changed


def test_the_cover_is_in_list_feed_and_lock_screen(tmp_path: Path) -> None:
    plain, covered = track(tmp_path / "a.mp3"), with_cover(track(tmp_path / "my legs.mp3"))
    site = share_all([plain, covered], tmp_path / "site", url="https://a.b/").folder
    assert (site / "my legs.png").read_bytes() == PNG
    sources = [str(each["src"]).split("?")[0] for each in Elements(site / "index.html").all("img")]
    assert sources == ["icons/icon-192.png", "my%20legs.png"]
    assert Elements(site / "my legs.html").data()["cover"].startswith("my%20legs.png?v=")
    images = [each.get("href") for each in feed_of(site).findall("channel/item/i:image", SPACES)]
    assert images == ["https://a.b/my%20legs.png"]


def test_what_is_not_a_picture_is_left_out(tmp_path: Path) -> None:
    share_all([with_cover(track(tmp_path / "a.mp3"), b"<svg onload=alert(1)>")], tmp_path / "site")
    assert not [
        path.name for path in (tmp_path / "site").iterdir() if path.stem == "a" and path.suffix in (".png", ".svg")
    ]


def test_without_an_address_the_page_links_no_feed(tmp_path: Path) -> None:
    site = share_all([track(tmp_path / "a.mp3")], tmp_path / "site").folder
    assert "feed.xml" not in (site / "index.html").read_text()
    share_all([tmp_path / "a.mp3"], site, url="https://a.b/")
    assert 'href="https://a.b/feed.xml"' in (site / "index.html").read_text()


@pytest.mark.parametrize(("language", "code", "repeat"), [
    ("de", "de", "Ich brauche mehr Zeit"), ("es", "es", "Necesito más tiempo"), ("fr", "en", "I need more time"),
])  # fmt: skip
def test_the_page_speaks_the_tracks_language(tmp_path: Path, language: str, code: str, repeat: str) -> None:
    page = page_of(track(tmp_path / "a.mp3", legs(language=language))).source
    assert f'<html lang="{code}">' in page
    assert repeat in page


@pytest.mark.parametrize("language", ["de", "en", "es"])
def test_all_languages_have_all_words(language: str) -> None:
    english, words = display_words("en").table, display_words(language).table
    assert words.keys() == english.keys()
    for key, text in words.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english[key])), key


def test_a_foreign_track_with_chapters(tmp_path: Path) -> None:
    path = foreign(tmp_path / "song.mp3")
    tags = ID3()
    tags.add(TIT2(3, ["A song"]))
    tags.add(CHAP("c1", 10_000, 20_000, sub_frames=[TIT2(3, ["Two"])]))
    tags.add(CHAP("c2", 20_000, 9_999_999, sub_frames=[TIT2(3, ["Three"])]))
    tags.add(CTOC("t", 3, ["c1", "c2"], sub_frames=[]))
    tags.save(path)
    data = page_of(path).data()
    assert [each["title"] for each in data["chapters"]] == ["A song", "Two", "Three"]
    assert [(each["start"], each["end"], each["kind"]) for each in data["intervals"]] == [
        (0, 10_000, "chapter"), (10_000, 20_000, "chapter"), (20_000, 30_000, "chapter"),
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_data_in_a_page_is_read_back_as_it_was(text: str) -> None:
    written = data_json({"text": text})
    assert json.loads(written) == {"text": text}
    assert not set(written) & set("<>&\u2028\u2029")


@given(st.text(max_size=400))
def test_clean_text_is_valid_xml(text: str) -> None:
    element = ElementTree.Element("a")
    element.text = clean(text, 100)
    assert len(element.text) <= 100
    ElementTree.fromstring(ElementTree.tostring(element, "utf-8"))
