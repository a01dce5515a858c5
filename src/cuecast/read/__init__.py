"""The stage `read`: from the bytes of a file to the routine as its author wrote it, and its faults.

    bytes ─decode─▶ text ─compose─▶ nodes ─reader─▶ Routine

Other files that the routine names come only through the loader that is given. All faults are reported at once, each
once; no input raises an exception. The modules that are imported below attach their parsers to the types of keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from cuecast.model.diagnostics import Diagnostic, has_errors, in_order
from cuecast.model.limits import MAX_BYTES
from cuecast.model.manifest import Manifest
from cuecast.model.routine import Routine
from cuecast.model.source import Fix, Source
from cuecast.model.voice import Profile
from cuecast.protocols import FileLoader
from cuecast.read import cues, lexicon, music, pace, tones, values  # noqa: F401
from cuecast.read.exercises import LibraryExercise
from cuecast.read.files import Files
from cuecast.read.manifests import read_manifest_file
from cuecast.read.steps import read_library_exercise, read_routine
from cuecast.read.voices import EnginesWith, KeysOf, Like, read_voice
from cuecast.read.yaml.patched_source import TooManyFaults

__all__ = [
    "MAX_BYTES",
    "EnginesWith",
    "KeysOf",
    "LibraryExercise",
    "Like",
    "ReadResult",
    "read",
    "read_exercise",
    "read_manifest",
    "read_profile",
]

T = TypeVar("T")


class ReadResult(NamedTuple, Generic[T]):
    """What a file holds, or None if there are errors; the diagnostics; and the texts that they are about, its own first.

    `fixes` are corrections that are certain.
    """

    value: T | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]
    fixes: tuple[Fix, ...] = ()


def read(name: str, data: bytes, loader: FileLoader | None = None) -> ReadResult[Routine]:
    """Read a routine, with the files that it includes and uses; without a loader it can have none.

    Messages call the file `name`; its last part, without suffix, is the routine's name.
    """
    return _collect(Files(loader), lambda files: read_routine(files, name, data))


def read_exercise(name: str, data: bytes) -> ReadResult[LibraryExercise]:
    """Read the file of one exercise of the library."""
    return _collect(Files(None), lambda files: read_library_exercise(files, name, data))


def read_profile(
    name: str, data: bytes, keys_of: KeysOf, like: Like, engines_with: EnginesWith | None = None
) -> ReadResult[Profile]:
    """Read a voice. Messages call the file `name`; its last part, without suffix, is the voice's name.

    `keys_of` gives the keys of an engine; those of an engine that is not installed are ignored. `like` gives the voice
    that this one is built on. `engines_with` gives the engines that have a key. The profile's folder is not set.
    """
    return _collect(Files(None), lambda files: read_voice(files, name, data, keys_of, like, engines_with))


def read_manifest(name: str, data: bytes) -> ReadResult[Manifest]:
    """Read a manifest. Messages call the file `name`."""
    return _collect(Files(None), lambda files: read_manifest_file(files, name, data))


def _collect(files: Files, read_file: Callable[[Files], T | None]) -> ReadResult[T]:
    value = None
    try:
        value = read_file(files)
    except TooManyFaults:
        files.stop()
    is_good = not has_errors(files.faults)
    return ReadResult(
        value if is_good else None, in_order(files.faults), tuple(files.sources.values()), tuple(files.fixes)
    )
