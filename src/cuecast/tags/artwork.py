"""The picture of a track: its title and length inside a ring of its intervals, drawn from the timeline alone.

The ring begins at the top and runs clockwise. Each work is a bright arc in the colour of its exercise, what lies between
is dim. So two tracks look different at the size of a thumb, where nobody can read a title.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cuecast.cache import Cache, recipe_key
from cuecast.errors import UnusableAudioError
from cuecast.library import Library
from cuecast.model.tags import Picture
from cuecast.model.timeline import Kind, Timeline
from cuecast.options import OptionError
from cuecast.versions import version

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SIZE = 600
"""Width and height, in pixels: sharp on a phone's lock screen, and some 15 kB."""

MIN_PIXELS, MAX_PIXELS = 300, 1_400
"""The shorter side of a user's own picture, and its longer side in a track."""

MAX_BYTES = 20_000_000
"""Of a user's own picture."""

COVER_VERSION = 3
"""Part of the recipe: raise it with any change to what is drawn."""

_SCALE = 3
"""The picture is drawn so many times as large and then reduced, for smooth edges."""

_MIDDLE = SIZE * _SCALE / 2

_BACKGROUND = "#101820"
_TITLE_COLOUR, _LENGTH_COLOUR = "#f4f1ea", "#9fb0bd"
_GAP_COLOUR, _SPEECH_COLOUR = "#2b3a47", "#46586a"
_WORK_COLOURS = ("#ff8a5c", "#ffc857", "#7bd389", "#4fb3d9", "#b48cf2", "#f27ba5")
_PALETTE_SIZE = 96

_OUTER, _INNER = 0.945 * _MIDDLE, 0.80 * _MIDDLE

_HAIRLINE_DEGREES = 0.7
"""Between two works that touch; half of it is the shortest arc."""

_MAX_LINES = 4
_TITLE_SIZES = range(96, 29, -3)
_LENGTH_SIZE = 54
_LINE_HEIGHT = 1.16

_Arc = tuple[float, float, str]
"""Where it begins and ends, in degrees clockwise from the top, and its colour."""


def draw_cover(timeline: Timeline, cache: Cache) -> Picture:
    """The picture, as PNG. The same title, length and intervals are drawn once."""
    arcs, length = list(_arcs(timeline)), length_text(timeline.duration)
    pillow = version("pillow", "PIL")
    recipe = {"cover": COVER_VERSION, "pillow": pillow, "title": timeline.title, "length": length, "arcs": arcs}
    key = recipe_key(recipe)
    data = cache.get(key)
    if data is None:
        data = _draw(timeline.title, length, arcs)
        cache.put(key, data)
    return Picture("image/png", data)


def read_cover(path: Path, library: Library) -> Picture:
    """A user's picture in the file `path`. Raises OptionError if it can't be used."""
    library.record(path)
    try:
        with path.open("rb") as file:
            return load_cover(file.read(MAX_BYTES + 1))
    except (OSError, ValueError, UnusableAudioError) as fault:
        reason = getattr(fault, "strerror", None) or fault
        hint = "name a PNG or JPEG file, or write --cover off for a track without a picture"
        raise OptionError(f"--cover {path}: {reason}", hint) from None


def load_cover(data: bytes) -> Picture:
    """A user's picture as it is. One that is larger than players like is reduced, as JPEG.

    Raises UnusableAudioError if it is not a PNG or JPEG, is damaged, or is too small.
    """
    from PIL import Image, UnidentifiedImageError

    if len(data) > MAX_BYTES:
        raise UnusableAudioError(f"it has more than {MAX_BYTES // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow only warns of a picture that unpacks to gigabytes
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
            if min(image.size) < MIN_PIXELS:
                size = f"{image.width} by {image.height} pixels"
                raise UnusableAudioError(f"it has {size}, and needs at least {MIN_PIXELS} by {MIN_PIXELS}")
            image.load()
            if max(image.size) <= MAX_PIXELS:
                return Picture("image/png" if image.format == "PNG" else "image/jpeg", data)
            image.thumbnail((MAX_PIXELS, MAX_PIXELS))
            target = io.BytesIO()
            image.convert("RGB").save(target, "JPEG", quality=88)
            return Picture("image/jpeg", target.getvalue())
    except UnidentifiedImageError:
        raise UnusableAudioError("it is not a PNG or JPEG picture") from None
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as fault:
        raise UnusableAudioError(f"it is damaged, or too large: {fault}") from None


def length_text(ms: int) -> str:
    """A length as a cover shows it: `45 s`, `12 min`, `1 h 05`."""
    seconds = round(ms / 1000)
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def _arcs(timeline: Timeline) -> Iterator[_Arc]:
    colours: dict[str | None, str] = {}
    for interval in timeline.intervals:
        start, end = (round(360 * at / timeline.duration, 2) for at in (interval.start, interval.end))
        if interval.kind is Kind.WORK:  # an exercise has one colour, in all rounds and on both sides
            colour = colours.setdefault(interval.exercise, _WORK_COLOURS[len(colours) % len(_WORK_COLOURS)])
            yield start, max(end - _HAIRLINE_DEGREES, start + _HAIRLINE_DEGREES / 2), colour
        elif interval.kind is Kind.SAY:
            yield start, end, _SPEECH_COLOUR


def _draw(title: str, length: str, arcs: list[_Arc]) -> bytes:
    from PIL import Image, ImageDraw  # only needed to write a track

    image = Image.new("RGB", (SIZE * _SCALE, SIZE * _SCALE), _BACKGROUND)
    draw = ImageDraw.Draw(image)
    draw.circle((_MIDDLE, _MIDDLE), _OUTER, fill=_GAP_COLOUR)
    for start, end, colour in arcs:
        draw.polygon(_ring_segment(start, end), fill=colour)
    draw.circle((_MIDDLE, _MIDDLE), _INNER, fill=_BACKGROUND)
    _draw_text(draw, title, length)
    small = image.reduce(_SCALE)
    few_colours = small.quantize(_PALETTE_SIZE, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    target = io.BytesIO()
    few_colours.save(target, "PNG")  # `optimize` takes half as long again as all the drawing, for 2 kB
    return target.getvalue()


def _ring_segment(start: float, end: float) -> list[tuple[float, float]]:
    """A part of the ring, with straight lines for each degree: ten times as fast as Pillow's own arcs."""
    steps = max(1, math.ceil(end - start))
    angles = [math.radians(start - 90 + (end - start) * step / steps) for step in range(steps + 1)]
    rays = [(math.cos(angle), math.sin(angle)) for angle in angles]
    outer, inner = ([(_MIDDLE + radius * x, _MIDDLE + radius * y) for x, y in rays] for radius in (_OUTER, _INNER))
    return outer + inner[::-1]


def _draw_text(draw: ImageDraw, title: str, length: str) -> None:
    """The title, as large as the disc allows, and the length under it; the length alone if there is no title."""
    title = _drawable(title)
    if not title:
        draw.text((_MIDDLE, _MIDDLE), length, fill=_TITLE_COLOUR, font=_font(120), anchor="mm")
        return
    font, lines = _fit_title(title)
    step = font.size * _LINE_HEIGHT
    length_font = _font(_LENGTH_SIZE)
    height = step * len(lines) + length_font.size * 1.5
    top = _MIDDLE - height / 2 + step / 2
    for number, line in enumerate(lines):
        draw.text((_MIDDLE, top + number * step), line, fill=_TITLE_COLOUR, font=font, anchor="mm")
    bottom = _MIDDLE + height / 2 - length_font.size * 0.55
    draw.text((_MIDDLE, bottom), length, fill=_LENGTH_COLOUR, font=length_font, anchor="mm")


def _fit_title(title: str) -> tuple[FreeTypeFont, list[str]]:
    """The largest font in which the title fits into the disc, and its lines; a title that is too long is cut."""
    for size in _TITLE_SIZES:
        if lines := _wrap(title, _font(size)):
            return _font(size), lines
    font = _font(_TITLE_SIZES[-1])
    while not (lines := _wrap(title.rstrip() + "…", font)):
        title = title[: len(title) * 9 // 10]
    return font, lines


def _wrap(title: str, font: FreeTypeFont) -> list[str]:
    """The title in as few lines as possible; none if it needs more lines than there can be."""
    words = title.split()
    for count in range(1, _MAX_LINES + 1):
        # The outermost lines have the least room: a chord of the disc, a little inside.
        height = (count / 2 * _LINE_HEIGHT + 0.8) * font.size
        if height >= _INNER * 0.9:
            return []
        space = 1.84 * (_INNER**2 - height**2) ** 0.5
        lines: list[str] = []
        for word in words:
            if lines and font.getlength(f"{lines[-1]} {word}") <= space:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        if len(lines) <= count and all(font.getlength(line) <= space for line in lines):
            return lines
    return []


def _drawable(title: str) -> str:
    """The letters of a title that the font has: those of Europe. Empty for a Cyrillic or Chinese title."""
    font = _font(32)
    missing = bytes(font.getmask("\uffff"))
    letters = {each for each in set(title) if each.isspace() or bytes(font.getmask(each)) != missing}
    drawable = " ".join("".join(each for each in title if each in letters).split())
    return drawable if any(map(str.isalnum, drawable)) else ""


@cache
def _font(size: int) -> FreeTypeFont:
    """Pillow's own font: the same pixels on every machine."""
    from PIL import ImageFont

    font = ImageFont.load_default(size * _SCALE)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
