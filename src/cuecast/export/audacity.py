"""A label track for Audacity: an editor then shows all events beside the sound."""

from __future__ import annotations

from typing import ClassVar

from cuecast.export.text_utils import one_line, tone_name
from cuecast.model.timeline import Event, SpeechEvent, Timeline


class Audacity:
    """One label a line, start, end and text between tabs: words as written, tones in brackets."""

    name: ClassVar[str] = "audacity"
    suffix: ClassVar[str] = ".labels.txt"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        lines = (f"{_seconds(e.start)}\t{_seconds(e.end)}\t{one_line(_words(e))}\n" for e in timeline.events)
        return "".join(lines) or "\n"


def _words(event: Event) -> str:
    return event.utterance.text if isinstance(event, SpeechEvent) else f"[{tone_name(event)}]"


def _seconds(ms: int) -> str:
    return f"{ms // 1_000}.{ms % 1_000:03}000"
