"""The picture of a track: its title and length inside a ring of its intervals, drawn from the timeline alone.

The ring begins at the top and runs clockwise, as a clock does: each work a bright arc, in the colour of its exercise,
what lies between dim. So two tracks are told apart at the size of a thumb, where no title can be read.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from cuecast.cache import Cache, recipe_key
from cuecast.errors import UnusableAudioError
from cuecast.model.timeline import Kind, Timeline
from cuecast.protocols import Picture
from cuecast.versions import version

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SIZE = 600
"""Width and height, in pixels: sharp on a phone's lock screen, and some 15 kB."""

LEAST, MOST = 300, 1_400
"""Pixels of the shorter side of a user's own picture, and of its longer side in a track."""

MAX_BYTES = 20_000_000
"""The largest file that is looked at for a picture."""

COVER_VERSION = 3
"""Part of the recipe: raise it with any change to what is drawn."""

_FINE = 3
"""Everything is drawn so many times as large, and then made smaller: smooth edges."""

_PNG, _JPEG = "image/png", "image/jpeg"

_GROUND = "#101820"
_INK = "#f4f1ea"
_FAINT = "#9fb0bd"
_BETWEEN = "#2b3a47"
_SPOKEN = "#46586a"
_WORKS = ("#ff8a5c", "#ffc857", "#7bd389", "#4fb3d9", "#b48cf2", "#f27ba5")

_RING = (0.945, 0.80)
"""The ring's outer and inner radius, of half the size."""

_HAIR_DEGREES = 0.7
"""Between two works that touch, and the least that any of them has to show."""

_COLOURS = 96
_MOST_LINES = 4
_TITLE_SIZES = range(96, 29, -3)
_LINE = 1.16
_ELLIPSIS = "…"


def cover(timeline: Timeline, kept: Cache) -> Picture:
    """The picture, as PNG; drawn once for the same title, length and intervals."""
    arcs = list(_arcs(timeline))
    recipe = {
        "cover": COVER_VERSION,
        "pillow": version("pillow", "PIL"),
        "title": timeline.title,
        "length": length_in_words(timeline.duration),
        "arcs": arcs,
    }
    key = recipe_key(recipe)
    if (found := kept.get(key)) is not None:
        return Picture(_PNG, found)
    made = _drawn(timeline.title, length_in_words(timeline.duration), arcs)
    kept.put(key, made)
    return Picture(_PNG, made)


def own_cover(data: bytes) -> Picture:
    """A picture of the user's, as it is; one that is larger than players like is made smaller, as JPEG.

    Raises UnusableAudioError for anything that is no PNG or JPEG, is damaged, or is too small.
    """
    from PIL import Image, UnidentifiedImageError

    if len(data) > MAX_BYTES:
        raise UnusableAudioError(f"it has more than {MAX_BYTES // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a picture that unpacks to gigabytes is only warned of
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
            if min(image.size) < LEAST:
                raise UnusableAudioError(
                    f"it is {image.width} by {image.height} pixels; {LEAST} by {LEAST} are the least"
                )
            image.load()
            if max(image.size) <= MOST:
                return Picture(_PNG if image.format == "PNG" else _JPEG, data)
            image.thumbnail((MOST, MOST))
            target = io.BytesIO()
            image.convert("RGB").save(target, "JPEG", quality=88)
            return Picture(_JPEG, target.getvalue())
    except UnidentifiedImageError:
        raise UnusableAudioError("it is no PNG or JPEG picture") from None
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as fault:
        raise UnusableAudioError(f"it is damaged, or too large: {fault}") from None


def length_in_words(ms: int) -> str:
    """A length as a cover shows it: `45 s`, `12 min`, `1 h 05`."""
    seconds = round(ms / 1000)
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def _arcs(timeline: Timeline) -> Iterator[tuple[float, float, str]]:
    """The parts of the ring: where each begins and ends, in degrees clockwise from the top, and its colour."""
    colours: dict[str | None, str] = {}
    for interval in timeline.intervals:
        begin, end = (round(360 * at / timeline.duration, 2) for at in (interval.start, interval.end))
        match interval.kind:
            case Kind.WORK:
                # A colour each, in turn: what has the same name has the same colour, in all rounds and on both sides.
                colour = colours.setdefault(interval.exercise, _WORKS[len(colours) % len(_WORKS)])
                yield begin, max(end - _HAIR_DEGREES, begin + _HAIR_DEGREES / 2), colour
            case Kind.SAY:
                yield begin, end, _SPOKEN


def _drawn(title: str, length: str, arcs: list[tuple[float, float, str]]) -> bytes:
    from PIL import Image, ImageDraw  # only where a track is written

    size = SIZE * _FINE
    image = Image.new("RGB", (size, size), _GROUND)
    draw = ImageDraw.Draw(image)
    outer, inner = (share * size / 2 for share in _RING)
    _disc(draw, outer, _BETWEEN)
    for begin, end, colour in arcs:
        draw.polygon(_segment(begin, end, outer, inner), fill=colour)
    _disc(draw, inner, _GROUND)
    _words(draw, title, length, inner)
    small = image.reduce(_FINE)
    few = small.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    target = io.BytesIO()
    few.save(target, "PNG")  # `optimize` would take half as long again as all the drawing, for 2 kB
    return target.getvalue()


def _words(draw: ImageDraw, title: str, length: str, radius: float) -> None:
    """The title, as large as the disc lets it be, and the length under it; or the length alone."""
    middle = SIZE * _FINE / 2
    title = _drawable(title)
    if not title:
        draw.text((middle, middle), length, fill=_INK, font=_font(120), anchor="mm")
        return
    font, lines = _set(title, radius)
    step = font.size * _LINE
    below = _font(54)
    block = step * len(lines) + below.size * 1.5
    top = middle - block / 2 + step / 2
    for number, line in enumerate(lines):
        draw.text((middle, top + number * step), line, fill=_INK, font=font, anchor="mm")
    draw.text((middle, middle + block / 2 - below.size * 0.55), length, fill=_FAINT, font=below, anchor="mm")


def _set(title: str, radius: float) -> tuple[FreeTypeFont, list[str]]:
    """The largest font in which the title fits into the disc, and its lines."""
    for size in _TITLE_SIZES:
        font = _font(size)
        lines = _wrapped(title, font, radius)
        if lines:
            return font, lines
    font, kept = _font(_TITLE_SIZES[-1]), title
    while not (lines := _wrapped(kept.rstrip() + _ELLIPSIS, font, radius)):
        kept = kept[: len(kept) * 9 // 10]
    return font, lines


def _wrapped(title: str, font: FreeTypeFont, radius: float) -> list[str]:
    """The title in as few lines as hold it; none where it takes more than there may be."""
    words = title.split()
    for count in range(1, _MOST_LINES + 1):
        # The outermost lines have the least room: a chord of the disc, a little inside.
        height = (count / 2 * _LINE + 0.8) * font.size
        if height >= radius * 0.9:
            return []
        room = 1.84 * (radius**2 - height**2) ** 0.5
        lines = _filled(words, font, room)
        if len(lines) <= count and all(font.getlength(line) <= room for line in lines):
            return lines
    return []


def _filled(words: list[str], font: FreeTypeFont, room: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and font.getlength(f"{lines[-1]} {word}") <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _drawable(title: str) -> str:
    """What our font has of a title: the letters of Europe; of a Cyrillic or Chinese one, nothing."""
    font = _font(32)
    missing = bytes(font.getmask("\uffff"))
    letters = {each for each in set(title) if each.isspace() or bytes(font.getmask(each)) != missing}
    kept = " ".join("".join(each for each in title if each in letters).split())
    return kept if any(map(str.isalnum, kept)) else ""


@cache
def _font(size: int) -> FreeTypeFont:
    """The font that comes with the library: the same pixels on every machine."""
    from PIL import ImageFont

    font = ImageFont.load_default(size * _FINE)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def _segment(begin: float, end: float, outer: float, inner: float) -> list[tuple[float, float]]:
    """A part of a ring, its arcs as lines of a degree at most: a tenth of the time that Pillow takes for its own."""
    middle, steps = SIZE * _FINE / 2, max(1, math.ceil(end - begin))
    turns = [math.radians(begin - 90 + (end - begin) * step / steps) for step in range(steps + 1)]
    rays = [(math.cos(turn), math.sin(turn)) for turn in turns]
    far = [(middle + outer * x, middle + outer * y) for x, y in rays]
    near = [(middle + inner * x, middle + inner * y) for x, y in rays]
    return far + near[::-1]


def _disc(draw: ImageDraw, radius: float, colour: str) -> None:
    draw.ellipse(_box(radius), fill=colour)


def _box(radius: float) -> tuple[float, float, float, float]:
    middle = SIZE * _FINE / 2
    return middle - radius, middle - radius, middle + radius, middle + radius
