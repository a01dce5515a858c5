"""`extract`: the routine that a track carries, as files in a folder. They are data: nothing in them runs here."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import yaml
from msgspec import Struct

from cuecast.errors import ExtractError, SetupError
from cuecast.files import atomic_directory
from cuecast.tags.bundle import DESCRIPTION, HOME, OWN_COVER, Bundle, NotABundle, read_bundle
from cuecast.tags.reader import Tag, read_tag

OFF = ".off"
"""The suffix of a voice that would start a program: no build finds it until somebody renames it."""

_HARMLESS_ENGINES = frozenset({"pyttsx3", "kokoro", "piper", "recorded", "silent"})
"""Engines that only speak. `command` runs a program, and other packages' engines are unknown."""

_FRONT_COVER = 3
_COVER_NAMES = {b"\x89PNG\r\n": "cover.png", b"\xff\xd8\xff": "cover.jpg"}


class Extracted(Struct, frozen=True):
    """What was written into `folder`.

    `programs` are voices that would start a program. `missing` has files that the track only names, with the SHA-256 of
    what belongs there. `arguments` are those of `cuecast` that render it again.
    """

    folder: Path
    bundle: Bundle
    files: tuple[Path, ...]
    programs: tuple[Path, ...]
    missing: Mapping[Path, str]
    arguments: tuple[str, ...]


def bundle_of(tag: Tag) -> Bundle | None:
    """The routine in a tag; None if it has none. Raises NotABundle."""
    data = tag.attachments.get(DESCRIPTION)
    return None if data is None else read_bundle(data)


def extract(track: Path, folder: Path, force: bool = False) -> Extracted:
    """Write what the track carries into the folder, all of it or nothing.

    With `force`, files of the same names in an existing folder are replaced. Raises ExtractError, OSError if the track
    can't be read, SetupError if the folder can't be written.
    """
    with track.open("rb") as file:
        tag = read_tag(file) or Tag()
    try:
        bundle = bundle_of(tag)
    except NotABundle as fault:
        raise ExtractError(f"{track}: {fault}") from None
    if bundle is None:
        hint = "the MP3 files of `cuecast render` do, unless it was called with --no-source"
        raise ExtractError(f"{track} carries no routine", hint)
    programs = [path for path in bundle.files if path.startswith(f"{HOME}/voices/") and _may_run(bundle.files[path])]
    contents = {f"{path}{OFF}" if path in programs else path: content for path, content in bundle.files.items()}
    cover = _find_cover(tag) if bundle.options.get("cover") == OWN_COVER else None
    if cover:
        contents[cover[0]] = cover[1]
    if _is_taken(folder):
        if not force:
            raise ExtractError(f"{folder} is there already", "extract into another folder (-o DIR), or add --force")
        _check_no_links(folder, contents)
    _write(folder, contents)
    return Extracted(
        folder,
        bundle,
        tuple(folder / path for path in contents),
        tuple(folder / f"{path}{OFF}" for path in programs),
        {folder / path: digest for path, digest in bundle.elsewhere.items()},
        tuple(_arguments(bundle, folder, cover[0] if cover else None)),
    )


def _arguments(bundle: Bundle, folder: Path, cover: str | None) -> Iterator[str]:
    yield from ("render", str(folder / bundle.routine), "--home", str(folder / HOME))
    if "/" in bundle.routine:
        yield from ("--root", str(folder))
    options = dict(bundle.options)
    if options.get("cover") == OWN_COVER:
        options["cover"] = [str(folder / cover)] if cover else []
    for name, value in options.items():
        for each in value if isinstance(value, list) else [value]:
            yield from (f"--{name}", str(each))


def _find_cover(tag: Tag) -> tuple[str, bytes] | None:
    """File name and data of the front cover."""
    for picture in tag.pictures:
        for magic, name in _COVER_NAMES.items():
            if picture.kind == _FRONT_COVER and picture.data.startswith(magic):
                return name, picture.data
    return None


def _may_run(profile: bytes) -> bool:
    """Whether a voice names an engine that may start a program, at any depth; if that is not certain, it may."""
    try:
        events = list(yaml.parse(profile.decode("utf-8"), Loader=yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return True
    texts = [event.value for event in events if isinstance(event, yaml.ScalarEvent)]
    engines = {value for key, value in pairwise(texts) if key == "engine"}
    return not engines <= _HARMLESS_ENGINES or any(isinstance(event, yaml.AliasEvent) for event in events)


def _is_taken(folder: Path) -> bool:
    """Whether anything other than an empty folder is there."""
    try:
        is_empty = folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())
        return os.path.lexists(folder) and not is_empty
    except OSError:
        return True


def _check_no_links(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Check that no link is in the way: it could lead out of the folder."""
    for path in contents:
        place = folder
        for part in Path(path).parts:
            if place.is_symlink() or (place.exists() and not place.is_dir()):
                raise ExtractError(f"{place} is a link or not a folder", "extract into another folder (-o DIR)")
            place /= part
        if place.is_symlink() or place.is_dir():
            raise ExtractError(f"{place} is a link or not a file", "extract into another folder (-o DIR)")


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    with atomic_directory(folder) as stage:
        try:
            for path, content in contents.items():
                (stage / path).parent.mkdir(parents=True, exist_ok=True)
                (stage / path).write_bytes(content)
            (folder / HOME).mkdir(exist_ok=True)
            for path in contents:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (stage / path).replace(folder / path)
        except OSError as fault:
            raise SetupError(f"can't write to {folder}: {fault.strerror}") from fault
