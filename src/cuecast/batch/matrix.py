"""From a manifest to the tracks that it lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from math import prod
from pathlib import PurePosixPath
from typing import TypeVar

from msgspec import Struct

from cuecast.batch.catalogue import Catalogue, RoutineVariant
from cuecast.batch.exclusions import ExclusionRules
from cuecast.batch.output_names import OutputTemplate, output_template
from cuecast.encode import track_format
from cuecast.errors import SetupError
from cuecast.library import RoutineNotFound
from cuecast.library.patterns import IS_ROUTINE
from cuecast.model.diagnostics import Diagnostic, error, in_order, note
from cuecast.model.manifest import AS_WRITTEN, Manifest, ManifestText
from cuecast.model.routine import Level
from cuecast.model.source import Span
from cuecast.plugins import UnknownPlugin

T = TypeVar("T")
Voices = Sequence[tuple[str, str | None]]
"""The names of voices, each with its language."""

MAX_TRACKS = 100_000
"""The most tracks of one manifest."""


class TrackSpec(Struct, frozen=True):
    """A track of a manifest; None leaves the choice to the routine. `output` is relative to the tracks' folder."""

    routine: RoutineVariant
    voice: str | None
    level: Level | None
    length: ManifestText | None
    format: str
    output: PurePosixPath


class Matrix(Struct, frozen=True):
    """The tracks of a manifest, how many of them it excludes, and its diagnostics."""

    specs: tuple[TrackSpec, ...]
    excluded: int
    diagnostics: tuple[Diagnostic, ...]


def track_matrix(manifest: Manifest, catalogue: Catalogue) -> Matrix:
    """The tracks, ordered by routine, then as in AXES. Errors of some tracks do not affect the others."""
    return _MatrixBuilder(manifest, catalogue).build()


class _MatrixBuilder:
    def __init__(self, manifest: Manifest, catalogue: Catalogue) -> None:
        self._manifest, self._catalogue = manifest, catalogue
        self._rules = ExclusionRules(manifest.exclude)
        self._diagnostics: list[Diagnostic] = []
        self._excluded = 0
        self._unspoken: dict[str, list[str]] = {}
        """Names of routines that no voice speaks, by language."""

    def build(self) -> Matrix:
        manifest = self._manifest
        routines = self._routines()
        voices = list(self._look_up(manifest.voices, "voice", "unknown-voice", self._catalogue.voice_language))
        names = manifest.formats or (ManifestText("mp3", manifest.routines[0].span),)
        formats = list(self._look_up(names, "format", "bad-value", lambda name: track_format(name).suffix))
        if not routines:
            return Matrix((), 0, in_order(self._diagnostics))
        template = output_template(manifest, len({routine.language for routine in routines}))
        self._diagnostics += (bad_fields := list(template.check_fields()))
        sizes = len(routines), len(voices), len(manifest.levels), len(manifest.lengths), len(formats)
        # Without any of the voices there are no tracks: the routines' own voices are not an alternative.
        if bad_fields or self._is_too_large(*sizes) or (manifest.voices and not voices):
            return Matrix((), 0, in_order(self._diagnostics))
        specs = tuple(self._specs(routines, voices, formats, template))
        if len(voices) == len(manifest.voices):  # an unknown voice may be the one that speaks the language
            self._diagnostics += self._unspoken_errors()
        self._diagnostics += self._rules.unused_warnings()
        self._diagnostics += (bad_paths := list(template.check_paths([spec.output for spec in specs])))
        return Matrix(() if bad_paths else specs, self._excluded, in_order(self._diagnostics))

    def _is_too_large(self, *sizes: int) -> bool:
        if prod(max(1, size) for size in sizes) <= MAX_TRACKS:
            return False
        message = f"this comes to more than {MAX_TRACKS:,} tracks"
        self._diagnostics.append(
            error("too-many-tracks", message, self._manifest.routines[0].span, "split the manifest")
        )
        return True

    def _look_up(
        self, texts: Sequence[ManifestText], axis: str, code: str, find: Callable[[str], T]
    ) -> Iterator[tuple[str, T]]:
        """Each text with what it means. One that means nothing is an error."""
        for text in texts:
            try:
                yield text.text, find(text.text)
            except (RoutineNotFound, UnknownPlugin, SetupError) as missing:
                self._diagnostics.append(error(code, str(missing), text.span, missing.hint))
                self._rules.note_missing(axis, text.text)

    def _routines(self) -> Sequence[RoutineVariant]:
        """The routines in each language, each file once."""
        languages = self._manifest.languages
        find = partial(self._catalogue.routines, originals=bool(languages))
        spans = {text.text: text.span for text in self._manifest.routines}
        named: dict[str, tuple[Span, RoutineVariant]] = {}
        for text, variants in self._look_up(self._manifest.routines, "routine", "unknown-routine", find):
            if left_out := self._catalogue.left_out.get(text):
                self._diagnostics.append(note("left-out", left_out, spans[text], IS_ROUTINE))
            for routine in variants:
                named.setdefault(routine.key, (spans[text], routine))
        if not languages:
            return [routine for _, routine in named.values()]
        if self._is_too_large(len(named), len(languages)):  # before each is looked up in each language
            return []
        translated: dict[str, RoutineVariant] = {}
        for (span, original), language in product(named.values(), languages):
            if variant := self._translate(original, language.text, span):
                translated.setdefault(variant.key, variant)
        return list(translated.values())

    def _translate(self, original: RoutineVariant, language: str, span: Span) -> RoutineVariant | None:
        """The routine in that language. A missing one is an error, unless it is excluded."""
        try:
            return self._catalogue.translate(original, language)
        except RoutineNotFound as missing:
            if not self._rules.matches({"routine": original.stem, "language": language}):
                entry = f"leave it out: `exclude: [{{routine: {original.stem}, language: {language}}}]`"
                hint = f"{missing.hint}, or {entry}" if missing.hint else entry
                self._diagnostics.append(error("unknown-routine", str(missing), span, hint))
            return None

    def _specs(
        self,
        routines: Sequence[RoutineVariant],
        voices: Voices,
        formats: Sequence[tuple[str, str]],
        template: OutputTemplate,
    ) -> Iterator[TrackSpec]:
        """The tracks that no entry excludes."""
        levels, lengths = self._manifest.levels or (None,), self._manifest.lengths or (None,)
        for routine in routines:
            suitable = self._suitable_voices(routine, voices)
            for voice, level, length, (format_, suffix) in product(suitable, levels, lengths, formats):
                values = {
                    "routine": routine.stem,
                    "language": routine.language,
                    "voice": voice,
                    "level": level.text if level else None,
                    "length": length.text if length else None,
                    "format": format_,
                }
                if self._rules.matches(values):
                    self._excluded += 1
                    continue
                fit = length if length and length.text != AS_WRITTEN else None
                output = template.path(values, suffix)
                yield TrackSpec(routine, voice, Level(level.text) if level else None, fit, format_, output)

    def _suitable_voices(self, routine: RoutineVariant, voices: Voices) -> Sequence[str | None]:
        """The voices that speak the language of a routine; None if the manifest names no voices."""
        if not voices:
            return [None]
        base = _base(routine.language)
        suitable = [name for name, language in voices if language is None or _base(language) == base]
        if not suitable and not self._rules.matches({"routine": routine.stem, "language": routine.language}):
            self._unspoken.setdefault(routine.language, []).append(routine.stem)
        return suitable

    def _unspoken_errors(self) -> Iterator[Diagnostic]:
        for language, stems in self._unspoken.items():
            more = f" and {len(stems) - 1} more" if len(stems) > 1 else ""
            message = f"none of these voices speaks “{language}”, the language of {stems[0]}{more}"
            yield error("no-voice", message, self._manifest.voices[0].span, "add one, or exclude the language")


def _base(language: str) -> str:
    return language.partition("-")[0]
