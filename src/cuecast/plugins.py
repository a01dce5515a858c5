"""Plug-ins by name: the built-in ones from a table, those of other packages from entry points.

Nothing is imported until it is asked for: a table of names costs nothing at start-up.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cuecast.errors import SetupError
from cuecast.model.diagnostics import did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

    from cuecast.model.keys import Key


class UnknownPlugin(LookupError):
    """A name that no plug-in has. `hint` says which name was probably meant, or which there are."""

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no {kind} `{name}`")
        self.hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"


class PluginTable:
    """The plug-ins of one kind."""

    def __init__(self, kind: str, group: str, builtin: Mapping[str, str]) -> None:
        """`kind` names them in messages; `group` is the entry-point group; `builtin` maps names to `module:Class`."""
        self.kind, self.group, self.builtin = kind, group, builtin

    def names(self) -> tuple[str, ...]:
        """All names: the built-in ones first, in the table's order."""
        return (*self.builtin, *sorted(self._entry_points().names - self.builtin.keys()))

    def load(self, name: str) -> Any:
        """The class called `name`. A built-in name wins over an entry point's.

        Raises UnknownPlugin, and SetupError if another package's plug-in does not load.
        """
        if path := self.builtin.get(name):
            return load_class(path)
        for point in self._entry_points().select(name=name):
            try:
                return point.load()
            except Exception as fault:  # another package's code raises what it likes
                package = point.dist.name if point.dist else point.value
                message = f"the {self.kind} `{name}` of {package} does not load: {fault}"
                raise SetupError(message, f"update or remove {package}") from fault
        raise UnknownPlugin(self.kind, name, self.names())

    def _entry_points(self) -> EntryPoints:
        from importlib.metadata import entry_points  # 25 ms, which most commands need not pay

        return entry_points(group=self.group)


def load_class(path: str) -> Any:
    """The class at `module:Class`."""
    module, _, attribute = path.partition(":")
    return getattr(import_module(module), attribute)


ENGINES = PluginTable(
    "voice engine",
    "cuecast.engines",
    {
        "command": "cuecast.speak.engines.command:CommandEngine",
        "kokoro": "cuecast.speak.engines.kokoro:KokoroEngine",
        "piper": "cuecast.speak.engines.piper:PiperEngine",
        "pyttsx3": "cuecast.speak.engines.system_speech:SystemEngine"
        if sys.platform in ("darwin", "win32")
        else "cuecast.speak.engines.espeak:EspeakEngine",
        "recorded": "cuecast.speak.engines.recorded:RecordedEngine",
        "silent": "cuecast.speak.engines.silent:SilentEngine",
    },
)
"""The voice engines by the name that profiles use. Reading a profile and speaking both need it."""


def engine_keys(name: str) -> tuple[Key, ...] | None:
    """The keys that a profile can have for the engine `name`; None if no such engine loads here."""
    try:
        keys: tuple[Key, ...] = ENGINES.load(name).keys
        return keys
    except (UnknownPlugin, SetupError):
        return None


def engines_with(key: str) -> tuple[str, ...]:
    """The built-in engines that have a key of that name."""
    return tuple(name for name in ENGINES.builtin if any(each.name == key for each in engine_keys(name) or ()))
