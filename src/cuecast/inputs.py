"""What a build has looked at in the file system, so that the next one can tell whether it would see the same.

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
"""What is at a path where there is nothing. It counts: a look-up that went on from there would end at a file."""

StateLookup = Callable[[str], str]
"""Says what is at a path, as `state_of` does."""

_NO_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})


class InputTracker:
    """A notebook of paths, with what was there.

    Whoever looks notes first and reads afterwards: what changes in between is noted as it was before, so that the next
    build sees a difference, and makes anew what may be neither the one nor the other.
    """

    def __init__(self, states: StateLookup | None = None) -> None:
        """`states` says what is at a path; many builds can share one that remembers what it saw."""
        self._seen: dict[str, str] = {}
        self._states = states or state_of

    @property
    def seen(self) -> Mapping[str, str]:
        """What was at each path (absolute, links in it not followed) at the first look."""
        return dict(self._seen)

    def at(self, path: Path) -> None:
        """Note what is at `path`: a file's content, the names in a folder, or that there is nothing."""
        place = os.path.abspath(path)  # noqa: PTH100  Path.absolute leaves `..` in it
        if place not in self._seen:
            self._seen[place] = self._states(place)


def state_of(path: str) -> str:
    """What is at a path: where links from there lead, and a file's SHA-256, or a folder's, which is that of the names.

    Never raises: what can't be read has a state, too.
    """
    try:
        real = os.path.realpath(path)
        return f"{_content(real)} {real}"
    except OSError as fault:
        return NOTHING if fault.errno in _NO_FILE else f"unreadable {fault.errno}"
    except ValueError:  # a character that no file's name can have
        return NOTHING


def unchanged(seen: Mapping[str, str], states: StateLookup = state_of) -> bool:
    """Whether there is at each path what was seen there."""
    return all(states(path) == state for path, state in seen.items())


def was_input(seen: Mapping[str, str], path: Path) -> bool:
    """Whether a file that was seen is the one at `path`, by whatever name: it must not be written over."""
    return os.path.realpath(path) in input_files(seen)


def input_files(seen: Mapping[str, str]) -> set[str]:
    """The real paths of the files among what was seen."""
    return {state.split(" ", 2)[2] for state in seen.values() if state.startswith("file ")}


def digest_of(path: str | Path) -> str:
    """The SHA-256 of a file's content. Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content(real: str) -> str:
    mode = os.stat(real).st_mode  # noqa: PTH116
    if stat.S_ISDIR(mode):
        names = "\0".join(sorted(os.listdir(real)))  # noqa: PTH208
        return f"folder {hashlib.sha256(os.fsencode(names)).hexdigest()}"
    if not stat.S_ISREG(mode):  # a pipe must not be waited for
        return f"other {stat.S_IFMT(mode):o}"
    return f"file {digest_of(real)}"
