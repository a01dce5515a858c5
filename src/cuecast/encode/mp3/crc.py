"""CRC-16 as the LAME header has it (polynomial 0x8005, reflected, starting at 0), fast without a library."""

from __future__ import annotations

from functools import cache

_PERIOD = 32_767
"""x^32767 is 1 modulo the polynomial x^16 + x^15 + x^2 + 1. So bytes at this distance can be XORed first, and only
one block of this length is left to go through the table."""


class Crc16:
    """The CRC of all data that `update` got."""

    def __init__(self) -> None:
        self._block = 0
        self._size = 0

    def update(self, data: bytes) -> None:
        """Append data."""
        aligned = bytes(self._size % _PERIOD) + data
        for at in range(0, len(aligned), _PERIOD):
            self._block ^= int.from_bytes(aligned[at : at + _PERIOD], "little")
        self._size += len(data)

    @property
    def value(self) -> int:
        """The CRC so far."""
        block, end = self._block.to_bytes(_PERIOD, "little"), self._size % _PERIOD
        return crc16(block[end:] + block[:end])


def crc16(data: bytes) -> int:
    """The CRC of a short piece of data, byte by byte."""
    crc, table = 0, _table()
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


@cache
def _table() -> list[int]:
    table = list(range(256))
    for _ in range(8):
        table = [crc >> 1 ^ (0xA001 if crc & 1 else 0) for crc in table]
    return table
