"""How good the packaged voices are, as measured: `voices/figures.json`. docs/voices.md says how."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from cuecast.files import data_dir


class VoiceFigures(Struct, frozen=True):
    """What was measured of a voice; None for what was not.

    `opinion` is the predicted opinion of listeners, from 1 (bad) to 5. `word_errors` is the share of words that a
    recogniser got wrong, `words_lost` how many of 40 words spoken alone. `speed` is in times real time, on two cores.
    """

    opinion: float | None = None
    word_errors: float | None = None
    words_lost: int | None = None
    speed: float | None = None


def voice_figures() -> Mapping[str, VoiceFigures]:
    """The figures of each voice, by its name."""
    return msgspec.json.decode((data_dir("voices") / "figures.json").read_bytes(), type=dict[str, VoiceFigures])
