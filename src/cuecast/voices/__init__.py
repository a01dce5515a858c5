"""The stage that speaks, and its engines: `Speakers` make clips, `check` tells whether a voice can speak here.

An engine is one file and one line in `registry.ENGINES`, or another package's entry point in `cuecast.engines`.
"""

from cuecast.voices.registry import ENGINES, engine_names
from cuecast.voices.speaker import Speaker, check
from cuecast.voices.speakers import Speakers

__all__ = ["ENGINES", "Speaker", "Speakers", "check", "engine_names"]
