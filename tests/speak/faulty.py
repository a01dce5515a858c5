"""Engines that go wrong, each in its own way. Worker processes import them."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import ClassVar

from cuecast.errors import EngineUnavailable
from cuecast.model.keys import Key
from cuecast.model.voice import Profile, SpokenParts, spelling_of


class Tones:
    """Each text has a tone of its own, by which a wrong clip is recognised. A text ends in a number.

    `always WAY 1` goes wrong that way, `first WAY 1` only the first time. The folder `names["linux"]` takes the notes.
    """

    WAYS: ClassVar[tuple[str, ...]] = (
        "hang", "crash", "abort", "raise", "exit", "nothing", "empty", "half", "babble", "mumble", "drone", "mute",
        "linger", "kill", "grow",
    )  # fmt: skip

    audible: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = ()
    takes_ipa: ClassVar[bool] = False
    one_process_per_utterance: ClassVar[bool] = False
    memory_mb: ClassVar[int] = 200

    def __init__(self, profile: Profile) -> None:
        self.folder = Path(profile.names.get("linux", (".",))[0])

    def fingerprint(self) -> str:
        return "1"

    def check(self) -> None:
        """It can always start."""

    def prepare(self) -> None:
        self.worker = os.getpid()

    def voice(self) -> str:
        return "tone"

    def speak(self, words: SpokenParts, target: Path) -> None:
        text = spelling_of(words)
        with (self.folder / "spoken.txt").open("a") as file:
            file.write(f"{os.getpid()} {text}\n")
        when, way, *_ = text.split()
        again = (self.folder / "spoken.txt").read_text().count(f" {text}\n") > 1
        if when == "always" or (when == "first" and not again):
            self.fail(way, text, target)
        else:
            sing(target, text)

    def fail(self, way: str, text: str, target: Path) -> None:
        match way:
            case "hang":  # with a program of its own; what runs is in the process groups that it writes down
                with (self.folder / "groups.txt").open("a") as file:
                    file.write(f"{os.getpgrp()}\n")
                subprocess.Popen(["sleep", "600"])
                time.sleep(600)
            case "grow":
                self.much = b"x" * 400_000_000
                time.sleep(600)
            case "flood":
                with target.open("wb") as file:
                    file.truncate(300 << 20)
            case "crash":
                ctypes.string_at(0)
            case "abort":
                os.abort()
            case "raise":
                raise RuntimeError("out of breath")
            case "exit":
                os._exit(0)
            case "empty":
                target.write_bytes(b"")
            case "half":
                sing(target, text)
                os.truncate(target, target.stat().st_size // 2)
            case "babble":
                target.write_bytes(b"<html>quota exceeded</html>" * 100)
            case "mumble":
                sing(target, text, seconds=0.05)
            case "drone":
                sing(target, text, seconds=60, rate=8_000)
            case "mute":
                sing(target, text, volume=0)
            case "rate":
                sing(target, text, rate=int(text.split()[-1]))
            case "linger":  # a program of its own goes on and writes nonsense when the next try is long done
                subprocess.Popen(["sh", "-c", f"sleep 0.3; echo nonsense > '{target}'"])
                raise RuntimeError("out of breath")
            case "kill":
                os.kill(self.worker, 9)  # the process itself, or the one that it is a fork of
                time.sleep(60)
            case "full":
                raise OSError(28, "No space left on device")
            case "chat":
                print("Audio saved to somewhere", flush=True)
                os.write(1, b'{"number": 0}\n')
                sing(target, text)


class FreshTones(Tones):
    """The same, each in a process of its own."""

    one_process_per_utterance: ClassVar[bool] = True


class ForkedTones(Tones):
    """The same, in processes that are forked from one which has loaded it."""

    fork_safe: ClassVar[bool] = True


class Modelled(Tones):
    """With the model `second`, all that it says is 300 Hz higher."""

    def fingerprint(self) -> str:
        return (self.folder / "model").read_text()

    def prepare(self) -> None:
        self.model = self.fingerprint()

    def speak(self, words: SpokenParts, target: Path) -> None:
        text = spelling_of(words)
        first, _, number = text.rpartition(" ")
        higher = self.model == "second" and number.isdigit()
        sing(target, f"{first} {int(number) + 150}" if higher else text)


class ForkedModelled(Modelled):
    fork_safe: ClassVar[bool] = True


class Absent(Tones):
    def check(self) -> None:
        raise EngineUnavailable("not installed", "install it")


class Unready(Tones):
    def prepare(self) -> None:
        raise EngineUnavailable("no licence", "buy one")


class Breaks(Tones):
    def prepare(self) -> None:
        print("no such model", file=sys.stderr, flush=True)
        os._exit(3)


class UnreadyForked(Unready):
    fork_safe: ClassVar[bool] = True


class BreaksForked(Breaks):
    fork_safe: ClassVar[bool] = True


def pitch(text: str) -> float:
    """The tone of a text, in Hz."""
    last = text.split()[-1]
    return 300 + 2 * (int(last) % 1_000) if last.isdigit() else 500


def sing(target: Path, text: str, seconds: float = 1.0, rate: int = 22_050, volume: float = 9_000) -> None:
    import numpy as np

    if not text.split()[-1].isdigit():
        seconds = 12  # the calibration text
    tone = volume * np.sin(2 * np.pi * pitch(text) / rate * np.arange(int(seconds * rate)))
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(tone.astype("<i2").tobytes())
