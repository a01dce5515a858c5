"""The table of engines: name to class, imported only when asked for. Third parties add theirs by an entry point."""

from __future__ import annotations

import importlib
from typing import cast

from cuecast.ports import Engine, EngineUnavailable

ENGINES: dict[str, str] = {
    "pyttsx3": "cuecast.voices.engine_pyttsx3:Pyttsx3Engine",
    "recorded": "cuecast.voices.engine_recorded:RecordedEngine",
    "silent": "cuecast.voices.engine_silent:SilentEngine",
}
"""The engines that come with cuecast. One more is one file and one line here."""

ENTRY_POINTS = "cuecast.engines"
"""The group in which other packages name theirs; the name is the one that profiles use."""


def engine_names() -> tuple[str, ...]:
    """All engines that a profile can name here."""
    return tuple(sorted({*ENGINES, *_entry_points()}))


def load_engine(name: str) -> type[Engine]:
    """The class of the engine `name`. Nothing that speaks is imported yet.

    Raises EngineUnavailable where there is none, or where it can't be imported.
    """
    path = ENGINES.get(name) or _entry_points().get(name)
    if path is None:
        raise EngineUnavailable(
            f"there is no voice engine called {name}",
            f"install the package that adds it, or name one of these in the profile: {', '.join(engine_names())}",
        )
    try:
        return import_engine(path)
    except (ImportError, AttributeError) as fault:
        raise EngineUnavailable(
            f"the voice engine {name} can't be loaded: {fault}", "install the package that it comes from again"
        ) from fault


def import_engine(path: str) -> type[Engine]:
    """The class at `package.module:Class`."""
    module, _, attribute = path.partition(":")
    return cast(type[Engine], getattr(importlib.import_module(module), attribute))


def engine_path(engine: type[Engine]) -> str:
    """Where `import_engine` finds the class, also in another process."""
    return f"{engine.__module__}:{engine.__qualname__}"


def _entry_points() -> dict[str, str]:
    from importlib.metadata import entry_points  # 25 ms, which the engines of the table need not pay

    return {point.name: point.value for point in entry_points(group=ENTRY_POINTS)}
