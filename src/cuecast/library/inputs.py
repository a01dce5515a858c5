"""What a build has read, so that the next one can tell whether it would read the same.

Contents count, never times of change: a file that was saved unchanged is unchanged.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

NOTHING = "nothing"
"""The state of a path where nothing is. It counts: a file that appears there later would be found first."""

_NO_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})

StateLookup = Callable[[str], str]
"""Returns the state of a path, as `state_of` does. A batch shares one that remembers its answers."""


class InputTracker:
    """Records the paths that a build reads, with the state of each.

    Record a path before reading it: if the file changes in between, the next build sees a difference and rebuilds.
    """

    def __init__(self, states: StateLookup | None = None) -> None:
        self._states = states or state_of
        self._recorded: dict[str, str] = {}

    @property
    def recorded(self) -> Mapping[str, str]:
        """The state of each path (absolute, its links not followed) when it was first recorded."""
        return dict(self._recorded)

    def record(self, path: Path) -> None:
        """Record the state of `path`: a file's content, a folder's names, or that nothing is there."""
        absolute = os.path.abspath(path)  # noqa: PTH100  Path.absolute keeps `..`
        if absolute not in self._recorded:
            self._recorded[absolute] = self._states(absolute)


def state_of(path: str) -> str:
    """The state of a path: `file DIGEST REALPATH`, `folder DIGEST REALPATH` (the digest of its names), `nothing` …

    Never raises: an unreadable path has a state, too.
    """
    try:
        real = os.path.realpath(path)
        return f"{_kind_and_digest(real)} {real}"
    except OSError as fault:
        return NOTHING if fault.errno in _NO_FILE else f"unreadable {fault.errno}"
    except ValueError:  # a character that no file name can have
        return NOTHING


def is_unchanged(inputs: Mapping[str, str], states: StateLookup = state_of) -> bool:
    """Whether each path has the state that was recorded."""
    return all(states(path) == state for path, state in inputs.items())


def input_files(inputs: Mapping[str, str]) -> set[str]:
    """The real paths of the files among recorded inputs. None of them may be overwritten with a track."""
    return {state.split(" ", 2)[2] for state in inputs.values() if state.startswith("file ")}


def file_digest(state: str) -> str | None:
    """The SHA-256 in the state of a file; None for the state of anything else."""
    kind, digest, *_ = [*state.split(" ", 2), ""]
    return digest if kind == "file" else None


def digest_of(path: str | Path) -> str:
    """The SHA-256 of a file's content. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123
        return hashlib.file_digest(file, "sha256").hexdigest()


def _kind_and_digest(real: str) -> str:
    mode = os.stat(real).st_mode  # noqa: PTH116
    if stat.S_ISDIR(mode):
        names = "\0".join(sorted(os.listdir(real)))  # noqa: PTH208
        return f"folder {hashlib.sha256(os.fsencode(names)).hexdigest()}"
    if not stat.S_ISREG(mode):  # reading a pipe would block
        return f"other {stat.S_IFMT(mode):o}"
    return f"file {digest_of(real)}"
