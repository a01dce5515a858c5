"""`render` of what was rendered before: whatever can change makes it build, nothing else does."""

from __future__ import annotations

import io
import math
import os
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from cuecast import build_record as record
from cuecast import pipeline, settling
from cuecast.cache import Cache
from cuecast.cli import render as rendering
from cuecast.cli.find import find_routine, places
from cuecast.cli.options import Told, options_of
from cuecast.files import data_dir
from cuecast.inputs import NOTHING, InputTracker, state_of, unchanged
from cuecast.options import ProgressListener
from cuecast.speak.engines.silent import SilentEngine
from tests.cli.running import SILENT, Home

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


class Desk:
    """A person at their desk, in this process: their files, and how often something was built."""

    def __init__(self, root: Path) -> None:
        self.root, self.here, self.home, self.cache = root, root / "here", root / "home", root / "cache"
        self.built = 0
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
        path = self.here / "sounds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rate = 8_000
        heights = 9_000 * np.sin(math.tau * hz / rate * np.arange(round(seconds * rate)))
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(heights.astype("<i2").tobytes())

    def sit_down(self, patch: pytest.MonkeyPatch) -> None:
        patch.chdir(self.here)
        patch.setenv("CUECAST_HOME", str(self.home))
        patch.setenv("CUECAST_CACHE", str(self.cache))

    def render(self, told: Told | None = None, output: str | None = None, force: bool = False) -> int:
        """How many builds it took."""
        before = self.built
        rendering.render(["routine.yaml"], output, told or Told(), False, force)
        return self.built - before


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the sound of that track, made at another desk: no record in it is of use at this one."""
    made = Desk(tmp_path_factory.mktemp("used"))
    with pytest.MonkeyPatch.context() as patch:
        made.sit_down(patch)
        made.render()
    return made.cache


@pytest.fixture
def desk(tmp_path: Path, used: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path)
    shutil.copytree(used, made.cache)
    made.sit_down(monkeypatch)
    really = pipeline.ready

    def counted(*args: Any) -> object:
        made.built += 1
        return really(*args)

    monkeypatch.setattr(pipeline, "ready", counted)
    return made


def exercise(name: str) -> str:
    return (data_dir("routines") / "exercises" / f"{name}.yaml").read_text("utf-8")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


CHANGES: dict[str, Callable[[Desk], object]] = {
    "the routine": lambda desk: desk.write("here/routine.yaml", ROUTINE.replace("Here", "There")),
    "only its comments": lambda desk: desk.write("here/routine.yaml", f"# mine\n{ROUTINE}"),
    "what it includes": lambda desk: desk.write("here/parts/more.yaml", MORE.replace("Slowly", "Softly")),
    "the voice": lambda desk: desk.write("home/voices/mine.yaml", f"{MINE}rate: 150\n"),
    "how the voice says a word": lambda desk: desk.write("home/voices/mine.yaml", f"{MINE}lexicon: {{go: gow}}\n"),
    "what the voice is like": lambda desk: desk.write("home/voices/base.yaml", BASE.replace("200", "120")),
    "a voice before the package's": lambda desk: desk.write(
        "home/voices/silent.yaml", "engine: silent\nlanguage: en\n"
    ),
    "an exercise before the package's": lambda desk: desk.write(
        "home/exercises/calves.yaml", exercise("calves").replace("title", "title")
    ),
    "an exercise of that very language": lambda desk: desk.write("home/exercises/calves.en.yaml", exercise("calves")),
    "a tone of one's own": lambda desk: desk.sound("gong.wav", 0.25, 550),
    "the music": lambda desk: desk.sound("songs/one.wav", 12, 330),
    "one more in the folder of music": lambda desk: desk.sound("songs/two.wav", 12, 330),
    "the track is gone": lambda desk: desk.track.unlink(),
    "the track is cut off": lambda desk: cut(desk.track),
    "the track has another bit": lambda desk: flip(desk.track),
    "the track is another one": lambda desk: desk.render(Told(volume=["tones=-6dB"])),
    "the cache is gone": lambda desk: shutil.rmtree(desk.cache),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_is_built(desk: Desk, change: Callable[[Desk], object]) -> None:
    assert desk.render() == 1
    assert desk.render() == 0
    change(desk)
    assert desk.render() == 1
    assert desk.render() == 0


def saved_again(paths: Iterable[Path]) -> None:
    for path in list(paths):
        text = path.read_bytes()
        path.unlink()
        path.write_bytes(text)
        os.utime(path, (1, 1))


OTHERS: dict[str, Callable[[Desk], object]] = {
    "nothing": lambda desk: None,
    "times of change": lambda desk: saved_again(desk.root.rglob("*.yaml")),
    "the track's time": lambda desk: os.utime(desk.track, (1, 1)),
    "who may read the track": lambda desk: desk.track.chmod(0o600),
    "another file beside it": lambda desk: desk.write("here/parts/other.yaml", MORE),
    "another voice": lambda desk: desk.write("home/voices/other.yaml", MINE),
    "another exercise": lambda desk: desk.write("home/exercises/own.yaml", exercise("calves")),
    "another sound": lambda desk: desk.sound("bell.wav", 0.25, 660),
    "another routine": lambda desk: desk.write("home/routines/routine.yaml", ROUTINE),
    "another track": lambda desk: desk.render(Told(seed=1), "other.mp3"),
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_what_has_nothing_to_do_with_it_is_not(desk: Desk, change: Callable[[Desk], object]) -> None:
    desk.render()
    before = desk.track.read_bytes()
    change(desk)
    assert desk.render() == 0
    assert desk.track.read_bytes() == before


TOLD = {
    "voice": Told(voice=["base"]),
    "level": Told(level="gentle"),
    "fit": Told(fit="2m"),
    "seed": Told(seed=3),
    "volume": Told(volume=["tones=-6dB"]),
    "wake": Told(wake="off"),
    "language": Told(language="en"),
    "music": Told(music="brown"),
    "cover": Told(cover="off"),
    "source": Told(source=False),
    "form": Told(form="mp3"),
}


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_each_option_counts(desk: Desk, told: Told) -> None:
    desk.render()
    assert desk.render(told) == 1
    assert desk.render(told) == 0
    assert set(told.plain()) == {*TOLD}, "an option that is not tried here"


def test_jobs_and_quiet_do_not_count(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.render()
    capsys.readouterr()
    assert desk.render(Told(jobs=1, quiet=True)) == 0
    assert capsys.readouterr() == ("", "")


def test_it_can_be_forced(desk: Desk) -> None:
    desk.render()
    assert desk.render(force=True) == 1
    assert desk.render() == 0


def test_another_name_is_another_track(desk: Desk) -> None:
    desk.render()
    assert desk.render(output="other.mp3") == 1
    assert desk.render(output="other.mp3") == 0
    assert desk.render() == 0


def test_a_link_that_leads_elsewhere(desk: Desk) -> None:
    (desk.here / "one").mkdir()
    (desk.here / "one" / "more.yaml").write_text(MORE, "utf-8")
    desk.render()
    (desk.here / "parts" / "more.yaml").unlink()
    (desk.here / "parts" / "more.yaml").symlink_to(desk.here / "one" / "more.yaml")
    assert desk.render() == 1
    assert desk.render() == 0


def test_what_is_installed_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.render()
    site = desk.root / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    assert desk.render() == 1
    assert desk.render() == 0
    (site / "cuecast_whisper-1.0.dist-info").mkdir()
    assert desk.render() == 1
    (site / "cuecast_whisper-1.0.dist-info").rename(site / "cuecast_whisper-1.1.dist-info")
    assert desk.render() == 1
    assert desk.render() == 0


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


def test_what_an_engine_says_of_itself_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.render()
    monkeypatch.setattr(SilentEngine, "fingerprint", lambda self: "2.0")
    assert desk.render() == 1
    assert desk.render() == 0
    monkeypatch.setattr(SilentEngine, "voice", lambda self: "another one")
    assert desk.render() == 1
    assert desk.render() == 0


def test_an_engine_that_fails_does_not_pass_for_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.render()

    def gone(self: SilentEngine) -> str:
        raise KeyError("whatever engines raise")

    monkeypatch.setattr(SilentEngine, "fingerprint", gone)
    with pytest.raises(KeyError):
        desk.render()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"seen": 1}'])
def test_a_record_that_makes_no_sense(desk: Desk, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    with monkeypatch.context() as other:
        other.setattr(record, "_dumped", lambda record: content)
        desk.render()
    assert desk.render() == 1
    assert desk.render() == 0


def test_each_entry_of_the_cache_may_be_damaged(desk: Desk) -> None:
    desk.render()
    right = desk.track.read_bytes()
    for entry in [path for path in desk.cache.rglob("*") if path.is_file() and len(path.name) == 62]:
        flip(entry)
    assert desk.render() == 1
    assert desk.track.read_bytes() == right
    assert desk.render() == 0


def test_no_cache_no_record(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUECAST_CACHE_MAX", "0")
    assert desk.render() == 1
    assert desk.render() == 1


def test_errors_leave_no_record(desk: Desk) -> None:
    desk.render()
    desk.write("here/parts/more.yaml", MORE.replace("Shins", "{nonsense}"))
    for _ in range(2):
        with pytest.raises(typer.Exit):
            desk.render()
    desk.write("here/parts/more.yaml", MORE)
    assert desk.render() == 0  # the track is still the one that was made of this


@pytest.mark.parametrize("name", ["here/parts/more.yaml", "home/voices/mine.yaml"])
def test_what_changes_during_a_build_is_built_again(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """It was read before: what is saved meanwhile is not in this track."""
    really = settling.resolve_lengths

    def settle(*args: Any) -> Any:
        desk.write(name, (desk.root / name).read_text("utf-8") + "# saved meanwhile\n")
        return really(*args)

    with monkeypatch.context() as other:
        other.setattr(pipeline, "resolve_lengths", settle)
        desk.render()
    assert desk.render() == 1
    assert desk.render() == 0


def test_all_is_said_again(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("here/parts/more.yaml", REMARKED)
    desk.render()
    first = capsys.readouterr().err
    assert "announcement-dropped" in first
    assert "^^^" in first
    assert desk.render() == 0
    second = capsys.readouterr().err
    track = next(line for line in first.splitlines() if line.startswith("routine.mp3"))
    assert second == first.replace(track, f"{track}; unchanged")
    rendering.render(["routine.yaml"], None, Told(), True)
    assert desk.built == 1
    again = capsys.readouterr().out
    rendering.render(["routine.yaml"], None, Told(), True, True)
    assert capsys.readouterr().out == again


def test_voices_that_a_warning_names(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The hint lists the voices of the routine's language: another one changes what is said."""
    desk.write("home/voices/mine.yaml", "engine: silent\nlanguage: en\n")
    desk.write(
        "here/routine.yaml", ROUTINE.replace("voice: mine", "voice: coach").replace("steps", "language: es\nsteps")
    )
    desk.write("home/exercises/calves.es.yaml", exercise("calves"))
    desk.render()
    assert "voice-language" in capsys.readouterr().err
    assert desk.render() == 0
    assert "voice-language" in capsys.readouterr().err
    desk.write("home/voices/otra.yaml", "engine: silent\nlanguage: es\n")
    assert desk.render() == 1
    assert "otra" in capsys.readouterr().err
    assert desk.render() == 0


def test_standard_input(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, builds in ((ROUTINE, 1), (ROUTINE, 0), (f"{ROUTINE}# more\n", 1)):
        before = desk.built
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        rendering.render(["-"], None, Told(), False)
        assert desk.built - before == builds


def test_several_of_which_one_has_changed(desk: Desk) -> None:
    desk.write("here/second.yaml", ROUTINE)
    rendering.render(["routine.yaml", "second.yaml"], ".", Told(), False)
    assert desk.built == 2
    desk.write("here/second.yaml", ROUTINE.replace("Here", "There"))
    rendering.render(["routine.yaml", "second.yaml"], ".", Told(), False)
    assert desk.built == 3


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


def test_every_file_that_is_read_is_in_the_record(desk: Desk) -> None:
    """But for what is ours or installed, which counts as a whole, the cache, and what belongs to the machine."""
    import cuecast

    looks = InputTracker()
    with listening() as heard:
        routine = find_routine("routine.yaml")
        result = pipeline.render(
            routine.noting(looks), desk.track, options_of(Told()), places(looks), ProgressListener()
        )
    made = pipeline.record_of(result, looks)
    seen = {os.path.realpath(path) for path, state in made.seen.items() if state != NOTHING}
    whole = (
        str(Path(cuecast.__file__).parent),
        sys.prefix,
        sys.base_prefix,
        str(desk.cache),
        "/proc",
        "/dev",
        "/sys",
        "/etc",
    )
    own = {str(desk.here / "routine.yaml"), str(desk.here), str(desk.track), tempfile.gettempdir()}
    files = {path for path in heard if not path.startswith(whole) and not path.endswith(".cuecast-part")}
    assert files - seen <= own
    assert str(desk.here / "parts" / "more.yaml") in files, "nothing was heard"
    assert {str(desk.home / "voices" / "mine.yaml"), str(desk.home / "voices" / "base.yaml")} <= seen
    assert made.seen[str(desk.home / "exercises" / "calves.yaml")] == NOTHING
    assert made.seen[str(desk.home / "voices" / "silent.yaml")] == NOTHING


def test_a_record_comes_back_as_it_was(desk: Desk) -> None:
    looks = InputTracker()
    desk.write("here/parts/more.yaml", REMARKED)
    routine = find_routine("routine.yaml").noting(looks)
    made = pipeline.record_of(
        pipeline.render(routine, desk.track, options_of(Told()), places(looks), ProgressListener()), looks
    )
    assert record.is_up_to_date(made, desk.track)
    cache = Cache(desk.cache)
    record.save(cache, "0" * 64, made)
    found = record.load(cache, "0" * 64)
    assert found is not None
    assert (found.seen, found.digest, found.finished, found.diagnostics) == (
        made.seen,
        made.digest,
        made.finished,
        made.diagnostics,
    )
    assert [source.name for source in found.sources] == ["parts/more.yaml"]
    assert record.is_up_to_date(found, desk.track)


def test_looks(tmp_path: Path) -> None:
    file, folder, nothing = tmp_path / "file", tmp_path / "folder", tmp_path / "nothing"
    file.write_text("one")
    folder.mkdir()
    looks = InputTracker()
    for path in (file, folder, nothing, file):
        looks.at(path)
    seen = looks.seen
    assert unchanged(seen)
    file.write_text("two")
    looks.at(file)
    assert not unchanged(looks.seen), "the first look counts"
    file.write_text("one")
    assert unchanged(seen)
    (folder / "new").touch()
    assert not unchanged(seen)
    (folder / "new").unlink()
    nothing.touch()
    assert not unchanged(seen)
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
    assert "cuecast.build_record" in imported
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
