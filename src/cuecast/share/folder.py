"""The shared folder: which of its files are ours, and how they are replaced.

`cuecast-share.json` lists the SHA-256 of all files that cuecast wrote. A file is ours as long as it has that sum.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from cuecast.files import atomic_write
from cuecast.share.tracks import SUFFIXES, FileCopy

INVENTORY = "cuecast-share.json"

_MAX_BYTES = 16 << 20

Content = str | bytes | FileCopy
"""What a file is to contain: this, or what another file contains."""


class Inventory(Struct, frozen=True):
    """What was shared here: title and address, the tracks with their episode numbers, the sums that our files may have."""

    title: str | None = None
    url: str | None = None
    tracks: dict[str, int] = field(default_factory=dict)
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)
    schema: Literal["cuecast/share@1", "cuecast/share@2"] = "cuecast/share@2"

    def track_files(self) -> list[str]:
        """Return the names of the tracks' sounds."""
        names = (f"{name}{suffix}" for name in self.tracks for suffix in SUFFIXES.values())
        return [name for name in names if name in self.files]

    def with_numbers(self, names: Iterable[str]) -> dict[str, int]:
        """Return the tracks' episode numbers: a new track comes after all others, so that no date changes."""
        numbers: dict[str, int] = {}
        following = max(self.tracks.values(), default=0) + 1
        for name in names:
            numbers[name] = self.tracks.get(name, following)
            following += name not in self.tracks
        return numbers


def read_inventory(folder: Path, inventory_name: str = INVENTORY) -> Inventory:
    """Return the folder's inventory; an empty one if it can't be read. Names that lead out of the folder are dropped."""
    try:
        with (folder / inventory_name).open("rb") as file:
            data = file.read(_MAX_BYTES)
        plain = msgspec.json.decode(data, type=dict[str, Any])
        if isinstance(names := plain.get("tracks"), list):  # version 1 had no numbers
            plain["tracks"] = {str(name): number for number, name in enumerate(names, 1)}
        inventory = msgspec.convert(plain, Inventory)
    except (OSError, msgspec.MsgspecError, RecursionError):
        return Inventory()
    return replace(
        inventory,
        tracks={name: number for name, number in inventory.tracks.items() if _is_inside(name)},
        files={name: sums for name, sums in inventory.files.items() if _is_inside(name)},
    )


def unowned_files(folder: Path, files: Mapping[str, Content], inventory: Inventory) -> list[str]:
    """Return the names of existing files that are not ours and would get another content."""
    return [
        name
        for name, content in files.items()
        if (current := _digest(FileCopy(folder / name))) is not None
        and current not in (*inventory.files.get(name, ()), _digest(content))
    ]


def write_files(
    folder: Path, files: Mapping[str, Content], before: Inventory, after: Inventory, inventory_name: str = INVENTORY
) -> tuple[str, ...]:
    """Write these files, each atomically, and remove others of ours; return the names of those that changed.

    The inventory is written first, with the old and the new sums, and again at the end: an interrupted run can be
    repeated. Sounds are removed only if a new one takes their place. Raises SetupError.
    """
    digests = {name: _digest(content) or "" for name, content in files.items()}
    both = before.files | {name: (*before.files.get(name, ()), digest) for name, digest in digests.items()}
    _write(folder / inventory_name, _encode(replace(after, files=both)))
    changed = [name for name, digest in digests.items() if _digest(FileCopy(folder / name)) != digest]
    for name in changed:
        _write(folder / name, files[name])
    removed_tracks = [name for name in before.track_files() if f"{Path(name).stem}.html" not in files]
    for name in before.files.keys() - files.keys():
        if name not in removed_tracks and _digest(FileCopy(folder / name)) in before.files[name]:
            (folder / name).unlink(missing_ok=True)
    _write(
        folder / inventory_name, _encode(replace(after, files={name: (digest,) for name, digest in digests.items()}))
    )
    return tuple(changed)


def _encode(inventory: Inventory) -> bytes:
    return msgspec.json.format(msgspec.json.encode(inventory, order="sorted"), indent=1) + b"\n"


def _write(target: Path, content: Content) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(target) as out:
        out.writelines(_chunks(content))


def _digest(content: Content) -> str | None:
    """Return the SHA-256; None if there is no file."""
    digest = hashlib.sha256()
    try:
        for chunk in _chunks(content):
            digest.update(chunk)
        return digest.hexdigest()
    except FileNotFoundError:
        return None
    except OSError:
        return "unreadable"


def _chunks(content: Content) -> Iterator[bytes]:
    if isinstance(content, FileCopy):
        yield from content.chunks()
    else:
        yield content.encode() if isinstance(content, str) else content


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name
