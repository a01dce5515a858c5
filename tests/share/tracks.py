"""Tracks that are quick to make: a whole tag, then silent frames."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cuecast.encode.mp3.frames import FRAME_MS, MONO
from cuecast.model.routine import Side
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.tags import Tags
from cuecast.model.timeline import Chapter, Interval, Kind, SpeechEvent, Timeline
from cuecast.tags.id3 import encode_tag

EVIL = "</script><script>alert(1)</script> <!-- ]]> \u2028 \u202e & \"q\" 'x' \x00\x1b[31m {side} $title ${x}"
SPAN = Span("legs.yaml", 9, 1, 9, 9)


def legs(
    title: str = "Legs", names: Iterable[str] = ("Calves", "Quads"), language: str = "en", cue: str = "Slowly."
) -> Timeline:
    """Each exercise left and right: 4 s of gap and 20 s of work, with a cue 5 s into it; 2 s before and after."""
    intervals = [Interval(0, 2_000, Kind.LEAD_IN)]
    events: list[SpeechEvent] = []
    chapters: list[Chapter] = []
    at = 2_000
    for name in names:
        for side in (Side.LEFT, Side.RIGHT):
            kind = Kind.TRANSITION if side is Side.LEFT else Kind.SWITCH
            intervals += [
                Interval(at, at + 4_000, kind, name, side, 1, 2),
                Interval(at + 4_000, at + 24_000, Kind.WORK, name, side, 1, 2),
            ]
            events.append(SpeechEvent(at + 9_000, at + 11_000, Utterance(cue, "coach", language), SPAN))
            chapters.append(Chapter(at if chapters else 0, at + 24_000, f"{name}, {side}"))
            at += 24_000
    intervals.append(Interval(at, at + 2_000, Kind.CLOSE))
    chapters[-1] = Chapter(chapters[-1].start, at + 2_000, chapters[-1].title)
    return Timeline(title, language, "coach", at + 2_000, tuple(intervals), tuple(events), tuple(chapters))


def track(path: Path, timeline: Timeline | None = None, comment: str | None = "For legs.") -> Path:
    """An MP3 whose tag is whole and whose sound is silence of the right length."""
    timeline = timeline or legs()
    frames = -(-timeline.duration // FRAME_MS)
    path.write_bytes(
        encode_tag(timeline, Tags(timeline.title, comment=comment), "cuecast test") + MONO.silent_frame * frames
    )
    return path


def foreign(path: Path, tagged: bytes = b"", seconds: int = 30) -> Path:
    """An MP3 from elsewhere."""
    path.write_bytes(tagged + MONO.silent_frame * (seconds * 1_000 // FRAME_MS))
    return path


def evil(path: Path) -> Path:
    """A track whose every text is hostile."""
    return track(path, legs(EVIL * 3, [EVIL, "x" * 5_000], cue=EVIL), comment=EVIL)
