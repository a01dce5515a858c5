"""What of all that a build has read goes along in its track."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cuecast import __version__
from cuecast.bundle import (
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
from cuecast.looks import Looks
from cuecast.pipeline import Plan
from cuecast.profiles import find_profile

_ALONE = "routine.yaml"


@dataclass(frozen=True, slots=True)
class Bundling:
    """What a build was told: its routine's stem, bytes and folder, where it looks, and its options.

    `looks` has what it has read by the time that the track is written.
    """

    stem: str
    data: bytes
    folder: Path
    folders: Mapping[str, Sequence[Path]]
    options: Mapping[str, object]
    looks: Looks

    def __call__(self, plan: Plan) -> bytes | None:
        """The bundle's bytes; None where it would be larger than anybody reads."""
        own = f"{self.stem}.yaml"
        own = own if fits(own) else _ALONE
        files, elsewhere = {own: self.data}, {}
        music = {os.path.abspath(r.path) for stretch in plan.timeline.bed for r in stretch.music.recordings}  # noqa: PTH100
        for path, sum_ in self._read(plan):
            within = self._path(path)
            if within is None or within in files:
                continue
            if path in music or not within.lower().endswith((".yaml", ".yml", *SOUNDS)):
                elsewhere[within] = sum_
                continue
            content = Path(path).read_bytes()
            if within.lower().endswith(SOUNDS) and len(content) > MOST_SOUND:
                elsewhere[within] = sum_
            else:
                files[within] = content
        bundle = Bundle(__version__, own, dict(self._told()), files, elsewhere)
        data = bundle_json(bundle)
        return data if len(data) <= MOST_BYTES else None

    def _read(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """The files, each with its SHA-256, the first that a name means first.

        Voices are looked up once more: a build that finds fault with one looks at others, which concern nobody else.
        """
        heard = Looks()
        for profile, _ in plan.voices:
            find_profile(profile.name, self.folders["voices"], heard)
        voices = _roots(self.folders["voices"])
        others = {path: state for path, state in self.looks.seen.items() if _within(path, voices) is None}
        for path, state in {**heard.seen, **others}.items():
            kind, sum_, *_ = [*state.split(" ", 2), ""]
            if kind == "file":
                yield path, sum_

    def _path(self, path: str) -> str | None:
        """Where it lies in the bundle; None for what no other system could take."""
        told, picture = self.options.get("music"), self.options.get("cover")
        if isinstance(picture, str) and path == os.path.abspath(picture):  # noqa: PTH100
            return None  # the tag has it as such
        if isinstance(told, str) and (played := os.path.abspath(told)) in (path, os.path.dirname(path)):  # noqa: PTH100, PTH120
            return _fitting(f"{HOME}/{MUSIC}/{os.path.relpath(path, os.path.dirname(played))}".replace(os.sep, "/"))  # noqa: PTH120
        for kind in (*KINDS, MUSIC):
            if (within := _within(path, _roots(self.folders[kind]))) is not None:
                return _fitting(f"{HOME}/{kind}/{within}")
        within = _within(path, _roots([self.folder]))
        return _fitting(within) if within is not None else None

    def _told(self) -> Iterator[tuple[str, Option]]:
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


def _fitting(path: str) -> str | None:
    return path if fits(path) else None


def _roots(folders: Sequence[Path]) -> set[str]:
    """The folders as they are told, and where they really are."""
    return {form for folder in folders for form in (os.path.abspath(folder), os.path.realpath(folder))}  # noqa: PTH100


def _within(path: str, roots: set[str]) -> str | None:
    for root in roots:
        if path.startswith(root + os.sep):
            return path[len(root) + 1 :].replace(os.sep, "/")
    return None
