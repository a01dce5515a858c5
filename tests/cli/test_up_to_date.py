"""A track that was made before: whatever can change it makes a new build, and nothing else does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cuecast import api
from cuecast.files import data_dir
from cuecast.library import InputTracker, is_unchanged, state_of
from cuecast.library.inputs import NOTHING
from cuecast.model.build import Result, Track
from cuecast.options import parse_options
from cuecast.speak.engines.silent import SilentEngine
from tests.cli.running import SILENT, Home
from tests.mix.wav_files import write_tone

ROUTINE = """\
title: Of many files
voice: mine
defaults: {work: 12s-18s, transition: 6s}
steps:
  - say: Here we go.
    for: 4s
    music: sounds/songs/
  - use: calves
  - include: parts/more.yaml
tones: {halfway: sounds/gong.wav}
"""
MORE = """\
title: More
steps:
  - exercise: Shins
    cues: {half: Slowly.}
"""
REMARKED = """\
title: More
steps:
  - exercise: Shins
    announce: [next, last 10s]
    cues: {-11s: Slowly now and breathe out for as long as you can.}
"""
"""The same, with something that there is to say about it."""
MINE = "like: base\ndescription: mine\n"
BASE = "like: silent\nrate: 200\n"


class Project:
    """The files of a user who renders a routine."""

    def __init__(self, root: Path) -> None:
        self.root, self.here, self.home, self.cache = root, root / "here", root / "home", root / "cache"
        self.write("here/routine.yaml", ROUTINE)
        self.write("here/parts/more.yaml", MORE)
        self.write("home/voices/mine.yaml", MINE)
        self.write("home/voices/base.yaml", BASE)
        self.sound("gong.wav", 0.25, 660)
        self.sound("songs/one.wav", 12, 220)

    @property
    def track(self) -> Path:
        return self.here / "routine.mp3"

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def sound(self, name: str, seconds: float, hz: float) -> None:
        """A mono WAV file beside the routine."""
        write_tone(self.here / "sounds" / name, seconds, hz)

    def render(self, routine: str = "routine.yaml", output: str | None = None, **choices: Any) -> bool:
        """Whether it was built, because it was not up to date."""
        result = self.result(routine, output, **choices)
        assert result.value is not None, result.diagnostics
        return result.value.is_new

    def result(self, routine: str = "routine.yaml", output: str | None = None, **choices: Any) -> Result[Track]:
        return api.render(routine, output, **{"home": self.home, "cache": self.cache, **choices})


@pytest.fixture(scope="module")
def used_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the sound of that track, made in another folder: none of its records is of use here."""
    project = Project(tmp_path_factory.mktemp("used"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.here)
        project.render()
    return project.cache


@pytest.fixture
def project(tmp_path: Path, used_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(tmp_path)
    shutil.copytree(used_cache, project.cache)
    monkeypatch.chdir(project.here)
    return project


def exercise(name: str) -> str:
    return (data_dir("routines") / "exercises" / f"{name}.yaml").read_text("utf-8")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


CHANGES: dict[str, Callable[[Project], object]] = {
    "the routine": lambda project: project.write("here/routine.yaml", ROUTINE.replace("Here", "There")),
    "only its comments": lambda project: project.write("here/routine.yaml", f"# mine\n{ROUTINE}"),
    "what it includes": lambda project: project.write("here/parts/more.yaml", MORE.replace("Slowly", "Softly")),
    "the voice": lambda project: project.write("home/voices/mine.yaml", f"{MINE}rate: 150\n"),
    "how the voice says a word": lambda project: project.write(
        "home/voices/mine.yaml", f"{MINE}lexicon: {{go: gow}}\n"
    ),
    "what the voice is like": lambda project: project.write("home/voices/base.yaml", BASE.replace("200", "120")),
    "a voice before the package's": lambda project: project.write(
        "home/voices/silent.yaml", "engine: silent\nlanguage: en\n"
    ),
    "an exercise before the package's": lambda project: project.write(
        "home/exercises/calves.yaml", exercise("calves").replace("title", "title")
    ),
    "an exercise of that very language": lambda project: project.write(
        "home/exercises/calves.en.yaml", exercise("calves")
    ),
    "a tone of one's own": lambda project: project.sound("gong.wav", 0.25, 550),
    "the music": lambda project: project.sound("songs/one.wav", 12, 330),
    "one more in the folder of music": lambda project: project.sound("songs/two.wav", 12, 330),
    "the track is gone": lambda project: project.track.unlink(),
    "the track is cut off": lambda project: cut(project.track),
    "the track has another bit": lambda project: flip(project.track),
    "the track is another one": lambda project: project.render(volume="tones=-6dB"),
    "the cache is gone": lambda project: shutil.rmtree(project.cache),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_is_built(project: Project, change: Callable[[Project], object]) -> None:
    assert project.render()
    assert not project.render()
    change(project)
    assert project.render()
    assert not project.render()


def saved_again(paths: Iterable[Path]) -> None:
    for path in list(paths):
        text = path.read_bytes()
        path.unlink()
        path.write_bytes(text)
        os.utime(path, (1, 1))


OTHERS: dict[str, Callable[[Project], object]] = {
    "nothing": lambda project: None,
    "times of change": lambda project: saved_again(project.root.rglob("*.yaml")),
    "the track's time": lambda project: os.utime(project.track, (1, 1)),
    "who may read the track": lambda project: project.track.chmod(0o600),
    "another file beside it": lambda project: project.write("here/parts/other.yaml", MORE),
    "another voice": lambda project: project.write("home/voices/other.yaml", MINE),
    "another exercise": lambda project: project.write("home/exercises/own.yaml", exercise("calves")),
    "another sound": lambda project: project.sound("bell.wav", 0.25, 660),
    "another routine": lambda project: project.write("home/routines/routine.yaml", ROUTINE),
    "another track": lambda project: project.render(output="other.mp3", seed=1),
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_what_has_nothing_to_do_with_it_is_not(project: Project, change: Callable[[Project], object]) -> None:
    project.render()
    before = project.track.read_bytes()
    change(project)
    assert not project.render()
    assert project.track.read_bytes() == before


CHOICES: dict[str, Any] = {
    "voice": "base",
    "level": "gentle",
    "fit": "2m",
    "seed": 3,
    "volume": "tones=-6dB",
    "wake": "off",
    "language": "en",
    "music": "brown",
    "cover": "off",
    "source": False,
}


@pytest.mark.parametrize("option", CHOICES)
def test_each_option_counts(project: Project, option: str) -> None:
    project.render()
    assert project.render(**{option: CHOICES[option]})
    assert not project.render(**{option: CHOICES[option]})


def test_every_option_that_changes_a_track_is_tried_here() -> None:
    assert set(parse_options(**{k: v for k, v in CHOICES.items() if k != "source"}).to_json()) == {*CHOICES} - {
        "source"
    }


def test_it_can_be_forced_and_another_name_is_another_track(project: Project) -> None:
    project.render()
    assert project.render(force=True)
    assert not project.render(jobs=1)
    assert project.render(output="other.mp3")
    assert not project.render(output="other.mp3")
    assert not project.render()


def test_a_link_that_leads_elsewhere(project: Project) -> None:
    (project.here / "one").mkdir()
    (project.here / "one" / "more.yaml").write_text(MORE, "utf-8")
    project.render()
    (project.here / "parts" / "more.yaml").unlink()
    (project.here / "parts" / "more.yaml").symlink_to(project.here / "one" / "more.yaml")
    assert project.render()
    assert not project.render()


def test_what_is_installed_counts(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.render()
    site = project.root / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    assert project.render()
    assert not project.render()
    (site / "cuecast_whisper-1.0.dist-info").mkdir()
    assert project.render()
    (site / "cuecast_whisper-1.0.dist-info").rename(site / "cuecast_whisper-1.1.dist-info")
    assert project.render()
    assert not project.render()


def test_our_own_code_counts(tmp_path: Path) -> None:
    def digest() -> str:
        code = "from cuecast.versions import environment_digest; print(environment_digest())"
        env = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, "-P", "-c", code], env=env, check=True, capture_output=True
        ).stdout.decode()

    import cuecast

    package = tmp_path / "cuecast"
    shutil.copytree(Path(cuecast.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    before = digest()
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "any.pyc").write_bytes(b"")
    assert digest() == before
    fit = package / "arrange" / "fit.py"
    os.utime(fit, (1, 1))
    assert digest() == before
    fit.write_text(fit.read_text("utf-8") + "\n", "utf-8")
    assert digest() != before


def test_what_an_engine_says_of_itself_counts(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.render()
    monkeypatch.setattr(SilentEngine, "fingerprint", lambda self: "2.0")
    assert project.render()
    assert not project.render()
    monkeypatch.setattr(SilentEngine, "voice", lambda self: "another one")
    assert project.render()
    assert not project.render()


def test_an_engine_that_fails_does_not_pass_for_the_same(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.render()

    def gone(self: SilentEngine) -> str:
        raise KeyError("whatever engines raise")

    monkeypatch.setattr(SilentEngine, "fingerprint", gone)
    with pytest.raises(KeyError):
        project.render()


def test_each_entry_of_the_cache_may_be_damaged(project: Project) -> None:
    project.render()
    right = project.track.read_bytes()
    for entry in [path for path in project.cache.rglob("*") if path.is_file() and len(path.name) == 62]:
        flip(entry)
    assert project.render()
    assert project.track.read_bytes() == right
    assert not project.render()


def test_no_cache_no_record(project: Project) -> None:
    assert project.render(cache_limit=0)
    assert project.render(cache_limit=0)


def test_errors_leave_no_record(project: Project) -> None:
    project.render()
    project.write("here/parts/more.yaml", MORE.replace("Shins", "{nonsense}"))
    for _ in range(2):
        assert project.result().value is None
    project.write("here/parts/more.yaml", MORE)
    assert not project.render()  # the track is still the one that was made of this


@pytest.mark.parametrize("name", ["here/parts/more.yaml", "home/voices/mine.yaml"])
def test_what_changes_during_a_build_is_built_again(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What is saved after it was read is not in this track."""

    def save(stage: str, done: int, total: int) -> None:
        if stage == "encoding" and done == total:
            project.write(name, (project.root / name).read_text("utf-8") + "# saved meanwhile\n")

    assert project.render(on_progress=save)
    assert project.render()
    assert not project.render()


def test_diagnostics_are_those_of_the_build(project: Project) -> None:
    project.write("here/parts/more.yaml", REMARKED)
    built, again = project.result(), project.result()
    assert [d.code for d in built.diagnostics] == ["announcement-dropped"]
    assert again.diagnostics == built.diagnostics
    assert [source.name for source in again.sources] == ["parts/more.yaml"]
    assert built.value is not None
    assert again.value is not None
    assert again.value.summary == built.value.summary


def test_voices_that_a_warning_names(project: Project) -> None:
    """The hint lists the voices of the routine's language: another one changes what is said."""
    project.write("home/voices/mine.yaml", "engine: silent\nlanguage: en\n")
    project.write(
        "here/routine.yaml", ROUTINE.replace("voice: mine", "voice: machine").replace("steps", "language: es\nsteps")
    )
    project.write("home/exercises/calves.es.yaml", exercise("calves"))
    for _ in range(2):
        (fault,) = project.result().diagnostics
        assert fault.code == "voice-language"
    project.write("home/voices/otra.yaml", "engine: silent\nlanguage: es\n")
    assert project.render()
    assert "otra" in (project.result().diagnostics[0].hint or "")
    assert not project.render()


def test_standard_input(home: Home) -> None:
    for text, state in ((SILENT, "voice"), (SILENT, "unchanged"), (f"{SILENT}# more\n", "voice")):
        assert (
            home.cuecast("render", "-", stdin=text).stderr.splitlines()[0].split()[-1 if state == "unchanged" else -2]
            == state
        )


def test_several_of_which_one_has_changed(home: Home) -> None:
    home.write("one.yaml", SILENT)
    home.write("two.yaml", SILENT)
    home.cuecast("render", "one.yaml", "two.yaml", "-o", ".")
    home.write("two.yaml", SILENT.replace("title: ", "title: Another "))
    lines = home.cuecast("render", "one.yaml", "two.yaml", "-o", ".").stderr.splitlines()
    assert [line.endswith("unchanged") for line in lines[:2]] == [True, False]


opened: list[str] | None = None


def listen(event: str, arguments: tuple[Any, ...]) -> None:
    if (
        opened is not None
        and event in ("open", "os.listdir", "os.scandir")
        and isinstance(arguments[0], str | os.PathLike)
    ):
        opened.append(os.path.realpath(arguments[0]))


@contextmanager
def listening() -> Iterator[list[str]]:
    global opened
    sys.addaudithook(listen)
    heard: list[str] = []
    opened = heard
    try:
        yield heard
    finally:
        opened = None


def test_every_file_that_is_read_is_in_the_record(project: Project) -> None:
    """But for what is ours or installed, which counts as a whole, the cache, and what belongs to the machine."""
    import cuecast

    with listening() as heard:
        track = project.result().value
    assert track is not None
    recorded = {os.path.realpath(path) for path, state in track.inputs.items() if state != NOTHING}
    whole = (
        str(Path(cuecast.__file__).parent),
        sys.prefix,
        sys.base_prefix,
        str(project.cache),
        "/proc",
        "/dev",
        "/sys",
        "/etc",
        *filter(None, sys.path),
    )
    own = {str(project.here / "routine.yaml"), str(project.here), str(project.track), tempfile.gettempdir()}
    files = {path for path in heard if not path.startswith(whole) and not path.endswith(".cuecast-part")}
    assert files - recorded <= own
    assert str(project.here / "parts" / "more.yaml") in files, "nothing was heard"
    assert {str(project.home / "voices" / "mine.yaml"), str(project.home / "voices" / "base.yaml")} <= recorded
    assert track.inputs[str(project.home / "exercises" / "calves.yaml")] == NOTHING
    assert track.inputs[str(project.home / "voices" / "silent.yaml")] == NOTHING


def test_states_of_paths(tmp_path: Path) -> None:
    file, folder, nothing = tmp_path / "file", tmp_path / "folder", tmp_path / "nothing"
    file.write_text("one")
    folder.mkdir()
    tracker = InputTracker()
    for path in (file, folder, nothing, file):
        tracker.record(path)
    inputs = tracker.recorded
    assert is_unchanged(inputs)
    file.write_text("two")
    tracker.record(file)
    assert not is_unchanged(tracker.recorded), "the first record counts"
    file.write_text("one")
    assert is_unchanged(inputs)
    (folder / "new").touch()
    assert not is_unchanged(inputs)
    (folder / "new").unlink()
    nothing.touch()
    assert not is_unchanged(inputs)
    os.mkfifo(tmp_path / "pipe")
    assert state_of(str(tmp_path / "pipe")).startswith("other")
    assert state_of("no\0file") == state_of(str(file / "below")) == NOTHING
    (tmp_path / "loop").symlink_to("loop")
    assert state_of(str(tmp_path / "loop")) == NOTHING


def test_nothing_large_is_imported(home: Home) -> None:
    home.write("routine.yaml", SILENT)
    assert home.cuecast("render", "routine.yaml").returncode == 0
    command = home.command("render", "routine.yaml")
    told = subprocess.run(
        [command[0], "-X", "importtime", *command[1:]], cwd=home.here, env=home.env(), capture_output=True, text=True
    )
    assert told.returncode == 0
    assert "unchanged" in told.stderr
    imported = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines() if line.startswith("import time")}
    assert "cuecast.library.build_record" in imported
    assert not imported & {"yaml", "numpy", "lameenc", "babel", "num2words", "cuecast.pipeline", "cuecast.read"}


def test_builds_of_one_track_at_once(home: Home) -> None:
    home.write("routine.yaml", SILENT)
    builds = [home.start("render", "routine.yaml", "--json", "--quiet") for _ in range(3)]
    for build in builds:
        out, err = build.communicate(timeout=120)
        assert (build.returncode, err) == (0, "")
        assert '"chapters": 2' in out
    assert "unchanged" in home.cuecast("render", "routine.yaml").stderr
    assert home.files() == ["routine.mp3", "routine.yaml"]
