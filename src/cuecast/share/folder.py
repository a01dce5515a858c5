"""The shared folder: which of its files are ours, and how they are replaced.

`cuecast-share.json` has the sums of all files that were written. A file is ours as long as it is as we wrote it;
whatever else lies there, or was changed since, stays unless told otherwise.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct, field

from cuecast.files import atomic_write

INVENTORY = "cuecast-share.json"
SCHEMA = "cuecast/share@1"

_MOST_BYTES = 16 << 20

Content = bytes | Path
"""What a file is to hold: these bytes, or those of another file."""


class Inventory(Struct, frozen=True):
    """What was shared here: the collection's title and address, the tracks' names, the sums that our files may have."""

    title: str | None = None
    url: str | None = None
    tracks: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def encode(self) -> bytes:
        """As it is kept."""
        plain = {
            "schema": SCHEMA,
            "title": self.title,
            "url": self.url,
            "tracks": sorted(self.tracks),
            "files": {name: list(sums) for name, sums in sorted(self.files.items())},
        }
        return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def read_inventory(folder: Path) -> Inventory:
    """What lies there of ours; nothing where that can't be read. Names that lead out of the folder are left out."""
    try:
        with (folder / INVENTORY).open("rb") as file:
            plain = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return Inventory()
    if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
        return Inventory()
    title, url, tracks, files = (plain.get(key) for key in ("title", "url", "tracks", "files"))
    return Inventory(
        title if isinstance(title, str) else None,
        url if isinstance(url, str) else None,
        tuple(t for t in tracks if isinstance(t, str) and _is_inside(t)) if isinstance(tracks, list) else (),
        {
            name: tuple(each for each in sums if isinstance(each, str))
            for name, sums in files.items()
            if _is_inside(name) and isinstance(sums, list)
        }
        if isinstance(files, dict)
        else {},
    )


def foreign(folder: Path, files: Mapping[str, Content], inventory: Inventory) -> list[str]:
    """The names of files that are there, are not ours, and would be replaced by something else."""
    found = []
    for name, content in files.items():
        there = _sum(folder / name)
        if there is not None and there not in inventory.files.get(name, ()) and there != _sum(content):
            found.append(name)
    return found


def write(folder: Path, files: Mapping[str, Content], before: Inventory, after: Inventory) -> tuple[str, ...]:
    """Make the folder hold these files, each whole at every moment; the names of those that changed.

    Ours that are not among them are removed. The inventory is written first, with old and new sums, and last: whenever
    this is interrupted, it can be done again. Raises SetupError.
    """
    sums = {name: _sum(content) or "" for name, content in files.items()}
    either = {name: (*before.files.get(name, ()), sums[name]) for name in files} | {
        name: known for name, known in before.files.items() if name not in files
    }
    _put(folder / INVENTORY, Inventory(after.title, after.url, after.tracks, either).encode())
    changed = []
    for name, content in files.items():
        if _sum(folder / name) != sums[name]:
            _put(folder / name, content)
            changed.append(name)
    for name in before.files.keys() - files.keys():
        if not name.endswith(".mp3") and _sum(folder / name) in before.files[name]:
            (folder / name).unlink(missing_ok=True)
    final = {name: (digest,) for name, digest in sums.items()}
    _put(folder / INVENTORY, Inventory(after.title, after.url, after.tracks, final).encode())
    return tuple(changed)


def _put(target: Path, content: Content) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(target) as out:
        if isinstance(content, bytes):
            out.write(content)
        else:
            with content.open("rb") as source:
                shutil.copyfileobj(source, out, 1 << 20)


def _sum(content: Content) -> str | None:
    """The sum of some bytes or of a file; None where there is no file. A folder has one that nothing else has."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    try:
        with content.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError:
        return "unreadable"


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name
