"""Routines of several files: what each says, where, and that none of them is too much."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuecast.errors import FileRefused
from cuecast.library import Folders, Library
from cuecast.model.music import GeneratedSound, Music, MusicSetting, Recording
from cuecast.model.routine import Exercise, ExerciseOverrides, Level, RepRange, Section, Settings, Text, Variant
from cuecast.protocols import LoadedFile
from cuecast.read import read, read_exercise
from cuecast.read.files import MAX_FILES, MAX_STEPS
from tests.examples import some
from tests.read.showing import HERE, check_places


class Shelf:
    """Files by their names, all in one folder; those with `exercise` in their name are the library's."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.files = files
        self.opened: list[str] = []
        self.asked: list[tuple[str, str, bool]] = []

    def include(self, path: str, from_file: str) -> LoadedFile:
        return self.open(path, "missing-file")

    def exercise(self, name: str, language: str) -> LoadedFile:
        return self.open(name, "unknown-exercise")

    def music(self, path: str, from_file: str, folder: bool) -> tuple[Recording, ...]:
        self.asked.append((path, from_file, folder))
        if path not in self.files:
            raise FileRefused("missing-music", f"there is no `{path}`")
        return (Recording(path, Path(path)),)

    def tone(self, path: str, from_file: str) -> LoadedFile:
        return self.open(path, "missing-file")

    def open(self, name: str, code: str) -> LoadedFile:
        if name not in self.files:
            raise FileRefused(code, f"there is no `{name}`")
        self.opened.append(name)
        data = self.files[name]
        return LoadedFile(name, data if isinstance(data, bytes) else data.encode())


def codes(root: str, files: Mapping[str, str | bytes]) -> list[str]:
    return [d.code for d in read("root", root.encode(), Shelf({"root": root, **files})).diagnostics]


def test_a_use_is_the_librarys_exercise_with_its_own_keys_over_it() -> None:
    data = b"title: x\nsteps:\n  - use: calves\n    name: Again\n    reps: 5\n    variants: {deep: {reps: 9}}\n"
    routine = read("x.yaml", data, Library(None, Folders(exercises=(HERE / "exercises",)))).value
    assert routine is not None
    (step,) = routine.steps
    assert isinstance(step, Exercise)
    assert (step.span.file, step.span.line) == ("x.yaml", 3)
    assert (step.setup and step.setup.span.file) == "exercises/calves.yaml"
    assert [variant.level for variant in step.variants] == [Level.GENTLE, None, Level.DEEP]
    own = step.variants[1].changes
    assert isinstance(own.name, Text)
    assert own == ExerciseOverrides(name=own.name, settings=Settings(reps=RepRange(5, 5)))
    assert step.variants[2] == Variant(Level.DEEP, ExerciseOverrides(settings=Settings(reps=RepRange(9, 9))))
    assert step.at(Level.DEEP).name == own.name


def test_an_exercise_can_be_read_on_its_own() -> None:
    path = HERE / "exercises" / "calves.yaml"
    found = read_exercise(path.name, path.read_bytes()).value
    assert found is not None
    assert (found.language, found.exercise.caution) == ("en", "Stop short of the knee.")
    assert found.sources == ("Behm 2020, J Strength Cond Res 34(11):3301", "Colons: in quotes")
    assert found.exercise.sides
    told = read_exercise("x.yaml", b"- exercise: Calves")
    assert (told.value, [d.code for d in told.diagnostics]) == (None, ["wrong-type"])


def test_without_an_opener_there_is_nothing_to_look_in() -> None:
    told = read("x.yaml", b"title: x\nsteps:\n  - use: calves\n  - include: a.yaml\n").diagnostics
    assert [(d.code, d.message) for d in told] == [
        ("unknown-exercise", "there is no library to look for `calves` in"),
        ("missing-file", "there is no folder to look for `a.yaml` in"),
    ]


def test_each_file_is_opened_and_read_once() -> None:
    root = "title: x\nsteps:\n" + "  - include: a\n  - use: b\n" * 50
    shelf = Shelf({"a": "steps: [{say: Hi}, {use: b}]", "b": "exercise: B"})
    result = read("root", root.encode(), shelf)
    assert result.diagnostics == ()
    assert sorted(shelf.opened) == ["a", "b"]
    assert [source.name for source in result.sources] == ["root", "a", "b"]
    assert pickle.loads(pickle.dumps(result)) == result


def test_faults_of_a_file_are_told_once_however_often_it_is_wanted() -> None:
    root = "title: x\nsteps:\n" + "  - include: a\n  - use: b\n" * 3
    assert codes(root, {"a": "steps: [{wait: 3s}]", "b": "exercise: B\nsides: Top"}) == ["one-step", "bad-value"]


def test_an_included_file_keeps_its_defaults_and_nothing_else() -> None:
    included = "title: Alone\nfit: 5m\nlevel: deep\nvoice: other\ndefaults: {work: 10s}\nsteps: [say: Hi]"
    routine = read("root", b"title: x\nsteps: [include: a]\n", Shelf({"a": included})).value
    assert routine is not None
    (section,) = routine.steps
    assert isinstance(section, Section)
    assert section.defaults.work is not None
    assert (section.span.file, section.steps[0].span.file) == ("root", "a")
    assert (routine.fit_ms, routine.level, routine.cast) == (None, Level.STANDARD, ())


@pytest.mark.parametrize(
    ("routine", "included", "is_fine"),
    [("en", "en", True), ("en", "en-GB", True), ("de", "de", True), ("de", "en", False), ("pt-BR", "pt", True)],
)
def test_all_files_are_in_one_language(routine: str, included: str, is_fine: bool) -> None:
    # The language holds for all steps, also for those that stand above it.
    root = f"title: x\nsteps: [include: a, use: b]\nlanguage: {routine}\n".replace("[include: a, ", "[{include: a}, ")
    files = {"a": f"language: {included}\nsteps: [say: Hi]", "b": f"language: {included}\nexercise: B"}
    assert codes(root, files) == ([] if is_fine else ["other-language"] * 2)


def test_loops_are_found_wherever_they_close() -> None:
    assert codes("title: x\nsteps: [include: root]", {}) == ["include-loop"]
    assert codes("title: x\nsteps: [include: a]", {"a": "steps: [include: root]"}) == ["include-loop"]
    assert codes("title: x\nsteps: [include: a]", {"a": "steps: [include: a]"}) == ["include-loop"]
    files = {"a": "steps: [{include: b}, {include: c}]", "b": "steps: [include: c]", "c": "steps: [say: Hi]"}
    assert codes("title: x\nsteps: [{include: a}, {include: b}, {include: a}]", files) == []


def chain(length: int, step: str) -> dict[str, str]:
    files = {f"a{n}": f"steps:\n{step.format(n + 1)}" for n in range(length)}
    return {**files, f"a{length}": "steps: [say: Hi]"}


NESTED = "".join(f"{' ' * (4 * n)}- rounds: 2\n{' ' * (4 * n)}  steps:\n" for n in range(20))
ALIASED = (
    "  - rounds: 2\n    steps: &b0 [include: {}]\n"
    + "".join(f"  - rounds: 2\n    steps: &b{n} [{{{{rounds: 2, steps: *b{n - 1}}}}}]\n" for n in range(1, 18))
    + "  - rounds: 2\n    steps: *b17\n"
)


@pytest.mark.parametrize(
    ("length", "step", "told"),
    [
        (18, "  - include: a{}", []),
        (40, "  - include: a{}", ["too-deep"]),
        (40, "  - rounds: 1\n    steps: [include: a{}]", ["too-deep"]),
        (3, NESTED + " " * 80 + "- include: a{}", ["too-deep"]),
        (3, ALIASED.replace("a{}", "{}").replace("{}", "a{}", 1), ["too-deep"]),
    ],
    ids=range(5),
)
def test_how_deep_files_go(length: int, step: str, told: list[str]) -> None:
    assert codes("title: x\nsteps: [include: a0]", chain(length, step)) == told


BOMB = {f"a{n}": f"steps:\n{f'  - include: a{n + 1}{chr(10)}' * 100}" for n in range(15)} | {"a15": "steps: [say: Hi]"}


def test_a_bomb_of_files_is_small() -> None:
    # 100 to the power of 15 steps: each file is read once, and that it is too much is said when they are counted.
    assert codes("title: x\nsteps: [include: a0]", BOMB) == []


def test_files_and_steps_are_bounded_together_and_it_is_said_once() -> None:
    many = "title: x\nsteps:\n" + "".join(f"  - include: a{n}\n" for n in range(MAX_FILES + 50))
    files: dict[str, str | bytes] = {f"a{n}": "steps: [say: Hi]" for n in range(MAX_FILES + 50)}
    assert codes(many, files) == ["too-many-files"]
    many = "title: x\nsteps:\n" + "".join(f"  - use: a{n}\n" for n in range(MAX_FILES + 50))
    assert codes(many, dict.fromkeys(files, "exercise: A")) == ["too-many-files"]
    large = dict.fromkeys(list(files)[:9], b"steps: [say: Hi]\n" + b"#" * 900000)
    assert codes("title: x\nsteps:\n" + "".join(f"  - include: {n}\n" for n in large), large) == ["too-many-files"]
    long = dict.fromkeys(list(files)[:3], "steps:\n" + "  - rest: 1\n" * (MAX_STEPS // 2))
    assert codes("title: x\nsteps:\n" + "".join(f"  - include: {n}\n" for n in long), long) == ["too-many-steps"]


def test_music_is_seen_from_the_file_that_it_is_written_in_and_looked_for_once() -> None:
    root = "title: x\nmusic: calm.mp3\nsteps:\n" + "  - {say: Hi, music: calm.mp3}\n  - include: a\n" * 50
    files = {"a": "music: gone.mp3\nsteps: [{say: Hi, music: {folder: calm.mp3}}]", "calm.mp3": ""}
    shelf = Shelf({"root": root, **files})
    assert read("root", root.encode(), shelf).diagnostics == ()
    # The included file's own music is for when it is rendered alone: nobody looks for it.
    assert shelf.asked == [("calm.mp3", "root", False), ("calm.mp3", "a", True)]
    assert codes("title: x\nsteps: [include: a]", {"a": "music: ocaen\nsteps: [say: Hi]"}) == ["bad-value"]


def test_music_that_is_not_there_is_told_wherever_it_is_named() -> None:
    steps = "".join("  - {say: Hi, music: gone.mp3}\n" for _ in range(3))
    assert codes(f"title: x\nmusic: gone.mp3\nsteps:\n{steps}", {}) == ["missing-music"] * 4
    told = read("x.yaml", b"title: x\nmusic: calm.mp3\nsteps: [say: Hi]").diagnostics
    assert [(d.code, d.message) for d in told] == [("missing-music", "there is no folder to look for `calm.mp3` in")]


def test_an_exercise_of_the_library_may_say_how_loud_and_what_cuecast_makes() -> None:
    shelf = Shelf({"b": "exercise: B\nmusic: {sound: ocean, volume: -20dB}\nvariants: {deep: {music: -12dB}}"})
    routine = read("root", b"title: x\nsteps: [use: b]", shelf).value
    assert routine is not None
    (step,) = routine.steps
    assert isinstance(step, Exercise)
    assert step.music == MusicSetting(Music(GeneratedSound.OCEAN), volume=-20)
    assert step.at(Level.DEEP).music == MusicSetting(volume=-12)
    assert codes("title: x\nsteps: [use: b]", {"b": "exercise: B\nmusic: calm.mp3", "calm.mp3": ""}) == [
        "outside-folder"
    ]
    assert read_exercise("b", b"exercise: B\nmusic: songs/").value is None


def test_very_many_musics_are_bounded() -> None:
    root = "title: x\nsteps:\n" + "".join(f"  - {{say: Hi, music: a{n}.mp3}}\n" for n in range(MAX_FILES + 50))
    files = {f"a{n}.mp3": "" for n in range(MAX_FILES + 50)}
    assert codes(root, files) == ["too-many-files"]


NAMES = [f"a{n}" for n in range(5)]
LINES = st.one_of(
    st.sampled_from(NAMES).map(lambda name: f"include: {name}"),
    st.sampled_from(NAMES).map(lambda name: f"use: {name}"),
    st.sampled_from(NAMES).map(lambda name: f"{{rounds: 2, steps: [include: {name}]}}"),
    st.sampled_from([*NAMES, "gone.mp3", "songs/", "ocean", "-24dB", "{file: a0}", "{file: x, noise: pink}"]).map(
        lambda music: f"{{say: Hi, music: {music}}}"
    ),
    st.sampled_from(["say: Hi", "exercise: A", "use: gone", "include: ../x", "include:", "use: [a]", "include: a: b"]),
)
FILES = st.fixed_dictionaries(
    {
        name: st.one_of(
            st.lists(LINES, min_size=1, max_size=4).map(
                lambda lines: ("steps:\n" + "".join(f"  - {line}\n" for line in lines)).encode()
            ),
            st.sampled_from([b"exercise: A\nmusic: calm.mp3\n", b"music: gone.mp3\nsteps: [{say: Hi, music: a0}]"]),
            st.sampled_from([b"exercise: A\nwork: 5s\n", b"language: de\nsteps: [say: Hi]", b"\xff\xfe", b"- x", b""]),
            st.binary(max_size=40),
        )
        for name in NAMES
    }
)


@given(FILES, st.lists(LINES, min_size=1, max_size=5))
@settings(max_examples=some(300), deadline=None)
def test_any_files_are_read_or_refused_each_fault_at_its_place(files: dict[str, bytes], lines: list[str]) -> None:
    root = "title: x\nsteps:\n" + "".join(f"  - {line}\n" for line in lines)
    result = read("root", root.encode(), Shelf({"root": root, **files}))
    check_places(result)
    assert read("root", root.encode(), Shelf({"root": root, **files})) == result
