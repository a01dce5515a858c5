"""`extract`: the routine that a track carries, as files in a folder. They are data: nothing in them runs here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from msgspec import Struct

from cuecast.errors import SetupError
from cuecast.files import PART_SUFFIX, atomic_write
from cuecast.tags.bundle import DESCRIPTION, HOME, OWN_COVER, Bundle, NotABundle, read_bundle
from cuecast.tags.reader import read_tag
from cuecast.tags.reader.model import Picture, Tag

OFF = ".off"
"""How the file of a voice ends that would start a program: no build finds it until somebody renames it."""

_HARMLESS = frozenset({"pyttsx3", "piper", "recorded", "silent"})
"""Engines that only speak. `command` runs what its profile says, and of those of other packages we know nothing."""

_FRONT = 3
_COVERS = {"image/png": "cover.png", "image/jpeg": "cover.jpg"}


class Refused(Exception):
    """A track that can't be extracted as it was asked. `hint` says what can be done."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Extracted(Struct, frozen=True):
    """What was taken out, into `folder`.

    `programs` are the voices that would start one, `missing` what the track only names: paths in the folder, each with
    the SHA-256 of what belongs there. `arguments` is how to render it again.
    """

    folder: Path
    bundle: Bundle
    files: tuple[Path, ...]
    programs: tuple[Path, ...]
    missing: Mapping[Path, str]
    arguments: tuple[str, ...]


def bundle_of(tag: Tag) -> Bundle | None:
    """The routine in a tag; None where there is none. Raises NotABundle."""
    found = tag.attachment(DESCRIPTION)
    return None if found is None else read_bundle(found.data)


def extract(track: Path, folder: Path, force: bool = False) -> Extracted:
    """Write what the track carries into the folder, all of it or nothing.

    A folder that is there already is left alone, but with `force` its files of the same names are replaced. Raises
    Refused, OSError where the track can't be read, SetupError where the folder can't be written.
    """
    with track.open("rb") as file:
        tag = read_tag(file)
    try:
        bundle = bundle_of(tag) if tag is not None else None
    except NotABundle as fault:
        raise Refused(f"{track}: {fault}") from None
    if bundle is None:
        hint = "the MP3 files of `cuecast render` do, but where it was told --no-source"
        raise Refused(f"{track} carries no routine", hint)
    assert tag is not None
    contents, programs = {}, []
    for path, content in bundle.files.items():
        starts = path.startswith(f"{HOME}/voices/") and not _only_speaks(content)
        if starts:
            programs.append(folder / f"{path}{OFF}")
        contents[f"{path}{OFF}" if starts else path] = content
    cover = _cover(tag) if bundle.options.get("cover") == OWN_COVER else None
    if cover is not None:
        contents[cover[0]] = cover[1]
    if _is_there(folder):
        if not force:
            raise Refused(f"{folder} is there already", "extract into another folder (-o DIR), or add --force")
        _replace(folder, contents)
    else:
        _make(folder, contents)
    return Extracted(
        folder,
        bundle,
        tuple(folder / path for path in contents),
        tuple(programs),
        {folder / path: sum_ for path, sum_ in bundle.elsewhere.items()},
        tuple(_arguments(bundle, folder, cover[0] if cover else None)),
    )


def _arguments(bundle: Bundle, folder: Path, cover: str | None) -> Iterator[str]:
    yield from ("render", str(folder / bundle.routine), "--home", str(folder / HOME))
    options = dict(bundle.options)
    if options.get("cover") == OWN_COVER:
        options["cover"] = [str(folder / cover)] if cover else []
    for name, told in options.items():
        for each in told if isinstance(told, list) else [told]:
            yield from (f"--{name}", str(each))


def _cover(tag: Tag) -> tuple[str, bytes] | None:
    front = (picture for picture in tag.all(Picture) if picture.kind == _FRONT and picture.mime in _COVERS)
    return next(((_COVERS[picture.mime], picture.data) for picture in front), None)


def _only_speaks(profile: bytes) -> bool:
    """Whether every engine that the file names is one of those that only speak; what can't be read may do anything."""
    try:
        roots = [yaml.compose(profile.decode("utf-8"), Loader=yaml.SafeLoader)]
    except (yaml.YAMLError, ValueError, RecursionError):
        return False
    seen: set[int] = set()
    while roots:
        node = roots.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if getattr(key, "value", None) == "engine" and str(getattr(value, "value", "")) not in _HARMLESS:
                    return False
                roots += [key, value]
        elif isinstance(node, yaml.SequenceNode):
            roots += node.value
    return True


def _is_there(folder: Path) -> bool:
    """Whether anything is: an empty folder is nothing."""
    try:
        is_empty = folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())
        return os.path.lexists(folder) and not is_empty
    except OSError:
        return True


def _make(folder: Path, contents: Mapping[str, bytes]) -> None:
    """All at once: the files come to be beside the folder, which then gets its name."""
    stage = folder.with_name(f".{folder.name[:100]}.{os.urandom(4).hex()}{PART_SUFFIX}")
    try:
        stage.mkdir()
        for path, content in contents.items():
            (stage / path).parent.mkdir(parents=True, exist_ok=True)
            (stage / path).write_bytes(content)
        (stage / HOME).mkdir(exist_ok=True)
        if folder.is_dir():
            folder.rmdir()  # it is empty
        stage.replace(folder)
    except OSError as fault:
        raise SetupError(f"can't write to {folder}: {fault.strerror}") from fault
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _replace(folder: Path, contents: Mapping[str, bytes]) -> None:
    """File by file. No link in the way is followed: it could lead out of the folder."""
    for path in contents:
        place = folder
        for part in Path(path).parts:
            if place.is_symlink() or (place.exists() and not place.is_dir()):
                raise Refused(f"{place} is not a folder of its own", "extract into another folder (-o DIR)")
            place /= part
        if place.is_symlink() or place.is_dir():
            raise Refused(f"{place} is not a file of its own", "extract into another folder (-o DIR)")
    for path, content in contents.items():
        try:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise SetupError(f"can't write to {folder}: {fault.strerror}") from fault
        with atomic_write(folder / path) as out:
            out.write(content)
