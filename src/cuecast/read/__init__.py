"""The stage `read`: from the bytes of a file to the routine as its author wrote it, and its faults.

    bytes ─decode─▶ text ─compose─▶ nodes ─reader─▶ Routine

Other files that the routine names come only through the loader that is given. All faults are reported at once, each
once; no input raises an exception. The modules that are imported below attach their parsers to the types of keys.
"""

from __future__ import annotations

from typing import NamedTuple

from cuecast.model.diagnostics import Diagnostic, has_errors, in_order
from cuecast.model.limits import MAX_BYTES
from cuecast.model.manifest import Manifest
from cuecast.model.routine import Routine
from cuecast.model.source import Source
from cuecast.protocols import FileLoader, Profile
from cuecast.read import cues, enums, generated_sound, lexicon, music, pace, pronunciation, tones, values  # noqa: F401
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


class ReadResult(NamedTuple):
    """A routine, None where there are errors; what there is to say; and the texts that it is said of, its own first."""

    routine: Routine | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


class ExerciseResult(NamedTuple):
    """An exercise of the library, None where there are errors; what there is to say; and its text."""

    exercise: LibraryExercise | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


class ProfileRead(NamedTuple):
    """A voice, None where there are errors; what there is to say; and its text."""

    profile: Profile | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


class ManifestRead(NamedTuple):
    """A manifest, None where there are errors; what there is to say; and its text."""

    manifest: Manifest | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


def read(name: str, data: bytes, opener: FileLoader | None = None) -> ReadResult:
    """Read a routine, with what it includes and uses; without an opener there is nothing that it could.

    `name` is what messages call the file; its last part without suffix is the routine's name.
    """
    files = Files(opener)
    routine = None
    try:
        routine = read_routine(files, name, data)
    except TooManyFaults:
        files.stop()
    return ReadResult(
        None if has_errors(files.faults) else routine, in_order(files.faults), tuple(files.sources.values())
    )


def read_exercise(name: str, data: bytes) -> ExerciseResult:
    """Read an exercise of the library on its own, with what it says of itself."""
    files = Files(None)
    exercise = None
    try:
        exercise = read_library_exercise(files, name, data)
    except TooManyFaults:
        files.stop()
    return ExerciseResult(
        None if has_errors(files.faults) else exercise, in_order(files.faults), tuple(files.sources.values())
    )


def read_profile(
    name: str, data: bytes, keys_of: KeysOf, like: Like, engines_with: EnginesWith | None = None
) -> ProfileRead:
    """Read a voice. `name` is what messages call the file; its last part without suffix is the voice's name.

    `keys_of` gives the keys of an engine; of one that is not here they are passed over unread. `like` gives the voice
    that this one is built on, where it is. `engines_with` gives the engines that have a key. The profile has no folder yet.
    """
    files = Files(None)
    profile = None
    try:
        profile = read_voice(files, name, data, keys_of, like, engines_with)
    except TooManyFaults:
        files.stop()
    return ProfileRead(
        None if has_errors(files.faults) else profile, in_order(files.faults), tuple(files.sources.values())
    )


def read_manifest(name: str, data: bytes) -> ManifestRead:
    """Read a manifest. `name` is what messages call the file."""
    files = Files(None)
    manifest = None
    try:
        manifest = read_manifest_file(files, name, data)
    except TooManyFaults:
        files.stop()
    return ManifestRead(
        None if has_errors(files.faults) else manifest, in_order(files.faults), tuple(files.sources.values())
    )
