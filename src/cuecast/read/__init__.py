"""The stage `read`: from the bytes of a file to the routine as its author wrote it, and its faults.

    bytes ─decode─▶ text ─compose─▶ nodes ─reader─▶ Routine

Other files that the routine names come only through the loader that is given. All faults are reported at once, each
once; no input raises an exception. The modules that are imported below attach their parsers to the types of keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from cuecast.model.diagnostics import Diagnostic, has_errors, in_order
from cuecast.model.limits import MAX_BYTES
from cuecast.model.manifest import Manifest
from cuecast.model.routine import Routine
from cuecast.model.source import Source
from cuecast.protocols import FileLoader, Profile
from cuecast.read import cues, generated_sound, lexicon, music, pace, pronunciation, tones, values  # noqa: F401
from cuecast.read.exercises import LibraryExercise
from cuecast.read.files import Files
from cuecast.read.manifests import read_manifest_file
from cuecast.read.steps import read_library_exercise, read_routine
from cuecast.read.voices import EnginesWith, KeysOf, Like, read_voice
from cuecast.read.yaml.patched_source import TooManyFaults

__all__ = [
    "MAX_BYTES",
    "EnginesWith",
    "ExerciseResult",
    "KeysOf",
    "LibraryExercise",
    "Like",
    "ManifestRead",
    "ProfileRead",
    "ReadResult",
    "read",
    "read_exercise",
    "read_manifest",
    "read_profile",
]

T = TypeVar("T")


class ReadResult(NamedTuple):
    """A routine, or None if there are errors; the diagnostics; and the texts that they are about, the routine's first."""

    routine: Routine | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


class ExerciseResult(NamedTuple):
    """The same for an exercise of the library."""

    exercise: LibraryExercise | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


class ProfileRead(NamedTuple):
    """The same for a voice."""

    profile: Profile | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


class ManifestRead(NamedTuple):
    """The same for a manifest."""

    manifest: Manifest | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


def read(name: str, data: bytes, loader: FileLoader | None = None) -> ReadResult:
    """Read a routine, with the files that it includes and uses; without a loader it can have none.

    Messages call the file `name`; its last part, without suffix, is the routine's name.
    """
    return ReadResult(*_collect(Files(loader), lambda files: read_routine(files, name, data)))


def read_exercise(name: str, data: bytes) -> ExerciseResult:
    """Read the file of one exercise of the library."""
    return ExerciseResult(*_collect(Files(None), lambda files: read_library_exercise(files, name, data)))


def read_profile(
    name: str, data: bytes, keys_of: KeysOf, like: Like, engines_with: EnginesWith | None = None
) -> ProfileRead:
    """Read a voice. Messages call the file `name`; its last part, without suffix, is the voice's name.

    `keys_of` gives the keys of an engine; those of an engine that is not installed are ignored. `like` gives the voice
    that this one is built on. `engines_with` gives the engines that have a key. The profile's folder is not set.
    """
    return ProfileRead(*_collect(Files(None), lambda files: read_voice(files, name, data, keys_of, like, engines_with)))


def read_manifest(name: str, data: bytes) -> ManifestRead:
    """Read a manifest. Messages call the file `name`."""
    return ManifestRead(*_collect(Files(None), lambda files: read_manifest_file(files, name, data)))


def _collect(
    files: Files, read_file: Callable[[Files], T | None]
) -> tuple[T | None, tuple[Diagnostic, ...], tuple[Source, ...]]:
    value = None
    try:
        value = read_file(files)
    except TooManyFaults:
        files.stop()
    return (
        None if has_errors(files.faults) else value,
        tuple(in_order(files.faults)),
        tuple(files.sources.values()),
    )
