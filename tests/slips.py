"""A text as it comes from somebody in a hurry: bytes that slipped in, were lost, or came from elsewhere."""

from __future__ import annotations

import random
from collections.abc import Sequence


def with_slips(chance: random.Random, data: bytes, pieces: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    """The text with one to four slips; `pieces` are what slips in, `others` what stretches of text are taken from."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(data))
        match chance.randint(0, 2):
            case 0:
                data = data[:at] + chance.choice(pieces) + data[at:]
            case 1:
                data = data[:at] + data[at + chance.randint(1, 12) :]
            case 2:
                other = chance.choice(others)
                start = chance.randint(0, len(other))
                data = data[:at] + other[start : start + chance.randint(1, 60)] + data[at:]
    return data
