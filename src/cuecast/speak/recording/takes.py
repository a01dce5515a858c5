"""A folder of a person's takes: which file is which phrase. Only names are looked at, no sound."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from cuecast.speak.slug import slug

SUFFIXES = (".wav", ".aiff", ".aif", ".flac", ".ogg", ".opus", ".mp3")
"""How takes end, in any case. Of two for one phrase the first of these counts: what has lost nothing comes first."""

FOREIGN = (".m4a", ".aac", ".mp4", ".caf", ".wma", ".amr", ".3gp", ".webm", ".mka")
"""Sound as phones record it, which can't be read here."""


class Recordings(Struct, frozen=True):
    """What lies in a folder. `takes` has the file of each phrase by its slug, in the order of the names."""

    folder: Path
    takes: Mapping[str, Path]
    second: tuple[Path, ...] = ()
    """Takes of phrases that have another one, which counts."""
    foreign: tuple[Path, ...] = ()
    """Sound that can't be read here."""

    def marks(self) -> list[tuple[str, int, int]]:
        """What changes when a take does: each one's name, size and time of its last change."""
        known = []
        for name, path in self.takes.items():
            try:
                told = path.stat()
            except OSError:  # gone in this moment
                continue
            known.append((name + path.suffix.lower(), told.st_size, told.st_mtime_ns))
        return known


def recordings(folder: Path) -> Recordings:
    """The takes in `folder`; its subfolders, hidden files and all that is no regular file are left out.

    Raises OSError where it can't be looked into.
    """
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if not entry.name.startswith(".") and entry.is_file()]
    takes: dict[str, Path] = {}
    second = []
    for name in sorted((n for n in names if _suffix(n) in SUFFIXES), key=_order):
        path = folder / name
        if takes.setdefault(slug(path.stem), path) != path:
            second.append(path)
    foreign = tuple(folder / name for name in sorted(names) if _suffix(name) in FOREIGN)
    return Recordings(folder, dict(sorted(takes.items())), tuple(second), foreign)


def foreign_remark(path: Path) -> str:
    """What to do about sound that can't be read here."""
    made = shlex.quote(f"{path.stem}.wav")
    return f"{path.suffix} can't be read here; export it as WAV: ffmpeg -i {shlex.quote(path.name)} {made}"


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _order(name: str) -> tuple[int, bool, str]:
    """By kind; of one kind the name that is told in the script, then by letters."""
    stem = Path(name).stem
    return SUFFIXES.index(_suffix(name)), stem != slug(stem), name
