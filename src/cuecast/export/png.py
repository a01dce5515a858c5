"""The picture of the timeline as pixels, drawn by resvg: an extra, `cuecast[pictures]`."""

from __future__ import annotations

from typing import ClassVar

from cuecast.errors import SetupError
from cuecast.export.svg import Svg
from cuecast.model.timeline import Timeline
from cuecast.versions import is_installed

ZOOM = 2.0
"""Pixels for each of the SVG's: sharp on a phone, and 2,400 wide."""


class Png:
    """The light one of the SVG's two looks, twice its size."""

    name: ClassVar[str] = "png"
    suffix: ClassVar[str] = ".png"

    def check(self) -> None:
        """Raise SetupError, with a hint, where what draws it is not installed. Quick: a look around."""
        if not is_installed("resvg_py"):
            raise SetupError(
                "PNG needs resvg, which is not installed here", 'pip install "cuecast[pictures]", or take svg'
            )

    def draw(self, timeline: Timeline) -> bytes:
        """The whole file."""
        self.check()
        import resvg_py  # 3 MB, and only for this

        return bytes(resvg_py.svg_to_bytes(svg_string=Svg().dump(timeline), zoom=ZOOM))
