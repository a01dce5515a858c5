"""What stands in the pages, the feed and the chapters; and that no word of a track's can do anything in them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import CHAP, CTOC, ID3, TIT2

from cuecast.model.timeline import Interval, Kind
from cuecast.share import share
from cuecast.share.feed import feed
from cuecast.share.pages import collection_page, data_json, track_page, web
from cuecast.share.ring import ring
from cuecast.share.tracks import Shared, clean, read_track
from cuecast.share.words import LANGUAGES
from tests.share.tracks import foreign, legs, track

EVIL = "</script><script>alert(1)</script> <!-- ]]> \u2028 \u202e & \"q\" 'x' \x00\x1b[31m {side} $title ${x}"


class Elements(HTMLParser):
    """What a browser would make of a page: elements with their attributes, and the text in each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found:
            self.texts.append((self.found[-1][0], data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    def data(self) -> dict[str, object]:
        text = next(text for (tag, text) in self.texts if tag == "script" and text.startswith("{"))
        return dict(json.loads(text))


def shared(path: Path) -> Shared:
    found, told = read_track(path)
    assert found is not None
    assert told == []
    return found


@pytest.fixture
def one(tmp_path: Path) -> Shared:
    return shared(track(tmp_path / "my legs.mp3"))


def test_the_page_has_the_timeline(one: Shared) -> None:
    page = Elements(track_page(one, "Routines"))
    data = page.data()
    assert data["duration"] == 100_000
    assert data["steps"][:2] == [{"start": 0, "title": "Calves, left"}, {"start": 26_000, "title": "Calves, right"}]  # type: ignore[index]
    assert data["intervals"][2] == {  # type: ignore[index]
        "start": 6_000, "end": 26_000, "kind": "work", "exercise": "Calves", "side": "left", "round": 1, "rounds": 2,
    }  # fmt: skip
    assert data["cues"][0] == {"start": 11_000, "end": 13_000, "text": "Slowly."}  # type: ignore[index]
    assert data["file"] == f"my%20legs.mp3?v={one.digest[:16]}"


def test_the_first_button_saves_the_track(one: Shared) -> None:
    page = Elements(track_page(one, "Routines"))
    buttons = [a for tag, a in page.found if tag == "button" or "button" in (a.get("class") or "").split()]
    assert (buttons[0]["download"], buttons[0]["href"]) == ("my legs.mp3", "my%20legs.mp3")


def test_nothing_is_loaded_from_elsewhere_and_only_our_script_may_run(one: Shared) -> None:
    for text in (track_page(one, "R"), collection_page([one], "R", "en", None)):
        page = Elements(text)
        assert not re.findall(r"""(?:src|href|url\()=?["']?(?:https?:)?//""", text)
        (policy,) = (m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
        script = next(text for tag, text in page.texts if tag == "script" and "use strict" in text)
        style = next(text for tag, text in page.texts if tag == "style")
        rules = dict(rule.split(" ", 1) for rule in str(policy).split("; "))
        assert rules["default-src"] == "'none'"
        for key, content in (("script-src", script), ("style-src", style)):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert rules[key] == f"'sha256-{digest}'"
        assert not [a for _, attributes in page.found for a in attributes if a.startswith("on") or a == "style"]


def evil(path: Path) -> Shared:
    return shared(track(path, legs(EVIL * 3, [EVIL, "x" * 5_000], cue=EVIL), comment=EVIL))


def test_hostile_words_are_words(tmp_path: Path) -> None:
    track_ = evil(tmp_path / "a.mp3")
    good = shared(track(tmp_path / "b.mp3"))
    for hostile, harmless in (
        (track_page(track_, clean(EVIL, 200)), track_page(good, "Routines")),
        (collection_page([track_], clean(EVIL, 200), "en", None), collection_page([good], "Routines", "en", None)),
    ):
        page, plain = Elements(hostile), Elements(harmless)
        shape = [(tag, sorted(a)) for tag, a in page.found if tag != "path"]
        assert shape == [(tag, sorted(a)) for tag, a in plain.found if tag != "path"]
        assert page.data().keys() == plain.data().keys()
        assert not set(hostile) & set("\u2028\u202e\x00\x1b")


def test_a_track_cannot_name_a_path(tmp_path: Path) -> None:
    made, told = share([track(tmp_path / "a.mp3", legs("../../x"))], tmp_path / "site" / "deep")
    assert told == []
    assert made is not None
    assert {path.name for path in tmp_path.iterdir()} == {"a.mp3", "site"}
    assert {path.name for path in (tmp_path / "site").iterdir()} == {"deep"}


def test_the_feed(tmp_path: Path) -> None:
    tracks = [shared(track(tmp_path / "my legs.mp3")), evil(tmp_path / "evil.mp3")]
    tree = ElementTree.fromstring(feed(tracks, "Mine & yours", "en", "https://example.org/r/").encode())
    spaces = {"i": "http://www.itunes.com/dtds/podcast-1.0.dtd", "p": "https://podcastindex.org/namespace/1.0"}
    assert tree.findtext("channel/title") == "Mine & yours"
    for key in ("link", "description", "language"):
        assert tree.findtext(f"channel/{key}")
    first, second = tree.findall("channel/item")
    enclosure = first.find("enclosure")
    assert enclosure is not None
    size = (tmp_path / "my legs.mp3").stat().st_size
    assert enclosure.attrib == {
        "url": "https://example.org/r/my%20legs.mp3", "length": str(size), "type": "audio/mpeg",
    }  # fmt: skip
    assert first.findtext("guid") == f"sha256:{tracks[0].digest}"
    assert first.findtext("pubDate") == "Sat, 01 Jan 2000 12:00:00 +0000"
    assert second.findtext("pubDate") == "Sun, 02 Jan 2000 12:00:00 +0000"
    assert first.findtext("i:duration", namespaces=spaces) == "100"
    chapters = first.find("p:chapters", spaces)
    assert chapters is not None
    assert chapters.attrib == {
        "url": "https://example.org/r/my%20legs.chapters.json", "type": "application/json+chapters",
    }  # fmt: skip
    assert "alert(1)" in (second.findtext("title") or "")


def test_podcast_chapters(tmp_path: Path) -> None:
    made, _ = share([track(tmp_path / "a.mp3")], tmp_path / "site")
    assert made is not None
    plain = json.loads((made.folder / "a.chapters.json").read_text())
    assert plain["version"] == "1.2.0"
    assert plain["chapters"][1] == {"startTime": 26.0, "endTime": 50.0, "title": "Calves, right"}


def test_without_an_address_the_page_shows_no_feed(one: Shared) -> None:
    assert "feed.xml" not in collection_page([one], "R", "en", None)
    assert 'href="https://a.b/feed.xml"' in collection_page([one], "R", "en", "https://a.b/feed.xml")


@pytest.mark.parametrize(("language", "code", "repeat"), [
    ("de", "de", "Ich brauche mehr Zeit"), ("es", "es", "Necesito más tiempo"), ("fr", "en", "I need more time"),
])  # fmt: skip
def test_the_page_speaks_the_tracks_language(tmp_path: Path, language: str, code: str, repeat: str) -> None:
    page = track_page(shared(track(tmp_path / "a.mp3", legs(language=language))), "R")
    assert f'<html lang="{code}">' in page
    assert repeat in page


def test_all_languages_have_all_words() -> None:
    for words in LANGUAGES.values():
        assert words.keys() == LANGUAGES["en"].keys()
        for key, text in words.items():
            assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", LANGUAGES["en"][key]), key


def test_a_foreign_track_with_chapters(tmp_path: Path) -> None:
    path = foreign(tmp_path / "song.mp3")
    tags = ID3()
    tags.add(TIT2(3, ["A song"]))
    tags.add(CHAP("c1", 10_000, 20_000, sub_frames=[TIT2(3, ["Two"])]))
    tags.add(CHAP("c2", 20_000, 9_999_999, sub_frames=[TIT2(3, ["Three"])]))
    tags.add(CTOC("t", 3, ["c1", "c2"], sub_frames=[]))
    tags.save(path)
    data = Elements(track_page(shared(path), "R")).data()
    assert [step["title"] for step in data["steps"]] == ["A song", "Two", "Three"]  # type: ignore[attr-defined]
    assert [(i["start"], i["end"], i["kind"]) for i in data["intervals"]] == [  # type: ignore[attr-defined]
        (0, 10_000, "chapter"), (10_000, 20_000, "chapter"), (20_000, 30_000, "chapter"),
    ]  # fmt: skip


def test_a_foreign_track_without_anything(tmp_path: Path) -> None:
    found = shared(foreign(tmp_path / "song.mp3"))
    assert (found.title, found.duration, found.language) == ("song", 30_000, "en")
    assert Elements(track_page(found, "R")).data()["intervals"] == [{"start": 0, "end": 30_000, "kind": "chapter"}]


def test_a_timeline_of_another_sound_is_not_believed(tmp_path: Path) -> None:
    path = track(tmp_path / "a.mp3")
    path.write_bytes(path.read_bytes()[: -96 * 1_000])  # 24 s cut off
    found, told = read_track(path)
    assert found is not None
    assert found.intervals == ()
    assert [(str(d.severity), d.code) for d in told] == [("warning", "broken-tag")]


def test_the_ring_is_as_long_as_the_track_and_stays_small() -> None:
    def many(count: int) -> list[Interval]:
        kinds = (Kind.WORK, Kind.REST)
        return [Interval(i * 1_000, (i + 1) * 1_000, kinds[i % 2]) for i in range(count)]

    assert ring(many(10), 10_000).count("M") == 10
    assert len(ring(many(20_000), 20_000_000)) < 20_000
    assert ring([Interval(0, 9_000, Kind.WORK)], 9_000).count("M") == 1
    assert "<circle" in ring([], 1_000)


@given(st.text(max_size=60))
def test_data_in_a_page_is_read_back_as_it_was(text: str) -> None:
    written = data_json({"text": text})
    assert json.loads(written) == {"text": text}
    assert not set(written) & set("<>&\u2028\u2029")


@given(st.text(max_size=400))
def test_cleaned_words_can_stand_in_xml(text: str) -> None:
    from xml.sax.saxutils import escape

    found = clean(text, 100)
    assert len(found) <= 100
    ElementTree.fromstring(f"<a>{escape(found)}</a>".encode("utf-8", "surrogatepass"))


def test_sources_of_the_pages_are_one_subject_each() -> None:
    folder = Path("src/cuecast/share/web")
    for path in folder.glob("*.*"):
        assert len(web(path.name).splitlines()) <= 300, path
