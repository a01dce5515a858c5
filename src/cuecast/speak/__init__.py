"""The stage that speaks, and its engines: `Speakers` make clips, `check` tells whether a voice can speak here.

An engine is one file and one line in `registry.ENGINES`, or another package's entry point in `cuecast.engines`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cuecast.speak.registry import ENGINES, engine_names
    from cuecast.speak.speaker import Speaker, check
    from cuecast.speak.speakers import Speakers

__all__ = ["ENGINES", "Speaker", "Speakers", "check", "engine_names"]

_PLACES = {"ENGINES": "registry", "engine_names": "registry", "Speaker": "speaker", "check": "speaker"}


def __getattr__(name: str) -> Any:
    """Imported at the first use: the processes that speak are of this package, and need none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"cuecast.speak.{_PLACES.get(name, 'speakers')}"), name)
