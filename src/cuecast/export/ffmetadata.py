"""ffmpeg's metadata: title and chapters for a track that is converted to something else."""

from __future__ import annotations

import re
from typing import ClassVar

from cuecast.export.text_utils import one_line
from cuecast.model.timeline import Timeline


class FfMetadata:
    """What `ffmpeg -i TRACK -i FILE -map_metadata 1` takes."""

    name: ClassVar[str] = "ffmetadata"
    suffix: ClassVar[str] = ".ffmetadata"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        lines = [";FFMETADATA1", f"title={_safe(timeline.title)}"]
        for chapter in timeline.chapters:
            times = [f"START={chapter.start}", f"END={chapter.end}"]
            lines += ["[CHAPTER]", "TIMEBASE=1/1000", *times, f"title={_safe(chapter.title)}"]
        return "\n".join(lines) + "\n"


def _safe(text: str) -> str:
    safe = re.sub(r"([=;#\\])", r"\\\1", one_line(text))
    return f"{safe} " if safe.endswith("\\") else safe  # ffmpeg loses a value that ends with a backslash
