"""An entry of the cache as a file: a header with the length and a checksum of the data, then the data."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

HEADER = struct.Struct("<8sQI")  # magic, bytes of data, their CRC-32
_MAGIC = b"cuecast1"


class Entry(Struct, frozen=True):
    """Data in the cache: `size` bytes from `offset` on in the file `path`, and their CRC-32."""

    path: Path
    offset: int
    size: int
    checksum: int = 0

    def read(self) -> bytes:
        """The data."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.size)


def recipe_key(recipe: Mapping[str, object]) -> str:
    """The key of what `recipe` makes. It must hold all that changes the result, as plain JSON values."""
    text = json.dumps(recipe, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write_entry(path: Path, data: bytes) -> Entry:
    """Write an entry's file at `path`, outside any cache; `Cache.adopt` takes it in."""
    checksum = zlib.crc32(data)
    with path.open("wb") as file:
        file.write(HEADER.pack(_MAGIC, len(data), checksum))
        file.write(data)
    return Entry(path, HEADER.size, len(data), checksum)


def place_of(folder: Path, key: str) -> Path:
    """Where the entry of `key` lies in a cache."""
    return folder / key[:2] / key[2:]


def entry_at(path: Path) -> Entry | None:
    """The entry in the file at `path`; None where it is damaged. Raises OSError where it can't be read."""
    data = data_in(path.read_bytes())
    return None if data is None else Entry(path, HEADER.size, len(data), zlib.crc32(data))


def data_in(content: bytes) -> memoryview | None:
    """The data in an entry's file that holds `content`; None where it is damaged."""
    if len(content) >= HEADER.size:
        magic, size, checksum = HEADER.unpack_from(content)
        data = memoryview(content)[HEADER.size :]
        if magic == _MAGIC and size == len(data) and checksum == zlib.crc32(data):
            return data
    return None


def checksum_of(path: Path) -> int:
    """What the entry's file says of its data, which is not read. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEADER.size)
    return int(HEADER.unpack(head)[2]) if len(head) == HEADER.size else 0
