"""A track to share: an MP3, read. What it says of itself is a stranger's word, and is cut and cleaned here, once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from io import BufferedReader
from pathlib import Path

from msgspec import Struct

from cuecast.model.diagnostics import Diagnostic, error, warning
from cuecast.model.timeline import Chapter, Interval
from cuecast.tags.reader import read_tag
from cuecast.tags.reader.model import Tag, Words
from cuecast.tags.reader.sound import length_ms
from cuecast.tags.timeline_frame import DESCRIPTION, NoTimelineError, SpokenText, TrackMetadata, read_embedded

_MOST_TITLE = 200
_MOST_WORDS = 1_000
_NAME_BYTES = 100
_OFF_BY_MS = 2_000
"""By how much the sound may be longer or shorter than the timeline says: more, and it is another track's."""

_JOINERS = "\u200c\u200d"
_RESERVED = re.compile(r"(index|con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class Shared(Struct, frozen=True):
    """A track as its page needs it. Times in ms. `intervals` is empty where cuecast did not make it."""

    name: str
    source: Path
    size: int
    digest: str
    title: str
    language: str
    summary: str
    duration: int
    intervals: tuple[Interval, ...]
    chapters: tuple[Chapter, ...]
    said: tuple[SpokenText, ...]

    @property
    def exercises(self) -> int:
        """How many different ones there are."""
        return len({each.exercise for each in self.intervals if each.kind == "work"})


def read_track(path: Path) -> tuple[Shared | None, list[Diagnostic]]:
    """The track in a file, and what is to be said of it; None where it is no MP3. Raises OSError."""
    with path.open("rb") as file:
        tag = read_tag(file)
        sound_ms = length_ms(file, tag.size if tag else 0)
        if not sound_ms:
            hint = "share what `cuecast render` made, or another MP3"
            return None, [error("not-a-track", f"{_shown(path)}: there is no MP3 sound in it", None, hint)]
        size, digest = _measured(file)
    problems = list(tag.problems) if tag else []
    inside = _inside(tag, sound_ms, problems)
    duration = inside.duration if inside else sound_ms
    chapters = inside.chapters if inside and inside.chapters else tag.chapters() if tag else ()
    title = clean((tag and tag.text("TIT2")) or (inside and inside.title) or path.stem, _MOST_TITLE)
    shared = Shared(
        name=name_of(path),
        source=path,
        size=size,
        digest=digest,
        title=title or name_of(path),
        language=_language(inside.language if inside else ""),
        summary=_summary(tag),
        duration=duration,
        intervals=tuple(_cleaned(each) for each in inside.intervals) if inside else (),
        chapters=_chapters(chapters, duration),
        said=tuple(SpokenText(s.start, s.end, clean(s.text, _MOST_WORDS)) for s in inside.said) if inside else (),
    )
    hint = "the sound is shared as it is; `cuecast render` makes a whole track"
    return shared, [warning("broken-tag", f"{_shown(path)}: {problem}", None, hint) for problem in problems]


def name_of(path: Path) -> str:
    """What the track's files are called: the file's own name, without what some host, disk or address can't take."""
    kept = "".join(c if c.isalnum() or c in " -_.,()'!" else "-" for c in unicodedata.normalize("NFC", path.stem))
    short = kept.encode("utf-8", "ignore")[:_NAME_BYTES].decode("utf-8", "ignore").strip(" .-")
    if not short:
        return "track"
    return f"{short}-track" if _RESERVED.fullmatch(short) else short


def clean(text: str, most: int) -> str:
    """The text on one line, cut at `most`, without what steers a terminal, turns letters round or XML can't hold."""
    plain = "".join(c if c.isprintable() or c in _JOINERS else " " for c in text[: 4 * most])
    short = " ".join(plain.split())
    return short if len(short) <= most else short[: most - 1] + "…"


def _inside(tag: Tag | None, sound_ms: int, problems: list[str]) -> TrackMetadata | None:
    attached = tag.attachment(DESCRIPTION) if tag else None
    if attached is None:
        return None
    try:
        found = read_embedded(attached.data)
    except NoTimelineError as fault:
        problems.append(str(fault))
        return None
    if abs(found.duration - sound_ms) > _OFF_BY_MS:
        problems.append("its timeline is as long as another sound: was it cut after it was made?")
        return None
    return found


def _chapters(found: tuple[Chapter, ...], duration: int) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(each.start, min(each.end, duration), clean(each.title, _MOST_TITLE))
        for each in found
        if each.start < duration
    )


def _cleaned(each: Interval) -> Interval:
    name = clean(each.exercise, _MOST_TITLE) if each.exercise else None
    return Interval(each.start, each.end, each.kind, name, each.side, each.round, each.rounds)


def _summary(tag: Tag | None) -> str:
    comments = [each for each in tag.all(Words) if each.id == "COMM" and not each.description] if tag else []
    return clean(comments[0].text, _MOST_WORDS) if comments else ""


def _language(told: str) -> str:
    return told if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", told) else "en"


def _measured(file: BufferedReader) -> tuple[int, str]:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    return file.tell(), digest


def _shown(path: Path) -> str:
    return clean(str(path), _MOST_TITLE)
