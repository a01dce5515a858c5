"""Names of files that every system takes, made of any title."""

from __future__ import annotations

import re
import unicodedata

_MOST_BYTES = 100
"""Of a title in a name, in UTF-8: with number and suffix far from the 255 that file systems allow."""

_FORBIDDEN = str.maketrans({"/": "-", "\\": "-", ":": "-", "|": "-", '"': "'", "<": "(", ">": ")", "?": "", "*": ""})


def numbered(number: int, count: int, title: str, suffix: str) -> str:
    """`01 Calves, left.mp3`: sorted by name they stand in order, and the number makes each differ from all others.

    Nothing in it is forbidden or hidden on Linux, macOS, Windows or a phone's card; with a number in front no name is
    one of those that Windows reserves for devices.
    """
    digits = max(2, len(str(count)))
    return f"{number:0{digits}} {_plain(title) or 'Chapter'}{suffix}"


def _plain(title: str) -> str:
    text = unicodedata.normalize("NFC", title).translate(_FORBIDDEN)
    # What cannot be seen (control characters, marks of direction, halves of pairs, what is not assigned) is left out.
    seen = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    short = re.sub(" +", " ", seen).encode()[:_MOST_BYTES].decode(errors="ignore")
    return short.strip(" .")
