"""The ID3v2.4 tag that a track gets: its texts, chapters, lyrics, picture, timeline and routine.

Written by hand: mutagen is GPL, and it sorts frames by size. Chapters must stand in the order of time, because some
players ignore the table of contents.
"""

from __future__ import annotations

from collections.abc import Sequence

from cuecast.model.tags import Picture, Tags
from cuecast.model.timeline import Chapter, SpeechEvent, Timeline
from cuecast.tags import bundle, timeline_frame

MAX_CONTENTS = 255
"""Entries of a table of contents."""

_MAX_CHAPTER_TITLE_BYTES = 126
"""ffmpeg loses a chapter with a longer title."""

_UTF8 = b"\x03"
_TOP_LEVEL, _ORDERED = 2, 1
_MILLISECONDS, _LYRICS = 2, 1
_FRONT_COVER = 3
_NO_OFFSET = b"\xff" * 8
_LANGUAGES = {"en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "nl": "nld", "pt": "por"}


def encode_tag(timeline: Timeline, tags: Tags, software: str) -> bytes:
    """The whole tag, without padding."""
    language = _language(timeline.language)
    frames = [
        _text("TIT2", tags.title),
        _text("TPE1", tags.artist),
        _text("TALB", tags.album),
        _text("TCON", tags.genre),
        _text("TRCK", "{}/{}".format(*tags.track)) if tags.track else b"",
        _text("TLEN", str(timeline.duration)),
        _text("TSSE", software),
        _frame("COMM", _UTF8 + language + b"\0" + _utf8(tags.comment)) if tags.comment else b"",
        *_chapters(timeline.chapters),
        *_lyrics(timeline, language),
        _picture(tags.cover) if tags.cover else b"",
        # Behind the chapters, so that a player comes to what it knows first.
        attached_file(*timeline_frame.ATTACHMENT, timeline_frame.encode_timeline(timeline)),
        attached_file(*bundle.ATTACHMENT, tags.source) if tags.source else b"",
    ]
    body = b"".join(frames)
    return b"ID3\x04\x00\x00" + _synchsafe(len(body)) + body


def attached_file(mime: str, filename: str, description: str, data: bytes) -> bytes:
    """The frame of an attached file (GEOB)."""
    return _frame("GEOB", b"\x00" + _latin(mime) + _latin(filename) + _latin(description) + data)


def _chapters(chapters: Sequence[Chapter]) -> list[bytes]:
    names = [f"chp{i:03}" for i in range(len(chapters))]  # some players sort them
    frames = _contents(names) if names else []
    for name, chapter in zip(names, chapters, strict=True):
        times = chapter.start.to_bytes(4, "big") + chapter.end.to_bytes(4, "big")
        frames.append(_frame("CHAP", _latin(name) + times + _NO_OFFSET + _text("TIT2", _short(chapter.title))))
    return frames


def _short(title: str) -> str:
    return title.encode("utf-8", "replace")[:_MAX_CHAPTER_TITLE_BYTES].decode("utf-8", "ignore")


def _contents(children: list[str]) -> list[bytes]:
    """The tables of contents, the top one first: one if it can hold all entries, else tables of tables."""
    tables: list[bytes] = []
    while len(children) > MAX_CONTENTS:
        level = [children[i : i + MAX_CONTENTS] for i in range(0, len(children), MAX_CONTENTS)]
        names = [f"toc{len(tables) + i}" for i in range(1, len(level) + 1)]
        tables += [_table(name, entries, _ORDERED) for name, entries in zip(names, level, strict=True)]
        children = names
    return [_table("toc", children, _TOP_LEVEL | _ORDERED), *tables]


def _table(name: str, children: list[str], flags: int) -> bytes:
    return _frame("CTOC", _latin(name) + bytes((flags, len(children))) + b"".join(map(_latin, children)))


def _lyrics(timeline: Timeline, language: bytes) -> list[bytes]:
    """The spoken words as one text (USLT), and line by line with their times (SYLT) for players that scroll them."""
    speech = [event for event in timeline.events if isinstance(event, SpeechEvent)]
    lines = [(event.start, _utf8(" ".join(event.utterance.text.split()))) for event in speech]
    if not lines:
        return []
    head = _UTF8 + language
    timed = b"".join(text + b"\0" + start.to_bytes(4, "big") for start, text in lines)
    return [
        _frame("USLT", head + b"\0" + b"\n".join(text for _, text in lines)),
        _frame("SYLT", head + bytes((_MILLISECONDS, _LYRICS)) + b"\0" + timed),
    ]


def _picture(cover: Picture) -> bytes:
    return _frame("APIC", b"\x00" + _latin(cover.mime) + bytes((_FRONT_COVER,)) + b"\0" + cover.data)


def _language(language: str) -> bytes:
    """The code in ISO 639-2; XXX if it is not known."""
    return _LANGUAGES.get(language.partition("-")[0], "XXX").encode("ascii")


def _text(name: str, text: str) -> bytes:
    return _frame(name, _UTF8 + _utf8(text))


def _frame(name: str, data: bytes) -> bytes:
    return name.encode("ascii") + _synchsafe(len(data)) + b"\0\0" + data


def _utf8(text: str) -> bytes:
    # A null character would end the text; half a surrogate pair cannot be encoded.
    return text.replace("\0", " ").encode("utf-8", "replace")


def _latin(name: str) -> bytes:
    return name.encode("latin-1") + b"\0"


def _synchsafe(number: int) -> bytes:
    """Four bytes of seven bits each, so that no size looks like the start of a frame of sound."""
    if number >= 1 << 28:
        raise ValueError(f"an ID3 tag holds less than 256 MB, not {number} bytes")
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
