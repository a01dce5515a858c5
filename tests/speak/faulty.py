"""Engines that go wrong, each in its own way. Worker processes import them."""

from __future__ import annotations

import ctypes
import math
import os
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import ClassVar

from cuecast.errors import EngineUnavailable
from cuecast.model.keys import Key
from cuecast.protocols import Profile, SpokenParts, spelling_of


def hum(target: Path, seconds: float, rate: int = 22_050) -> None:
    """A tone that passes for speech."""
    second = [round(9_000 * math.sin(2 * math.pi * 300 * n / rate)) for n in range(rate)]
    samples = (second * (int(seconds) + 1))[: int(seconds * rate)]
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


class Hums:
    """Works; the base of all others. `names["linux"]` is a folder to leave marks in."""

    audible: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = ()
    takes_ipa: ClassVar[bool] = False

    def __init__(self, profile: Profile) -> None:
        self.folder = Path(profile.names.get("linux", (".",))[0])

    def fingerprint(self) -> str:
        return "1"

    def check(self) -> None:
        pass

    def prepare(self) -> None:
        self.worker = os.getpid()

    def kill_worker(self) -> None:
        os.kill(self.worker, 9)  # the process itself, or its parent if it is a fork
        time.sleep(60)

    @property
    def one_process_per_utterance(self) -> bool:
        return True

    def voice(self) -> str:
        return "hum"

    def speak(self, words: SpokenParts, target: Path) -> None:
        text = spelling_of(words)
        with (self.folder / "spoken.txt").open("a") as file:
            file.write(f"{os.getpid()} {text}\n")
        if self.goes_wrong(text):
            self.fail(text, target)
        else:
            self.succeed(text, target)

    def goes_wrong(self, text: str) -> bool:
        """The passage on which the gain is measured always works."""
        return len(text) < 100

    def succeed(self, text: str, target: Path) -> None:
        hum(target, len(text) * 0.06 + 0.2)

    def fail(self, text: str, target: Path) -> None:
        self.succeed(text, target)


class Chatters(Hums):
    def fail(self, text: str, target: Path) -> None:
        print("Audio saved to somewhere")
        sys.stdout.flush()
        os.write(1, b'{"number": 0}\n')
        self.succeed(text, target)


class Hangs(Hums):
    """Starts another program too. What runs is in the process groups that it writes down."""

    def fail(self, text: str, target: Path) -> None:
        with (self.folder / "groups.txt").open("a") as file:
            file.write(f"{os.getpgrp()}\n")
        subprocess.Popen(["sleep", "600"])
        time.sleep(600)


class Crashes(Hums):
    def fail(self, text: str, target: Path) -> None:
        ctypes.string_at(0)


class Raises(Hums):
    def fail(self, text: str, target: Path) -> None:
        raise RuntimeError("out of breath")


class Exits(Hums):
    def fail(self, text: str, target: Path) -> None:
        os._exit(0)


class Forgets(Hums):
    def fail(self, text: str, target: Path) -> None:
        pass


class Empties(Hums):
    def fail(self, text: str, target: Path) -> None:
        target.write_bytes(b"")


class Babbles(Hums):
    def fail(self, text: str, target: Path) -> None:
        target.write_bytes(b"<html>quota exceeded</html>" * 100)


class Halves(Hums):
    def fail(self, text: str, target: Path) -> None:
        self.succeed(text, target)
        content = target.read_bytes()
        target.write_bytes(content[: len(content) // 2])


class Mumbles(Hums):
    """Writes a whole file, with a fraction of the words."""

    def fail(self, text: str, target: Path) -> None:
        hum(target, 0.1)


class Drones(Hums):
    def fail(self, text: str, target: Path) -> None:
        hum(target, 60, 8_000)


class Mutes(Hums):
    def fail(self, text: str, target: Path) -> None:
        with wave.open(str(target), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(22_050)
            file.writeframes(bytes(2 * 22_050))


class Stumbles(Hums):
    """Fails the first time only."""

    def goes_wrong(self, text: str) -> bool:
        return super().goes_wrong(text) and not self.again(text)

    def again(self, text: str) -> bool:
        return (self.folder / "spoken.txt").read_text().count(f" {text}\n") > 1

    def fail(self, text: str, target: Path) -> None:
        os.abort()


class KillsWorker(Hums):
    """Takes the worker down with it, the first time only."""

    def fail(self, text: str, target: Path) -> None:
        mark = self.folder / "killed"
        if not mark.exists():
            mark.touch()
            self.kill_worker()
        self.succeed(text, target)


class Fills(Hums):
    """Finds the disk full."""

    def fail(self, text: str, target: Path) -> None:
        raise OSError(28, "No space left on device")


class OtherRates(Hums):
    """Each utterance at another sample rate."""

    def fail(self, text: str, target: Path) -> None:
        hum(target, 2.0, int(text.split()[-1]))


class Absent(Hums):
    def check(self) -> None:
        raise EngineUnavailable("not installed", "install it")


class Unready(Hums):
    def prepare(self) -> None:
        raise EngineUnavailable("no licence", "buy one")


class Breaks(Hums):
    def prepare(self) -> None:
        os._exit(3)


class Sings(Hums):
    """Each text has a tone of its own, by which a wrong cue is told; the first try of each fails in one of all ways.

    A text ends in its number.
    """

    WAYS: ClassVar[tuple[str, ...]] = (
        "hang", "crash", "abort", "raise", "exit", "nothing", "empty", "half", "babble", "mumble", "drone", "mute",
        "rate", "linger", "killed",
    )  # fmt: skip

    def goes_wrong(self, text: str) -> bool:
        if not text.split()[-1].isdigit():
            return False
        try:
            (self.folder / f"tried-{text.split()[-1]}").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def succeed(self, text: str, target: Path) -> None:
        sing(target, text)

    def fail(self, text: str, target: Path) -> None:
        way = self.WAYS[int(text.split()[-1]) % len(self.WAYS)]
        match way:
            case "hang":
                time.sleep(600)
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
                self.succeed(text, target)
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
                sing(target, text, rate=44_100)
            case "linger":  # a program of its own goes on and writes nonsense when the next try is long done
                subprocess.Popen(["sh", "-c", f"sleep 0.3; echo nonsense > '{target}'"])
                raise RuntimeError("out of breath")
            case "killed":
                self.kill_worker()


class SingsOn(Sings):
    """The same, in processes that stay."""

    @property
    def one_process_per_utterance(self) -> bool:
        return False


class Quavers(SingsOn):
    """Never fails."""

    def goes_wrong(self, text: str) -> bool:
        return False


class QuaversFresh(Quavers):
    @property
    def one_process_per_utterance(self) -> bool:
        return True


class Person(QuaversFresh):
    """Has takes, the loudness of which is measured on a sample; they last as long as they last."""

    otherwise: str | None = None

    def has(self, text: str) -> bool:
        return True

    def file_of(self, text: str) -> Path:
        return Path("no take")

    def sample(self, target: Path) -> None:
        sing(target, "the sample 5", seconds=6, volume=3_000)

    def succeed(self, text: str, target: Path) -> None:
        sing(target, text, seconds=30 if "long" in text else 0.1, volume=3_000)


def pitch(text: str) -> float:
    """The tone of a text, in Hz."""
    last = text.split()[-1]
    return 300 + 2 * int(last) if last.isdigit() else 500


def sing(target: Path, text: str, seconds: float = 1.0, rate: int = 22_050, volume: float = 9_000) -> None:
    import numpy as np

    if not text.split()[-1].isdigit():
        seconds = 12  # the passage
    tone = volume * np.sin(2 * np.pi * pitch(text) / rate * np.arange(int(seconds * rate)))
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(tone.astype("<i2").tobytes())
