"""The track's frames on their way to the file: counted, summed, and with the offsets that seeking needs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import BinaryIO

from cuecast.encode.mp3.crc import joined, repeated
from cuecast.encode.mp3.frames import MONO, Mode, split
from cuecast.encode.mp3.xing import INFO_BYTES, TOC_POINTS

_SILENCE_AT_ONCE = 4_096


class Stream:
    """Frames behind an info frame, to be `total` of them in the end."""

    def __init__(self, target: BinaryIO, total: int, mode: Mode = MONO) -> None:
        self.total = total
        self.done = 0
        self.size = INFO_BYTES
        self.crc = 0
        self.toc: list[int] = []
        self._target = target
        self._silence = mode.silent_frame
        self._silent_crc = repeated(self._silence)

    def write(self, data: bytes, count: int, crc: int) -> None:
        """Append so many frames, joined, of that CRC."""
        if points := list(self._points(count)):
            offsets = list(accumulate(map(len, split(data)), initial=self.size))
            self.toc += [offsets[point - self.done] for point in points]
        self._target.write(data)
        self.crc = joined(self.crc, crc, len(data))
        self.done += count
        self.size += len(data)

    def write_silence(self, until: int) -> None:
        """Append silent frames up to frame `until`."""
        while (count := min(until - self.done, _SILENCE_AT_ONCE)) > 0:
            one = len(self._silence)
            self.toc += [self.size + (point - self.done) * one for point in self._points(count)]
            self._target.write(self._silence * count)
            self.crc = self._silent_crc(self.crc, count)
            self.done += count
            self.size += count * one

    def _points(self, count: int) -> Iterator[int]:
        """The frames of the table of contents that are among the next `count`."""
        for i in range(len(self.toc), TOC_POINTS):
            point = i * self.total // TOC_POINTS
            if point >= self.done + count:
                break
            yield point
