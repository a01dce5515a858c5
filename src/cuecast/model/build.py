"""The values of a build on its way from a routine to a track."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from msgspec import Struct, field

from cuecast.model.clip import Clip
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.routine import Routine
from cuecast.model.script import Utterance
from cuecast.model.source import Fix, Source
from cuecast.model.tags import Picture
from cuecast.model.timeline import SpeechEvent, Timeline
from cuecast.model.voice import Profile, VoiceFingerprint

T = TypeVar("T")


class Result(Struct, Generic[T], frozen=True):
    """A value, None if errors prevent it, with the diagnostics and the texts that they refer to.

    `fixes` are corrections of these texts that are certain.
    """

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()
    fixes: tuple[Fix, ...] = ()

    def __repr__(self) -> str:
        """The type of the value, whose own form can be hundreds of lines, and the diagnostics."""
        value = None if self.value is None else type(self.value).__name__
        return "\n".join([f"<Result: {value}>", *map(str, self.diagnostics)])


class Bundle(Protocol):
    """The routine with its files, packed to go along in the track (`tags.bundling`)."""

    def to_bytes(self, timeline: Timeline, options: Mapping[str, str | int | list[str]]) -> bytes | None:
        """The bytes that the track carries. `options` are those that the track was made with (`Options.to_json`)."""

    def with_music_digests(self, digests: Mapping[str, str]) -> Bundle:
        """The same bundle, with the SHA-256 of music files that can't be read where the track is made."""


class PreparedRoutine(Struct, frozen=True):
    """A routine with its voices, read: a build goes on from here in any process.

    From here on the build opens no other file of the user's than music, recorded takes and the model of a voice.
    """

    name: str
    """What messages call the routine."""
    routine: Routine
    profiles: tuple[Profile, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)
    """The state of each path that was read (`library.inputs`)."""
    picture: Picture | None = None
    bundle: Bundle | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()


class Plan(Struct, frozen=True):
    """A routine's timeline with measured words, their clips, and the voices that speak."""

    routine: Routine
    timeline: Timeline
    clips: Mapping[Utterance, Clip]
    voices: tuple[tuple[Profile, VoiceFingerprint], ...] = ()


class TrackSummary(Struct, frozen=True):
    """What there is to say of a finished track. `duration` is in ms, `size` in bytes.

    `voice` is the main one; `speakers` are the voices that are heard, in the order in which they begin. `spoken_by`
    says of a voice that is a choice of several which one spoke.
    """

    title: str
    language: str
    voice: str
    speakers: tuple[str, ...]
    duration: int
    chapters: int
    size: int
    spoken_by: Mapping[str, str] = field(default_factory=dict)


class Track(Struct, frozen=True):
    """A finished track.

    `is_new` is False for one that was up to date. Of one that is split, `path` is the playlist and `parts` are the
    sound files. `digest` is the SHA-256 of the file.
    """

    path: Path
    summary: TrackSummary
    is_new: bool = True
    timeline: Timeline | None = None
    sidecars: tuple[Path, ...] = ()
    parts: tuple[Path, ...] = ()
    digest: str = ""
    voices: tuple[tuple[Profile, VoiceFingerprint], ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    """The state of each file that was read for it (`library.inputs`)."""

    def __repr__(self) -> str:
        """Without the timeline and the inputs, which are hundreds of lines."""
        return f"<Track {self.path}: {self.summary}>"


def summarise(timeline: Timeline, size: int) -> TrackSummary:
    """The summary of a track of `size` bytes."""
    speakers = dict.fromkeys(event.utterance.voice for event in timeline.events if isinstance(event, SpeechEvent))
    return TrackSummary(
        timeline.title,
        timeline.language,
        timeline.voice,
        tuple(speakers),
        timeline.duration,
        len(timeline.chapters),
        size,
        timeline.spoken_by,
    )
