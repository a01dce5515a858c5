"""The picture of the timeline as pixels, drawn by resvg."""

from __future__ import annotations

from typing import ClassVar

from cuecast.export.svg import Svg
from cuecast.model.timeline import Timeline

ZOOM = 2.0
"""Pixels for each pixel of the SVG: 2,400 wide, sharp on a phone."""


class Png:
    """The light form of the SVG, twice its size."""

    name: ClassVar[str] = "png"
    suffix: ClassVar[str] = ".png"

    def draw(self, timeline: Timeline) -> bytes:
        """The whole file."""
        import resvg_py  # 3 MB, and only for this

        return bytes(resvg_py.svg_to_bytes(svg_string=Svg().dump(timeline), zoom=ZOOM))
