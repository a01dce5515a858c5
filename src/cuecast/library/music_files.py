"""Music files: one file, those of a folder, and hints for a name that does not exist. None of them is opened here."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from itertools import islice
from pathlib import Path, PurePath

from cuecast.errors import FileRefused
from cuecast.model.diagnostics import nearest
from cuecast.model.limits import MAX_RECORDINGS, is_sound_file
from cuecast.model.music import Recording

_PLAYLISTS = frozenset((".m3u", ".m3u8", ".pls", ".xspf", ".wpl", ".asx"))
_OTHER_MEDIA = frozenset(
    (".aac", ".ac3", ".amr", ".ape", ".caf", ".m4b", ".m4p", ".mid", ".midi", ".mka", ".mkv", ".mov")
)
_OTHER_MEDIA |= frozenset((".mp2", ".mp4", ".webm", ".wma", ".wv"))
"""Suffixes of sound and video that is not played here. Such a name is refused even if the file does not exist."""
_PLAYABLE = "MP3, FLAC, Ogg, Opus, WAV, AIFF and M4A are played"
_FOLDER_LISTING = "in that folder there are"
_MAX_NEIGHBOURS = 1_000
_MAX_SHOWN = 4
_DIGITS = re.compile(r"([0-9]{1,18})")


def find_recording(real: Path, typed: str) -> Recording:
    """The sound file at `real`, which the user typed as `typed`. Raises FileRefused."""
    state = _stat(real, typed)
    if state is None:
        if real.suffix.lower() in _PLAYLISTS | _OTHER_MEDIA:
            raise _not_music(typed)
        raise FileRefused("missing-music", f"there is no file `{typed}`", _similar_recording(real, typed))
    if stat.S_ISDIR(state.st_mode):
        bare = typed.rstrip("/\\")
        raise FileRefused(
            "not-a-file", f"`{typed}` is a folder, not a file", f"for all that is in it, `folder: {bare}`"
        )
    if not stat.S_ISREG(state.st_mode):
        raise FileRefused("not-a-file", f"`{typed}` is not a regular file")
    if not is_sound_file(real.name) and not is_sound_file(
        PurePath(typed).name
    ):  # a link's name says as much as its target's
        raise _not_music(typed)
    if not os.access(real, os.R_OK):
        raise FileRefused("missing-music", f"`{typed}` can't be read: permission denied")
    return Recording(_display_name(PurePath(typed.replace("\\", "/")).name), real)


def find_recordings(real: Path, typed: str, root: Path | None) -> tuple[Recording, ...]:
    """The sound files of the folder at `real`, typed as `typed`, in natural order: 2 before 10, ignoring case.

    If there is a `root`, none of them may lie outside it. Raises FileRefused.
    """
    state = _stat(real, typed)
    if state is None:
        raise FileRefused("missing-music", f"there is no folder `{typed}`", _similar_folder(real, typed))
    if not stat.S_ISDIR(state.st_mode):
        raise FileRefused("not-a-folder", f"`{typed}` is a file, not a folder", f"for one file, `file: {typed}`")
    try:
        with os.scandir(real) as entries:
            names = [entry.name for entry in entries if is_sound_file(entry.name) and entry.is_file()]
    except OSError as fault:
        raise FileRefused("missing-music", f"`{typed}` can't be looked into: {fault.strerror or fault}") from None
    if not names:
        raise FileRefused("missing-music", f"there is no music in the folder `{typed}`", _other_folder(real, typed))
    if len(names) > MAX_RECORDINGS:
        message = f"there are {len(names):,} sound files in `{typed}`; {MAX_RECORDINGS} are the most"
        raise FileRefused("too-many-files", message, "put some of them into a folder of its own")
    found = []
    for name in sorted(names, key=_natural_key):
        path = Path(os.path.realpath(real / name))
        if root is not None and not path.is_relative_to(root):
            message = f"`{PurePath(typed) / name}` is a link that leads out of the routine's folder"
            raise FileRefused("outside-folder", message, "copy the file itself into the folder")
        found.append(Recording(_display_name(name), path))
    return tuple(found)


def _display_name(name: str) -> str:
    """A file's name with what can't be shown replaced."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name)


def better_hint(first: FileRefused | None, second: FileRefused) -> FileRefused:
    """The refusal of two that has the more useful hint."""

    def rank(refused: FileRefused) -> int:
        return 0 if not refused.hint else 1 if refused.hint.startswith(_FOLDER_LISTING) else 2

    return second if first is None or rank(second) > rank(first) else first


def _stat(real: Path, typed: str) -> os.stat_result | None:
    """The status of a path; None if nothing is there. Raises FileRefused if it can't be read."""
    try:
        return real.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else "there is no such name"
        raise FileRefused("missing-music", f"`{typed}` can't be read: {reason}") from None


def _not_music(typed: str) -> FileRefused:
    if PurePath(typed).suffix.lower() in _PLAYLISTS:
        hint = "put its files into a folder, and name that, with a `/` at its end: `songs/`"
        return FileRefused("not-music", f"`{typed}` is a playlist, which is not read", hint)
    return FileRefused(
        "not-music", f"`{typed}` is no sound file that is played here", f"{_PLAYABLE}: make it one of these"
    )


def _similar_recording(real: Path, typed: str) -> str | None:
    """A hint with the file of a similar name, or with what is in that folder."""
    if "\\" in typed:
        return "write `{}`".format(typed.replace("\\", "/"))
    names = sorted(filter(is_sound_file, _names(real.parent)), key=_natural_key)
    name = PurePath(typed).name
    if stem := nearest(PurePath(name).stem, [PurePath(each).stem for each in names]):
        alike = [each for each in names if PurePath(each).stem.casefold() == stem.casefold()]
        return f"did you mean {_as_typed(PurePath(typed).parent / (nearest(name, alike) or alike[0]))}?"
    if near := nearest(name, names):
        return f"did you mean {_as_typed(PurePath(typed).parent / near)}?"
    if not names:
        return None
    more = ", …" if len(names) > _MAX_SHOWN else ""
    return f"{_FOLDER_LISTING}: " + ", ".join(f"`{name}`" for name in names[:_MAX_SHOWN]) + more


def _similar_folder(real: Path, typed: str) -> str | None:
    folders = [name for name in _names(real.parent) if (real.parent / name).is_dir() and not name.startswith(".")]
    near = nearest(PurePath(typed).name, folders)
    slash = "/" if typed.endswith("/") else ""
    return f"did you mean {_as_typed(PurePath(typed).parent / near, slash)}?" if near else None


def _other_folder(real: Path, typed: str) -> str:
    """A hint for a folder without music: one of its folders that has some."""
    for name in sorted(_names(real), key=_natural_key):
        if not name.startswith(".") and any(map(is_sound_file, _names(real / name))):
            slash = "/" if typed.endswith("/") else ""
            return f"folders in it are not looked into; there is some in {_as_typed(PurePath(typed) / name, slash)}"
    return _PLAYABLE


def _names(folder: Path) -> list[str]:
    """The names in a folder, up to a limit; none if it can't be read."""
    with contextlib.suppress(OSError, ValueError), os.scandir(folder) as entries:
        return [entry.name for entry in islice(entries, _MAX_NEIGHBOURS)]
    return []


def _as_typed(path: PurePath, slash: str = "") -> str:
    """A path as it would be typed, in quotes if YAML needs them."""
    typed = path.as_posix() + slash
    return f'`"{typed}"`' if " #" in typed or ": " in typed else f"`{typed}`"


def _natural_key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    parts = _DIGITS.split(name.casefold())
    return [(0, int(part), "") if number % 2 else (1, 0, part) for number, part in enumerate(parts)], name
