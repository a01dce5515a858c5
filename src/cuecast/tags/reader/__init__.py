"""The ID3v2 tag of any MP3, from anybody: ID3v2.3 and ID3v2.4, read as far as it can be, within bounds.

Whatever the bytes are, the answer is a `Tag`, with a sentence for each thing that could not be read. At most
`MOST_BYTES` are read, at most that many come out of what is compressed, frames stand in each other one level deep.
"""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

from cuecast.tags.reader.content import content
from cuecast.tags.reader.fields import Broken, Budget, Spent
from cuecast.tags.reader.model import Frame, Tag

MOST_BYTES = 64 << 20
"""Of a tag that are read, and again that compressed frames may come to. A cover has some 100 KB."""

MOST_ITEMS = 500_000
"""Frames and texts in them. A day's track has 40,000 chapters, with a name, an entry in the contents and a title."""

MOST_PROBLEMS = 20

HEADER = 10
_SYNC_ALL, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
_ID = re.compile(rb"[A-Z][A-Z0-9]{2}[A-Z0-9 ]")


def read_tag(file: BinaryIO) -> Tag | None:
    """The tag at the start of the file; None where there is none. The file is left where sound should begin."""
    file.seek(0)
    head = file.read(HEADER)
    if len(head) < HEADER or head[:3] != b"ID3" or any(byte > 0x7F for byte in head[6:]):
        file.seek(0)
        return None
    major, flags, length = head[3], head[5], _synchsafe(head[6:])
    size = HEADER + length + (HEADER if major == 4 and flags & _FOOTER else 0)
    version = f"2.{major}"
    if major not in (3, 4):
        file.seek(size)
        return Tag(version, size, (), (f"its tag is ID3v{version}; only 2.3 and 2.4 are read",))
    if length > MOST_BYTES:
        file.seek(size)
        return Tag(version, size, (), (f"its tag has {length:,} bytes, more than is read",))
    data = file.read(length)
    reader = _Reader(major, bool(flags & _SYNC_ALL))
    if len(data) < length:
        reader.problem(f"its tag is cut off: {len(data):,} bytes of {length:,}")
    if major == 3 and flags & _SYNC_ALL:
        data = _resynchronised(data)
    frames = reader.frames(data[reader.extended(data) if flags & _EXTENDED else 0 :])
    file.seek(size)
    return Tag(version, size, frames, tuple(reader.problems))


class _Reader:
    """Takes frames from a tag of one version, and counts what it costs."""

    def __init__(self, major: int, all_unsynchronised: bool) -> None:
        self.problems: list[str] = []
        self._major = major
        self._all_unsynchronised = all_unsynchronised
        self._budget = Budget(MOST_ITEMS)
        self._unpacked = 0
        self._deep = False

    def problem(self, words: str) -> None:
        """Remember one, of the first few."""
        if len(self.problems) < MOST_PROBLEMS and words not in self.problems:
            self.problems.append(words)

    def extended(self, data: bytes) -> int:
        """The length of the extended header, which says nothing that we need."""
        if self._major == 3:
            return min(len(data), 4 + int.from_bytes(data[:4], "big"))
        return min(len(data), max(6, _synchsafe(data[:4])))

    def frames(self, data: bytes) -> tuple[Frame, ...]:
        """The frames in these bytes, up to the padding or to what is none."""
        found: list[Frame] = []
        at = 0
        while at + HEADER <= len(data) and data[at]:
            id_, flags = data[at : at + 4], data[at + 8 : at + HEADER]
            if not _ID.fullmatch(id_):
                self.problem(f"its tag has no frame where one should be (byte {at:,}); what follows is not read")
                break
            name = id_.decode("ascii").rstrip()
            size = self._size(data, at)
            if at + HEADER + size > len(data):
                self.problem(f"its frame {name} is longer than the tag")
                break
            try:
                self._budget.take()
                plain = self._plain(data[at + HEADER : at + HEADER + size], flags, name)
                if plain is not None:
                    found.append(content(name, plain, self._inner, self._budget))
            except Broken:
                self.problem(f"its frame {name} is broken")
            except Spent:
                self.problem(f"its tag has more than {MOST_ITEMS:,} frames and texts; the others are not read")
                break
            at += HEADER + size
        return tuple(found)

    def _inner(self, data: bytes) -> tuple[Frame, ...]:
        """The frames inside a chapter or a table of contents. Those stand in no other one."""
        if self._deep:
            raise Broken
        self._deep = True
        try:
            return self.frames(data)
        finally:
            self._deep = False

    def _size(self, data: bytes, at: int) -> int:
        raw = data[at + 4 : at + 8]
        plain = int.from_bytes(raw, "big")
        if self._major == 3:
            return plain
        size = _synchsafe(raw)
        if plain == size or self._may_follow(data, at + HEADER + size):
            return size
        # iTunes wrote ID3v2.4 with the sizes of 2.3 for years.
        like_itunes = any(byte > 0x7F for byte in raw) or self._may_follow(data, at + HEADER + plain)
        return plain if like_itunes else size

    def _may_follow(self, data: bytes, at: int) -> bool:
        """Whether a frame, padding or the end is there."""
        return at == len(data) or (at < len(data) and (not data[at] or _ID.fullmatch(data[at : at + 4]) is not None))

    def _plain(self, data: bytes, flags: bytes, name: str) -> bytes | None:
        """A frame's content as it was before it was packed; None, with a problem, where it can't be had."""
        if self._major == 3:
            packed, locked, grouped = bool(flags[1] & 0x80), bool(flags[1] & 0x40), bool(flags[1] & 0x20)
            unsynchronised, told = False, packed
        else:
            packed, locked, grouped = bool(flags[1] & 0x08), bool(flags[1] & 0x04), bool(flags[1] & 0x40)
            unsynchronised = self._all_unsynchronised or bool(flags[1] & 0x02)
            told = bool(flags[1] & 0x01)
        if locked:
            self.problem(f"its frame {name} is encrypted")
            return None
        skip = (4 if told else 0) + (1 if grouped else 0)
        if len(data) < skip:
            raise Broken
        data = data[skip:]
        if unsynchronised:
            data = _resynchronised(data)
        return self._inflated(data, name) if packed else data

    def _inflated(self, data: bytes, name: str) -> bytes | None:
        room = MOST_BYTES - self._unpacked
        inflating = zlib.decompressobj()
        try:
            plain = inflating.decompress(data, room + 1)
        except zlib.error:
            raise Broken from None
        if len(plain) > room:
            self._unpacked = MOST_BYTES
            self.problem(f"its frame {name} is larger, unpacked, than is read")
            return None
        if not inflating.eof:
            raise Broken
        self._unpacked += len(plain)
        return plain


def _resynchronised(data: bytes) -> bytes:
    return data.replace(b"\xff\x00", b"\xff")


def _synchsafe(data: bytes) -> int:
    """Seven bits a byte."""
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number
