"""The values of a build: what it is told, what it is on the way, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct, field

from cuecast.build_record import BuildResult, VoiceFingerprint
from cuecast.cache import DEFAULT_LIMIT, Cache
from cuecast.inputs import InputTracker
from cuecast.model.clip import Clip
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.music import MusicSetting
from cuecast.model.routine import Level, Role, Routine
from cuecast.model.script import Utterance
from cuecast.model.source import Source
from cuecast.model.timeline import SpeechEvent, Timeline
from cuecast.protocols import FileLoader, Picture, Profile, Progress

T = TypeVar("T")


class Options(Struct, frozen=True):
    """What the command line can say over the routine's head."""

    voices: Mapping[Role, str] = field(default_factory=dict)
    level: Level | None = None
    fit_ms: int | None = None
    seed: int = 0
    volume: Mapping[str, float | None] = field(default_factory=dict)
    wake: bool = True
    jobs: int = 1
    music: MusicSetting | None = None


class EmbedOptions(Struct, frozen=True):
    """What kind of file a track is, and what it carries besides its sound: a picture, drawn where none is given.

    Beside it the timeline is written in the forms of these names. `source` gives the routine to go along, once it is
    known what was read for it.
    """

    beside: tuple[str, ...] = ()
    form: str = "mp3"
    covered: bool = True
    picture: Picture | None = None
    source: Callable[[Plan], bytes | None] | None = None


DEFAULT_EMBED = EmbedOptions()


class BuildFolders(Struct, frozen=True):
    """The folders that a build may look into: voices (the user's before the package's) and the cache.

    `cache_limit` is how many bytes stay in the cache between builds; 0 keeps nothing. In `looks` is noted what of all
    that a build has looked at, for the record of its track.
    """

    voices: tuple[Path, ...]
    cache: Path | None
    cache_limit: int = DEFAULT_LIMIT
    looks: InputTracker | None = None

    @property
    def store(self) -> Cache:
        """What was made before."""
        return Cache(self.cache, self.cache_limit)


class RoutineFile(Struct, frozen=True):
    """A routine to build: the name for messages, its bytes, and how it comes to the files that it refers to."""

    name: str
    data: bytes
    opener: FileLoader | None = None


class PreparedRoutine(Struct, frozen=True):
    """A routine that was read, and the voices that speak it, as values: a build goes on from here in any process.

    It opens nothing else of the user's but music, a person's takes and a voice's model. `name` is what messages call
    the routine. `diagnostics` and `sources` are what there is to say so far.
    """

    name: str
    routine: Routine
    profiles: tuple[Profile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()


class Result(Struct, Generic[T], frozen=True):
    """A stage's value, None where errors prevent it, with all that there is to say about the files read."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...] = ()


class Plan(Struct, frozen=True):
    """A routine's timeline, the clips that were made to know its lengths, and the voices that could be heard."""

    routine: Routine
    timeline: Timeline
    clips: Mapping[Utterance, Clip]
    voices: tuple[tuple[Profile, VoiceFingerprint], ...] = ()


class Track(Struct, frozen=True):
    """A finished file, and its SHA-256; in `beside`, what was written beside it.

    Of one that is split, the path is the playlist's, and `parts` are the files that have the sound.
    """

    path: Path
    timeline: Timeline
    size: int
    digest: str = ""
    voices: tuple[tuple[Profile, VoiceFingerprint], ...] = ()
    beside: tuple[Path, ...] = ()
    parts: tuple[Path, ...] = ()

    @property
    def finished(self) -> BuildResult:
        """What there is to say of it."""
        of = self.timeline
        heard = dict.fromkeys(event.utterance.voice for event in of.events if isinstance(event, SpeechEvent))
        chapters = len(of.chapters)
        return BuildResult(of.title, of.language, of.voice, tuple(heard), of.duration, chapters, self.size)


class ProgressListener:
    """Hears how a build goes on. The default says nothing."""

    def stage(self, name: str) -> Progress:
        """A stage begins; what it returns is told (done, of all)."""
        return lambda done, total: None
