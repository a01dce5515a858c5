"""`share`: tracks in, a folder for a web host out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from cuecast.cli import report
from cuecast.cli.console import FAULTY, colourful, put_json, say, tell, usage
from cuecast.model.diagnostics import Severity
from cuecast.model.duration import ms_to_clock
from cuecast.share import CannotShareError, Collection
from cuecast.share import share as share_tracks


def share(
    tracks: Sequence[str], output: str, title: str | None, url: str | None, force: bool, quiet: bool, as_json: bool
) -> None:
    """Put the tracks into the folder, with their pages."""
    paths = [Path(track) for track in dict.fromkeys(tracks)]
    for path in paths:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is not there"
            raise usage(f"{path} {what}", "name the MP3 files that `cuecast render` made")
    folder = Path(output)
    if not output or (folder.exists() and not folder.is_dir()):
        raise usage(f"-o {output}: this is not a folder", "name a folder; it need not be there yet")
    try:
        made, told = share_tracks(paths, folder, title, url, force)
    except CannotShareError as refused:
        raise usage(str(refused), refused.hint) from None
    except OSError as fault:
        raise usage(f"can't read {fault.filename}: {fault.strerror}") from None
    shown = [d for d in told if not quiet or d.severity is Severity.ERROR]
    if shown:
        say(report.as_text(shown, [], colourful(sys.stderr)))
    if made is None:
        tell("cuecast: nothing was shared")
        raise typer.Exit(FAULTY)
    if as_json:
        put_json(_plain(made))
    if not quiet:
        _closing_lines(made)


def _plain(made: Collection) -> dict[str, object]:
    return {
        "folder": str(made.folder),
        "title": made.title,
        "url": made.url,
        "tracks": [
            {"name": t.name, "title": t.title, "duration": t.duration / 1_000, "page": f"{t.name}.html"}
            for t in made.tracks
        ],
        "changed": sorted(made.changed),
    }


def _closing_lines(made: Collection) -> None:
    count = len(made.tracks)
    length = ms_to_clock(sum(track.duration for track in made.tracks))
    tell(f"{made.folder}  {count} {'track' if count == 1 else 'tracks'}, {length}; {len(made.changed)} files written")
    tell(f"  look at it    open {made.folder / 'index.html'} in a browser")
    tell("  put it online copy the folder to any web host; over https it also works offline (docs/sharing.md)")
    if made.url:
        tell(f"  podcast apps  {made.url}feed.xml")
    else:
        tell("  podcast apps  need to know where it lies: share again with --url https://…")
