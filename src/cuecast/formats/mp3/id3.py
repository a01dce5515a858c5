"""The ID3v2.4 tag: what a track says of itself, and its chapters.

Written by hand: it is this one page, and chapters have to stand in the order of time, because not every player reads
the table of contents that says their order. mutagen, with which the tests read it back, writes shortest frames first.
"""

from __future__ import annotations

from collections.abc import Sequence

from cuecast.ports import Tags
from cuecast.timeline import Chapter, Timeline

CTOC_MAX = 255
"""Entries that a CTOC can hold."""

_UTF8 = b"\x03"
_TOP_LEVEL, _ORDERED = 2, 1
_NO_OFFSET = b"\xff" * 8
_LANGUAGES = {"en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "nl": "nld", "pt": "por"}


def tag(timeline: Timeline, tags: Tags, software: str) -> bytes:
    """The whole tag, without padding."""
    body = (
        _text("TIT2", tags.title)
        + _text("TPE1", tags.artist)
        + _text("TALB", tags.album)
        + _text("TCON", tags.genre)
        + _text("TLEN", str(timeline.duration))
        + _text("TSSE", software)
        + (_comment(tags.comment, timeline.language) if tags.comment else b"")
        + _chapters(timeline.chapters)
    )
    return b"ID3\x04\x00\x00" + _synchsafe(len(body)) + body


def _chapters(chapters: Sequence[Chapter]) -> bytes:
    names = [f"chp{i}" for i in range(len(chapters))]
    parts = []
    for name, chapter in zip(names, chapters, strict=True):
        times = chapter.start.to_bytes(4, "big") + chapter.end.to_bytes(4, "big")
        parts.append(_frame("CHAP", _latin(name) + times + _NO_OFFSET + _text("TIT2", chapter.title)))
    return (b"".join(_contents(names)) if names else b"") + b"".join(parts)


def _contents(children: list[str]) -> list[bytes]:
    """The tables of contents, the top one first: one where that holds all, else tables of tables."""
    tables: list[bytes] = []
    while len(children) > CTOC_MAX:
        level = [children[i : i + CTOC_MAX] for i in range(0, len(children), CTOC_MAX)]
        names = [f"toc{len(tables) + i}" for i in range(1, len(level) + 1)]
        tables += [_table(name, entries, _ORDERED) for name, entries in zip(names, level, strict=True)]
        children = names
    return [_table("toc", children, _TOP_LEVEL | _ORDERED), *tables]


def _table(name: str, children: list[str], flags: int) -> bytes:
    return _frame("CTOC", _latin(name) + bytes((flags, len(children))) + b"".join(map(_latin, children)))


def _comment(text: str, language: str) -> bytes:
    # ID3v2.4 asks for three letters of ISO 639-2, and for XXX where the language is not known.
    code = _LANGUAGES.get(language.partition("-")[0], "XXX").encode("ascii")
    return _frame("COMM", _UTF8 + code + b"\0" + _utf8(text))


def _text(kind: str, text: str) -> bytes:
    return _frame(kind, _UTF8 + _utf8(text))


def _frame(kind: str, data: bytes) -> bytes:
    return kind.encode("ascii") + _synchsafe(len(data)) + b"\0\0" + data


def _utf8(text: str) -> bytes:
    # A null character would part the text in two; half a surrogate pair cannot be written.
    return text.replace("\0", " ").encode("utf-8", "replace")


def _latin(name: str) -> bytes:
    return name.encode("latin-1") + b"\0"


def _synchsafe(number: int) -> bytes:
    """Four bytes of seven bits each: no size looks like the start of a frame of sound."""
    if number >= 1 << 28:
        raise ValueError(f"an ID3 tag holds less than 256 MB, not {number} bytes")
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
