"""Packs the files that a build read, so that they go along in its track.

They are taken before the build, as values: a track can be made on a machine that has none of its files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast import __version__
from cuecast.library import KINDS, Folders, RoutineSource, digest_of, file_digest
from cuecast.model.timeline import Timeline
from cuecast.options import OFF, Options
from cuecast.tags.bundle import (
    HOME,
    MAX_BYTES,
    MAX_SOUND_BYTES,
    MUSIC,
    OWN_COVER,
    SOUNDS,
    Bundle,
    Option,
    encode_bundle,
    is_portable_path,
)

_PLAIN_NAME = "routine.yaml"
_MACHINE_SCHEMA = re.compile(
    rb"^(# *yaml-language-server: *\$schema=)(?:file:|/|\w:\\)[^\r\n]*?([\w.-]*)(?=\r?$)", re.MULTILINE
)
"""An editor's comment that names a schema on this machine."""


class PackedFile(Struct, frozen=True):
    """A file that was read, and its path in the bundle. Without content only its SHA-256 goes along."""

    path: str
    bundle_path: str
    digest: str
    content: bytes | None


class PackedBundle(Struct, frozen=True):
    """Everything that goes along in a track, as values.

    `music_digests` has the SHA-256 of music files by path, if they are known before the track is made.
    """

    name: str
    data: bytes
    files: tuple[PackedFile, ...]
    places: _Places
    options: Mapping[str, Option]
    """The options whose values are different on other machines: the picture and the music."""
    music_digests: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self, timeline: Timeline, options: Mapping[str, Option]) -> bytes | None:
        """The bundle of a track that was made with `options` (`Options.to_json`); None if it would be larger than
        anyone reads.
        """
        files, not_included = {self.name: _without_machine_paths(self.data)}, {}
        played = {os.path.abspath(r.path) for segment in timeline.bed for r in segment.music.recordings}  # noqa: PTH100
        for file in self.files:
            if file.bundle_path in files:
                continue
            if file.content is None or file.path in played:
                not_included[file.bundle_path] = file.digest
            else:
                files[file.bundle_path] = _without_machine_paths(file.content)
        for path in sorted(played - {file.path for file in self.files}):
            bundle_path = self.places.bundle_path(path)
            if bundle_path is not None and bundle_path not in files:
                not_included[bundle_path] = self.music_digests.get(path) or digest_of(path)
        chosen = {name: value for name, value in options.items() if name != "language"}
        data = encode_bundle(Bundle(__version__, self.name, {**chosen, **self.options}, files, not_included))
        return data if len(data) <= MAX_BYTES else None

    def with_music_digests(self, digests: Mapping[str, str]) -> PackedBundle:
        """The same bundle, with the SHA-256 of music files that can't be read where the track is made."""
        return replace(self, music_digests=digests)


def pack(
    source: RoutineSource,
    inputs: Mapping[str, str],
    voice_inputs: Mapping[str, str],
    folders: Folders,
    options: Options,
) -> PackedBundle:
    """The routine with all that was read for it.

    `inputs` are the recorded states of all paths, `voice_inputs` those of the voices that speak: of other voices, which
    are read for the hint of a fault, nothing goes along.
    """
    picture = options.cover if options.cover != OFF else None
    kinds = tuple((root, f"{HOME}/{kind}/") for kind in KINDS for root in _roots(folders.of(kind)))
    base = _base(source.folder, inputs, options.root, [root for root, _ in kinds])
    places = _Places(
        os.path.abspath(picture) if picture else None,  # noqa: PTH100
        os.path.abspath(options.music) if options.music else None,  # noqa: PTH100
        kinds + tuple((root, "") for root in _roots([base])),
    )
    voice_roots = _roots(folders.voices)
    others = {path: state for path, state in inputs.items() if _relative(path, voice_roots) is None}
    files = []
    for path, state in {**voice_inputs, **others}.items():
        digest, bundle_path = file_digest(state), places.bundle_path(path)
        if digest is not None and bundle_path is not None:
            files.append(PackedFile(path, bundle_path, digest, _content(path, bundle_path)))
    below = os.path.relpath(os.path.realpath(source.folder), os.path.realpath(base)).replace(os.sep, "/")
    name = f"{source.stem}.yaml" if below == "." else f"{below}/{source.stem}.yaml"
    local: dict[str, Option] = {"cover": OWN_COVER} if picture else {}
    if options.music:
        local["music"] = _portable_music(options.music)
    return PackedBundle(name if is_portable_path(name) else _PLAIN_NAME, source.data, tuple(files), places, local)


class _Places(Struct, frozen=True):
    """Where files lie: the chosen picture and music, and folders with their paths in a bundle."""

    picture: str | None
    music: str | None
    roots: tuple[tuple[str, str], ...]

    def bundle_path(self, path: str) -> str | None:
        """The path of a file in the bundle; None if it has none that every system accepts."""
        if path == self.picture:
            return None  # the tag has it as a picture
        if self.music is not None and self.music in (path, os.path.dirname(path)):  # noqa: PTH120
            relative = os.path.relpath(path, os.path.dirname(self.music))  # noqa: PTH120
            return _portable_path(f"{HOME}/{MUSIC}/{relative}".replace(os.sep, "/"))
        for root, prefix in self.roots:
            if (relative_path := _relative(path, [root])) is not None:
                return _portable_path(prefix + relative_path)
        return None


def _base(folder: Path, inputs: Mapping[str, str], root: Path | None, kinds: Sequence[str]) -> Path:
    """The folder that the paths in the bundle are relative to: `root` if any file of it lies outside the routine's.

    `kinds` are the user's own folders and the package's, which do not count.
    """
    if root is None or not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(root)):
        return folder
    files = [path for path, state in inputs.items() if file_digest(state)]
    above = (path for path in files if _relative(path, [*_roots([folder]), *kinds]) is None)
    return root if any(_relative(path, _roots([root])) is not None for path in above) else folder


def _without_machine_paths(content: bytes) -> bytes:
    """A file whose editor's comment has a schema's name only. Lines stay where they are."""
    return _MACHINE_SCHEMA.sub(rb"\1\2", content)


def _portable_music(typed: str) -> str:
    """The value of `--music` on a machine that has extracted the bundle."""
    if Path(typed).exists():
        return Path(os.path.abspath(typed)).name  # noqa: PTH100
    return typed.rstrip(os.sep).replace(os.sep, "/")


def _content(path: str, bundle_path: str) -> bytes | None:
    """The part of a file that goes along: all of a text, a short sound, nothing else."""
    name = bundle_path.lower()
    if not name.endswith((".yaml", ".yml", *SOUNDS)):
        return None
    try:
        if name.endswith(SOUNDS) and Path(path).stat().st_size > MAX_SOUND_BYTES:
            return None
        return Path(path).read_bytes()
    except OSError:  # deleted since it was read
        return None


def _portable_path(path: str) -> str | None:
    return path if is_portable_path(path) else None


def _roots(folders: Sequence[Path]) -> list[str]:
    """The folders as they are given, and with links resolved."""
    forms = (form for folder in folders for form in _both_forms(folder))
    return list(dict.fromkeys(forms))


def _both_forms(folder: Path) -> Iterator[str]:
    yield os.path.abspath(folder)  # noqa: PTH100
    yield os.path.realpath(folder)


def _relative(path: str, roots: Sequence[str]) -> str | None:
    for root in roots:
        if path.startswith(root + os.sep):
            return path[len(root) + 1 :].replace(os.sep, "/")
    return None
