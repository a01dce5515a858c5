"""Podcast chapters as JSON, version 1.2.0 of the podcast namespace: podcast apps load it beside an episode."""

from __future__ import annotations

import json
from typing import ClassVar

from cuecast.export.text_utils import one_line
from cuecast.model.timeline import Timeline

VERSION = "1.2.0"


class Chapters:
    """One chapter a line. Feeds give the file the type `application/json+chapters`."""

    name: ClassVar[str] = "chapters"
    suffix: ClassVar[str] = ".chapters.json"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        chapters = (
            {"startTime": c.start / 1_000, "endTime": c.end / 1_000, "title": one_line(c.title)}
            for c in timeline.chapters
        )
        head = _text({"version": VERSION, "title": one_line(timeline.title)})[1:-1]
        return f'{{{head},\n "chapters": [' + ",\n  ".join(map(_text, chapters)) + "]}\n"


def _text(item: dict[str, object]) -> str:
    return json.dumps(item, ensure_ascii=False)
