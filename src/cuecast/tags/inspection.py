"""What is in a track, as JSON values: tags, pictures, lyrics, chapters, the routine."""

from __future__ import annotations

from pathlib import Path

from cuecast.tags.bundle import Bundle, NotABundle
from cuecast.tags.extract import bundle_of
from cuecast.tags.mp3_length import length_ms
from cuecast.tags.reader import Tag, read_tag
from cuecast.tags.timeline_frame import DESCRIPTION, NoTimelineError, read_timeline

TEXTS = {
    "TIT2": "title",
    "TPE1": "artist",
    "TALB": "album",
    "TRCK": "track",
    "TCON": "genre",
    "TSSE": "made by",
}
"""The frames with a text, and what it is called."""


def inspect_track(path: Path) -> dict[str, object] | None:
    """What is in an MP3, whoever made it; `problems` lists what could not be read. None for anything else.

    Raises OSError.
    """
    with path.open("rb") as file:
        tag = read_tag(file)
        ms = length_ms(file, tag.size if tag else 0)
    if tag is None and ms is None:
        return None
    facts, problems = _facts(tag or Tag(), ms)
    return {**facts, "problems": problems}


def _facts(tag: Tag, ms: int | None) -> tuple[dict[str, object], list[str]]:
    """What is in a track, as JSON values, and what could not be read."""
    problems = list(tag.problems)
    facts: dict[str, object] = {name: tag.texts[id_] for id_, name in TEXTS.items() if id_ in tag.texts}
    if ms is not None:
        facts["duration"] = ms / 1_000
    facts["tag"] = {"version": tag.version, "bytes": tag.size} if tag.size else None
    if comment := next((each.text for each in tag.comments if each.text), None):
        facts["comment"] = comment
    facts["pictures"] = [{"mime": each.mime, "kind": each.kind, "bytes": len(each.data)} for each in tag.pictures]
    facts["lyrics"] = {
        "language": tag.lyrics[0].language if tag.lyrics else None,
        "lines": len(tag.lyrics[0].text.splitlines()) if tag.lyrics else 0,
        "timed": len(tag.timed_lyrics),
    }
    facts["chapters"] = [
        {"start": each.start / 1_000, "end": each.end / 1_000, "title": each.title} for each in tag.chapters
    ]
    bundle = None
    try:
        if DESCRIPTION in tag.attachments:
            timeline = read_timeline(tag.attachments[DESCRIPTION])
            spoken = {"voice": timeline.voice, "spoken_by": timeline.spoken_by}
            facts["timeline"] = {"language": timeline.language, **spoken, "cautions": list(timeline.cautions)}
    except NoTimelineError as fault:
        problems.append(str(fault))
    try:
        bundle = bundle_of(tag)
    except NotABundle as fault:
        problems.append(str(fault))
    facts["routine"] = _bundle(bundle) if bundle else None
    return facts, problems


def _bundle(bundle: Bundle) -> dict[str, object]:
    return {
        "cuecast": bundle.cuecast,
        "routine": bundle.routine,
        "options": dict(bundle.options),
        "files": {path: len(content) for path, content in bundle.files.items()},
        "elsewhere": dict(bundle.elsewhere),
    }
