"""Pictures of the tones for docs/tones.md: the wave and the spectrogram of each, as plain SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cuecast.mix.tones import render_glide, render_tone
from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.tones import PACE, PACE_HIGH_HZ, PACE_LOW_HZ, TONES

Wave = npt.NDArray[np.float64]

WIDTH, LEFT, RIGHT = 720, 52, 14
WAVE_TOP, WAVE_HEIGHT = 10, 64
MAP_TOP, MAP_HEIGHT = 88, 148
HEIGHT = MAP_TOP + MAP_HEIGHT + 34
ROOM = WIDTH - LEFT - RIGHT

LOWEST, HIGHEST = 150.0, 8_000.0
FLOOR_DB = -48.0
SHADES = ("#d6ebe3", "#aed6c8", "#82bfaa", "#55a58b", "#2a8769", "#146a4e", "#0a4a35", "#042a1e")
INK, PALE, CARD = "#222222", "#8a949e", "#ffffff"
COLUMNS, ROWS = 160, 74
_WINDOW = 2_048
_TURN_MS = 5  # of 200 Hz
PACE_MS = 4_000


def file_of(name: str) -> str:
    """The file with the picture of a tone, or of the pace."""
    return f"tone-{name}.svg"


@cache
def pictures() -> dict[str, str]:
    """Each picture by the name of its file."""
    made = {}
    for name, tone in TONES.items():
        pcm = render_tone(tone)
        made[file_of(name)] = _picture(name, repr(tone), _wave(pcm), 1_000)
    up = render_glide(PACE_LOW_HZ, PACE_HIGH_HZ, PACE_MS)
    down = render_glide(PACE_HIGH_HZ, PACE_LOW_HZ, PACE_MS)
    told = f"{PACE_LOW_HZ} to {PACE_HIGH_HZ} Hz and back"
    made[file_of(PACE)] = _picture(PACE, told, _wave(up + down), 2 * PACE_MS)
    return made


def _wave(pcm: bytes) -> Wave:
    return np.frombuffer(pcm, "<i2").astype(np.float64) / 32_768


def _picture(name: str, told: str, wave: Wave, span_ms: int) -> str:
    """The wave, drawn to its own height, above the spectrogram; the same `span_ms` for all but the pace."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" '
        f'font-size="12" fill="{INK}" role="img">'
    )
    about = f"<title>The tone {name}: its wave, and below it its spectrogram</title>"
    card = f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{CARD}"/>'
    lines = [head, about, f"<desc>{told}</desc>", card, *_drawn_wave(wave, span_ms), *_drawn_map(wave, span_ms)]
    return "\n".join([*lines, *_axes(span_ms), "</svg>"]) + "\n"


def _drawn_wave(wave: Wave, span_ms: int) -> Iterator[str]:
    """What lies between its highest and lowest values, two points of the picture at a time.

    Each looks at a whole turn of the lowest tone: with less it would show where in its turn a wave is, as teeth.
    """
    middle = WAVE_TOP + WAVE_HEIGHT / 2
    per_point = span_ms * SAMPLES_PER_MS * 2 // ROOM
    more = max(0, _TURN_MS * SAMPLES_PER_MS - per_point) // 2
    parts = [wave[max(0, at - more) : at + per_point + more] for at in range(0, len(wave), per_point)]
    scale = (WAVE_HEIGHT / 2 - 1) / np.abs(wave).max()
    above = [f"{LEFT + 2 * i} {middle - part.max() * scale:.1f}" for i, part in enumerate(parts)]
    below = [f"{LEFT + 2 * i} {middle - part.min() * scale:.1f}" for i, part in enumerate(parts)]
    yield f'<path d="M{LEFT} {middle:g}h{ROOM}" stroke="{PALE}" stroke-width=".5"/>'
    yield f'<path d="M{"L".join([*above, *reversed(below)])}z" fill="{SHADES[4]}"/>'
    yield _text(LEFT - 8, middle + 4, "wave", "end")


def _drawn_map(wave: Wave, span_ms: int) -> Iterator[str]:
    """Cells in eight shades, from the loudest down to the floor; runs of equal ones are one."""
    shades = _shades(wave, span_ms)
    wide, high = ROOM / COLUMNS, MAP_HEIGHT / ROWS
    for shade, colour in enumerate(SHADES, 1):
        runs = [
            f"M{LEFT + first * wide:.1f} {MAP_TOP + row * high:g}h{(last - first) * wide:.1f}v{high:g}"
            f"h-{(last - first) * wide:.1f}z"
            for row in range(ROWS)
            for first, last in _runs(shades[row] == shade)
        ]
        if runs:
            yield f'<path fill="{colour}" d="{"".join(runs)}"/>'


def _shades(wave: Wave, span_ms: int) -> npt.NDArray[np.int64]:
    """0 is below the floor. Rows from the highest frequency down, evenly spaced in octaves."""
    padded = np.concatenate([np.zeros(_WINDOW // 2), wave, np.zeros(_WINDOW + span_ms * SAMPLES_PER_MS)])
    starts = np.arange(COLUMNS) * span_ms * SAMPLES_PER_MS // COLUMNS
    frames = np.stack([padded[at : at + _WINDOW] for at in starts]) * np.hanning(_WINDOW)
    power = np.abs(np.fft.rfft(frames, 8 * _WINDOW)) ** 2
    edges = np.round(np.geomspace(HIGHEST, LOWEST, ROWS + 1) * 8 * _WINDOW / SAMPLE_RATE).astype(int)
    loudest = np.stack([power[:, low : high + 1].max(axis=1) for high, low in pairwise(edges)])
    level = 10 * np.log10(np.maximum(loudest / power.max(), 1e-12))
    shades: npt.NDArray[np.int64] = np.clip(
        np.ceil((level - FLOOR_DB) / -FLOOR_DB * len(SHADES)), 0, len(SHADES)
    ).astype(int)
    return shades


def _runs(row: Iterable[np.bool_]) -> Iterator[tuple[int, int]]:
    first = None
    for at, is_set in enumerate([*row, False]):
        if is_set and first is None:
            first = at
        elif not is_set and first is not None:
            yield first, at
            first = None


def _axes(span_ms: int) -> Iterator[str]:
    bottom = MAP_TOP + MAP_HEIGHT
    for hz in (200, 500, 1_000, 2_000, 4_000, 8_000):
        y = bottom - MAP_HEIGHT * np.log(hz / LOWEST) / np.log(HIGHEST / LOWEST)
        yield f'<path d="M{LEFT} {y:.1f}h{ROOM}" stroke="{PALE}" stroke-width=".5" stroke-dasharray="2 4"/>'
        yield _text(LEFT - 8, y + 4, f"{hz / 1_000:g} kHz" if hz >= 1_000 else f"{hz} Hz", "end")
    for step in range(5):
        x = LEFT + ROOM * step / 4
        yield f'<path d="M{x:g} {bottom}v5" stroke="{INK}"/>'
        anchor = ("start", "middle", "middle", "middle", "end")[step]
        ms = span_ms * step // 4
        yield _text(x, bottom + 20, f"{ms // 1_000} s" if span_ms > 1_000 else f"{ms} ms", anchor)
    yield f'<path d="M{LEFT} {MAP_TOP}v{MAP_HEIGHT}h{ROOM}" fill="none" stroke="{INK}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'
