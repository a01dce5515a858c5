"""What lies in the folder after sharing: all that belongs there, nothing that is not ours touched."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from cuecast.errors import SetupError
from cuecast.share import INVENTORY, CannotShareError, share
from cuecast.share.tracks import file_name
from tests.share.sharing import share_all
from tests.share.tracks import foreign, legs, track

FIXED = {
    "cuecast-share.json", "feed.xml", "index.html", "manifest.webmanifest", "sw.js", "icons/icon.svg",
    "icons/cover.png", "icons/icon-192.png", "icons/icon-512.png", "icons/maskable.png", "icons/touch.png",
}  # fmt: skip


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names(folder)}


def test_what_lies_there(tmp_path: Path) -> None:
    legs_ = track(tmp_path / "legs.mp3")
    collection = share_all([legs_], tmp_path / "a" / "site")
    assert names(collection.folder) == {"legs.html", "legs.mp3", "legs.chapters.json"} | FIXED
    assert (collection.folder / "legs.mp3").read_bytes() == legs_.read_bytes()
    (shared,) = collection.tracks
    assert (shared.title, shared.duration, shared.exercises) == ("Legs", 100_000, 2)


def test_the_same_tracks_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = track(tmp_path / "one.mp3"), track(tmp_path / "two.mp3", legs("Arms"))
    share_all([one, two], tmp_path / "a")
    os.utime(one, (0, 0))
    share_all([two, one], tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert share_all([one, two], tmp_path / "b").changed == ()


def test_a_folder_of_version_1_is_read(tmp_path: Path) -> None:
    site = tmp_path / "site"
    share_all([track(tmp_path / "legs.mp3")], site)
    inventory = json.loads((site / INVENTORY).read_text())
    (site / INVENTORY).write_text(json.dumps({**inventory, "schema": "cuecast/share@1", "tracks": ["legs"]}))
    assert [each.name for each in share_all([track(tmp_path / "arms.mp3", legs("Arms"))], site).tracks] == [
        "arms",
        "legs",
    ]


def test_sharing_again_adds_replaces_and_rebuilds(tmp_path: Path) -> None:
    site = tmp_path / "site"
    share_all([track(tmp_path / "legs.mp3")], site, title="Mine", url="https://example.org/r")
    version = re.search(r'VERSION = "(\w+)"', (site / "sw.js").read_text())
    collection = share_all(
        [track(tmp_path / "arms.mp3", legs("Arms")), track(tmp_path / "legs.mp3", legs("Stronger legs"))], site
    )
    assert [each.title for each in collection.tracks] == ["Arms", "Stronger legs"]
    assert (collection.title, collection.url) == ("Mine", "https://example.org/r/")
    assert "Stronger legs" in (site / "legs.html").read_text()
    assert (site / "index.html").read_text().count("<li>") == 2
    assert (site / "feed.xml").read_text().count("<item>") == 2
    after = re.search(r'VERSION = "(\w+)"', (site / "sw.js").read_text())
    assert version is not None
    assert after is not None
    assert version[1] != after[1]


def test_a_track_that_was_taken_out_leaves_the_pages(tmp_path: Path) -> None:
    site = tmp_path / "site"
    share_all([track(tmp_path / "legs.mp3"), track(tmp_path / "arms.mp3", legs("Arms"))], site)
    (site / "arms.mp3").unlink()
    collection = share_all([tmp_path / "legs.mp3"], site)
    assert [each.name for each in collection.tracks] == ["legs"]
    assert names(site) == {"legs.html", "legs.mp3", "legs.chapters.json"} | FIXED


def test_a_track_that_lies_there_already_is_shared_in_place(tmp_path: Path) -> None:
    path = track(tmp_path / "legs.mp3")
    before = path.stat().st_mtime_ns
    share_all([path], tmp_path)
    assert path.stat().st_mtime_ns == before
    track(path, legs("New legs"))  # rendered anew into the folder
    assert share_all([path], tmp_path).tracks[0].title == "New legs"


@pytest.mark.parametrize("name", ["index.html", "legs.html", "legs.mp3", "sw.js", "icons/icon.svg"])
def test_what_is_not_ours_is_refused_whole(tmp_path: Path, name: str) -> None:
    site = tmp_path / "site"
    (site / name).parent.mkdir(parents=True)
    (site / name).write_text("mine")
    with pytest.raises(CannotShareError, match=name) as refused:
        share([track(tmp_path / "legs.mp3")], site)
    assert "--force" in refused.value.hint
    assert names(site) == {name}
    share_all([tmp_path / "legs.mp3"], site, force=True)
    assert (site / name).read_bytes() != b"mine"


def test_a_page_that_was_changed_by_hand_is_not_ours_any_more(tmp_path: Path) -> None:
    site = tmp_path / "site"
    share_all([track(tmp_path / "legs.mp3")], site)
    (site / "index.html").write_text("mine now")
    with pytest.raises(CannotShareError, match=r"index\.html"):
        share([track(tmp_path / "arms.mp3", legs("Arms"))], site)
    assert not (site / "arms.mp3").exists()


def test_other_files_stay(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "CNAME").write_text("example.org")
    foreign(site / "song.mp3")
    collection = share_all([track(tmp_path / "legs.mp3")], site)
    assert (site / "CNAME").read_text() == "example.org"
    assert [each.name for each in collection.tracks] == ["legs"]


@pytest.mark.parametrize(
    "inventory",
    [
        "{",
        "[" * 9_999,
        "[]",
        '{"schema": "cuecast/share@1", "tracks": 7, "files": [], "title": {}, "url": 3}',
        '{"schema": "cuecast/share@1", "tracks": ["../../outside", "/etc/hosts", 7], "files": {"../a.mp3": ["0"]}}',
    ],
)
def test_a_broken_or_hostile_inventory_gives_nothing_away(tmp_path: Path, inventory: str) -> None:
    outside = track(tmp_path / "outside.mp3")
    before = outside.read_bytes()
    site = tmp_path / "a" / "site"
    site.mkdir(parents=True)
    (site / INVENTORY).write_text(inventory)
    collection = share([track(tmp_path / "legs.mp3")], site, force=True).value
    assert collection is not None
    assert [each.name for each in collection.tracks] == ["legs"]
    assert outside.read_bytes() == before


def test_two_tracks_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    for second in ("legs.mp3", "LEGS.mp3"):
        with pytest.raises(CannotShareError, match=r"would both be"):
            share([track(tmp_path / "legs.mp3"), track(tmp_path / "other" / second)], tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_file_that_is_no_track_stops_all(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp3"
    path.write_text("no sound")
    shared = share([track(tmp_path / "legs.mp3"), path], tmp_path / "site")
    assert shared.value is None
    assert [(str(d.severity), d.code) for d in shared.diagnostics] == [("error", "not-a-track")]
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org/", "https://", "javascript:alert(1)", "https://a.b/?c"]
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(CannotShareError, match="--url"):
        share([track(tmp_path / "legs.mp3")], tmp_path / "site", url=url)


def test_interrupted_and_done_again(tmp_path: Path) -> None:
    site = tmp_path / "site"
    share_all([track(tmp_path / "legs.mp3")], site)
    (site / "arms.chapters.json").mkdir()  # the arms' files can't all be written
    with pytest.raises(SetupError):
        share([track(tmp_path / "arms.mp3", legs("Arms"))], site, force=True)
    (site / "arms.chapters.json").rmdir()
    share_all([tmp_path / "arms.mp3"], site)
    share_all([tmp_path / "legs.mp3"], tmp_path / "fresh")
    share_all([tmp_path / "arms.mp3"], tmp_path / "fresh")
    assert contents(site) == contents(tmp_path / "fresh")


def test_names_that_any_host_takes() -> None:
    names = {
        "runners-rollout": "runners-rollout",
        "Fußrolle für Läufer": "Fußrolle für Läufer",
        "a<script>b": "a-script-b",
        '50% & "more"': "50- - -more",
        "index": "index-track",
        "con": "con-track",
        ".hidden.": "hidden",
        "....": "track",
        "\u202egpj.mp3": "gpj.mp3",
        "ü" * 200: "ü" * 50,
    }
    assert {stem: file_name(Path(f"{stem}.mp3")) for stem in names} == names


def test_a_collection_of_hundreds_is_small_and_linear(tmp_path: Path) -> None:
    paths = [track(tmp_path / f"t{i}.mp3", legs(f"Track {i}")) for i in range(40)]
    collection = share_all(paths, tmp_path / "site")
    assert len(collection.tracks) == 40
    assert len((collection.folder / "index.html").read_bytes()) < 90_000
    assert len(json.loads((collection.folder / INVENTORY).read_text())["tracks"]) == 40
    files = json.loads(re.search(r"FILES = (\[.*?\]);", (collection.folder / "sw.js").read_text())[1])  # type: ignore[index]
    assert not [name for name in files if name.endswith((".mp3", "t1.html"))]
