"""The engine `command`: any program, never a shell, and words that stay words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable, SpeechFailed
from cuecast.model.voice import Profile
from cuecast.speak import Speakers
from cuecast.speak.engines.command import CommandEngine
from tests.patience import comes
from tests.speak.conftest import check, no_progress, utterances

SAYS = (sys.executable, str(Path(__file__).with_name("says.py")))
TO_FILE = (*SAYS, "--file", "{file}", "{text}")

Make = Callable[..., Profile]


@pytest.fixture
def voice(tmp_path: Path) -> Make:
    """Makes the profile with a command; it lies in a folder of its own."""
    folder = tmp_path / "voices"
    folder.mkdir()

    def make(*command: str, **settings: object) -> Profile:
        return Profile("any", "command", "en", settings={"command": command, **settings}, folder=folder)

    return make


def said(profile: Profile, folder: Path, *texts: str, time_limit: float = 10.0) -> list[int]:
    with Speakers([profile], Cache(folder / "cache"), 2, time_limit=time_limit) as speakers:
        return [round(clip.ms) for clip in speakers.speak(utterances(*texts), no_progress).values()]


@pytest.mark.parametrize(
    "command",
    [(*SAYS, "--file={file}"), (*SAYS, "{text}"), SAYS],
    ids=["file and stdin", "stdout and argument", "stdout and stdin"],
)
def test_words_go_in_and_sound_comes_out(command: tuple[str, ...], voice: Make, tmp_path: Path) -> None:
    profile = voice(*command)
    assert said(profile, tmp_path, "Wade, groß und schön") == said(voice(*TO_FILE), tmp_path, "Wade, groß und schön")
    assert profile.folder is not None
    assert "'Wade, groß und schön'\n" in (profile.folder / "heard.txt").read_text(encoding="utf-8")


def test_words_reach_the_program_as_they_are(voice: Make, tmp_path: Path) -> None:
    strange = [
        "--help",
        "-w x",
        "@file",
        "{file} {rate}",
        "$HOME `id` $(id) ; id | id > x",
        "\"quotes\" 'too' \\ %PATH%",
    ]
    profile = voice(*TO_FILE)
    said(profile, tmp_path, *strange)
    assert profile.folder is not None
    heard = (profile.folder / "heard.txt").read_text(encoding="utf-8").splitlines()
    for text in strange:  # a space before what is no letter keeps it from being an option
        assert repr(text if text[0].isalnum() else f" {text}") in heard
    assert [path.name for path in profile.folder.iterdir()] == ["heard.txt"]


@pytest.mark.parametrize(
    "command",
    [
        ("sh", "-c", "espeak '{text}'"),
        ("sh", "-c", "espeak \"$1\"", "x", "{text}"),
        ("/bin/BASH", "{text}"),
        ("cmd.exe", "/c", "say", "{text}"),
        ("ssh", "host", "say", "{text}"),
        ("say.bat", "{text}"),
        ("python3", "-c", "{text}"),
        ("node", "--eval", "{text}"),
        ("python3", "say.py", "print('{text}')"),
        ("{text}",),
        ("{file}", "x"),
    ],
)  # fmt: skip
def test_words_that_would_become_commands_are_refused(command: tuple[str, ...], voice: Make) -> None:
    with pytest.raises(EngineUnavailable, match="would let words be executed") as caught:
        check(voice(*command))
    assert "standard input" in (caught.value.hint or "")


def test_placeholders_of_the_profile(voice: Make, tmp_path: Path) -> None:
    slow, fast = ([*SAYS, "--rate", rate] for rate in ("120", "{rate}"))
    assert said(voice(*slow), tmp_path, "Hello you all")[0] > said(voice(*fast), tmp_path, "Hello you all")[0]
    with pytest.raises(EngineUnavailable, match=r"\{words\}, which stands for nothing") as caught:
        check(voice("say", "{words}"))
    assert "{file}, {text}, {rate}" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("!status", "ended with status 1: no such voice:  [31mbob"),
        ("!half", "was ended by SIGSEGV"),
        ("!nothing", "sound file"),
    ],
)
def test_how_it_failed_is_told(
    text: str, told: str, voice: Make, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SpeechFailed) as caught:
        said(voice(*TO_FILE), tmp_path, f"{text} hello")
    assert told in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_a_program_that_hangs_is_ended(voice: Make, tmp_path: Path) -> None:
    profile = voice(*TO_FILE)
    with pytest.raises(SpeechFailed, match="still not done"):
        said(profile, tmp_path, "!hangs a while", time_limit=0.7)
    assert profile.folder is not None
    assert _ended(int((profile.folder / "process").read_text()))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel ends it with its parent")
def test_a_program_ends_with_a_build_that_is_killed(voice: Make, tmp_path: Path) -> None:
    profile = voice(*TO_FILE)
    assert profile.folder is not None
    code = f"""
import sys
from pathlib import Path
from cuecast.model.voice import Profile
from cuecast.speak.engines.command import CommandEngine
settings = {{"command": {TO_FILE!r}}}
engine = CommandEngine(Profile("any", "command", "en", settings=settings, folder=Path({str(profile.folder)!r})))
engine.prepare()
engine.speak(("!hangs a while",), Path({str(tmp_path / "take")!r}))
"""
    process = subprocess.Popen([sys.executable, "-c", code])
    mark = profile.folder / "process"
    assert comes(lambda: mark.exists() and mark.read_text())
    process.kill()
    process.wait()
    assert _ended(int(mark.read_text()))


def _ended(process: int) -> bool:
    """Whether it ends, if it has not; who started it may not have noticed."""

    def gone() -> bool:
        with suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        return False

    return comes(gone)


def test_a_program_beside_the_profile(voice: Make, tmp_path: Path) -> None:
    profile = voice("./speaks", "{text}")
    assert profile.folder is not None
    program = profile.folder / "speaks"
    with pytest.raises(EngineUnavailable, match="is not there"):
        check(profile)
    program.write_text(f"#!/bin/sh\nexec '{SAYS[0]}' '{SAYS[1]}' \"$@\"\n")
    with pytest.raises(EngineUnavailable, match="is not executable") as caught:
        check(profile)
    assert "chmod +x" in (caught.value.hint or "")
    program.chmod(0o755)
    check(profile)
    assert CommandEngine(profile).voice() == "speaks"
    assert CommandEngine(voice("speaks")).voice() == "speaks"
    assert said(profile, tmp_path, "Hello there")


def test_another_program_is_another_fingerprint(voice: Make) -> None:
    profile = voice("./speaks", "--model=anna.bin", "{text}")
    assert profile.folder is not None
    marks = set()
    for content, model in (("#!/bin/sh\n", "1"), ("#!/bin/sh\ntrue\n", "1"), ("#!/bin/sh\ntrue\n", "one")):
        (profile.folder / "speaks").write_text(content)
        (profile.folder / "speaks").chmod(0o755)
        (profile.folder / "anna.bin").write_text(model)
        marks.add(CommandEngine(profile).fingerprint())
    marks.add(CommandEngine(voice("./speaks", "{text}")).fingerprint())
    assert len(marks) == 4
