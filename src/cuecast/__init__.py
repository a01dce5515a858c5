"""cuecast: a routine is source code; a track is its build. docs/python.md shows how to use what stands here."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cuecast.api import Result, check, extract, import_routine, inspect, plan, render, voices
    from cuecast.batch.run import batch
    from cuecast.errors import Cancelled, ExtractError, SetupError
    from cuecast.library.routines import RoutineNotFound
    from cuecast.model.build import Track
    from cuecast.model.diagnostics import Diagnostic, Severity
    from cuecast.model.timeline import Interval, SpeechEvent, Timeline, ToneEvent
    from cuecast.options import OptionError, Options
    from cuecast.plugins import UnknownPlugin
    from cuecast.share import CannotShareError, share

__version__ = "0.1.0"

_MODULES = {
    "api": ("Result", "check", "extract", "import_routine", "inspect", "plan", "render", "voices"),
    "batch.run": ("batch",),
    "errors": ("Cancelled", "ExtractError", "SetupError"),
    "library.routines": ("RoutineNotFound",),
    "model.build": ("Track",),
    "model.diagnostics": ("Diagnostic", "Severity"),
    "model.timeline": ("Interval", "SpeechEvent", "Timeline", "ToneEvent"),
    "options": ("OptionError", "Options"),
    "plugins": ("UnknownPlugin",),
    "share": ("CannotShareError", "share"),
}
"""The module of each public name, which is imported when the name is asked for."""

__all__ = [
    "Cancelled",
    "CannotShareError",
    "Diagnostic",
    "ExtractError",
    "Interval",
    "OptionError",
    "Options",
    "Result",
    "RoutineNotFound",
    "SetupError",
    "Severity",
    "SpeechEvent",
    "Timeline",
    "ToneEvent",
    "Track",
    "UnknownPlugin",
    "__version__",
    "batch",
    "check",
    "extract",
    "import_routine",
    "inspect",
    "plan",
    "render",
    "share",
    "voices",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for: a command that needs only the version does not wait for the rest."""
    for module, names in _MODULES.items():
        if name in names:
            value = getattr(import_module(f"cuecast.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__


class _Package(ModuleType):
    """`cuecast.batch` and `cuecast.share` are functions, also when the packages of these names are imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
