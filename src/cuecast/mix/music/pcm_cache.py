"""Sound of any length in the cache, in parts of 30 s, so that it is written and read with little memory.

A part is an entry: its loudest sample as a factor, then 16-bit samples that are full scale there. So a faint recording
keeps its detail, and a recording in floats beyond full scale its peaks.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from cuecast.cache import Cache, Entry, recipe_key
from cuecast.errors import SetupError
from cuecast.mix.music.loudness_meter import Frames, LoudnessMeter, Measures, without_leading_silence
from cuecast.model.clip import SAMPLES_PER_MS

PART_MS = 30_000
"""The length of a part; the last one may be shorter."""

_PART = PART_MS * SAMPLES_PER_MS
_FACTOR = struct.Struct("<d")
_MS_BYTES = SAMPLES_PER_MS * 4

Pcm = npt.NDArray[np.int16]


class CachedSound(msgspec.Struct):
    """A sound whose parts are in the cache. Sounds of the same `key` are the same. Any thread may read it.

    `write_again` stores all parts again; it is called if one is missing or damaged.
    """

    key: str
    measures: Measures
    cache: Cache
    write_again: Callable[[], object]
    _parts: dict[int, Entry] = msgspec.field(default_factory=dict)
    _finding: threading.Lock = msgspec.field(default_factory=threading.Lock)

    def read(self, start: int, end: int) -> Iterator[tuple[int, float, Pcm]]:
        """The sound from `start` to `end` (ms), in pieces: where each begins, its factor, its interleaved samples."""
        while start < end:
            number, inside = divmod(start, PART_MS)
            until = min(end, (number + 1) * PART_MS)
            yield start, *self._read_part(number, inside, until - start)
            start = until

    def _read_part(self, number: int, start: int, ms: int) -> tuple[float, Pcm]:
        for _ in range(2):
            entry = self._find(number)
            try:
                with entry.path.open("rb") as file:
                    file.seek(entry.offset)
                    factor = _FACTOR.unpack(file.read(_FACTOR.size))[0]
                    file.seek(start * _MS_BYTES, 1)
                    data = file.read(ms * _MS_BYTES)
                if len(data) == ms * _MS_BYTES:
                    return factor, np.frombuffer(data, "<i2")
            except (OSError, struct.error):
                pass
            with self._finding:
                self._parts.pop(number, None)
        raise _lost()

    def _find(self, number: int) -> Entry:
        with self._finding:
            if number not in self._parts:
                key = part_key(self.key, number)
                entry = self.cache.find(key)
                if entry is None:
                    self.write_again()
                    entry = self.cache.find(key)
                if entry is None:
                    raise _lost()
                self._parts[number] = entry
            return self._parts[number]


def write_sound(cache: Cache, key: str, sound: Iterable[Frames], max_ms: int | None = None) -> Measures:
    """Store and measure a sound, at most `max_ms` of it, without the silence at its ends.

    Raises SetupError if there is no room for it.
    """
    meter = LoudnessMeter()
    for number, block in enumerate(_regrouped(without_leading_silence(sound)), 1):
        _write_part(cache, part_key(key, number - 1), meter, block)
        if max_ms is not None and len(block) == _PART and number * PART_MS >= max_ms:
            return replace(meter.measures(), whole=False)
    return meter.measures()


def load_measures(cache: Cache, recipe: Mapping[str, object]) -> Measures | None:
    """The measures that `save_measures` stored under the same recipe."""
    data = cache.get(recipe_key(recipe))
    return None if data is None else msgspec.json.decode(data, type=Measures)


def save_measures(cache: Cache, recipe: Mapping[str, object], measures: Measures) -> None:
    """Store measures."""
    cache.put(recipe_key(recipe), msgspec.json.encode(measures))


def part_key(key: str, number: int) -> str:
    """The cache's key of a part."""
    return recipe_key({"sound": key, "part": number, "ms": PART_MS})


def _regrouped(sound: Iterable[Frames]) -> Iterator[Frames]:
    """The sound in blocks of one part each; the last one may be shorter."""
    waiting: list[Frames] = []
    size = 0
    for block in sound:
        waiting.append(block)
        size += len(block)
        while size >= _PART:
            joined = np.concatenate(waiting)
            yield joined[:_PART]
            waiting, size = [joined[_PART:]], size - _PART
    if size:
        yield np.concatenate(waiting)


def _write_part(cache: Cache, key: str, meter: LoudnessMeter, frames: Frames) -> None:
    meter.add(frames)
    frames = np.pad(frames, ((0, -len(frames) % SAMPLES_PER_MS), (0, 0)))
    factor = float(max(frames.max(), -frames.min())) / 32767
    samples = np.rint(frames * np.float32(1 / factor)) if factor else frames
    try:
        cache.add(key, _FACTOR.pack(factor) + samples.astype("<i2").tobytes())
    except OSError as fault:
        message = f"the sound of the music can't be kept: {fault.strerror or fault}"
        raise SetupError(message, "free some space on the disk") from fault


def _lost() -> SetupError:
    return SetupError("the sound of the music is gone from the cache while it is used", "render again")
