"""The table of engines: name to class, imported only when asked for. Third parties add theirs by an entry point."""

from __future__ import annotations

import importlib
from typing import cast

from cuecast.errors import EngineUnavailable
from cuecast.model.diagnostics import did_you_mean
from cuecast.model.field_types import Key
from cuecast.protocols import Engine, Profile

ENGINES: dict[str, str] = {
    "command": "cuecast.speak.engines.command:CommandEngine",
    "piper": "cuecast.speak.engines.piper:PiperEngine",
    "pyttsx3": "cuecast.speak.engines.pyttsx3:Pyttsx3Engine",
    "recorded": "cuecast.speak.engines.recorded:RecordedEngine",
    "silent": "cuecast.speak.engines.silent:SilentEngine",
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
        others = f"install the package that adds it, or name one of these in the profile: {', '.join(engine_names())}"
        raise EngineUnavailable(f"there is no voice engine called {name}", did_you_mean(name, engine_names()) or others)
    try:
        return import_engine(path)
    except Exception as fault:  # another package's module raises what it likes
        raise EngineUnavailable(
            f"the voice engine {name} can't be loaded: {fault}", "install the package that it comes from again"
        ) from fault


def engine_of(profile: Profile) -> Engine:
    """The engine of a voice. Raises EngineUnavailable, which names the voice and its file, as `load_engine` does."""
    try:
        return load_engine(profile.engine)(profile)
    except EngineUnavailable as fault:
        where = f", {profile.folder / profile.name}.yaml" if profile.folder else ""
        raise EngineUnavailable(f"{fault.message} (the voice {profile.name}{where})", fault.hint) from fault


def mark_of(engine: Engine) -> tuple[str, str]:
    """All that changes its sound besides profile and text: its fingerprint, and which of its voices it takes here.

    Raises EngineUnavailable where it has no such voice.
    """
    return engine.fingerprint(), engine.voice()


def engines_with(key: str) -> tuple[str, ...]:
    """The engines that come with cuecast and have a key of that name."""
    return tuple(name for name in ENGINES if any(each.name == key for each in engine_keys(name) or ()))


def engine_keys(name: str) -> tuple[Key, ...] | None:
    """The keys that a profile can have for the engine `name`; None where no such engine can be loaded here."""
    try:
        return load_engine(name).keys
    except EngineUnavailable:
        return None


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
