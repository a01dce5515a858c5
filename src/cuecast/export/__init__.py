"""Output formats: sound files and texts. A new one is a file here and a line in a table, or somebody's entry point.

Each is imported when it is first used: a table of names costs nothing at start-up.
"""

from __future__ import annotations

import contextlib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cuecast.errors import SetupError
from cuecast.model.diagnostics import did_you_mean
from cuecast.protocols import PictureFormat, TextFormat, TrackFormat

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

    from cuecast.model.timeline import Timeline

GROUP = "cuecast.export"
"""The entry points of third parties: `NAME = "package.module:Class"`."""

TRACKS = {
    "mp3": "cuecast.encode.mp3:Mp3",
    "wav": "cuecast.encode.wav:Wav",
    "flac": "cuecast.encode.libav:Flac",
    "ogg": "cuecast.encode.libav:Ogg",
    "opus": "cuecast.encode.libav:Opus",
    "m4a": "cuecast.encode.libav:M4a",
}
TEXTS = {
    "table": "cuecast.export.table:Table",
    "json": "cuecast.export.json:Json",
    "lrc": "cuecast.export.lrc:Lrc",
    "vtt": "cuecast.export.vtt:Vtt",
    "vtt-chapters": "cuecast.export.vtt:ChaptersVtt",
    "chapters": "cuecast.export.chapters:Chapters",
    "audacity": "cuecast.export.audacity:Audacity",
    "csv": "cuecast.export.csv:Csv",
    "ffmetadata": "cuecast.export.ffmetadata:FfMetadata",
    "html": "cuecast.export.html:Html",
    "svg": "cuecast.export.svg:Svg",
}
PICTURES = {"png": "cuecast.export.png:Png"}

_PLANS = ((TEXTS, "dump"), (PICTURES, "draw"))


class UnknownFormat(LookupError):
    """A name that no format has. `hint` says which was probably meant, or which there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no format `{name}`")
        self.hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"


def track_format(name: str) -> TrackFormat:
    """The sound file format of that name.

    Raises UnknownFormat, and SetupError for a plug-in that is broken or that needs what is not installed.
    """
    form = cast(TrackFormat, _load(name, TRACKS, "write"))
    if hasattr(form, "check"):
        form.check()
    return form


def track_suffixes() -> dict[str, str]:
    """The name of the built-in sound file format for each end of a file's name."""
    return {f".{name}": name for name in TRACKS}


def text_format(name: str) -> TextFormat:
    """The text format of that name. Raises as `track_format` does."""
    return cast(TextFormat, _load(name, TEXTS, "dump"))


def plan_format(name: str) -> TextFormat | PictureFormat:
    """The way to write a timeline of that name, be it text or not.

    Raises as `track_format` does, and SetupError where something that it needs is not installed.
    """
    for table, verb in _PLANS:
        with contextlib.suppress(UnknownFormat):
            form = cast("TextFormat | PictureFormat", _load(name, table, verb))
            if hasattr(form, "check"):
                form.check()
            return form
    raise UnknownFormat(name, plan_names())


def format_of(path: Path) -> str | None:
    """The name of the built-in way to write a timeline whose files end like this one, None where none does.

    The longest end counts; of those that share their last part (`.json`), the first one.
    """
    forms = [cast("TextFormat | PictureFormat", _load(name, table, verb)) for table, verb in _PLANS for name in table]
    ends = {suffix_of(form): form.name for form in forms}
    fitting = [end for end in ends if path.name.lower().endswith(end)]
    if fitting:
        return ends[max(fitting, key=len)]
    last = path.suffix.lower()
    return next((name for end, name in ends.items() if last and Path(end).suffix == last), None)


def contents(form: TextFormat | PictureFormat, timeline: Timeline) -> bytes:
    """The timeline as the whole file of that form: text in UTF-8."""
    return bytes(form.draw(timeline)) if hasattr(form, "draw") else form.dump(timeline).encode("utf-8", "replace")


def suffix_of(form: TextFormat | PictureFormat) -> str:
    """How its files end, with a dot."""
    suffix = str(getattr(form, "suffix", "") or f".{form.name}")
    return suffix if suffix.startswith(".") else f".{suffix}"


def beside_of(track: Path, form: TextFormat | PictureFormat) -> Path:
    """Where a file of that form stands beside a track: it has the track's name."""
    return track.with_name(track.stem + suffix_of(form))


def track_names() -> tuple[str, ...]:
    """The names of all sound file formats: the built-in ones first."""
    return _names(TRACKS, "write")


def text_names() -> tuple[str, ...]:
    """The names of all text formats: the built-in ones first."""
    return _names(TEXTS, "dump")


def plan_names() -> tuple[str, ...]:
    """The names of all ways to write a timeline: those of text first."""
    return (*text_names(), *_names(PICTURES, "draw"))


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
        except SetupError:
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
            raise SetupError(message, f"update or remove {package}") from fault
    return None


def _plug_ins() -> EntryPoints:
    # Imported late: it takes longer than a whole `check` needs for its own modules.
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)
