"""What an ID3v2 tag holds, each kind of frame as a value. Times are integer milliseconds."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct

from cuecast.model.timeline import Chapter


class Text(Struct, frozen=True):
    """A text frame (`TIT2`, `TLEN`, …; `TXXX` with its description) or a link (`WOAR`, …, `WXXX`)."""

    id: str
    values: tuple[str, ...]
    description: str = ""


class Words(Struct, frozen=True):
    """A comment (`COMM`) or plain lyrics (`USLT`). `language` is three letters as they stand there."""

    id: str
    language: str
    description: str
    text: str


class TimedWords(Struct, frozen=True):
    """Timed lyrics (`SYLT`): (ms, text). Those that count in frames of sound are left with none, `in_frames` set."""

    language: str
    description: str
    kind: int
    lines: tuple[tuple[int, str], ...]
    in_frames: bool = False


class Picture(Struct, frozen=True):
    """An attached picture (`APIC`). `kind` 3 is the front cover; `data` is not looked at."""

    mime: str
    kind: int
    description: str
    data: bytes


class Attachment(Struct, frozen=True):
    """An attached file (`GEOB`). Its name is only words: whoever writes it to a disk has to choose a name."""

    mime: str
    filename: str
    description: str
    data: bytes


class Mark(Struct, frozen=True):
    """A chapter (`CHAP`) with the frames inside it, its title among them."""

    element: str
    start: int
    end: int
    frames: tuple[Frame, ...]

    @property
    def title(self) -> str:
        """Its `TIT2`; empty where there is none."""
        return next((f.values[0] for f in self.frames if isinstance(f, Text) and f.id == "TIT2" and f.values), "")


class Contents(Struct, frozen=True):
    """A table of contents (`CTOC`): the elements below it, in order."""

    element: str
    top: bool
    ordered: bool
    children: tuple[str, ...]
    frames: tuple[Frame, ...]


class Other(Struct, frozen=True):
    """A frame of another kind, as it stands there."""

    id: str
    data: bytes


Frame = Text | Words | TimedWords | Picture | Attachment | Mark | Contents | Other

_Kind = TypeVar("_Kind")


class Tag(Struct, frozen=True):
    """A tag as far as it can be read.

    `size` is that of the whole tag in the file (bytes): sound begins there. `problems` says what could not be read, in
    sentences for people.
    """

    version: str
    size: int
    frames: tuple[Frame, ...]
    problems: tuple[str, ...] = ()

    def all(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """The frames of that kind, in the order of the file."""
        return tuple(frame for frame in self.frames if isinstance(frame, kind))

    def text(self, id: str) -> str | None:
        """The first value of the text frame of that id; None where there is none or it is empty."""
        return next((f.values[0] for f in self.all(Text) if f.id == id and f.values and f.values[0]), None)

    def attachment(self, description: str) -> Attachment | None:
        """The attached file of that description."""
        return next((each for each in self.all(Attachment) if each.description == description), None)

    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in the order of time; those that end before they begin are left out."""
        marks = sorted(self.all(Mark), key=lambda mark: mark.start)
        return tuple(Chapter(mark.start, mark.end, mark.title) for mark in marks if mark.end >= mark.start)
