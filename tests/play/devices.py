"""Whether this machine could play sound: tests must not."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def has_loudspeaker() -> bool:
    return not sys.platform.startswith("linux") or bool(
        any(Path("/dev/snd").glob("pcm*p")) or os.environ.get("PULSE_SERVER")
    )
