"""Exercises: written out, or used from the library; with their settings and their variants."""

from __future__ import annotations

from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from cuecast.model import field_types as types
from cuecast.model.routine import Exercise, ExerciseOverrides, Level, Settings, Text, Variant
from cuecast.read.field_context import FieldContext, parses_keys
from cuecast.read.reader import KeyValues, Reader
from cuecast.read.schema import DEFAULTS, LIBRARY, VARIANT, VARIANTS


class LibraryExercise(Struct, frozen=True):
    """An exercise's file: the exercise, and its description for lists."""

    exercise: Exercise
    language: str | None = None
    about: str | None = None
    sources: tuple[str, ...] = ()


@parses_keys(types.SETTINGS, DEFAULTS)
def read_settings(context: FieldContext, values: KeyValues) -> Settings:
    """The value of `defaults`."""
    return _settings(context.reader, values)


@parses_keys(types.VARIANTS, VARIANTS)
def read_variants(context: FieldContext, values: KeyValues) -> tuple[Variant, ...]:
    """The value of `variants`."""
    changes = [(Level(key.name), values.get(key.name, ExerciseOverrides)) for key in VARIANTS.keys]
    return tuple(Variant(level, each) for level, each in changes if each)


@parses_keys(types.VARIANT, VARIANT)
def read_variant(context: FieldContext, values: KeyValues) -> ExerciseOverrides:
    """The keys below one level."""
    return _overrides(context.reader, values)


def exercise_of(reader: Reader, values: KeyValues) -> Exercise | None:
    """An exercise that is written out."""
    name = values.get("exercise", Text)
    if name is None:
        return None
    return Exercise(name=name, span=values.span, settings=_settings(reader, values), **values.of_fields(Exercise))


def used_exercise(reader: Reader, values: KeyValues) -> Exercise | None:
    """The library's exercise, overridden by the keys of the step."""
    overrides = _overrides(reader, values)
    base = _from_library(reader, values)
    if base is None:
        return None
    over = () if overrides == ExerciseOverrides() else (Variant(None, overrides),)
    variants = (*base.variants, *over, *(values.get("variants", tuple) or ()))
    return replace(base, span=values.span, variants=variants)


def _from_library(reader: Reader, values: KeyValues) -> Exercise | None:
    files, name, span = reader.files, values.get("use", str), values.spans.get("use")
    if name is None or span is None or files.language is None:
        return None
    opened = reader.open(span, partial(files.exercise, name, files.language))
    if opened is None:
        return None
    done = ("use", opened.name)
    if done not in files.done:
        files.done[done] = read_file(reader.beside(opened.name), opened.data)
    base = files.done[done]
    return base.exercise if isinstance(base, LibraryExercise) else None


def read_file(reader: Reader, data: bytes) -> LibraryExercise | None:
    """The exercise of a file of the library."""
    reader.is_of_library = True
    root = reader.root(data, "an exercise", "it begins with a line such as `exercise: Calves`")
    if root is None:
        return None
    values = reader.whole(root, LIBRARY)
    check_language(reader, values)
    exercise = exercise_of(reader, values)
    if exercise is None:
        return None
    language, about = values.get("language", str), values.get("about", str)
    return LibraryExercise(exercise, language, about, values.get("source", tuple) or ())


def check_language(reader: Reader, values: KeyValues) -> None:
    """Report a file in another language than the routine's."""
    written, wanted = values.get("language", str), reader.files.language
    if written and wanted and written.partition("-")[0] != wanted.partition("-")[0]:
        message = f"this file is in `{written}`, but the routine is in `{wanted}`"
        reader.report("other-language", message, values.spans["language"], f"a routine is in one language: `{wanted}`")


def _overrides(reader: Reader, values: KeyValues) -> ExerciseOverrides:
    return ExerciseOverrides(settings=_settings(reader, values), **values.of_fields(ExerciseOverrides))


def _settings(reader: Reader, values: KeyValues) -> Settings:
    spans = values.spans
    if "work" in spans and "reps" in spans:
        hint = "keep one of the two: `reps` is for as many times the `pace`, `work` for a time"
        message = "`work` and `reps` are in one place, and both say how long it lasts"
        reader.report("work-and-reps", message, max(spans["work"], spans["reps"]), hint)
    return Settings(**values.of_fields(Settings))
