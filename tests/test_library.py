"""What a routine may open, and what it may not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cuecast.kinds import MAX_BYTES
from cuecast.library import Library
from cuecast.ports import Refused


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


def refused(library: Library, path: str, from_file: str = "main.yaml") -> Refused:
    with pytest.raises(Refused) as caught:
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


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("parts/cooldown.yaml", f"did you mean `{Path('parts/cool-down.yaml')}`?"),
        ("parts/cool-down", f"did you mean `{Path('parts/cool-down.yaml')}`?"),
        ("mian.yaml", "did you mean `main.yaml`?"),
        ("parts/quite-another.txt", None),
        ("gone/more.yaml", None),
        ("main.yaml/more.yaml", None),
        ("x" * 5_000, None),
        ("a\0b", None),
        ("\ud800.yaml", None),
    ],
)
def test_what_is_not_there(folder: Path, path: str, hint: str | None) -> None:
    fault = refused(Library(folder), path)
    assert (fault.code, fault.hint) == ("missing-file", hint)


def test_without_a_folder_nothing_is_included(folder: Path) -> None:
    assert refused(Library(None), "main.yaml").code == "outside-folder"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="everybody may read it")
def test_a_file_that_may_not_be_read(folder: Path) -> None:
    (folder / "main.yaml").chmod(0)
    fault = refused(Library(folder), "main.yaml")
    assert fault.code == "missing-file"
    assert "can't be read" in fault.message


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
    opened = Library(None, exercises).exercise(name, language)
    assert opened.data.decode() == found
    assert opened.name == f"exercises/{found.split()[1]}"


@pytest.mark.parametrize(
    ("name", "language", "message", "hint"),
    [
        ("calfs", "en", "there is no exercise `calfs`", "did you mean `calves`?"),
        ("waden", "en", "there is no exercise `waden`", "`cuecast list exercises`"),
        ("quads", "de", "`quads` is not there in German yet", "`quads.de.yaml`"),
        ("quads", "xx", "`quads` is not there in `xx` yet", "`quads.xx.yaml`"),
        ("../own/calves", "en", "there is no exercise", ""),
        ("calves", "../de", "`calves` is not there", ""),
        ("calves.de", "en", "there is no exercise", ""),
        ("", "en", "there is no exercise", ""),
    ],
)
def test_exercises_that_are_not_there(
    exercises: tuple[Path, Path], name: str, language: str, message: str, hint: str
) -> None:
    with pytest.raises(Refused) as caught:
        Library(None, exercises).exercise(name, language)
    assert caught.value.code == "unknown-exercise"
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_the_list_of_exercises(exercises: tuple[Path, Path], tmp_path: Path) -> None:
    own, package = exercises
    library = Library(None, [own, package, tmp_path / "gone"])
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
    with pytest.raises(Refused) as caught:
        Library(None, exercises).exercise("secret", "en")
    assert caught.value.code == "outside-folder"
