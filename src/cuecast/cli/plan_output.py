"""Where a timeline goes, and in which format: `plan --format`, `plan -o`, `render --with`, `render --format`.

A wrong call ends the command with exit status 2 before anything is made.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from cuecast.cli.console import usage_error, write_stdout
from cuecast.encode import format_by_suffix as format_of_track
from cuecast.encode import track_format, track_suffixes
from cuecast.export import FORMATS, export_format, extension_of, format_by_suffix, sidecar_path, to_bytes
from cuecast.files import atomic_write
from cuecast.library import RoutineSource
from cuecast.model.timeline import Timeline
from cuecast.protocols import PictureFormat, TextFormat
from cuecast.shell import make_folder

ExportFormat = TextFormat | PictureFormat


def format_and_target(name: str | None, output: str | None) -> tuple[ExportFormat, Path | None]:
    """The format, and the file to write; None for standard output."""
    if output is None:
        form = export_format(name or "table")
        if hasattr(form, "draw"):
            raise usage_error(f"{form.name} is not text: it needs a file", f"-o plan{extension_of(form)}")
        return form, None
    target = Path(output)
    if not output or target.is_dir() or output.endswith(("/", os.sep)):
        raise usage_error("-o needs the name of a file", "for example -o plan.svg")
    if not target.parent.is_dir():
        raise usage_error(f"there is no folder {target.parent}", make_folder(target.parent))
    known = format_by_suffix(target)
    form = export_format(name or known or "table")
    if name is None and known is None:
        broken = next((plugin.problem for plugin in FORMATS.others() if plugin.problem), None)
        hint = (
            f"add --format NAME, or -o plan.svg (besides: {broken})" if broken else "add --format NAME, or -o plan.svg"
        )
        raise usage_error(f"the name {output} does not say its format", hint)
    if target.name.lower().endswith(tuple(track_suffixes())):
        hint = f"-o {target.stem}{extension_of(form)}"
        raise usage_error(f"{output} is the name of a track, not of a timeline", hint)
    is_same_kind = target.suffix.lower() == Path(extension_of(form)).suffix  # `plan.json` is fine for any JSON
    if target.exists() and known and known != form.name and not is_same_kind:
        raise usage_error(f"{output} exists, and by its name it is {known}, not {form.name}", "choose another name")
    return form, target


def kind_of(name: str | None, output: str | None, split: bool) -> tuple[str, str]:
    """The name of the track's format, and the suffix of its file."""
    is_folder = output is not None and (Path(output).is_dir() or output.endswith(("/", os.sep)))
    suffix = Path(output).suffix.lower() if output and not is_folder else ""
    chosen = name or (suffix and format_of_track(suffix)) or "mp3"
    if split and chosen != "mp3":
        raise usage_error(f"--split makes MP3 files, not {chosen}", "leave out --format")
    expected = track_format(chosen).suffix
    if output and suffix and suffix != expected and not split:
        right = Path(output).with_suffix(expected)
        if name:
            raise usage_error(f"--format {chosen} does not make {suffix} files", f"-o {right}")
        raise usage_error(
            f"{output} does not end as a track does", f"-o {right}, or one of {', '.join(track_suffixes())}"
        )
    return chosen, expected


def sidecar_formats(names: str | None, split: bool) -> tuple[str, ...]:
    """The names of the formats to write beside each track, each once."""
    if names is None:
        return ()
    chosen = tuple(dict.fromkeys(name.strip() for name in names.split(",")))
    if split:
        hint = "write the timeline of the whole with cuecast plan -o FILE"
        raise usage_error("--with goes with one track, --split makes many", hint)
    by_suffix: dict[str, str] = {}
    for name in chosen:
        suffix = extension_of(export_format(name))
        other = by_suffix.setdefault(suffix.lower(), name)
        if other != name:
            raise usage_error(f"--with: {other} and {name} would both be written to {suffix}", "take one of them")
    return chosen


def refuse_overwriting(routines: Sequence[RoutineSource], targets: Sequence[Path], sidecars: Sequence[str]) -> None:
    """End the command if a file beside a track would replace a routine or another track."""
    for target in targets:
        for form in map(export_format, sidecars):
            path = sidecar_path(target, form)
            if path in targets:
                raise usage_error(f"--with {form.name} would overwrite the track {path}", "leave it out")
            for routine in routines:
                refuse_overwriting_source(routine, path)


def refuse_overwriting_source(routine: RoutineSource, target: Path) -> None:
    """End the command if the target is the routine itself."""
    source = Path(routine.name)
    if source.exists() and target.exists() and source.samefile(target):
        raise usage_error(f"{target} is the routine itself", "choose another name")


def write_timeline(timeline: Timeline, form: ExportFormat, target: Path | None) -> None:
    """Write the timeline to the file, or to standard output. Raises SetupError."""
    if target is not None:
        data = to_bytes(form, timeline)
        with atomic_write(target) as file:
            file.write(data)
    elif hasattr(form, "dump"):
        # On Windows a text stream turns each \n into \r\n, also in a text that has \r\n already.
        text = to_bytes(form, timeline).decode()
        write_stdout(text if os.linesep == "\n" else text.replace("\r\n", "\n"))
