"""What a plug-in is: the protocols that voice engines, output formats and importers fulfil, and how they fail.

A new one is one file that fulfils one of these, and one line in its package's table; third parties register an
entry point in the group `cuecast.engines`, `cuecast.formats` (tracks), `cuecast.exports` or `cuecast.importers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Protocol, runtime_checkable

from msgspec import Struct

if TYPE_CHECKING:  # the processes that speak import this module, and need none of these: a tenth of a second
    from cuecast.cache import Cache
    from cuecast.model.diagnostics import Diagnostic
    from cuecast.model.keys import Key
    from cuecast.model.music import Recording
    from cuecast.model.progress import Progress
    from cuecast.model.source import Source
    from cuecast.model.tags import Tags
    from cuecast.model.timeline import Timeline
    from cuecast.model.voice import Profile, SpokenParts


class Engine(Protocol):
    """A way to make speech, built from a profile. Its module must be quick to import: no large library at the top.

    `voice`, `fingerprint` and `check` are called in the build's own process; `prepare` and `speak` in a worker process,
    which is killed when it takes too long. So an engine may print, crash or hang without harm to the build.
    """

    keys: ClassVar[tuple[Key, ...]]
    """The keys of a profile for this engine, besides those of every profile."""
    audible: ClassVar[bool]
    """False for an engine that is silent on purpose."""
    takes_ipa: ClassVar[bool]
    """Whether it can say `Phonemes`; otherwise it gets plain text only."""

    def __init__(self, profile: Profile) -> None: ...

    @property
    def one_process_per_utterance(self) -> bool:
        """Whether the sound of an utterance depends on what the same process has spoken before.

        Then each one is spoken in a new process: on Linux a fork after `prepare`.
        """

    def voice(self) -> str:
        """Which of the engine's voices it uses here, by the engine's own name.

        Raises EngineUnavailable, with a hint, if none of those that the profile names is there.
        """

    def fingerprint(self) -> str:
        """All that changes the sound besides profile and text: versions of voice, engine and data. Nothing is spoken."""

    def check(self) -> None:
        """Raise EngineUnavailable, with a hint, if the engine can't start here. Quick: nothing is loaded."""

    def prepare(self) -> None:
        """Load what every utterance needs: libraries, models. The process may be forked afterwards.

        Raises EngineUnavailable, with a hint.
        """

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write `words` as a sound file of any sample rate to `target` (WAV or AIFF, for example).

        Raises TextTooLong for words that would last over a minute, SilentAudioError for words that it has no sounds for,
        and anything else when it fails.
        """


@runtime_checkable
class AdjustableRate(Protocol):
    """An engine that can change its speed from one utterance to the next, so that a cue that is too long fits.

    It fulfils `Engine` too.
    """

    def set_rate(self, rate: int) -> None:
        """Speak at `rate` words a minute from now on."""


@runtime_checkable
class RecordedTakes(Protocol):
    """An engine that has only some texts: a person's takes. It fulfils `Engine` too.

    Its `speak` raises UnusableAudioError for a take that can't be used.
    """

    @property
    def otherwise(self) -> str | None:
        """The name of the voice that says the rest, if there is one."""

    def has(self, text: str) -> bool:
        """Whether there is a take of `text` (an utterance's `spoken`), usable or not."""

    def file_of(self, text: str) -> Path:
        """The take of `text`; if there is none, the file that is looked for."""

    def sample(self, target: Path) -> None:
        """Write what the voice's loudness is measured on. Other engines speak the calibration text for that.

        Raises UnusableAudioError if no take can be used.
        """


class LoadedFile(Struct, frozen=True):
    """A file that a routine refers to: the name for messages, and its bytes (at most the reader's limit, plus one)."""

    name: str
    data: bytes


class FileLoader(Protocol):
    """The only way in which `read` comes to files: it knows the routine's folder and the library, and nothing else."""

    def include(self, path: str, from_file: str) -> LoadedFile:
        """The file at `path`, relative to the folder of `from_file` (an Opened's name, or the routine's own).

        Raises Refused: `missing-file`, `outside-folder`, `not-a-file`.
        """

    def exercise(self, name: str, language: str) -> LoadedFile:
        """The library's exercise: the user's own before the package's. Raises Refused: `unknown-exercise`."""

    def music(self, path: str, from_file: str, folder: bool) -> tuple[Recording, ...]:
        """The sound file at `path`, or those of the folder there, in order; relative to the folder of `from_file`,
        else to the user's own folder of music. None of them is opened.

        Raises Refused: `missing-music`, `not-music`, `not-a-file`, `not-a-folder`, `outside-folder`.
        """

    def tone(self, path: str, from_file: str) -> LoadedFile:
        """The sound at `path`, relative as in `include`, else in the user's own folder of tones.

        Its name is the path as it is typed. Raises Refused: `missing-file`, `outside-folder`, `not-a-file`.
        """


class MixedSound(Protocol):
    """The mixed sound of a track, in whatever windows a format asks for, in any order, from any thread."""

    @property
    def channels(self) -> int:
        """1 is mono; 2 is stereo, its samples interleaved, the left one first."""

    def __call__(self, start: int, end: int) -> bytes:
        """PCM from `start` to `end` (ms): signed 16-bit at 48 kHz, exactly (end - start) * 48 samples a channel."""

    def recipe(self, start: int, end: int) -> list[object] | None:
        """All that the window's PCM depends on, as plain JSON values, and not where in the track it lies.

        Windows as long as each other, with the same recipe, have the same PCM, in any track and any run. None where
        that can't be said. No sound is read or made for it.
        """


def _no_progress(done: int, total: int) -> None: ...


class TrackRequest(Struct, frozen=True):
    """A track to write: its timeline and sound, and `tags`, to be called once.

    Call it as late as the file allows: the picture may still have to be drawn. The bytes must depend on neither `jobs`
    nor what is in `cache`, where encoded parts may be kept.
    """

    timeline: Timeline
    sound: MixedSound
    tags: Callable[[], Tags]
    jobs: int = 1
    progress: Progress = _no_progress
    cache: Cache | None = None

    def seconds(self) -> Iterator[tuple[int, bytes]]:
        """The sound in order, a second at a time: where each begins (ms), and its PCM. Reports the progress."""
        duration = self.timeline.duration
        for start in range(0, duration, 1_000):
            end = min(start + 1_000, duration)
            yield start, self.sound(start, end)
            self.progress(end, duration)


class TrackFormat(Protocol):
    """A kind of sound file."""

    name: ClassVar[str]
    suffix: ClassVar[str]

    def write(self, track: TrackRequest, target: BinaryIO) -> None:
        """Write the whole track to `target`, a seekable empty file."""


class TextFormat(Protocol):
    """A way to write a timeline as text.

    `suffix` is how its files end beside a track of the same name; one without it gets a dot and its name.
    """

    name: ClassVar[str]
    suffix: ClassVar[str]

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""


class PictureFormat(Protocol):
    """A way to write a timeline that is no text: it goes to a file only. `suffix` as for a TextFormat."""

    name: ClassVar[str]
    suffix: ClassVar[str]

    def draw(self, timeline: Timeline) -> bytes:
        """The whole file."""


class Imported(Struct, frozen=True):
    """A routine's text, made from another format; empty where nothing can be made of it.

    What could not be carried over is a warning `not-carried-over` at its place in the foreign file; an error
    `bad-import` says why there is no text.
    """

    yaml: str
    diagnostics: tuple[Diagnostic, ...] = ()


class Importer(Protocol):
    """A way to read somebody else's format."""

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    """How its files end, as `.zwo`; for messages and for `recognises` to use."""

    def recognises(self, name: str, text: str) -> bool:
        """Whether the file of that name and text is of this format."""

    def convert(self, source: Source) -> Imported:
        """The routine that a person would have written. No text whatever makes it raise."""
