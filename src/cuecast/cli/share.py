"""`share`: tracks in, a folder for a web host out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cuecast.cli import report
from cuecast.cli.console import FAULTY, print_stderr, usage_error, use_colour, write_json, write_stderr
from cuecast.cli.params import JsonOption, QuietOption
from cuecast.model.diagnostics import Severity
from cuecast.model.duration import ms_to_clock
from cuecast.share import CannotShareError, Collection
from cuecast.share import share as share_tracks


def share(
    tracks: Annotated[
        list[str], typer.Argument(metavar="TRACK", help="An MP3 or M4A that cuecast made, or another one.")
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="The folder; what was shared there before stays.")
    ],
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="What the collection is called.")] = None,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the folder will lie: podcast apps need to know.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files there that cuecast did not write.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make pages that play tracks on a phone.

    The folder goes to any web host.
    """
    paths = [Path(track) for track in dict.fromkeys(tracks)]
    for path in paths:
        if not path.is_file():
            problem = "is a folder" if path.is_dir() else "is not there"
            raise usage_error(f"{path} {problem}", "name the MP3 or M4A files that `cuecast render` made")
    folder = Path(output)
    if not output or (folder.exists() and not folder.is_dir()):
        raise usage_error(f"-o {output}: this is not a folder", "name a folder; it need not exist")
    collection = share_or_exit(paths, folder, title, url, force, quiet)
    if as_json:
        write_json(_as_json(collection))
    if not quiet:
        _print_summary(collection)


def share_or_exit(
    paths: Sequence[Path],
    folder: Path,
    title: str | None = None,
    url: str | None = None,
    force: bool = False,
    quiet: bool = False,
) -> Collection:
    """Share the tracks and print what is wrong with them; end the command if they can't be shared."""
    try:
        shared = share_tracks(paths, folder, title, url, force)
    except CannotShareError as fault:
        raise usage_error(str(fault), fault.hint) from None
    except OSError as fault:
        raise usage_error(f"can't read {fault.filename}: {fault.strerror}") from None
    shown = [each for each in shared.diagnostics if not quiet or each.severity is Severity.ERROR]
    if shown:
        write_stderr(report.as_text(shown, [], use_colour(sys.stderr)))
    if shared.value is None:
        print_stderr("cuecast: nothing was shared")
        raise typer.Exit(FAULTY)
    return shared.value


def _as_json(collection: Collection) -> dict[str, object]:
    tracks = [
        {"name": each.name, "title": each.title, "duration": each.duration / 1_000, "page": f"{each.name}.html"}
        for each in collection.tracks
    ]
    return {
        "folder": str(collection.folder),
        "title": collection.title,
        "url": collection.url,
        "tracks": tracks,
        "changed": sorted(collection.changed),
    }


def _print_summary(collection: Collection) -> None:
    folder, count = collection.folder, len(collection.tracks)
    length = ms_to_clock(sum(track.duration for track in collection.tracks))
    written = f"{len(collection.changed)} files written"
    print_stderr(f"{folder}  {count} {'track' if count == 1 else 'tracks'}, {length}; {written}")
    print_stderr(f"  look at it    open {folder / 'index.html'} in a browser")
    print_stderr("  put it online copy the folder to any web host; over https it also works offline (docs/sharing.md)")
    if collection.url:
        print_stderr(f"  podcast apps  {collection.url}feed.xml")
    else:
        print_stderr("  podcast apps  need the folder's address: share again with --url https://…")
