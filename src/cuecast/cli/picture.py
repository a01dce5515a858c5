"""`--cover`: a picture of the user's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cuecast.cli.console import usage
from cuecast.errors import UnusableAudioError
from cuecast.protocols import Picture
from cuecast.tags.artwork import MAX_BYTES, own_cover


@cache
def own_picture(typed: str) -> Picture:
    """The picture in that file; where it can't be used, the command ends with exit status 2."""
    hint = "name a PNG or JPEG file, or write --cover off for a track without a picture"
    try:
        with Path(typed).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return own_cover(data)
    except (OSError, ValueError) as fault:
        raise usage(f"--cover {typed}: {getattr(fault, 'strerror', None) or fault}", hint) from None
    except UnusableAudioError as fault:
        raise usage(f"--cover {typed}: {fault}", hint) from None
