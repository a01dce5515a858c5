"""The routines and exercises that have a name, with their titles."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from cuecast.library import ENGLISH, Folders, Library, RoutineNotFound, named_routines
from cuecast.library.routines import read_bytes
from cuecast.model.limits import MAX_BYTES
from cuecast.read import read, read_exercise


class Listed(Struct, frozen=True):
    """A routine or an exercise in one language. `category` is an exercise's kind."""

    name: str
    title: str
    language: str | None
    summary: str | None = None
    category: str | None = None


def list_routines(where: Folders) -> Iterator[Listed]:
    """All routines that have a name, sorted, each language by itself."""
    for name, path in named_routines(where):
        suffix = path.stem.removeprefix(name).removeprefix(".") or None
        try:
            routine = read(path.name, read_bytes(path, MAX_BYTES), Library(path.parent, where)).value
        except RoutineNotFound:
            yield Listed(name, "(can't be read)", suffix)
            continue
        if routine is None:
            yield Listed(name, "(has errors)", suffix)
        else:
            yield Listed(name, routine.title, routine.language, routine.summary)


def list_exercises(where: Folders) -> Iterator[Listed]:
    """All exercises of the library, sorted, each language by itself."""
    library = Library(None, where)
    languages = {path.name.split(".")[1] for folder in where.exercises for path in folder.glob("*.*.yaml")}
    files = [
        (name, language, path)
        for language in {ENGLISH, *languages}
        for name, path in library.exercises(language)
        if path.name == f"{name}.{language}.yaml" or (language == ENGLISH and path.name == f"{name}.yaml")
    ]
    for name, language, path in sorted(files):
        try:
            exercise = read_exercise(path.name, read_bytes(path, MAX_BYTES)).value
        except RoutineNotFound:
            yield Listed(name, "(can't be read)", language)
            continue
        if exercise is None:
            yield Listed(name, "(has errors)", language)
        else:
            title = "".join(part for part in exercise.exercise.name.parts if isinstance(part, str))
            yield Listed(name, title, exercise.language or language, exercise.about, exercise.exercise.kind)
