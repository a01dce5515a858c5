"""`cuecast extract`: the routine out of a track."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuecast import __version__, api
from cuecast.cli.console import print_stderr, program_name, usage_error, write_json
from cuecast.cli.inspect import track_path
from cuecast.cli.params import JsonOption, QuietOption
from cuecast.shell import make_folder, quote
from cuecast.tags.extract import Extracted


def extract(
    track: Annotated[str, typer.Argument(metavar="TRACK", help="An MP3 that `cuecast render` made.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DIR", help="The folder; by default one named as the track.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files of the same names in the folder.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take the routine out of a track, with all that it needs."""
    path = track_path(track)
    folder = Path(output if output is not None else path.stem)
    if not folder.name:
        raise usage_error("-o needs the name of a folder", f"for example -o {path.stem}")
    if not folder.parent.is_dir():
        raise usage_error(f"there is no folder {folder.parent}", make_folder(folder.parent))
    extracted = api.extract(path, folder, force)
    if as_json:
        write_json(_to_json(extracted))
    if not quiet:
        _print_next_steps(extracted)


def _to_json(extracted: Extracted) -> dict[str, object]:
    return {
        "folder": str(extracted.folder),
        "routine": str(extracted.folder / extracted.bundle.routine),
        "files": [str(path) for path in extracted.files],
        "programs": [str(path) for path in extracted.programs],
        "missing": {str(path): digest for path, digest in extracted.missing.items()},
        "cuecast": extracted.bundle.cuecast,
        "render": list(extracted.arguments),
    }


def _print_next_steps(extracted: Extracted) -> None:
    count = len(extracted.files)
    print_stderr(f"{extracted.folder}  {count} {'file' if count == 1 else 'files'}, data only: look at it, change it")
    print_stderr(f"  render it     {program_name()} {' '.join(map(quote, extracted.arguments))}")
    for path, digest in extracted.missing.items():
        print_stderr(
            f"  is missing    {path}: put it there (its SHA-256 begins with {digest[:12]}), or name other music"
        )
    for path in extracted.programs:
        name = path.name.partition(".")[0]
        print_stderr(
            f"  not used      {path}: the voice {name} would start a program; look at it, and rename it if you trust it"
        )
    if extracted.bundle.cuecast != __version__:
        version = extracted.bundle.cuecast or "another version"
        print_stderr(
            f"  note          it was made by cuecast {version}; this is {__version__}, which may sound otherwise"
        )
