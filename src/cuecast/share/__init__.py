"""`share`: a folder that any web host serves, with a page for each track, one for all, and a podcast feed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from msgspec import Struct

from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.share.feed import chapters_json, feed
from cuecast.share.folder import INVENTORY, Content, Inventory, foreign, read_inventory, write
from cuecast.share.pages import collection_page, data_json, track_page, web, web_bytes
from cuecast.share.tracks import Shared, clean, read_track
from cuecast.share.words import words_of

__all__ = ["INVENTORY", "CannotShareError", "Collection", "share"]

_ICONS = ("icon-192.png", "icon-512.png", "maskable.png", "touch.png", "cover.png")
_MOST_TITLE = 200


class CannotShareError(Exception):
    """Tracks that can't be shared this way. `hint` says what to do instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Collection(Struct, frozen=True):
    """What lies in the folder now. `changed` are the names of the files that were written."""

    folder: Path
    title: str
    url: str | None
    tracks: tuple[Shared, ...]
    changed: tuple[str, ...]


def share(
    paths: Sequence[Path], folder: Path, title: str | None = None, url: str | None = None, force: bool = False
) -> tuple[Collection | None, list[Diagnostic]]:
    """Put the tracks into the folder, beside those that are there; None where one can't be shared: nothing is changed.

    `title` and `url` (of the folder, once it lies on a host) stay for the next time. Raises CannotShareError for tracks of the
    same name, files that are not ours, and a wrong `url`; OSError where a track can't be read, SetupError
    where the folder can't be written.
    """
    before = read_inventory(folder)
    wanted = url or before.url
    address = _address(wanted) if wanted else None
    given, told = _given(paths)
    if given is None:
        return None, told
    there, more = _there(folder, before, given)
    tracks = tuple(sorted((*given, *there), key=lambda track: (track.title.casefold(), track.name)))
    _distinct(tracks)
    language = tracks[0].language if len({track.language for track in tracks}) == 1 else "en"
    words = words_of(language)
    name = clean(title or before.title or "", _MOST_TITLE) or words["collection"]
    files = _files(tracks, name, words.code, address)
    for track in tracks:
        files[f"{track.name}.mp3"] = track.source  # of those that lie there already, the sum alone is taken down
    strangers = foreign(folder, files, before)
    if strangers and not force:
        raise CannotShareError(
            _refusal(folder, strangers), "share into an empty folder, or add --force to replace what is there"
        )
    after = Inventory(name if title or before.title else None, address, tuple(track.name for track in tracks))
    folder.mkdir(parents=True, exist_ok=True)
    changed = write(folder, files, before, after)
    return Collection(folder, name, address, tracks, changed), [*told, *more]


def _given(paths: Sequence[Path]) -> tuple[list[Shared] | None, list[Diagnostic]]:
    found: list[Shared] = []
    told: list[Diagnostic] = []
    for path in paths:
        track, said = read_track(path)
        told += said
        if track:
            found.append(track)
    return (None if has_errors(told) else found), told


def _there(folder: Path, before: Inventory, given: Sequence[Shared]) -> tuple[list[Shared], list[Diagnostic]]:
    """The tracks that were shared before and are still there; of one that is no track any more is told."""
    found: list[Shared] = []
    told: list[Diagnostic] = []
    new = {track.name for track in given}
    for name in before.tracks:
        path = folder / f"{name}.mp3"
        if name in new or not path.is_file():
            continue
        track, said = read_track(path)
        told += said
        if track and track.name == name:
            found.append(track)
    return found, told


def _distinct(tracks: Sequence[Shared]) -> None:
    """Raise CannotShareError where two would have the same files, also on a disk that takes small and capital letters as one."""
    seen: dict[str, Shared] = {}
    for track in tracks:
        other = seen.setdefault(track.name.casefold(), track)
        if other is not track:
            message = (
                f"{clean(str(other.source), 200)} and {clean(str(track.source), 200)} would both be {track.name}.mp3"
            )
            raise CannotShareError(message, "rename one of them: the page and its file are called as the track's file")


def _files(tracks: Sequence[Shared], title: str, language: str, url: str | None) -> dict[str, Content]:
    """All files but the tracks themselves."""
    files: dict[str, Content] = {}
    for track in tracks:
        files[f"{track.name}.html"] = track_page(track, title).encode()
        if track.chapters:
            files[f"{track.name}.chapters.json"] = chapters_json(track).encode()
    shell: dict[str, Content] = {f"icons/{name}": web_bytes(f"icons/{name}") for name in _ICONS}
    shell["icons/icon.svg"] = web("icons/icon.svg").encode()
    shell["manifest.webmanifest"] = _manifest(title, language)
    shell["index.html"] = collection_page(tracks, title, language, url and f"{url}feed.xml").encode()
    files |= shell
    files["feed.xml"] = feed(tracks, title, language, url).encode()
    files["sw.js"] = _worker({name: each for name, each in shell.items() if isinstance(each, bytes)})
    return files


def _manifest(title: str, language: str) -> bytes:
    texts = {"title": json.dumps(title), "short": json.dumps(title[:24]), "language": json.dumps(language)}
    return Template(web("manifest.json")).substitute(texts).encode()


def _worker(shell: Mapping[str, bytes]) -> bytes:
    """The service worker. Its version is a sum of all that it keeps and of itself."""
    wanted = [name for name in sorted(shell) if name != "icons/cover.png"]
    digest = hashlib.sha256(web("sw.js").encode())
    for name in wanted:
        digest.update(hashlib.sha256(shell[name]).digest())
    return Template(web("sw.js")).substitute(version=digest.hexdigest()[:16], files=data_json(wanted)).encode()


def _address(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise CannotShareError(
            f"--url {clean(url, 200)}: this is not a folder's address", "for example https://example.org/routines/"
        )
    return url.strip().rstrip("/") + "/"


def _refusal(folder: Path, names: Sequence[str]) -> str:
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"{folder} has files that cuecast did not write, or that were changed since: {shown}"
