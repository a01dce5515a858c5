"""Plug-ins by name: the built-in ones from a table, those of other packages from entry points.

Nothing is imported until it is asked for: a table of names costs nothing at start-up.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from cuecast.errors import Cancelled, SetupError
from cuecast.model.diagnostics import did_you_mean
from cuecast.model.keys import Key

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints


class UnknownPlugin(LookupError):
    """A name that no plug-in has. `hint` says which name was probably meant, or which there are."""

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no {kind} `{name}`")
        self.hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"


class InstalledPlugin(Struct, frozen=True):
    """A plug-in of another package. `problem` says why it can't be used."""

    kind: str
    name: str
    package: str
    problem: str | None = None


class PluginTable:
    """The plug-ins of one kind."""

    def __init__(self, kind: str, group: str, builtin: Mapping[str, str], members: Sequence[str]) -> None:
        """`kind` names them in messages; `group` is the entry-point group; `builtin` maps names to `module:Class`.

        `members` are what a class must have to be used at all; of those joined with `|`, one.
        """
        self.kind, self.group, self.builtin, self._members = kind, group, builtin, members

    def names(self) -> tuple[str, ...]:
        """All names: the built-in ones first, in the table's order."""
        return (*self.builtin, *sorted(self._entry_points().names - self.builtin.keys()))

    def load(self, name: str) -> Any:
        """The class called `name`. A built-in name wins over an entry point's.

        Raises UnknownPlugin, and SetupError if another package's plug-in does not load, lacks what it needs, or if two
        packages have one of that name.
        """
        if path := self.builtin.get(name):
            return load_class(path)
        points = list(self._entry_points().select(name=name))
        if not points:
            raise UnknownPlugin(self.kind, name, self.names())
        if len(packages := sorted({_package(point) for point in points})) > 1:
            message = f"{' and '.join(packages)} each have a {self.kind} called `{name}`"
            raise SetupError(message, f"remove all but one of them: pip uninstall {packages[-1]}")
        return self._load_other(points[0])

    def make(self, name: str) -> Any:
        """An object of the class called `name`. Raises as `load` does, and SetupError if another package's class raises."""
        plugin = self.load(name)
        with self.errors_of(name):
            return plugin()

    @contextmanager
    def errors_of(self, name: str) -> Iterator[None]:
        """Turn what another package's plug-in raises into a SetupError that says whose fault it is."""
        try:
            yield
        except (SetupError, UnknownPlugin, Cancelled):
            raise
        except Exception as fault:
            is_callers = isinstance(fault, OSError) and fault.filename is None  # of a file that cuecast opened
            if name in self.builtin or is_callers:
                raise
            package = next(map(_package, self._entry_points().select(name=name)), "another package")
            raise self._broken(name, package, f"failed: {_reason(fault)}") from fault

    def others(self) -> Iterator[InstalledPlugin]:
        """The plug-ins of other packages, by name, each tried."""
        for point in sorted(self._entry_points(), key=lambda point: (point.name, _package(point))):
            problem = None
            if point.name in self.builtin:
                problem = f"the name `{point.name}` is taken: cuecast itself has a {self.kind} of that name"
            else:
                try:
                    self.load(point.name)
                except SetupError as fault:
                    problem = fault.message
            yield InstalledPlugin(self.kind, point.name, _package(point), problem)

    def _load_other(self, point: EntryPoint) -> Any:
        try:
            plugin = point.load()
        except Exception as fault:  # another package's code raises what it likes
            raise self._broken(point.name, _package(point), f"does not load: {_reason(fault)}") from fault
        missing = [each for each in self._members if not any(hasattr(plugin, name) for name in each.split("|"))]
        if missing:
            names = ", ".join(f"`{each.replace('|', '` or `')}`" for each in missing)
            raise self._broken(point.name, _package(point), f"can't be used: {point.value} lacks {names}")
        if (own := getattr(plugin, "name", point.name)) != point.name:
            problem = f"can't be used: {point.value} says that its name is `{own}`"
            raise self._broken(point.name, _package(point), problem)
        if not isinstance(getattr(plugin, "suffix", ""), str):
            raise self._broken(point.name, _package(point), f"can't be used: `suffix` of {point.value} is not text")
        if not all(isinstance(each, Key) for each in getattr(plugin, "keys", ())):
            raise self._broken(point.name, _package(point), f"can't be used: `keys` of {point.value} are not `Key`s")
        return plugin

    def _broken(self, name: str, package: str, problem: str) -> SetupError:
        return SetupError(f"the {self.kind} `{name}` of {package} {problem}", f"update or remove {package}")

    def _entry_points(self) -> EntryPoints:
        from importlib.metadata import entry_points  # 25 ms, which most commands need not pay

        return entry_points(group=self.group)


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value


def _reason(fault: Exception) -> str:
    """An exception on one line: a plug-in's own words may hold anything."""
    return " ".join(f"{type(fault).__name__}: {fault}".split()).removesuffix(":")


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
    ("keys", "audible", "takes_ipa", "one_process_per_utterance", "voice", "fingerprint", "check", "prepare", "speak"),
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
