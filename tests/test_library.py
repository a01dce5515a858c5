"""What a routine may open, and what it may not. The messages at their lines are in `tests/read/cases`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cuecast.errors import FileRefused
from cuecast.library import Folders, Library
from cuecast.model.custom_tone import MAX_FILE
from cuecast.model.limits import MAX_BYTES, MAX_RECORDINGS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A routine's folder, with a folder in it and a secret beside it."""
    home = tmp_path / "routines"
    (home / "parts").mkdir(parents=True)
    (home / "main.yaml").write_text("title: x")
    (home / "parts" / "cool-down.yaml").write_text("steps: []")
    (home / "parts" / "more.yaml").write_text("steps: [say: Hi]")
    (tmp_path / "secret.yaml").write_text("secret")
    return home


def refused(library: Library, path: str, from_file: str = "main.yaml") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        library.include(path, from_file)
    return caught.value


def test_paths_are_seen_from_the_file_that_they_stand_in(folder: Path) -> None:
    library = Library(folder)
    first = library.include("parts/cool-down.yaml", "main.yaml")
    assert (first.name, first.data) == (os.path.join("parts", "cool-down.yaml"), b"steps: []")  # noqa: PTH118
    assert library.include("more.yaml", first.name).data == b"steps: [say: Hi]"
    assert library.include("../main.yaml", first.name).name == "main.yaml"
    assert library.include(str(folder / "parts" / "more.yaml"), "main.yaml").data == b"steps: [say: Hi]"
    assert library.include("../routines/parts/more.yaml", "main.yaml").data == b"steps: [say: Hi]"


def test_a_root_above_the_routine_opens_what_lies_below_it(folder: Path) -> None:
    library = Library(folder, root=folder.parent)
    opened = library.include("../secret.yaml", "routines/main.yaml")
    assert (Path(opened.name), opened.data) == (Path("secret.yaml"), b"secret")
    assert library.include("routines/parts/more.yaml", opened.name).data == b"steps: [say: Hi]"
    assert refused(library, "../../secret.yaml").code == "outside-folder"
    assert refused(Library(folder, root=folder / "parts"), "../secret.yaml").code == "outside-folder"


@pytest.mark.parametrize("typed", ["main.yaml", "./main.yaml", "routines/main.yaml", "/somewhere/else/main.yaml"])
def test_a_file_is_called_as_the_routine_was(folder: Path, typed: str) -> None:
    library = Library(folder)
    cool_down = library.include("parts/cool-down.yaml", typed)
    assert Path(cool_down.name) == Path(typed).parent / "parts" / "cool-down.yaml"
    assert library.include("../main.yaml", cool_down.name).name == typed
    assert library.include("main.yaml", typed).name == typed


def test_standard_input_is_in_the_current_folder(folder: Path) -> None:
    library = Library(folder)
    assert Path(library.include("parts/more.yaml", "<stdin>").name) == Path("parts/more.yaml")


@pytest.mark.parametrize(
    "path", ["../secret.yaml", "parts/../../secret.yaml", "/etc/passwd", "..", "/", "../gone.yaml"]
)
def test_nothing_outside_is_opened(folder: Path, path: str) -> None:
    assert refused(Library(folder), path).code == "outside-folder"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed_before_it_is_said_where_a_file_is(folder: Path) -> None:
    (folder / "link.yaml").symlink_to("../secret.yaml")
    (folder / "way").symlink_to("..")
    (folder / "inside.yaml").symlink_to("parts/more.yaml")
    (folder / "round.yaml").symlink_to("round.yaml")
    library = Library(folder)
    assert refused(library, "link.yaml").code == "outside-folder"
    assert refused(library, "way/secret.yaml").code == "outside-folder"
    assert refused(library, "round.yaml").code == "missing-file"
    assert library.include("inside.yaml", "main.yaml").data == b"steps: [say: Hi]"
    assert Library(folder / "way" / "routines").include("main.yaml", "<stdin>").data == b"title: x"


@pytest.mark.skipif(sys.platform == "win32", reason="there are none")
def test_what_is_no_file_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    assert refused(Library(folder), "pipe.yaml").code == "not-a-file"
    assert refused(Library(folder), "parts").code == "not-a-file"
    assert refused(Library(folder), ".").code == "not-a-file"
    assert refused(Library(Path("/dev")), "null").code == "not-a-file"


@pytest.mark.parametrize("path", ["main.yaml/more.yaml", "x" * 5_000, "a\0b", "\ud800.yaml"])
def test_paths_that_no_file_can_have(folder: Path, path: str) -> None:
    fault = refused(Library(folder), path)
    assert (fault.code, fault.hint) == ("missing-file", None)


def test_no_more_is_read_than_the_reader_wants(folder: Path) -> None:
    (folder / "large.yaml").write_bytes(b"#" * (3 * MAX_BYTES))
    assert len(Library(folder).include("large.yaml", "main.yaml").data) == MAX_BYTES + 1


@pytest.fixture
def exercises(tmp_path: Path) -> tuple[Path, Path]:
    """The user's own and the package's exercises."""
    files = {
        "own": ("calves.yaml", "my-own.yaml", "Bad Name.yaml", "notes.txt"),
        "package": ("calves.yaml", "calves.de.yaml", "quads.yaml", "quads.pt-BR.yaml", "waden.de.yaml"),
    }
    for kind, names in files.items():
        (tmp_path / kind).mkdir()
        for name in names:
            (tmp_path / kind / name).write_text(f"{kind} {name}")
    return tmp_path / "own", tmp_path / "package"


@pytest.mark.parametrize(
    ("name", "language", "found"),
    [
        ("calves", "en", "own calves.yaml"),
        ("calves", "en-GB", "own calves.yaml"),
        ("calves", "de", "package calves.de.yaml"),
        ("calves", "de-AT", "package calves.de.yaml"),
        ("quads", "en", "package quads.yaml"),
        ("quads", "pt-BR", "package quads.pt-BR.yaml"),
        ("my-own", "en", "own my-own.yaml"),
    ],
)
def test_exercises_are_found(exercises: tuple[Path, Path], name: str, language: str, found: str) -> None:
    opened = Library(None, Folders(exercises=tuple(exercises))).exercise(name, language)
    assert opened.data.decode() == found
    assert opened.name == f"exercises/{found.split()[1]}"


@pytest.mark.parametrize(
    ("name", "language", "message", "hint"),
    [
        ("quads", "xx", "`quads` does not exist in `xx` yet", "`quads.xx.yaml`"),
        ("../own/calves", "en", "there is no exercise", ""),
        ("calves", "../de", "`calves` does not exist", ""),
        ("", "en", "there is no exercise", ""),
    ],
)
def test_exercises_that_are_not_there(
    exercises: tuple[Path, Path], name: str, language: str, message: str, hint: str
) -> None:
    with pytest.raises(FileRefused) as caught:
        Library(None, Folders(exercises=tuple(exercises))).exercise(name, language)
    assert caught.value.code == "unknown-exercise"
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_the_list_of_exercises(exercises: tuple[Path, Path], tmp_path: Path) -> None:
    own, package = exercises
    library = Library(None, Folders(exercises=(own, package, tmp_path / "gone")))
    assert library.exercises("en") == [
        ("calves", own / "calves.yaml"),
        ("my-own", own / "my-own.yaml"),
        ("quads", package / "quads.yaml"),
    ]
    assert library.exercises("de") == [("calves", package / "calves.de.yaml"), ("waden", package / "waden.de.yaml")]
    assert library.exercises("fr") == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_an_exercise_is_no_way_out_either(exercises: tuple[Path, Path], tmp_path: Path) -> None:
    own, _ = exercises
    (tmp_path / "secret").write_text("secret")
    (own / "secret.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(FileRefused) as caught:
        Library(None, Folders(exercises=tuple(exercises))).exercise("secret", "en")
    assert caught.value.code == "outside-folder"


@pytest.fixture
def tunes(folder: Path, tmp_path: Path) -> Path:
    """Music beside the routine, in a folder of it, and in the user's own folder, which is given."""
    own = tmp_path / "own"
    songs = folder / "songs"
    for place, names in (
        (folder, ("calm.mp3", "both.ogg", "cover.jpg", "bare")),
        (folder / "parts", ("near.flac",)),
        (songs, ("Track 10.mp3", "track 2.MP3", "track 2.mp3.txt", "1.ogg", "._1.ogg", "list.m3u")),
        (songs / "deeper", ("not-this.ogg",)),
        (own, ("own.opus", "both.ogg")),
        (own / "sea", ("1.wav",)),
        (tmp_path, ("secret.mp3",)),
    ):
        place.mkdir(exist_ok=True)
        for name in names:
            (place / name).touch()
    return own


def tuned(
    folder: Path, own: Path | None, path: str, from_file: str = "main.yaml", is_folder: bool = False
) -> list[str]:
    found = Library(folder, Folders(music=own)).music(path, from_file, is_folder)
    assert all(each.path.is_absolute() and each.path.is_file() for each in found)
    assert [each.name for each in found] == [each.path.name for each in found]
    return [each.path.relative_to(folder.parent).as_posix() for each in found]


def untuned(folder: Path, own: Path | None, path: str, is_folder: bool = False) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        Library(folder, Folders(music=own)).music(path, "main.yaml", is_folder)
    return caught.value


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("calm.mp3", "routines/calm.mp3"),
        ("./parts/../calm.mp3", "routines/calm.mp3"),
        ("both.ogg", "routines/both.ogg"),
        ("own.opus", "own/own.opus"),
        ("sea/1.wav", "own/sea/1.wav"),
        ("sea/../own.opus", "own/own.opus"),
        ("songs/track 2.MP3", "routines/songs/track 2.MP3"),
    ],
)
def test_music_is_beside_the_routine_else_in_the_users_own_folder(
    folder: Path, tunes: Path, path: str, found: str
) -> None:
    assert tuned(folder, tunes, path) == [found]
    absolute = str(folder.parent / found)
    assert tuned(folder, tunes, absolute) == [found]


def test_music_is_seen_from_the_included_file(folder: Path, tunes: Path) -> None:
    library = Library(folder, Folders(music=tunes))
    name = library.include("parts/more.yaml", "main.yaml").name
    assert library.music("near.flac", name, False)[0].path == folder / "parts" / "near.flac"
    assert library.music("../calm.mp3", name, False)[0].path == folder / "calm.mp3"
    with pytest.raises(FileRefused, match="missing-music"):
        library.music("calm.mp3", name, False)
    # What comes first makes no difference: an include after a music is still seen from the routine's folder.
    library = Library(folder, Folders(music=tunes))
    assert library.music("calm.mp3", "<stdin>", False)[0].path == folder / "calm.mp3"
    assert Path(library.include("parts/more.yaml", "<stdin>").name) == Path("parts/more.yaml")


def test_a_folder_of_music_is_in_natural_order_and_nothing_else_is_in_it(folder: Path, tunes: Path) -> None:
    files = ["routines/songs/1.ogg", "routines/songs/track 2.MP3", "routines/songs/Track 10.mp3"]
    assert tuned(folder, tunes, "songs", is_folder=True) == files
    assert tuned(folder, tunes, "songs/", is_folder=True) == files
    assert tuned(folder, tunes, "sea/", is_folder=True) == ["own/sea/1.wav"]
    assert tuned(folder, tunes, ".", is_folder=True) == ["routines/both.ogg", "routines/calm.mp3"]


def test_the_order_does_not_hang_on_the_file_system(folder: Path) -> None:
    songs = folder / "songs"
    songs.mkdir()
    names = [f"{name}.ogg" for name in ("1", "01", "A 1", "a 1", "a 1b", "a 02", "a 2", "\u00b2", "9" * 40)]
    found = []
    for order in (reversed(names), sorted(names)):
        for name in order:
            (songs / name).touch()
        found.append(tuned(folder, None, "songs", is_folder=True))
        for name in names:
            (songs / name).unlink()
    assert found[0] == found[1]
    assert sorted(found[0]) == sorted(f"routines/songs/{name}" for name in names)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="no file can have such names there")
def test_music_is_called_so_that_it_can_be_written_anywhere(folder: Path) -> None:
    (folder / "songs").mkdir()
    Path(os.fsdecode(os.fsencode(folder / "songs") + b"/a\xff\x1b[1m\n.mp3")).touch()
    (found,) = Library(folder).music("songs", "main.yaml", True)
    assert found.name == "a\ufffd\ufffd[1m\ufffd.mp3"
    assert found.path.is_file()


def test_a_folder_of_music_is_bounded(folder: Path) -> None:
    songs = folder / "songs"
    songs.mkdir()
    for number in range(MAX_RECORDINGS):
        (songs / f"{number}.ogg").touch()
    assert tuned(folder, None, "songs", is_folder=True)[2:12:9] == ["routines/songs/2.ogg", "routines/songs/11.ogg"]
    (songs / "one-more.ogg").touch()
    fault = untuned(folder, None, "songs", is_folder=True)
    assert f"{fault.code}: {fault.message}" == "too-many-files: there are 501 sound files in `songs`; 500 are the most"


@pytest.mark.parametrize(
    ("path", "is_folder", "code", "hint"),
    [
        ("/etc/passwd.mp3", False, "outside-folder", "put it into the folder of the routine"),
        ("sea/../../secret.mp3", False, "outside-folder", "put it"),
        ("..", True, "outside-folder", "put it"),
        ("onw.opus", False, "missing-music", "did you mean `own.opus`?"),
        ("calm.mp3/calm.mp3", False, "missing-music", ""),
        ("a\0b.mp3", False, "missing-music", ""),
        ("\ud800.mp3", False, "missing-music", ""),
        ("x" * 5_000 + ".mp3", False, "missing-music", ""),
    ],
)
def test_music_that_is_not_there_or_none(
    folder: Path, tunes: Path, path: str, is_folder: bool, code: str, hint: str
) -> None:
    fault = untuned(folder, tunes, path, is_folder)
    assert fault.code == code
    assert hint in (fault.hint or "")


def test_without_a_folder_there_is_only_the_users_own_music(folder: Path, tunes: Path) -> None:
    assert untuned(folder, None, "own.opus").code == "missing-music"
    assert untuned(folder, folder / "nowhere", "own.opus").code == "missing-music"
    assert Library(None, Folders(music=tunes)).music("own.opus", "main.yaml", False)[0].path == tunes / "own.opus"
    with pytest.raises(FileRefused, match="outside-folder"):
        Library(None).music("own.opus", "main.yaml", False)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_to_music_lead_out_of_the_users_own_folder_only(folder: Path, tunes: Path, tmp_path: Path) -> None:
    (folder / "link.mp3").symlink_to("../secret.mp3")
    (folder / "songs" / "3.mp3").symlink_to("../../secret.mp3")
    (folder / "inside.mp3").symlink_to("calm.mp3")
    assert untuned(folder, tunes, "link.mp3").code == "outside-folder"
    fault = untuned(folder, tunes, "songs", is_folder=True)
    assert (fault.code, "songs/3.mp3" in fault.message) == ("outside-folder", True)
    assert Library(folder).music("inside.mp3", "main.yaml", False)[0].path == folder / "calm.mp3"
    (tunes / "album").symlink_to(folder / "parts")
    assert tuned(folder, tunes, "album/", is_folder=True) == ["routines/parts/near.flac"]
    # Its `..` are those of the words: no routine climbs up behind a link.
    (tunes / "far").symlink_to(tmp_path / "elsewhere" / "deep")
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    (tmp_path / "elsewhere" / "private.mp3").touch()
    assert untuned(folder, tunes, "far/../private.mp3").code == "missing-music"
    (tunes / "loop.mp3").symlink_to("loop.mp3")
    assert untuned(folder, tunes, "loop.mp3").code == "missing-music"


@pytest.mark.skipif(sys.platform == "win32", reason="there are none")
def test_what_is_no_file_of_music_is_not_waited_for(folder: Path, tunes: Path) -> None:
    os.mkfifo(folder / "pipe.mp3")
    os.mkfifo(folder / "songs" / "pipe.mp3")
    assert untuned(folder, tunes, "pipe.mp3").code == "not-a-file"
    assert len(tuned(folder, tunes, "songs", is_folder=True)) == 3


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="everybody may read it")
def test_what_may_not_be_read(folder: Path, tunes: Path) -> None:
    (folder / "main.yaml").chmod(0)
    fault = refused(Library(folder), "main.yaml")
    assert (fault.code, "can't be read" in fault.message) == ("missing-file", True)
    (folder / "calm.mp3").chmod(0)
    assert "permission denied" in untuned(folder, tunes, "calm.mp3").message
    (folder / "songs").chmod(0)
    assert untuned(folder, tunes, "songs", is_folder=True).code == "missing-music"
    (folder / "songs").chmod(0o755)


def refused_tone(library: Library, path: str, from_file: str = "main.yaml") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        library.tone(path, from_file)
    return caught.value


@pytest.fixture
def tones(tmp_path: Path) -> Path:
    own = tmp_path / "own" / "tones"
    (own / "bells").mkdir(parents=True)
    (own / "gong.wav").write_bytes(b"own gong")
    (own / "bells" / "small.wav").write_bytes(b"own bell")
    (own.parent / "voice.wav").write_bytes(b"secret")
    return own


def test_a_tone_is_that_of_the_routines_folder_else_the_users_own(folder: Path, tones: Path) -> None:
    assert refused_tone(Library(folder), "gong.wav").code == "missing-file"
    assert refused_tone(Library(folder, Folders(tones=tones / "gone")), "gong.wav").code == "missing-file"
    library = Library(folder, Folders(tones=tones))
    assert refused_tone(library, "bells/smal.wav").hint == f"did you mean `{Path('bells/small.wav')}`?"
    assert library.tone("gong.wav", "main.yaml").data == b"own gong"
    assert library.tone("bells/small.wav", "main.yaml").data == b"own bell"
    assert Library(None, Folders(tones=tones)).tone("gong.wav", "<stdin>").data == b"own gong"
    (folder / "gong.wav").write_bytes(b"gong")
    opened = library.tone("./gong.wav", "main.yaml")
    assert (opened.name, opened.data) == ("./gong.wav", b"gong")
    (folder / "parts" / "gong.wav").write_bytes(b"gong of the part")
    included = library.include("parts/more.yaml", "main.yaml").name
    assert library.tone("gong.wav", included).data == b"gong of the part"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_tone_is_where_its_link_leads(folder: Path, tones: Path) -> None:
    (tones / "link.wav").symlink_to("../voice.wav")
    assert refused_tone(Library(folder, Folders(tones=tones)), "link.wav").code == "outside-folder"


def test_no_more_of_a_tone_is_read_than_it_may_be_large(folder: Path) -> None:
    (folder / "large.wav").write_bytes(bytes(MAX_FILE + 1_000))
    assert len(Library(folder).tone("large.wav", "main.yaml").data) == MAX_FILE + 1
