"""The ID3v2.4 tag: what a track says of itself, and its chapters.

Written by hand: it is this one page, and chapters have to stand in the order of time, because not every player reads
the table of contents that says their order. mutagen, with which the tests read it back, writes shortest frames first.
"""

from __future__ import annotations

from collections.abc import Sequence

from cuecast.model.timeline import Chapter, SpeechEvent, Timeline
from cuecast.protocols import Picture, Tags
from cuecast.tags import bundle
from cuecast.tags import timeline_frame as embedded
from cuecast.tags.timeline_frame import embedded_json

CTOC_MAX = 255
"""Entries that a CTOC can hold."""

_UTF8 = b"\x03"
_TOP_LEVEL, _ORDERED = 2, 1
_MILLISECONDS, _IS_LYRICS = 2, 1
_FRONT_COVER = 3
_NO_OFFSET = b"\xff" * 8
_LANGUAGES = {"en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "nl": "nld", "pt": "por"}


def tag(timeline: Timeline, tags: Tags, software: str) -> bytes:
    """The whole tag, without padding."""
    body = (
        _text("TIT2", tags.title)
        + _text("TPE1", tags.artist)
        + _text("TALB", tags.album)
        + _text("TCON", tags.genre)
        + (_text("TRCK", "{}/{}".format(*tags.track)) if tags.track else b"")
        + _text("TLEN", str(timeline.duration))
        + _text("TSSE", software)
        + (_comment(tags.comment, timeline.language) if tags.comment else b"")
        + _chapters(timeline.chapters)
        + _lyrics(timeline)
        + (_picture(tags.cover) if tags.cover else b"")
        + _attachment(embedded.MIME, embedded.FILENAME, embedded.DESCRIPTION, embedded_json(timeline))
        + (_attachment(bundle.MIME, bundle.FILENAME, bundle.DESCRIPTION, tags.source) if tags.source else b"")
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
    return _frame("COMM", _UTF8 + _code(language) + b"\0" + _utf8(text))


def _lyrics(timeline: Timeline) -> bytes:
    """The spoken words as one text (USLT), and line by line with their times (SYLT) for players that scroll them."""
    speech = [event for event in timeline.events if isinstance(event, SpeechEvent)]
    lines = [(event.start, " ".join(event.utterance.text.split())) for event in speech]
    if not lines:
        return b""
    head = _UTF8 + _code(timeline.language)
    timed = b"".join(_utf8(text) + b"\0" + start.to_bytes(4, "big") for start, text in lines)
    return _frame("USLT", head + b"\0" + _utf8("\n".join(text for _, text in lines))) + _frame(
        "SYLT", head + bytes((_MILLISECONDS, _IS_LYRICS)) + b"\0" + timed
    )


def _picture(cover: Picture) -> bytes:
    return _frame("APIC", b"\x00" + _latin(cover.mime) + bytes((_FRONT_COVER,)) + b"\0" + cover.data)


def _code(language: str) -> bytes:
    # ID3v2.4 asks for three letters of ISO 639-2, and for XXX where the language is not known.
    return _LANGUAGES.get(language.partition("-")[0], "XXX").encode("ascii")


def _attachment(mime: str, name: str, description: str, data: bytes) -> bytes:
    # Behind the chapters: what only cuecast reads must not keep a player from what it reads.
    return _frame("GEOB", b"\x00" + _latin(mime) + _latin(name) + _latin(description) + data)


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
