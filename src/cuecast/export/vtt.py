"""WebVTT: captions that browsers and video players show, and chapters for the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from cuecast.export.text_utils import one_line
from cuecast.model.timeline import SpeechEvent, Timeline


class Vtt:
    """A caption for each utterance, with its voice."""

    name: ClassVar[str] = "vtt"
    suffix: ClassVar[str] = ".vtt"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        speech = (event for event in timeline.events if isinstance(event, SpeechEvent))
        return _file(
            timeline.title,
            ((e.start, e.end, f"<v {_safe(e.utterance.voice)}>{_safe(e.utterance.text)}") for e in speech),
        )


class ChaptersVtt:
    """A cue for each chapter, for a `<track kind="chapters">`."""

    name: ClassVar[str] = "vtt-chapters"
    suffix: ClassVar[str] = ".chapters.vtt"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        return _file(timeline.title, ((c.start, c.end, _safe(c.title)) for c in timeline.chapters))


def _file(title: str, cues: Iterable[tuple[int, int, str]]) -> str:
    # Text behind the signature is free, but must not contain an arrow.
    blocks = [f"WEBVTT {one_line(title).replace('-->', '→')}".rstrip()]
    # A cue must end after it begins, and an empty line would end its block.
    blocks += [f"{_time(start)} --> {_time(max(end, start + 1))}\n{words or '…'}" for start, end, words in cues]
    return "\n\n".join(blocks) + "\n"


def _time(ms: int) -> str:
    seconds, thousandths = divmod(ms, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"


def _safe(text: str) -> str:
    """The text on one line, without tags and arrows."""
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
