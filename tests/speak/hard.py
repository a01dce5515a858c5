"""The texts that take an engine most time and memory, and a process that speaks them while its memory is measured."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from cuecast.model.limits import MAX_SPEECH_S
from cuecast.model.voice import Profile
from cuecast.speak.slug import slug
from tests.speak.faulty import sing

VERY_LONG = ("Slowly roll out the left calf. " * 33)[:1_000]

HARD = {
    "words": VERY_LONG,
    "figures": "1234567890" * 90,
    "figures apart": "7 " * 450,
    "ideographs": "日本 " * 300,
    "one word": "ab" * 475,
    "letters": "Ω ж " * 225,
    "marks": "a" + "\u0301\u0323" * 450,
    "brackets": "[[h@l'oU]] " * 80,
    "surrogates": "\ud83d" * 900,
    "nothing": "…! " * 300,
}
"""What takes most time or memory, in as many characters as a cue may have."""

_MINUTE = {"pyttsx3": 35, "piper": 34, "kokoro": 36, "command": 71, "silent": 53}
"""How often each engine can say "take 77 steps" in a minute, at the rate of `engine_profile`, and in 1,000 characters."""

MAX_SECONDS, MAX_MEMORY = 60, 1.2e9
"""What each text may take, in seconds and in bytes of all processes."""

_SPEAK = """
import pickle, sys, time
from pathlib import Path
from cuecast.cache import Cache
from cuecast.errors import SpeechFailed
from cuecast.model.script import Utterance
from cuecast.speak import Speakers
profile, pairs = pickle.loads(Path(sys.argv[1]).read_bytes())
with Speakers([profile], Cache(Path(sys.argv[2])), jobs=2) as speakers:
    for name, pair in pairs.items():
        begun, said = time.monotonic(), "spoken"
        try:
            speakers.speak([Utterance(text, "any", "en") for text in pair], lambda *_: None)
        except SpeechFailed as fault:
            said = str(fault).encode("ascii", "replace").decode()
        print(f"{name}: {time.monotonic() - begun:.1f}: {said}", flush=True)
"""


@dataclass(frozen=True)
class Spoken:
    """What became of each text: `spoken` or why not; how long it took; the peak memory of all processes in bytes."""

    outcomes: Mapping[str, str]
    seconds: Mapping[str, float]
    peak: int


def engine_profile(engine: str, folder: Path) -> Profile:
    """A voice of the engine. Kokoro's model is in the folder CUECAST_KOKORO."""
    program = Path(__file__).with_name("says.py")
    settings: dict[str, Mapping[str, object]] = {
        "command": {"command": (sys.executable, str(program), "--rate", "{rate}", "--file", "{file}", "{text}")},
        "kokoro": {"model": str(Path(os.environ.get("CUECAST_KOKORO", "/nowhere")) / "model_quantized.onnx")},
    }
    names = {"linux": ("en-us",)} if engine == "pyttsx3" else {}
    # At this rate the packaged `joe` has a gain that is known: it need not be measured each time.
    return Profile("any", engine, "en", rate=165, names=names, settings=settings.get(engine, {}), folder=folder)


def hard_texts(engine: str) -> dict[str, str]:
    """The texts above, and one that the engine says, which lasts nearly as long as an utterance may."""
    return {**HARD, "a minute": "take 77 steps " * _MINUTE.get(engine, 30)}


def with_takes(profile: Profile, texts: Iterable[str], folder: Path) -> Profile:
    """The profile; a recorded voice gets takes of all that `speak_hard` says, each as long as an utterance may last."""
    if profile.engine != "recorded":
        return profile
    for number, text in enumerate(texts):
        for each in _pair(text):
            sing(folder / f"{slug(each)}.wav", f"take {number}", seconds=MAX_SPEECH_S)
    return replace(profile, settings={"takes": str(folder)})


def _pair(text: str) -> tuple[str, str]:
    """The text, and another one as hard: they are spoken at once."""
    return text, f"{text[:-2]}. "


def speak_hard(profile: Profile, texts: Mapping[str, str], folder: Path) -> Spoken:
    """Speak each of the texts and another one like it at once, in processes of their own. Linux only."""
    (folder / "asked").write_bytes(pickle.dumps((profile, {name: _pair(text) for name, text in texts.items()})))
    command = [sys.executable, "-c", _SPEAK, str(folder / "asked"), str(folder / "cache")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    peak = 0
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as build:
        while build.poll() is None:
            peak = max(peak, memory_of_all(build.pid))
            time.sleep(0.05)
        assert build.stdout is not None
        lines = [line.split(": ", 2) for line in build.stdout.read().splitlines()]
    return Spoken({name: said for name, _, said in lines}, {name: float(took) for name, took, _ in lines}, peak)


def memory_of_all(pid: int) -> int:
    """What a process and all below it take, in bytes; what they share counts once."""
    with suppress(OSError):  # it has ended
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        own = sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
        children = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
        return own + sum(memory_of_all(int(child)) for each in children for child in each)
    return 0
