"""What of all that a build has read goes along in its track.

It is taken before the build, as values, so that a track can be made where none of its files are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from cuecast import __version__
from cuecast.inputs import InputTracker, digest_of
from cuecast.options import Plan
from cuecast.protocols import Profile
from cuecast.read.profiles import find_profile
from cuecast.tags.bundle import (
    HOME,
    KINDS,
    MOST_BYTES,
    MOST_SOUND,
    MUSIC,
    OWN_COVER,
    SOUNDS,
    Bundle,
    Option,
    bundle_json,
    fits,
)

_ALONE = "routine.yaml"


class Bundling(Struct, frozen=True):
    """What a build is told: its routine's stem, bytes and folder, where it looks, and its options."""

    stem: str
    data: bytes
    folder: Path
    folders: Mapping[str, Sequence[Path]]
    options: Mapping[str, object]

    def packed(self, seen: Mapping[str, str], profiles: Sequence[Profile]) -> Packed:
        """What was read for it (`InputTracker.seen`), as values, once its voices are known."""
        places = self._places()
        found = []
        for path, sum_ in self._read(seen, profiles):
            within = places.within(path)
            if within is not None:
                found.append(_Read(path, within, sum_, _content(path, within)))
        own = f"{self.stem}.yaml"
        return Packed(own if fits(own) else _ALONE, self.data, dict(self.told()), tuple(found), places)

    def _read(self, seen: Mapping[str, str], profiles: Sequence[Profile]) -> Iterator[tuple[str, str]]:
        """The files, each with its SHA-256, the first that a name means first.

        Voices are looked up once more: a build that finds fault with one looks at others, which concern nobody else.
        """
        heard = InputTracker()
        for profile in profiles:
            find_profile(profile.name, self.folders["voices"], heard)
        voices = _roots(self.folders["voices"])
        others = {path: state for path, state in seen.items() if _below(path, voices) is None}
        for path, state in {**heard.seen, **others}.items():
            kind, sum_, *_ = [*state.split(" ", 2), ""]
            if kind == "file":
                yield path, sum_

    def _places(self) -> _Places:
        picture, music = self.options.get("cover"), self.options.get("music")
        roots = [(root, f"{HOME}/{kind}/") for kind in (*KINDS, MUSIC) for root in _roots(self.folders[kind])]
        return _Places(
            os.path.abspath(picture) if isinstance(picture, str) else None,  # noqa: PTH100
            os.path.abspath(music) if isinstance(music, str) else None,  # noqa: PTH100
            (*roots, *((root, "") for root in _roots([self.folder]))),
        )

    def told(self) -> Iterator[tuple[str, Option]]:
        """The options that differ from what a build does anyway, in a form that holds on other machines."""
        for name, told in self.options.items():
            match name, told:
                case ("language", _) | ("wake", "on") | (_, None | 0):
                    continue
                case "cover", str() if told != "off":
                    yield name, OWN_COVER
                case "music", str() if Path(told).exists():
                    yield name, Path(os.path.abspath(told)).name  # noqa: PTH100
                case "music", str():
                    yield name, told.rstrip(os.sep).replace(os.sep, "/")
                case _, list() | tuple():
                    if told:
                        yield name, [str(each) for each in told]
                case _, str() | int():
                    yield name, told


class _Places(Struct, frozen=True):
    """Where files lie: the picture and the music that were told, and folders with what stands for them in a bundle."""

    picture: str | None
    music: str | None
    roots: tuple[tuple[str, str], ...]

    def within(self, path: str) -> str | None:
        """Where a file lies in the bundle; None for what no other system could take."""
        if path == self.picture:
            return None  # the tag has it as such
        if self.music is not None and self.music in (path, os.path.dirname(path)):  # noqa: PTH120
            told = os.path.relpath(path, os.path.dirname(self.music))  # noqa: PTH120
            return _fitting(f"{HOME}/{MUSIC}/{told}".replace(os.sep, "/"))
        for root, prefix in self.roots:
            if (below := _below(path, [root])) is not None:
                return _fitting(prefix + below)
        return None


class _Read(Struct, frozen=True):
    """A file that was read, and where it lies in the bundle. No content: only its SHA-256 goes along."""

    path: str
    within: str
    sum: str
    content: bytes | None


class Packed(Struct, frozen=True):
    """All that was read for a track, ready to go along in it. `music` has the SHA-256 of music by its path, where that
    is known before the track is made.
    """

    name: str
    data: bytes
    options: Mapping[str, Option]
    read: tuple[_Read, ...]
    places: _Places
    music: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, plan: Plan) -> bytes | None:
        """The bundle's bytes; None where it would be larger than anybody reads."""
        files, elsewhere = {self.name: self.data}, {}
        played = {os.path.abspath(r.path) for stretch in plan.timeline.bed for r in stretch.music.recordings}  # noqa: PTH100
        for read in self.read:
            if read.within in files:
                continue
            if read.content is None or read.path in played:
                elsewhere[read.within] = read.sum
            else:
                files[read.within] = read.content
        for path in sorted(played - {read.path for read in self.read}):
            within = self.places.within(path)
            if within is not None and within not in files:
                elsewhere[within] = self.music.get(path) or digest_of(path)
        data = bundle_json(Bundle(__version__, self.name, self.options, files, elsewhere))
        return data if len(data) <= MOST_BYTES else None


def _content(path: str, within: str) -> bytes | None:
    """What of a file goes along: all of a text, a short sound, nothing of what else there is."""
    if not within.lower().endswith((".yaml", ".yml", *SOUNDS)):
        return None
    try:
        content = Path(path).read_bytes()
    except OSError:  # gone since it was read
        return None
    return None if within.lower().endswith(SOUNDS) and len(content) > MOST_SOUND else content


def _fitting(path: str) -> str | None:
    return path if fits(path) else None


def _roots(folders: Sequence[Path]) -> list[str]:
    """The folders as they are told, and where they really are."""
    forms = (form for folder in folders for form in (os.path.abspath(folder), os.path.realpath(folder)))  # noqa: PTH100
    return list(dict.fromkeys(forms))


def _below(path: str, roots: Sequence[str]) -> str | None:
    for root in roots:
        if path.startswith(root + os.sep):
            return path[len(root) + 1 :].replace(os.sep, "/")
    return None
