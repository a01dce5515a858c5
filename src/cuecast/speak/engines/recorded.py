"""A person's own voice: a folder of takes, a file for each phrase; another voice for what has none."""

from __future__ import annotations

import shlex
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from cuecast.errors import EngineUnavailable, UnusableAudioError
from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.protocols import Profile, SpokenParts, spelling_of
from cuecast.speak.recording.takes import SUFFIXES, Recordings, foreign_remark, recordings
from cuecast.speak.slug import slug

VERSION = 1
"""Raise it with any change to how a take is trimmed and evened out (`studio`)."""


class RecordedEngine:
    """Plays takes. `speak` and `sample` need what `prepare` has found out: how loud this person usually is."""

    audible: ClassVar[bool] = True
    takes_ipa: ClassVar[bool] = False
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
        self._usual: float | None = None

    @property
    def otherwise(self) -> str | None:
        """The voice that the profile names for the rest."""
        told = self._profile.settings.get("otherwise")
        return str(told) if told else None

    @property
    def one_process_per_utterance(self) -> bool:
        """A take sounds as it sounds."""
        return False

    @property
    def folder(self) -> Path:
        """Where the takes lie. Raises EngineUnavailable where the profile does not say so."""
        return takes_folder(self._profile)

    def has(self, text: str) -> bool:
        """Whether there is a take of it, be it of a kind that can't be read."""
        return slug(text) in self._recordings.takes or self._foreign(text) is not None

    def file_of(self, text: str) -> Path:
        """Its take; where there is none, the first of the names that would do."""
        name = slug(text)
        return self._recordings.takes.get(name) or self._foreign(text) or self.folder / f"{name}{SUFFIXES[0]}"

    def voice(self) -> str:
        """How many takes there are, and where."""
        self.check()
        takes = len(self._recordings.takes)
        return f"{takes} take{'' if takes == 1 else 's'} in {self.folder}"

    def fingerprint(self) -> str:
        """The takes' names, sizes and times; a folder that is not there has none."""
        try:
            return f"{VERSION} {self._recordings.marks()}"
        except EngineUnavailable:  # `check` says so
            return f"{VERSION} no takes"

    def check(self) -> None:
        """Raise EngineUnavailable where there is no take at all."""
        folder = self.folder
        script = f"cuecast voices script ROUTINE -o {shlex.quote(str(folder))}"
        if not folder.is_dir():
            raise EngineUnavailable(
                f"the voice {self._profile.name} has no takes: there is no folder {folder}",
                f"`{script}` makes it, with the list of phrases to record; or mend `takes` in the profile",
            )
        if not self._recordings.takes:
            raise EngineUnavailable(
                f"the voice {self._profile.name} has no takes: there are none in {folder}",
                f"`{script}` writes the list of phrases to record, with file names",
            )

    def prepare(self) -> None:
        """Look at the takes, and measure how loud they usually are."""
        self.check()

        from cuecast.speak.recording.take_processing import chosen, usual_loudness

        with suppress(UnusableAudioError):  # none can be used: each says itself what is wrong with it
            self._usual = usual_loudness(chosen(self._recordings.takes))

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write the take of the phrase, without the room around it, as loud as the others but for 3 dB.

        Raises UnusableAudioError where nothing can be made of it.
        """
        from cuecast.speak.recording.take_processing import evened, read_speech, write_take

        text = spelling_of(words)
        take = self._recordings.takes.get(slug(text))
        if take is None:
            foreign = self._foreign(text)
            raise UnusableAudioError(foreign_remark(foreign) if foreign else "it is gone")
        speech = read_speech(take)
        if self._usual is None:  # it was put there only now
            raise UnusableAudioError("it has changed meanwhile; try again")
        write_take(evened(speech, self._usual), target)

    def sample(self, target: Path) -> None:
        """Write all takes one after the other, two minutes of them at most."""
        from cuecast.speak.recording.take_processing import chosen, evened, joined, write_take

        usual = self._usual
        if usual is None:
            raise UnusableAudioError("none of the takes can be used")
        write_take(joined([evened(take, usual) for take in chosen(self._recordings.takes)]), target)

    def _foreign(self, text: str) -> Path | None:
        name = slug(text)
        return next((path for path in self._recordings.foreign if slug(path.stem) == name), None)

    @cached_property
    def _recordings(self) -> Recordings:
        try:
            return recordings(self.folder)
        except FileNotFoundError:
            return Recordings(self.folder, {})
        except OSError as fault:
            raise EngineUnavailable(
                f"the takes of the voice {self._profile.name} can't be looked at: {self.folder}: {fault.strerror}",
                "make the folder readable, or mend `takes` in the profile",
            ) from fault


def takes_folder(profile: Profile) -> Path:
    """The folder of a recorded voice's takes. Raises EngineUnavailable where the profile does not name it."""
    told = profile.settings.get("takes")
    if not told:
        raise EngineUnavailable(
            f"the voice {profile.name} names no folder with takes", "add it to the profile: `takes: FOLDER`"
        )
    try:
        folder = Path(str(told)).expanduser()
    except RuntimeError:  # nobody is called so here
        folder = Path(str(told))
    return ((profile.folder or Path()) / folder).resolve()
