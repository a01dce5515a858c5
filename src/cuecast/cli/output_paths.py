"""Where `render` and `watch` write tracks: `-o`, `--format`, `--with`, `--split`.

A wrong call ends the command with exit status 2 before anything is made.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import typer
from msgspec import Struct

from cuecast import api
from cuecast.cli.console import usage_error
from cuecast.library import RoutineSource
from cuecast.options import Options
from cuecast.shell import make_folder


class TrackKind(Struct, frozen=True):
    """The format of a track, the suffix of its file, and the formats that are written beside it."""

    format: str = "mp3"
    suffix: str = ".mp3"
    sidecars: tuple[str, ...] = ()


def track_kind(format_: str | None, output: str | None, sidecars: str | None, split: bool) -> TrackKind:
    """The kind of track that the options choose, or the name of the output."""
    is_mp3 = format_ is None and (output is None or Path(output).suffix.lower() == ".mp3")
    if is_mp3 and sidecars is None and not split:
        return TrackKind()
    from cuecast.cli import plan_output  # imports the formats

    name, suffix = plan_output.kind_of(format_, output, split)
    return TrackKind(name, suffix, plan_output.sidecar_formats(sidecars, split))


def output_paths(
    routines: Sequence[RoutineSource], output: str | None, kind: TrackKind, split: bool = False
) -> list[Path]:
    """The path of each track; with `split` the folder of each."""
    if output == "":
        raise usage_error("-o needs the name of a track or of a folder", "for example -o my-track.mp3")
    paths = _split_folders(routines, output) if split else _track_paths(routines, output, kind.suffix)
    duplicates = {path for path in paths if paths.count(path) > 1}
    if duplicates:
        raise usage_error(f"two routines would both become {min(duplicates)}", "render them one at a time, with -o")
    return paths


def refuse_overwriting(routines: Sequence[RoutineSource], targets: Sequence[Path], options: Options) -> None:
    """End the command if a track, or what is written beside it, would replace a file that a track is made from."""
    sources = {os.path.realpath(routine.path) for routine in routines}
    for target in targets:
        if os.path.realpath(target) in sources:
            raise usage_error(f"{target} is a routine", "choose another name with -o")
    if options.sidecars or options.split:
        from cuecast.cli import plan_output

        plan_output.refuse_overwriting(routines, targets, options.sidecars)
    if len(routines) > 1:
        libraries = (api.read_inputs(routine, options) for routine in routines)
        for _, error in api.overwritten_inputs(targets, libraries):
            raise error


def _track_paths(routines: Sequence[RoutineSource], output: str | None, suffix: str) -> list[Path]:
    if output is None:
        return [Path(f"{routine.stem}{suffix}") for routine in routines]
    path = Path(output)
    if path.is_dir() or output.endswith(("/", os.sep)) or len(routines) > 1:
        if not path.is_dir() and path.suffix.lower() == suffix:
            hint = f"{make_folder('tracks')}, then -o tracks, not -o {output}"
            raise usage_error("several routines need a folder for -o", hint)
        _require_folder(path)
        return [path / f"{routine.stem}{suffix}" for routine in routines]
    if path.suffix.lower() != suffix:
        raise usage_error(f"{path} does not end in {suffix}", f"-o {path.with_suffix(suffix)}")
    _require_folder(path.parent)
    return [path]


def _split_folders(routines: Sequence[RoutineSource], output: str | None) -> list[Path]:
    """Each track gets a folder with its name, in the current folder or in that of `-o`."""
    parent = Path(output or ".")
    if output is not None and not parent.is_dir():
        hint = f"{make_folder(output)}; each track gets a folder of its own in it"
        raise usage_error(f"there is no folder {output}", hint)
    folders = [parent / routine.stem for routine in routines]
    for folder in folders:
        if folder.exists() and not folder.is_dir():
            raise usage_error(f"{folder} exists and is not a folder", "choose another place with -o")
    return folders


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise _missing_folder(folder)


def _missing_folder(folder: Path) -> typer.Exit:
    return usage_error(f"there is no folder {folder}", make_folder(folder))
