"""The CRC-16 of LAME's header (polynomial 0x8005, reflected), over megabytes and in Python.

A CRC is linear: that of data behind a start value is that of the data behind zero, xor that of as many zeros behind
the start value. So a table of 65,536 entries can hold what a fixed run of zeros does to every start value, and it is
filled by doubling, from 16 of them.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable
from functools import cache


def crc16(data: bytes, crc: int = 0) -> int:
    """The CRC of `data` behind `crc`. Two bytes a step."""
    table = _words()
    words = array("H", data[: len(data) & ~1])
    if sys.byteorder == "big":
        words.byteswap()
    for word in words:
        crc = table[crc ^ word]
    return _shift(crc ^ data[-1], 8) if len(data) & 1 else crc


def repeated(data: bytes) -> Callable[[int, int], int]:
    """A function from (crc, count) to the CRC of `data`, `count` times over, behind `crc`. One step a repetition."""
    zeros = bytes(len(data))
    table = _linear(lambda crc: crc16(zeros, crc))
    once = crc16(data)

    def run(crc: int, count: int) -> int:
        for _ in range(count):
            crc = table[crc] ^ once
        return crc

    return run


@cache
def _words() -> array[int]:
    return _linear(lambda crc: _shift(crc, 16))


def _linear(image: Callable[[int], int]) -> array[int]:
    table = [0]
    for bit in range(16):
        added = image(1 << bit)
        table += [value ^ added for value in table]
    return array("H", table)


def _shift(crc: int, bits: int) -> int:
    for _ in range(bits):
        crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
