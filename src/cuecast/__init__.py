"""cuecast: a routine is source code; a track is its build. `api` describes the functions below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cuecast.api import check, extract, import_routine, inspect, mix, plan, render
    from cuecast.options import Options

__version__ = "0.1.0"

__all__ = ["Options", "__version__", "check", "extract", "import_routine", "inspect", "mix", "plan", "render"]


def __getattr__(name: str) -> Any:
    """Import what is asked for: a command that needs only the version does not wait for the rest."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cuecast import api, options

    return getattr(options if name == "Options" else api, name)
