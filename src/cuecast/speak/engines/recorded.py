"""A person's own voice: a folder of takes, a file for each phrase; another voice for what has none."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from cuecast.errors import EngineUnavailable, UnusableAudioError
from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.voice import Profile, SpokenParts, spelling_of
from cuecast.shell import quote
from cuecast.speak.recording.takes import SUFFIXES, TakesFolder, list_takes
from cuecast.speak.slug import slug

VERSION = 2
"""Raise it with any change to `recording.take_processing`."""


class RecordedEngine:
    """Plays takes. `speak` and `sample` need `prepare`, which measures how loud this person usually is."""

    audible: ClassVar[bool] = True
    takes_ipa: ClassVar[bool] = False
    one_process_per_utterance: ClassVar[bool] = False
    keys: ClassVar[tuple[Key, ...]] = (
        Key(
            "takes",
            types.FILE,
            "The folder with the takes, seen from the profile's own folder. A take is called as its phrase, in small "
            f"letters with `-` between the words: `next-calves-left.wav`. {', '.join(SUFFIXES)}.",
            "takes: ~/voices/anna",
            required=True,
        ),
        Key(
            "otherwise",
            types.NAME,
            "The voice that says what has no take. Without one, a phrase without a take is an error. `voices new "
            "--takes` writes the language's `coach` here.",
            "otherwise: coach",
        ),
    )

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._usual_lufs: float | None = None

    @property
    def otherwise(self) -> str | None:
        """The voice that the profile names for the rest."""
        name = self._profile.settings.get("otherwise")
        return str(name) if name else None

    def has(self, text: str) -> bool:
        """Whether there is a take of it, also of a kind that can't be read."""
        return self._takes.named(text) is not None

    def file_of(self, text: str) -> Path:
        """Its take; if there is none, the first of the possible names."""
        return self._takes.named(text) or self._takes.folder / f"{slug(text)}{SUFFIXES[0]}"

    def voice(self) -> str:
        """How many takes there are, and where."""
        self.check()
        count = len(self._takes.takes)
        return f"{count} take{'' if count == 1 else 's'} in {self._takes.folder}"

    def fingerprint(self) -> str:
        """Names, sizes and times of the takes."""
        try:
            return f"{VERSION} {self._takes.fingerprint()}"
        except EngineUnavailable:  # `check` reports it
            return f"{VERSION} no takes"

    def check(self) -> None:
        """Raise EngineUnavailable if there is no take at all."""
        folder = self._takes.folder
        if not self._takes.takes:
            found = f"there are none in {folder}" if folder.is_dir() else f"there is no folder {folder}"
            command = f"cuecast voices script ROUTINE -o {quote(str(folder))}"
            raise EngineUnavailable(
                f"the voice {self._profile.name} has no takes: {found}",
                f"`{command}` makes it, with the list of phrases to record; or correct `takes` in the profile",
            )

    def prepare(self) -> None:
        """Measure how loud the takes usually are."""
        self.check()
        from cuecast.speak.recording.take_processing import pick_takes, usual_loudness

        with suppress(UnusableAudioError):  # no take can be used; each one says why
            self._usual_lufs = usual_loudness(pick_takes(self._takes.takes))

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write the take of the phrase: trimmed, and at most 3 dB louder or quieter than usual.

        Raises UnusableAudioError if that is impossible.
        """
        from cuecast.speak.recording.take_processing import even_loudness, read_speech, write_audio

        take = self._takes.named(spelling_of(words))
        if take is None:
            raise UnusableAudioError("it is gone")
        speech = read_speech(take)
        if self._usual_lufs is None:
            raise UnusableAudioError("it has changed during the build; try again")
        write_audio(even_loudness(speech, self._usual_lufs), target)

    def sample(self, target: Path) -> None:
        """Write takes one after the other, at most two minutes."""
        from cuecast.speak.recording.take_processing import concatenate, even_loudness, pick_takes, write_audio

        usual = self._usual_lufs
        if usual is None:
            raise UnusableAudioError("none of the takes can be used")
        write_audio(concatenate([even_loudness(take, usual) for take in pick_takes(self._takes.takes)]), target)

    @cached_property
    def _takes(self) -> TakesFolder:
        folder = takes_folder(self._profile)
        try:
            return list_takes(folder)
        except OSError as fault:
            raise EngineUnavailable(
                f"the takes of the voice {self._profile.name} can't be listed: {folder}: {fault.strerror}",
                "make the folder readable, or correct `takes` in the profile",
            ) from fault


def takes_folder(profile: Profile) -> Path:
    """The folder of a recorded voice's takes. Raises EngineUnavailable if the profile does not name it."""
    name = profile.settings.get("takes")
    if not name:
        raise EngineUnavailable(
            f"the voice {profile.name} names no folder with takes", "add it to the profile: `takes: FOLDER`"
        )
    try:
        folder = Path(str(name)).expanduser()
    except RuntimeError:  # no user of that name
        folder = Path(str(name))
    return ((profile.folder or Path()) / folder).resolve()
