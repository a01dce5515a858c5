"""The folders where a user's and the package's routines, exercises, voices, music and tones lie."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from cuecast.files import data_dir, user_dir

KINDS = ("voices", "exercises", "music", "tones")
"""The folders that a build may read from, besides the routine's own."""


class Folders(Struct, frozen=True):
    """Each in the order in which it is searched: the user's own first, then the package's. They need not exist."""

    routines: tuple[Path, ...] = ()
    exercises: tuple[Path, ...] = ()
    voices: tuple[Path, ...] = ()
    music: Path | None = None
    tones: Path | None = None

    def of(self, kind: str) -> tuple[Path, ...]:
        """The folders of one kind, by its name."""
        value = getattr(self, kind)
        return value if isinstance(value, tuple) else (value,) if value else ()


def folders(home: Path | None = None) -> Folders:
    """The folders of this user, below `home` or in the usual place, and of the package."""
    return Folders(
        routines=(user_dir("routines", home), data_dir("routines")),
        exercises=(user_dir("exercises", home), data_dir("routines") / "exercises"),
        voices=(user_dir("voices", home), data_dir("voices")),
        music=user_dir("music", home),
        tones=user_dir("tones", home),
    )
