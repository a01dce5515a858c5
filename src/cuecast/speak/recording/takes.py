"""A folder of a person's takes: which file is which phrase. No sound is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from cuecast.model.script import Utterance
from cuecast.shell import quote
from cuecast.speak.slug import slug

SUFFIXES = (".wav", ".aiff", ".aif", ".flac", ".ogg", ".opus", ".mp3")
"""File name endings of takes, in any case. Of two takes of one phrase the earlier kind counts: lossless ones first."""

UNREADABLE_SUFFIXES = (".m4a", ".aac", ".mp4", ".caf", ".wma", ".amr", ".3gp", ".webm", ".mka")
"""Sound as phones record it, which cuecast can't read."""


class TakesFolder(Struct, frozen=True):
    """What is in a folder. `takes` has the file of each phrase by its slug, sorted by slug."""

    folder: Path
    takes: Mapping[str, Path]
    duplicates: tuple[Path, ...] = ()
    """Takes of phrases that have another one, which counts."""
    unreadable: tuple[Path, ...] = ()
    """Sound files of a kind that can't be read."""

    def named(self, text: str) -> Path | None:
        """The file for a text, of whatever kind; None if there is none."""
        name = slug(text)
        return self.takes.get(name) or next((path for path in self.unreadable if slug(path.stem) == name), None)

    def unrecorded(self, utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
        """The utterances without a take, one for each file name."""
        first: dict[str, Utterance] = {}
        for utterance in utterances:
            first.setdefault(slug(utterance.spoken), utterance)
        return tuple(utterance for name, utterance in first.items() if name not in self.takes)

    def fingerprint(self) -> list[tuple[str, int, int]]:
        """Name, size and time of the last change of each take."""
        files = []
        for name, path in self.takes.items():
            with suppress(OSError):  # just removed
                stat = path.stat()
                files.append((name + path.suffix.lower(), stat.st_size, stat.st_mtime_ns))
        return files


def list_takes(folder: Path) -> TakesFolder:
    """The takes in `folder`, without subfolders and hidden files; none if there is no such folder.

    Raises OSError if it can't be read.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if not entry.name.startswith(".") and entry.is_file()]
    except FileNotFoundError:
        return TakesFolder(folder, {})
    takes: dict[str, Path] = {}
    duplicates = []
    for name in sorted((name for name in names if _suffix(name) in SUFFIXES), key=_precedence):
        path = folder / name
        if takes.setdefault(slug(path.stem), path) != path:
            duplicates.append(path)
    unreadable = tuple(folder / name for name in sorted(names) if _suffix(name) in UNREADABLE_SUFFIXES)
    return TakesFolder(folder, dict(sorted(takes.items())), tuple(duplicates), unreadable)


def describe_unreadable(path: Path) -> str:
    """What to do about a sound file of a kind that can't be read."""
    target = quote(f"{path.stem}.wav")
    return f"{path.suffix} can't be read here; export it as WAV: ffmpeg -i {quote(path.name)} {target}"


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _precedence(name: str) -> tuple[int, bool, str]:
    """By kind; then the name as the script has it; then alphabetically."""
    stem = Path(name).stem
    return SUFFIXES.index(_suffix(name)), stem != slug(stem), name
