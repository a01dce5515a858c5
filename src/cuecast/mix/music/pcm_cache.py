"""Sound of any length in the cache: in parts, each an entry, so that it is written and read without much memory.

A part holds its loudest sample as a factor, then 16-bit samples that are full scale there: a faint recording keeps its
detail, and one that is stored as floats beyond full scale its peaks.
"""

from __future__ import annotations

import json
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field
from msgspec.structs import asdict

from cuecast.cache import Cache, Entry, recipe_key
from cuecast.errors import SetupError
from cuecast.mix.music.loudness_meter import Frames, Meter
from cuecast.model.clip import SAMPLES_PER_MS

PART_MS = 30_000
"""The length of a part; the last one may be shorter."""

_FACTOR = struct.Struct("<d")
_FRAME_BYTES = 4
_MS_BYTES = SAMPLES_PER_MS * _FRAME_BYTES

Pcm = npt.NDArray[np.int16]


class Measures(Struct, frozen=True):
    """What is known of stored sound: its length, BS.1770 loudness and peak (1.0 is full scale, the offset taken off).

    `offset` is how far off zero its left and its right lie on average; `whole` is False where there was more of it than
    was wanted, `broken` True where it broke off.
    """

    ms: int
    lufs: float
    peak: float
    offset: tuple[float, float] = (0.0, 0.0)
    whole: bool = True
    broken: bool = False


class Stored(Struct):
    """Sound in the cache under `mark`: sounds of the same mark are the same. Any thread may read it.

    `remake` stores all its parts again: what is gone from the cache, or damaged, is noticed when it is wanted.
    """

    mark: str
    measures: Measures
    cache: Cache
    remake: Callable[[], object]
    _parts: dict[int, Entry] = field(default_factory=dict)
    _finding: threading.Lock = field(default_factory=threading.Lock)

    def read(self, start: int, end: int) -> Iterator[tuple[int, float, Pcm]]:
        """The sound from `start` to `end` (ms), in pieces: where each begins, its factor, its interleaved samples."""
        while start < end:
            number, inside = divmod(start, PART_MS)
            until = min(end, (number + 1) * PART_MS)
            yield start, *self._read(number, inside, until - start)
            start = until

    def _read(self, number: int, start: int, ms: int) -> tuple[float, Pcm]:
        for again in (True, False):
            entry = self._part(number)
            try:
                with entry.path.open("rb") as file:
                    file.seek(entry.offset)
                    factor = _FACTOR.unpack(file.read(_FACTOR.size))[0]
                    file.seek(entry.offset + _FACTOR.size + start * _MS_BYTES)
                    data = file.read(ms * _MS_BYTES)
            except OSError as fault:
                if not again:
                    raise _lost() from fault
            else:
                if len(data) == ms * _MS_BYTES:
                    return factor, np.frombuffer(data, "<i2")
            with self._finding:
                self._parts.pop(number, None)
        raise _lost()

    def _part(self, number: int) -> Entry:
        with self._finding:
            if number not in self._parts:
                key = part_key(self.mark, number)
                found = self.cache.find(key)
                if found is None:
                    self.remake()
                    found = self.cache.find(key)
                if found is None:
                    raise _lost()
                self._parts[number] = found
            return self._parts[number]


def store(cache: Cache, mark: str, sound: Iterable[Frames], most_ms: int | None = None) -> Measures:
    """Store `sound` (blocks at 48 kHz) without the silence at its ends, at most `most_ms` of it, and measure it.

    Raises SetupError where there is no room for it. Silence alone has no length.
    """
    meter = Meter()
    part = PART_MS * SAMPLES_PER_MS
    most = None if most_ms is None else most_ms * SAMPLES_PER_MS
    waiting: list[Frames] = []
    held = stored = number = 0
    whole = True
    for block in meter.trimmed(sound):
        waiting.append(block)
        held += len(block)
        while held >= part:
            joined = np.concatenate(waiting)
            _keep(cache, mark, number, meter, joined[:part])
            waiting, held, stored, number = [joined[part:]], held - part, stored + part, number + 1
            if most is not None and stored >= most:
                whole = False
                break
        if not whole:
            break
    if whole and held:
        _keep(cache, mark, number, meter, np.concatenate(waiting))
    return Measures(*meter.result(), whole=whole)


def known(cache: Cache, recipe: Mapping[str, object]) -> Measures | None:
    """What was noted under `recipe`."""
    data = cache.get(recipe_key(recipe))
    if data is None:
        return None
    values = json.loads(data)
    return Measures(**{**values, "offset": tuple(values["offset"])})


def note(cache: Cache, recipe: Mapping[str, object], measures: Measures) -> None:
    """Keep what was measured, to be found by `known`."""
    cache.put(recipe_key(recipe), json.dumps(asdict(measures)).encode())


def part_key(mark: str, number: int) -> str:
    """The cache's key of a part."""
    return recipe_key({"sound": mark, "part": number, "ms": PART_MS})


def _keep(cache: Cache, mark: str, number: int, meter: Meter, frames: Frames) -> None:
    meter.add(frames)
    frames = np.pad(frames, ((0, -len(frames) % SAMPLES_PER_MS), (0, 0)))
    factor = float(max(frames.max(), -frames.min())) / 32767
    samples = np.rint(frames * np.float32(1 / factor)) if factor else frames
    try:
        cache.add(part_key(mark, number), _FACTOR.pack(factor) + samples.astype("<i2").tobytes())
    except OSError as fault:
        raise SetupError(
            f"the sound of the music can't be kept: {fault.strerror or fault}", "free some space on the disk"
        ) from fault


def _lost() -> SetupError:
    return SetupError("the sound of the music is gone from the cache while it is used", "render again")
