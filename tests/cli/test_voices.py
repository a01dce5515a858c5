"""`cuecast voices` and what belongs to it; `--voice` for each role; where a human voice comes from."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import wave
from pathlib import Path

import pytest

from cuecast.cli import neural_hint as human
from cuecast.cli.console import program_name, silent_stdout
from cuecast.errors import EngineUnavailable
from cuecast.model.voice import Profile
from cuecast.plugins import ENGINES
from cuecast.speak.voice_status import check_voices
from cuecast.versions import install_command
from tests.cli.running import SILENT, Home
from tests.mix.wav_files import write_tone
from tests.play.devices import has_loudspeaker

posix = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts as players, a pseudo-terminal")


def own(home: Home, name: str, text: str) -> Path:
    """A voice of the user's own."""
    path = home.root / "home" / "voices" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# --- the list


@posix
def test_on_a_terminal_it_fits_into_80_columns(home: Home) -> None:
    import pty

    own(home, "martian", "engine: telepathy\nlanguage: en\ndescription: " + "far and wide " * 10 + "\n")
    ours, theirs = pty.openpty()
    env = {**home.env(), "COLUMNS": "80"}
    with subprocess.Popen(home.command("voices"), cwd=home.here, env=env, stdout=theirs) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                more = os.read(ours, 1 << 16)
            except OSError:  # Linux says so when the other end is closed
                break
            if not more:
                break
            written += more
        assert process.wait(60) == 0
    lines = written.decode().splitlines()
    assert max(map(len, lines)) <= 80
    assert "Hear one: " in lines[-1]


class Hangs:
    """An engine that does not answer when it is looked at."""

    keys = ()

    def __init__(self, profile: Profile) -> None:
        pass

    def check(self) -> None:
        time.sleep(30)


class Bursts(Hangs):
    """One whose maker has not thought of everything."""

    def check(self) -> None:
        print("noise")
        raise KeyError("forgotten")


class Lacks(Hangs):
    def check(self) -> None:
        raise EngineUnavailable("no licence", "buy one")


def test_an_engine_that_hangs_or_breaks_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for engine in (Hangs, Bursts, Lacks):
        monkeypatch.setitem(ENGINES.builtin, engine.__name__, f"{__name__}:{engine.__name__}")
    profiles = [Profile(name, name, "en") for name in ("Hangs", "Bursts", "Lacks", "silent")]
    with silent_stdout():
        hangs, bursts, lacks, silent = check_voices(profiles, time_limit=0.5)
    assert hangs.problem == "its engine Hangs does not answer"
    assert bursts.problem == "its engine Bursts is faulty: 'forgotten'"
    assert (lacks.problem, lacks.hint) == ("no licence", "buy one")
    assert silent.speaks
    assert capfd.readouterr().out == ""


# --- try


def sound(path: Path) -> tuple[int, int, int, int]:
    with wave.open(str(path)) as file:
        return file.getframerate(), file.getnchannels(), file.getsampwidth(), file.getnframes()


def test_try_writes_what_a_track_would_sound_like(home: Home) -> None:
    told = home.cuecast("voices", "try", "machine", "Lift your right knee.", "-o", "knee.wav")
    assert (told.returncode, told.stdout) == (0, "")
    first, second = told.stderr.splitlines()
    assert first.startswith("machine  pyttsx3, ")
    assert second == "  written to knee.wav"
    rate, channels, width, frames = sound(home.here / "knee.wav")
    assert (rate, channels, width) == (48_000, 1, 2)
    assert 0.5 < frames / rate < 4
    entries = [path.read_bytes() for path in (home.root / "cache").glob("??/*") if path.is_file()]
    with wave.open(str(home.here / "knee.wav")) as file:
        assert any(entry.endswith(file.readframes(frames)) for entry in entries)  # the clip of a track, level and all


def test_try_takes_its_words_from_standard_input_and_another_speed(home: Home) -> None:
    words = "One two three four five six\n"
    assert home.cuecast("voices", "try", "silent", "-", "-o", "a.wav", stdin=words).returncode == 0
    assert home.cuecast("voices", "try", "silent", words, "-o", "b.wav").returncode == 0
    assert home.cuecast("voices", "try", "silent", words, "-o", "c.wav", "--rate", "350").returncode == 0
    a, b, c = (sound(home.here / f"{name}.wav")[3] for name in "abc")
    assert a == b
    assert c == pytest.approx(a / 2, rel=0.05)


@pytest.mark.skipif(has_loudspeaker(), reason="this machine would play it")
def test_try_writes_where_nothing_plays_sound_and_overwrites_nothing(home: Home) -> None:
    for name in ("silent.wav", "silent-2.wav"):
        told = home.cuecast("voices", "try", "silent", "Hello")
        assert told.returncode == 0
        no_device, written = told.stderr.splitlines()[1:]
        assert no_device.startswith("  there is nothing here that plays sound")
        assert written == f"  written to {name}"
    assert home.files() == ["silent-2.wav", "silent.wav"]


def test_of_a_recorded_voice_one_hears_takes_and_who_spoke(home: Home) -> None:
    for name in ("breathe-out", "calves", "hips", "next-calves"):
        write_tone(home.here / "takes" / f"{name}.wav", 1, 200)
    own(home, "me", f"engine: recorded\nlanguage: en\ntakes: {home.here / 'takes'}\notherwise: silent\n")
    told = home.cuecast("voices", "try", "me", "-o", "me.wav")
    assert told.returncode == 0, told.stderr
    assert told.stderr.splitlines()[1] == "  spoken by me, from the takes breathe-out, calves, hips"
    assert sound(home.here / "me.wav")[3] / 48_000 > 3 * 0.9 + 2 * 0.5
    told = home.cuecast("voices", "try", "me", "Hips!", "-o", "me.wav")
    assert told.stderr.splitlines()[1] == "  spoken by me, from the take hips"
    told = home.cuecast("voices", "try", "me", "Knees!", "-o", "me.wav")
    assert told.stderr.splitlines()[1] == "  spoken by silent: me has no take of it"


# --- new


def test_new_like_copies_with_all_comments(home: Home) -> None:
    own(
        home,
        "bell",
        "# A voice for cuecast. Hear it:  cuecast voices try bell\n# mine\nengine: silent\nlanguage: de  # so\n",
    )
    assert home.cuecast("voices", "new", "gong", "--like", "bell").returncode == 0
    text = (home.root / "home" / "voices" / "gong.yaml").read_text()
    assert text == (
        "# A voice for cuecast. Hear it:  cuecast voices try gong\n# mine\nengine: silent\nlanguage: de  # so\n"
    )
    for name in ("calm", "silent"):
        assert home.cuecast("voices", "new", f"my-{name}", "--like", name).returncode == 0
        packaged = (Path(__file__).parents[2] / "voices" / f"{name}.yaml").read_text()
        assert packaged in (home.root / "home" / "voices" / f"my-{name}.yaml").read_text()


# --- a voice for each role


def test_the_shell_completes_roles_and_names() -> None:
    from cuecast.cli.completion import voice_choices as cast

    assert "coach" in cast("co")
    assert "countdown=" in cast("co")
    assert cast("countdown=coa") == [f"countdown={name}" for name in cast("coa")]


# --- a human voice

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the system's voices are human")


def speaks(monkeypatch: pytest.MonkeyPatch, can: bool) -> None:
    monkeypatch.setitem(ENGINES.builtin, "piper", ENGINES.builtin["silent"] if can else f"{__name__}:Lacks")


@LINUX
@pytest.mark.parametrize(
    ("spoken", "language", "installed", "advice"),
    [
        ({"coach"}, "en", True, None),  # joe speaks
        ({"machine"}, "en", True, None),  # chosen, with a human one at hand
        ({"silent"}, "en", False, None),
        ({"gone"}, "en", False, None),
        (set(), "en", False, None),
        ({"coach"}, "en", False, ""),
        ({"calm", "coach"}, "en", False, ""),
        ({"coach-de"}, "de", None, "voices get thorsten"),
    ],
)
def test_the_one_command_for_a_human_voice(
    spoken: set[str],
    language: str,
    installed: bool | None,
    advice: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CUECAST_HOME", str(tmp_path))
    if installed is not None:
        speaks(monkeypatch, installed)
    told = human.human_voice(spoken, language)
    if advice is None:
        assert told is None
    elif human.is_installed():
        assert told == f"{program_name()} {advice or 'voices get heart'}"
    else:
        assert told == f"{install_command(human.EXTRA)}{advice and f', then {program_name()} {advice}'}"


@LINUX
def test_the_command_fits_this_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    assert install_command(human.EXTRA) == ".venv/bin/python -m pip install 'cuecast[neural]'"
    monkeypatch.chdir("/")
    assert install_command(human.EXTRA) == f"{python} -m pip install 'cuecast[neural]'".replace("//", "/").replace(
        str(python), str(python.relative_to("/"))
    )
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert install_command(human.EXTRA).startswith("python3 -m pip --python ")
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text("")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", str(uv.parent))
    monkeypatch.chdir(tmp_path)
    assert install_command(human.EXTRA) == "uv pip install --python .venv/bin/python 'cuecast[neural]'"
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "pipx_metadata.json").touch()
    assert install_command(human.EXTRA) == "pipx runpip .venv install 'cuecast[neural]'"


@LINUX
def test_render_says_so_at_its_end_but_not_when_quiet_or_for_machines(home: Home) -> None:
    home.write("short.yaml", SILENT.replace("voice: silent\n", "language: de\n"))
    told = home.cuecast("render", "short.yaml")
    lines = [line for line in told.stderr.splitlines() if line.startswith("  human voice   ")]
    assert len(lines) == 1
    for option in ("--quiet", "--json"):
        assert "human voice" not in home.cuecast("render", "short.yaml", option).stderr
