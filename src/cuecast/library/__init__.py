"""The files that a build may read, and the record of those that it read."""

from __future__ import annotations

from cuecast.library.folders import KINDS, Folders, folders
from cuecast.library.inputs import InputTracker, digest_of, file_digest, input_files, is_unchanged, state_of
from cuecast.library.library import ENGLISH, Library
from cuecast.library.routines import RoutineNotFound, RoutineSource, find_routine, named_routines

__all__ = [
    "ENGLISH",
    "KINDS",
    "Folders",
    "InputTracker",
    "Library",
    "RoutineNotFound",
    "RoutineSource",
    "digest_of",
    "file_digest",
    "find_routine",
    "folders",
    "input_files",
    "is_unchanged",
    "named_routines",
    "state_of",
]
