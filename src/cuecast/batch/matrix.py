"""From a manifest to the tracks that it asks for. What its words mean here, the caller looks up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import PurePosixPath
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from cuecast.batch.excluding import Excluding
from cuecast.batch.outputs import template_of, unfit
from cuecast.encode import track_format
from cuecast.errors import SetupError
from cuecast.model.diagnostics import Diagnostic, error, in_order
from cuecast.model.manifest import AS_WRITTEN, Manifest, ManifestText
from cuecast.model.routine import Level
from cuecast.model.source import Span
from cuecast.plugins import UnknownPlugin

MOST_TRACKS = 100_000
"""The most tracks of one manifest."""


class Missing(LookupError):
    """What is not there. `hint` says what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Listed(Protocol):
    """A routine in its language. `stem` is its name without the language, `key` tells it from all others."""

    @property
    def stem(self) -> str: ...  # noqa: D102
    @property
    def language(self) -> str: ...  # noqa: D102
    @property
    def key(self) -> str: ...  # noqa: D102


Found = TypeVar("Found")
Routine = TypeVar("Routine", bound=Listed)
Made = TypeVar("Made", bound=Listed, covariant=True)


class Lookups(Protocol[Found, Made]):
    """What the words of a manifest mean on this machine."""

    def routines(self, reference: str) -> Sequence[Found]:
        """The routines that a name, a path or a pattern means, in order. Raises Missing."""

    def in_language(self, routine: Found, language: str | None) -> Made:
        """The routine in a language; None as it is. Raises Missing."""

    def originals(self, routines: Sequence[Found]) -> Sequence[Found]:
        """Those that are not another one of them in another language: NAME.de.yaml beside NAME.yaml."""

    def voice_language(self, name: str) -> str | None:
        """The language that a voice speaks; None for one that goes with all. Raises Missing."""


class Cell(Struct, Generic[Routine], frozen=True):
    """A track: its routine, and what is told of it; None is as the routine says. `output` is relative.

    `length` is the word that tells it.
    """

    routine: Routine
    voice: str | None
    level: Level | None
    length: ManifestText | None
    format: str
    output: PurePosixPath
    span: Span

    @property
    def language(self) -> str:
        """The language of its routine."""
        return self.routine.language


class Matrix(Struct, Generic[Routine], frozen=True):
    """All tracks that can be asked for, how many were excluded, and what there is to say."""

    cells: tuple[Cell[Routine], ...]
    excluded: int
    diagnostics: tuple[Diagnostic, ...]


def matrix(manifest: Manifest, lookups: Lookups[Found, Routine]) -> Matrix[Routine]:
    """The tracks, the routine outermost, then as in AXES. What is wrong with some does not keep the others away."""
    faults: list[Diagnostic] = []
    excluding = Excluding(manifest.exclude)
    named = _named(manifest, lookups, excluding, faults)
    if len(named) * len(_texts(manifest.languages)) > MOST_TRACKS:
        return _too_many(manifest, faults)  # before each is looked for in each language
    routines = _routines(manifest, lookups, named, excluding, faults)
    voices = _voices(manifest, lookups, excluding, faults)
    formats = _formats(manifest, excluding, faults)
    languages = len({routine.language for _, routine in routines})
    template = template_of(manifest, languages)
    if isinstance(template, Diagnostic):
        return Matrix((), 0, in_order((*faults, template)))
    most = len(routines) * max(1, len(voices)) * len(_texts(manifest.levels)) * len(_texts(manifest.lengths))
    if most * len(formats) > MOST_TRACKS:
        return _too_many(manifest, faults)
    if manifest.voices and not voices:
        return Matrix((), 0, in_order(faults))  # never in a voice that nobody asked for
    cells = []
    unspoken: dict[str, list[str]] = {}
    for word, routine in routines:
        suiting = [name for name, language in voices if language in (None, _base(routine.language))]
        if voices and not suiting:
            if excluding.takes_all(routine.stem, routine.language):
                continue
            unspoken.setdefault(routine.language, []).append(routine.stem)
            continue
        for voice, level, length, form in product(
            suiting or (None,), _texts(manifest.levels), manifest.lengths or (None,), formats
        ):
            told = {
                "routine": routine.stem,
                "language": routine.language,
                "voice": voice,
                "level": level,
                "length": length.text if length else None,
                "format": form[0],
            }
            if excluding.takes(told):
                continue
            path = template.path(told, form[1])
            own = length if length and length.text != AS_WRITTEN else None
            cells.append(Cell(routine, voice, Level(level) if level else None, own, form[0], path, word.span))
    if len(voices) == len(manifest.voices):  # else the one that is not known may be the one that is missing
        faults += (_unspoken(manifest, language, stems) for language, stems in unspoken.items())
    faults += excluding.unused()
    misplaced = tuple(unfit([cell.output for cell in cells], manifest, template, languages))
    return Matrix(() if misplaced else tuple(cells), excluding.count, in_order((*faults, *misplaced)))


def _unspoken(manifest: Manifest, language: str, stems: Sequence[str]) -> Diagnostic:
    more = f" and {len(stems) - 1} more" if len(stems) > 1 else ""
    message = f"none of these voices speaks “{language}”, the language of {stems[0]}{more}"
    return error("no-voice", message, manifest.voices[0].span, "add one, or exclude the language")


def _too_many(manifest: Manifest, faults: Sequence[Diagnostic]) -> Matrix[Routine]:
    message = f"this comes to more than {MOST_TRACKS:,} tracks"
    fault = error("too-many-tracks", message, manifest.routines[0].span, "make several manifests of it")
    return Matrix((), 0, in_order((*faults, fault)))


def _named(
    manifest: Manifest, lookups: Lookups[Found, Routine], excluding: Excluding, faults: list[Diagnostic]
) -> list[tuple[ManifestText, Found, Routine]]:
    """The routines, each with its word and as it is, each once however often it is named."""
    found: dict[str, tuple[ManifestText, Found, Routine]] = {}
    for word in manifest.routines:
        try:
            named = lookups.routines(word.text)
            for one in lookups.originals(named) if manifest.languages else named:
                routine = lookups.in_language(one, None)
                found.setdefault(routine.key, (word, one, routine))
        except Missing as missing:
            faults.append(error("unknown-routine", str(missing), word.span, missing.hint))
            excluding.lacks("routine", word.text)
    return list(found.values())


def _routines(
    manifest: Manifest,
    lookups: Lookups[Found, Routine],
    named: Sequence[tuple[ManifestText, Found, Routine]],
    excluding: Excluding,
    faults: list[Diagnostic],
) -> list[tuple[ManifestText, Routine]]:
    """The routines, each in each language. One that is not there is a fault, unless it is excluded."""
    if not manifest.languages:
        return [(word, routine) for word, _, routine in named]
    found: dict[str, tuple[ManifestText, Routine]] = {}
    for word, one, original in named:
        for language in manifest.languages:
            try:
                routine = lookups.in_language(one, language.text)
            except Missing as missing:
                if excluding.takes_all(original.stem, language.text):
                    continue
                entry = f"`exclude: [{{routine: {original.stem}, language: {language.text}}}]`"
                hint = f"{missing.hint}, or leave it out: {entry}" if missing.hint else f"leave it out: {entry}"
                faults.append(error("unknown-routine", str(missing), word.span, hint))
            else:
                found.setdefault(routine.key, (word, routine))
    return list(found.values())


def _voices(
    manifest: Manifest, lookups: Lookups[Found, Routine], excluding: Excluding, faults: list[Diagnostic]
) -> list[tuple[str, str | None]]:
    """Each voice with its language."""
    found = []
    for word in manifest.voices:
        try:
            language = lookups.voice_language(word.text)
        except Missing as missing:
            faults.append(error("unknown-voice", str(missing), word.span, missing.hint))
            excluding.lacks("voice", word.text)
        else:
            found.append((word.text, language and _base(language)))
    return found


def _formats(manifest: Manifest, excluding: Excluding, faults: list[Diagnostic]) -> list[tuple[str, str]]:
    """Each format with its files' ending."""
    if not manifest.formats:
        return [("mp3", ".mp3")]
    found = []
    for word in manifest.formats:
        try:
            found.append((word.text, track_format(word.text).suffix))
        except UnknownPlugin as unknown:
            faults.append(error("bad-value", str(unknown), word.span, unknown.hint))
            excluding.lacks("format", word.text)
        except SetupError as fault:
            faults.append(error("bad-value", fault.message, word.span, fault.hint))
            excluding.lacks("format", word.text)
    return found


def _texts(words: Sequence[ManifestText]) -> list[str | None]:
    return [word.text for word in words] if words else [None]


def _base(language: str) -> str:
    return language.partition("-")[0]
