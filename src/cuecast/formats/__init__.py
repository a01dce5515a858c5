"""Output formats: sound files and texts. A new one is a file here and a line in a table, or somebody's entry point.

Each is imported when it is first used: a table of names costs nothing at start-up.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from cuecast.diagnostics import did_you_mean
from cuecast.ports import EnvironmentFault, TextFormat, TrackFormat

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

GROUP = "cuecast.formats"
"""The entry points of third parties: `NAME = "package.module:Class"`."""

TRACKS = {"mp3": "cuecast.formats.mp3:Mp3"}
TEXTS = {"table": "cuecast.formats.table:Table", "json": "cuecast.formats.json:Json"}


class UnknownFormat(LookupError):
    """A name that no format has. `hint` says which was probably meant, or which there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no format `{name}`")
        self.hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"


def track_format(name: str) -> TrackFormat:
    """The sound file format of that name. Raises UnknownFormat, or EnvironmentFault for a plug-in that is broken."""
    return cast(TrackFormat, _load(name, TRACKS, "write"))


def text_format(name: str) -> TextFormat:
    """The text format of that name. Raises as `track_format` does."""
    return cast(TextFormat, _load(name, TEXTS, "dump"))


def track_names() -> tuple[str, ...]:
    """The names of all sound file formats: the built-in ones first."""
    return _names(TRACKS, "write")


def text_names() -> tuple[str, ...]:
    """The names of all text formats: the built-in ones first."""
    return _names(TEXTS, "dump")


def _load(name: str, table: dict[str, str], verb: str) -> object:
    if name in table:
        module, _, attribute = table[name].partition(":")
        return getattr(import_module(module), attribute)()
    made = _plugged(name)
    if made is None or not hasattr(made, verb):
        raise UnknownFormat(name, _names(table, verb))
    return made


def _names(table: dict[str, str], verb: str) -> tuple[str, ...]:
    """The table's names, then those of the plug-ins that have that verb, which only loading them tells."""
    names = list(table)
    for name in sorted(_plug_ins().names - table.keys()):
        try:
            made = _plugged(name)
        except EnvironmentFault:
            continue
        if hasattr(made, verb):
            names.append(name)
    return tuple(names)


def _plugged(name: str) -> object | None:
    """A new instance of somebody's format; None where nobody has one of that name."""
    for point in _plug_ins().select(name=name):
        try:
            return cast(object, point.load()())
        except Exception as fault:  # somebody else's code: whatever it raises must not look like a fault of ours
            package = point.dist.name if point.dist else point.value
            message = f"the format `{name}` of {package} does not load: {fault}"
            raise EnvironmentFault(message, f"update or remove {package}") from fault
    return None


def _plug_ins() -> EntryPoints:
    # Imported late: it takes longer than a whole `check` needs for its own modules.
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)
