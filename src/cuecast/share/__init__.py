"""`share`: a folder for any web host, with a page for each track, one for all, and a podcast feed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from msgspec import Struct

from cuecast.model.build import Result
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.phrases.display import display_words
from cuecast.share.feed import chapters_json, feed_xml
from cuecast.share.folder import INVENTORY, Content, Inventory, read_inventory, unowned_files, write_files
from cuecast.share.pages import collection_files, track_page
from cuecast.share.tracks import MAX_TITLE, SharedTrack, clean, read_track

__all__ = ["INVENTORY", "CannotShareError", "Collection", "share"]

_URL_PATH = "/%~!$&'*+,;=:@()"
"""Characters that stay as they are in the path of an address (RFC 3986)."""


class CannotShareError(Exception):
    """The tracks can't be shared this way. `hint` says what to do instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Collection(Struct, frozen=True):
    """What the folder holds now. `changed` are the names of the files that were written."""

    folder: Path
    title: str
    url: str | None
    tracks: tuple[SharedTrack, ...]
    changed: tuple[str, ...]


def share(
    tracks: Sequence[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    title: str | None = None,
    url: str | None = None,
    force: bool = False,
) -> Result[Collection]:
    """Add tracks to the folder. Nothing is changed if one of them is not a track.

    `title` and `url` (the folder's address on its host) are remembered for the next time. Raises CannotShareError for
    tracks of the same name, files that cuecast did not write, and a wrong `url`; OSError if a track can't be read,
    SetupError if the folder can't be written.
    """
    folder = Path(folder)
    inventory = read_inventory(folder)
    address = url or inventory.url
    base = _parse_address(address) if address else None
    given, diagnostics = _read_tracks(map(Path, tracks))
    if has_errors(diagnostics):
        return Result(None, tuple(diagnostics))
    names = {track.name for track in given}
    shared = [folder / file for file in inventory.track_files() if Path(file).stem not in names]
    present, warnings = _read_tracks([path for path in shared if path.is_file()])
    all_tracks = tuple(sorted((*given, *present), key=lambda track: (track.title.casefold(), track.name)))
    _check_names(all_tracks)
    own_title = clean(title or inventory.title or "", MAX_TITLE) or None
    languages = {track.language for track in all_tracks}
    words = display_words(languages.pop() if len(languages) == 1 else "en")
    numbers = inventory.with_numbers(track.name for track in all_tracks)
    collection = own_title or words["collection"]
    files = collection_files(all_tracks, collection, words, base)
    files["feed.xml"] = feed_xml(all_tracks, numbers, collection, words.language, base)
    for track in all_tracks:
        files |= _track_files(track, collection)
    if not force:
        check_owned(folder, files, inventory)
    folder.mkdir(parents=True, exist_ok=True)
    changed = write_files(folder, files, inventory, Inventory(own_title, base, numbers))
    return Result(Collection(folder, collection, base, all_tracks, changed), (*diagnostics, *warnings))


def _read_tracks(paths: Iterable[Path]) -> tuple[list[SharedTrack], list[Diagnostic]]:
    tracks, diagnostics = [], []
    for path in paths:
        track, problems = read_track(path)
        diagnostics += problems
        if track:
            tracks.append(track)
    return tracks, diagnostics


def _check_names(tracks: Sequence[SharedTrack]) -> None:
    """Refuse two tracks with the same file names, also on a disk that ignores case."""
    by_name: dict[str, SharedTrack] = {}
    for track in tracks:
        other = by_name.setdefault(track.name.casefold(), track)
        if other is not track:
            both = " and ".join(clean(str(each.content.source), MAX_TITLE) for each in (other, track))
            hint = "rename one of them: the page and its file have the name of the track's file"
            raise CannotShareError(f"{both} would both be {track.name}.html", hint)


def check_owned(folder: Path, files: Mapping[str, Content], inventory: Inventory) -> None:
    """Raise CannotShareError if a file that is to be written exists and is not ours."""
    names = unowned_files(folder, files, inventory)
    if names:
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        message = f"{folder} has files that cuecast did not write, or that were changed since: {shown}"
        raise CannotShareError(message, "name an empty folder, or add --force to replace what is there")


def _track_files(track: SharedTrack, collection: str) -> dict[str, Content]:
    files: dict[str, Content] = {track.file: track.content, f"{track.name}.html": track_page(track, collection)}
    if track.chapters:
        files[f"{track.name}.chapters.json"] = chapters_json(track)
    if track.cover:
        files[track.cover.name] = track.cover.data
    return files


def _parse_address(url: str) -> str:
    """Return the folder's address, encoded, with a slash at its end."""
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.encode("idna").decode()
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        message = f"--url {clean(url, MAX_TITLE)}: this is not a folder's address"
        raise CannotShareError(message, "for example https://example.org/routines/")
    path = quote(parts.path, safe=_URL_PATH).rstrip("/")
    return f"{parts.scheme}://{host}{path}/"
