"""The ID3v2 tag that a track gets: its texts, chapters, lyrics, picture, timeline and routine.

Version 2.4, or 2.3 for players that read nothing newer. Both have the same frames; they differ in the encoding of texts
and in how the sizes of frames are written.

Written by hand: mutagen is GPL, and it sorts frames by size. Chapters must stand in the order of time, because some
players ignore the table of contents.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cuecast.model.diagnostics import Diagnostic, note
from cuecast.model.tags import Picture, Tags
from cuecast.model.timeline import Chapter, SpeechEvent, Timeline
from cuecast.tags import bundle, timeline_frame

MAX_CONTENTS = 255
"""Entries of a table of contents."""

_MAX_CHAPTER_TITLE_BYTES = 126
"""ffmpeg loses a chapter of a 2.4 tag with a longer title: it reads its size as that of a 2.3 tag."""

_LATIN_1 = b"\0"
_TOP_LEVEL, _ORDERED = 2, 1
_MILLISECONDS, _LYRICS = 2, 1
_FRONT_COVER = 3
_NO_OFFSET = b"\xff" * 8
_LANGUAGES = {"en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "nl": "nld", "pt": "por"}


def encode_tag(timeline: Timeline, tags: Tags, software: str) -> bytes:
    """The whole tag, without padding. `software` is ASCII."""
    version, language = _VERSIONS[tags.id3], _language(timeline.language)
    text, ascii_text = version.text_frame, version.ascii_frame
    frames = [
        text("TIT2", tags.title),
        text("TPE1", tags.artist),
        text("TALB", tags.album),
        text("TCON", tags.genre),
        ascii_text("TRCK", "{}/{}".format(*tags.track)) if tags.track else b"",
        ascii_text("TLEN", str(timeline.duration)),
        ascii_text("TSSE", software),
        version.language_frame("COMM", language, version.text(tags.comment)) if tags.comment else b"",
        *_chapters(timeline.chapters, version),
        *_lyrics(timeline, language, version),
        _picture(tags.cover, version) if tags.cover else b"",
        # Behind the chapters, so that a player comes to what it knows first.
        _attached_file(*timeline_frame.ATTACHMENT, timeline_frame.encode_timeline(timeline), version),
        _attached_file(*bundle.ATTACHMENT, tags.source, version) if tags.source else b"",
    ]
    body = b"".join(frames)
    return b"ID3" + bytes((version.major, 0, 0)) + _synchsafe(len(body)) + body


def id3_notes(timeline: Timeline, comment: str | None, version: str) -> tuple[Diagnostic, ...]:
    """A note on the letters that a 2.3 tag can't hold for every reader."""
    speech = (event.utterance.text for event in timeline.events if isinstance(event, SpeechEvent))
    texts = (timeline.title, comment or "", *(chapter.title for chapter in timeline.chapters), *speech)
    letters = sorted({letter for text in texts for letter in text if letter > "\uffff"})
    if version != "2.3" or not letters:
        return ()
    message = f"some players show ?? for {' '.join(letters[:10])}: an ID3v2.3 tag has no such letters"
    return (note("id3-letters", message, None, "leave them out of the routine, or write --id3 2.4"),)


class _Version(Struct, frozen=True):
    """How a version of ID3 writes texts and frames. `mark` stands before each text, `end` behind it."""

    major: int
    encoding: bytes
    codec: str
    mark: bytes
    end: bytes

    def text(self, text: str) -> bytes:
        """A text that ends with its frame."""
        # A null character would end the text; half a surrogate pair cannot be encoded.
        return self.mark + text.replace("\0", " ").encode(self.codec, "replace")

    def frame(self, name: str, data: bytes) -> bytes:
        size = _synchsafe(len(data)) if self.major == 4 else len(data).to_bytes(4, "big")
        return name.encode("ascii") + size + b"\0\0" + data

    def text_frame(self, name: str, text: str) -> bytes:
        return self.frame(name, self.encoding + self.text(text))

    def ascii_frame(self, name: str, text: str) -> bytes:
        """A text frame that is Latin-1 in all versions, as numbers must be."""
        return self.frame(name, _LATIN_1 + text.encode("ascii"))

    def language_frame(self, name: str, head: bytes, content: bytes) -> bytes:
        """A frame of texts with an empty description. `head`, which begins with the language, stands before that."""
        return self.frame(name, self.encoding + head + self.mark + self.end + content)


_VERSIONS = {
    "2.3": _Version(3, b"\x01", "utf-16-le", b"\xff\xfe", b"\0\0"),
    "2.4": _Version(4, b"\x03", "utf-8", b"", b"\0"),
}


def _attached_file(mime: str, filename: str, description: str, data: bytes, version: _Version) -> bytes:
    return version.frame("GEOB", _LATIN_1 + _latin(mime) + _latin(filename) + _latin(description) + data)


def _chapters(chapters: Sequence[Chapter], version: _Version) -> list[bytes]:
    names = [f"chp{i:03}" for i in range(len(chapters))]  # some players sort them
    frames = _contents(names, version) if names else []
    for name, chapter in zip(names, chapters, strict=True):
        times = chapter.start.to_bytes(4, "big") + chapter.end.to_bytes(4, "big")
        title = version.text_frame("TIT2", _short(chapter.title) if version.major == 4 else chapter.title)
        frames.append(version.frame("CHAP", _latin(name) + times + _NO_OFFSET + title))
    return frames


def _short(title: str) -> str:
    return title.encode("utf-8", "replace")[:_MAX_CHAPTER_TITLE_BYTES].decode("utf-8", "ignore")


def _contents(children: list[str], version: _Version) -> list[bytes]:
    """The tables of contents, the top one first: one if it can hold all entries, else tables of tables."""
    tables: list[bytes] = []
    while len(children) > MAX_CONTENTS:
        level = [children[i : i + MAX_CONTENTS] for i in range(0, len(children), MAX_CONTENTS)]
        names = [f"toc{len(tables) + i}" for i in range(1, len(level) + 1)]
        tables += [_table(name, entries, _ORDERED, version) for name, entries in zip(names, level, strict=True)]
        children = names
    return [_table("toc", children, _TOP_LEVEL | _ORDERED, version), *tables]


def _table(name: str, children: list[str], flags: int, version: _Version) -> bytes:
    return version.frame("CTOC", _latin(name) + bytes((flags, len(children))) + b"".join(map(_latin, children)))


def _lyrics(timeline: Timeline, language: bytes, version: _Version) -> list[bytes]:
    """The spoken words as one text (USLT), and line by line with their times (SYLT) for players that scroll them."""
    speech = [event for event in timeline.events if isinstance(event, SpeechEvent)]
    lines = [(event.start, " ".join(event.utterance.text.split())) for event in speech]
    if not lines:
        return []
    timed = b"".join(version.text(text) + version.end + start.to_bytes(4, "big") for start, text in lines)
    return [
        version.language_frame("USLT", language, version.text("\n".join(text for _, text in lines))),
        version.language_frame("SYLT", language + bytes((_MILLISECONDS, _LYRICS)), timed),
    ]


def _picture(cover: Picture, version: _Version) -> bytes:
    return version.frame("APIC", _LATIN_1 + _latin(cover.mime) + bytes((_FRONT_COVER,)) + b"\0" + cover.data)


def _language(language: str) -> bytes:
    """The code in ISO 639-2; XXX if it is not known."""
    return _LANGUAGES.get(language.partition("-")[0], "XXX").encode("ascii")


def _latin(name: str) -> bytes:
    return name.encode("latin-1") + b"\0"


def _synchsafe(number: int) -> bytes:
    """Four bytes of seven bits each, so that no size looks like the start of a frame of sound."""
    if number >= 1 << 28:
        raise ValueError(f"an ID3 tag holds less than 256 MB, not {number} bytes")
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
