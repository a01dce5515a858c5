"""The CRC-16 of LAME's header (polynomial 0x8005, reflected), over megabytes and in Python.

A CRC is linear: that of data behind a start value is that of the data behind zero, xor what as many zeros behind the
start value give. So parts can be summed apart and joined, however long they are; and a long part is folded: its first
half, put through what half a length of zeros does to a word, is xored onto its second half, which has the same CRC.
Each fold is a few operations of the C library on all bytes at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cache
from itertools import zip_longest

_FOLDED_TO = 32
"""Words that are summed one by one in the end."""

_Map = tuple[int, ...]
"""A linear map of 16 bits: the images of each."""


def crc16(data: bytes, crc: int = 0) -> int:
    """The CRC of `data` behind `crc`."""
    whole = len(data) & ~1
    # Zeros in front of the data change nothing behind the start value zero: its length becomes a power of two.
    words = max(1 << (whole // 2 - 1).bit_length(), 1) if whole else 0
    low, high = (data[i:whole:2].rjust(words, b"\0") for i in (0, 1))
    while words > _FOLDED_TO:
        words //= 2
        low, high = _folded(low, high, words)
    summed = _bytewise(bytes(byte for pair in zip_longest(low, high) for byte in pair))
    if len(data) & 1:
        summed = _bytewise(data[-1:], summed)
    return joined(crc, summed, len(data))


def joined(first: int, second: int, size: int) -> int:
    """The CRC of two parts, one behind the other, from those of each; `size` is the second one's in bytes."""
    power = 0
    while size and first:
        if size & 1:
            first = _applied(_zeros(power), first)
        size >>= 1
        power += 1
    return first ^ second


def repeated(data: bytes) -> Callable[[int, int], int]:
    """A function from (crc, count) to the CRC of `data`, `count` times over, behind `crc`. One step a repetition."""
    images = tuple(joined(1 << bit, 0, len(data)) for bit in range(16))
    low, high = _table(images[:8]), _table(images[8:])
    once = crc16(data)

    def run(crc: int, count: int) -> int:
        for _ in range(count):
            crc = low[crc & 0xFF] ^ high[crc >> 8] ^ once
        return crc

    return run


def _folded(low: bytes, high: bytes, words: int) -> tuple[bytes, bytes]:
    """The low and the high bytes of half as many words, with the same CRC."""
    of_low, of_high = _translations(words.bit_length())
    first, second = low[:words], high[:words]
    return (
        _xor(first.translate(of_low[0]), second.translate(of_high[0]), low[words:]),
        _xor(first.translate(of_low[1]), second.translate(of_high[1]), high[words:]),
    )


def _xor(*parts: bytes) -> bytes:
    one, two, three = (int.from_bytes(part, "little") for part in parts)
    return (one ^ two ^ three).to_bytes(len(parts[0]), "little")


@cache
def _translations(power: int) -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
    """What 2^power zeros make of each low byte of a word, and of each high one: the low and the high byte of it."""
    zeros = _zeros(power)

    def of(images: _Map) -> tuple[bytes, bytes]:
        table = _table(images)
        return bytes(image & 0xFF for image in table), bytes(image >> 8 for image in table)

    return of(zeros[:8]), of(zeros[8:])


@cache
def _zeros(power: int) -> _Map:
    """What 2^power bytes of zero do to a CRC."""
    if power == 0:
        return tuple(_shifted(1 << bit) for bit in range(16))
    half = _zeros(power - 1)
    return tuple(_applied(half, image) for image in half)


def _applied(images: _Map, value: int) -> int:
    result = 0
    for image in images:
        if value & 1:
            result ^= image
        value >>= 1
    return result


def _bytewise(data: bytes, crc: int = 0) -> int:
    table = _bytes()
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


@cache
def _bytes() -> array[int]:
    return array("H", map(_shifted, range(256)))


def _table(images: _Map) -> array[int]:
    """All values of a map: those with a new highest bit are those without it, xor its image."""
    table = [0]
    for image in images:
        table += [value ^ image for value in table]
    return array("H", table)


def _shifted(crc: int) -> int:
    """A CRC behind a byte of zero."""
    for _ in range(8):
        crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
