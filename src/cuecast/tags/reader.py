"""The ID3v2 tag of any MP3, whoever wrote it: version 2.3 and 2.4, the frames that cuecast shows or uses.

Ours, because it must be bounded: whatever the bytes are, the answer is a `Tag`, with a sentence for each thing that
could not be read. At most `MAX_BYTES` are read, and compressed frames may expand to that many in all.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from typing import BinaryIO

from msgspec import Struct, field

from cuecast.model.timeline import Chapter

MAX_BYTES = 64 << 20
"""Of a tag, and again of its compressed frames. A cover has some 100 KB."""

MAX_ITEMS = 500_000
"""Frames and texts of a tag. A track of a day has 40,000 chapters, each with a name and a title."""

MAX_PROBLEMS = 20

_HEADER = 10
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
_ID = re.compile(rb"[A-Z][A-Z0-9]{2}[A-Z0-9 ]")
_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_MILLISECONDS = 2
_MAX_RATIO = 1_032
"""Deflate makes at most so many bytes of one."""


class Text(Struct, frozen=True):
    """A comment, or lyrics. `language` is three letters, as they are in the tag."""

    language: str
    description: str
    text: str


class AttachedPicture(Struct, frozen=True):
    """A picture. Kind 3 is the front cover. Nothing in `data` is checked."""

    mime: str
    kind: int
    data: bytes


class Tag(Struct):
    """A tag as far as it can be read. Times are in ms.

    `size` is that of the whole tag in the file: the sound begins behind it. `texts` maps the identifiers of text frames
    (`TIT2`, …) to their first value, `attachments` the descriptions of attached files to their data.
    """

    version: str = ""
    size: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    comments: list[Text] = field(default_factory=list)
    lyrics: list[Text] = field(default_factory=list)
    timed_lyrics: list[tuple[int, str]] = field(default_factory=list)
    pictures: list[AttachedPicture] = field(default_factory=list)
    attachments: dict[str, bytes] = field(default_factory=dict)
    chapters: list[Chapter] = field(default_factory=list)
    """In the order of time."""
    problems: list[str] = field(default_factory=list)


def read_tag(file: BinaryIO) -> Tag | None:
    """The tag at the start of the file; None if there is none. The file is left where the sound should begin."""
    file.seek(0)
    head = file.read(_HEADER)
    if len(head) < _HEADER or head[:3] != b"ID3" or any(byte > 0x7F for byte in head[6:]):
        file.seek(0)
        return None
    major, flags, length = head[3], head[5], _synchsafe(head[6:])
    footer = _HEADER if major == 4 and flags & _FOOTER else 0
    tag = Tag(f"2.{major}", _HEADER + length + footer)
    if major not in (3, 4):
        tag.problems.append(f"its tag is ID3v{tag.version}; only 2.3 and 2.4 are read")
    elif length > MAX_BYTES:
        tag.problems.append(f"its tag has {length:,} bytes, more than is read")
    else:
        _Reader(tag, major, bool(flags & _UNSYNCHRONISED)).read(file.read(length), length, bool(flags & _EXTENDED))
    tag.chapters.sort(key=lambda chapter: chapter.start)
    file.seek(tag.size)
    return tag


class _BrokenFrameError(Exception):
    """A frame that is too short, or not of the form of its identifier."""


class _TooManyItemsError(Exception):
    """More frames and texts than any tag needs."""


class _Reader:
    """Reads the frames of one tag into it, and counts what that costs."""

    def __init__(self, tag: Tag, major: int, unsynchronised: bool) -> None:
        self._tag = tag
        self._major = major
        self._unsynchronised = unsynchronised
        self._items_left = MAX_ITEMS
        self._bytes_left = MAX_BYTES

    def read(self, data: bytes, length: int, is_extended: bool) -> None:
        if len(data) < length:
            self._report(f"its tag is cut off: {len(data):,} bytes of {length:,}")
        if self._major == 3 and self._unsynchronised:
            data = _resynchronise(data)
        start = 0
        if is_extended:
            start = 4 + int.from_bytes(data[:4], "big") if self._major == 3 else max(6, _synchsafe(data[:4]))
        self._read_frames(data[start:], self._add)

    def count_item(self) -> None:
        """Count a frame or a text. Raises _TooManyItemsError if there are too many."""
        self._items_left -= 1
        if self._items_left < 0:
            raise _TooManyItemsError

    def _report(self, problem: str) -> None:
        if len(self._tag.problems) < MAX_PROBLEMS and problem not in self._tag.problems:
            self._tag.problems.append(problem)

    def _read_frames(self, data: bytes, add: Callable[[str, bytes], None]) -> None:
        """Call `add` with each frame's identifier and content, up to the padding or the first thing that is no frame."""
        at = 0
        while at + _HEADER <= len(data) and data[at]:
            if not _ID.match(data, at):
                self._report(f"its tag has no frame where one should be (byte {at:,}); what follows is not read")
                return
            name = data[at : at + 4].decode("ascii").rstrip()
            start = at + _HEADER
            at = start + self._frame_size(data, at)
            if at > len(data):
                self._report(f"its frame {name} is longer than the tag")
                return
            try:
                self.count_item()
                add(name, self._unpack(data[start:at], data[start - 1], name))
            except _BrokenFrameError as fault:
                self._report(str(fault) or f"its frame {name} is broken")
            except _TooManyItemsError:
                self._report(f"its tag has more than {MAX_ITEMS:,} frames and texts; the others are not read")
                return

    def _frame_size(self, data: bytes, at: int) -> int:
        raw = data[at + 4 : at + 8]
        plain = int.from_bytes(raw, "big")
        if self._major == 3:
            return plain
        size = _synchsafe(raw)
        if plain == size or _may_follow(data, at + _HEADER + size):
            return size
        # iTunes wrote 2.4 with the sizes of 2.3 for years.
        return plain if any(byte > 0x7F for byte in raw) or _may_follow(data, at + _HEADER + plain) else size

    def _unpack(self, data: bytes, flags: int, name: str) -> bytes:
        """A frame's content, decompressed and resynchronised."""
        if self._major == 3:
            compressed, encrypted, grouped, unsynchronised = flags & 0x80, flags & 0x40, flags & 0x20, 0
            has_length = compressed
        else:
            compressed, encrypted, grouped, has_length = flags & 0x08, flags & 0x04, flags & 0x40, flags & 0x01
            unsynchronised = flags & 0x02 or self._unsynchronised
        if encrypted:
            raise _BrokenFrameError(f"its frame {name} is encrypted")
        skip = (4 if has_length else 0) + (1 if grouped else 0)
        if len(data) < skip:
            raise _BrokenFrameError
        data = _resynchronise(data[skip:]) if unsynchronised else data[skip:]
        return self._decompress(data, name) if compressed else data

    def _decompress(self, data: bytes, name: str) -> bytes:
        decompressor = zlib.decompressobj()
        try:
            plain = decompressor.decompress(data, self._bytes_left + 1)
        except zlib.error:  # how much it made before that is not known
            self._bytes_left = max(0, self._bytes_left - _MAX_RATIO * len(data))
            raise _BrokenFrameError from None
        self._bytes_left -= len(plain)
        if self._bytes_left < 0:
            self._bytes_left = 0
            raise _BrokenFrameError(f"its frame {name} is larger, decompressed, than is read")
        if not decompressor.eof:
            raise _BrokenFrameError
        return plain

    def _add(self, name: str, data: bytes) -> None:
        fields = _Fields(data, self.count_item)
        if add := _FRAMES.get(name):
            add(self, fields)
        elif name.startswith("T") and name != "TXXX":
            self._add_text(name, fields, self._tag.texts)

    def _add_text(self, name: str, fields: _Fields, texts: dict[str, str]) -> None:
        fields.encoding()
        if text := fields.text():
            texts.setdefault(name, text)
        while not fields.at_end:  # further values: read to be counted
            fields.text()

    def _add_comment(self, fields: _Fields) -> None:
        self._tag.comments.append(_read_text(fields))

    def _add_lyrics(self, fields: _Fields) -> None:
        self._tag.lyrics.append(_read_text(fields))

    def _add_timed_lyrics(self, fields: _Fields) -> None:
        fields.encoding()
        fields.take(3)
        unit, _ = fields.number(), fields.number()
        fields.text()
        lines = []
        while not fields.at_end:
            text = fields.text()
            lines.append((fields.number(4), text))
        if unit == _MILLISECONDS and not self._tag.timed_lyrics:
            self._tag.timed_lyrics = lines

    def _add_picture(self, fields: _Fields) -> None:
        fields.encoding()
        mime, kind = fields.latin(), fields.number()
        fields.text()
        self._tag.pictures.append(AttachedPicture(mime, kind, fields.rest()))

    def _add_attachment(self, fields: _Fields) -> None:
        fields.encoding()
        fields.latin()
        _, description = fields.text(), fields.text()
        self._tag.attachments.setdefault(description, fields.rest())

    def _add_chapter(self, fields: _Fields) -> None:
        fields.latin()
        start, end = fields.number(4), fields.number(4)
        fields.take(8)  # the same as byte offsets, which are mostly unset
        texts: dict[str, str] = {}

        def add_title(name: str, data: bytes) -> None:
            if name == "TIT2":
                self._add_text(name, _Fields(data, self.count_item), texts)

        self._read_frames(fields.rest(), add_title)
        if end >= start:
            self._tag.chapters.append(Chapter(start, end, texts.get("TIT2", "")))


_FRAMES: Mapping[str, Callable[[_Reader, _Fields], None]] = {
    "COMM": _Reader._add_comment,
    "USLT": _Reader._add_lyrics,
    "SYLT": _Reader._add_timed_lyrics,
    "APIC": _Reader._add_picture,
    "GEOB": _Reader._add_attachment,
    "CHAP": _Reader._add_chapter,
}


class _Fields:
    """A frame's content, read from the front, field by field. Raises only _BrokenFrameError and _TooManyItemsError."""

    def __init__(self, data: bytes, count_item: Callable[[], None]) -> None:
        self._data = data
        self._count_item = count_item
        self._at = 0
        self._encoding = 0
        self._byte_order = "utf-16-le"

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._data)

    def take(self, count: int) -> bytes:
        """The next bytes. Raises _BrokenFrameError if there are fewer."""
        if self._at + count > len(self._data):
            raise _BrokenFrameError
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, size: int = 1) -> int:
        return int.from_bytes(self.take(size), "big")

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)

    def encoding(self) -> None:
        """Read the byte that says how the texts behind it are encoded."""
        self._encoding = self.number()
        if self._encoding >= len(_ENCODINGS):
            raise _BrokenFrameError

    def latin(self) -> str:
        """A text in Latin-1, whatever the frame's encoding, up to its null character or the end."""
        return self._until_null(1).decode("latin-1")

    def text(self) -> str:
        """A text in the frame's encoding, up to its null character or the end; U+FFFD for what can't be decoded."""
        if self._encoding != 1:
            return self._until_null(2 if self._encoding == 2 else 1).decode(_ENCODINGS[self._encoding], "replace")
        data = self._until_null(2)
        # Some programs write the byte order mark only before the first text of a frame, or not at all.
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self._byte_order = "utf-16-le" if data[0] == 0xFF else "utf-16-be"
            data = data[2:]
        return data.decode(self._byte_order, "replace")

    def _until_null(self, width: int) -> bytes:
        """The bytes before the null character, which is skipped."""
        self._count_item()
        end = self._data.find(bytes(width), self._at)
        while end >= 0 and (end - self._at) % width:
            end = self._data.find(bytes(width), end + 1)
        end = end if end >= 0 else len(self._data)
        text = self._data[self._at : end]
        self._at = min(end + width, len(self._data))
        return text


def _read_text(fields: _Fields) -> Text:
    fields.encoding()
    language = fields.take(3).decode("latin-1").rstrip("\0 ")
    return Text(language, fields.text(), fields.text())


def _may_follow(data: bytes, at: int) -> bool:
    """Whether a frame, padding or the end is there."""
    return at == len(data) or (at < len(data) and (not data[at] or _ID.match(data, at) is not None))


def _resynchronise(data: bytes) -> bytes:
    return data.replace(b"\xff\x00", b"\xff")


def _synchsafe(data: bytes) -> int:
    """A number of seven bits a byte."""
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number
