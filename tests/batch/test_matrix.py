"""From a manifest to the tracks that it lists, with a fake catalogue."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.batch.catalogue import Catalogue, RoutineVariant
from cuecast.batch.matrix import Matrix, track_matrix
from cuecast.errors import SetupError
from cuecast.library import RoutineNotFound, RoutineSource
from cuecast.options import Options
from cuecast.read import ReadResult, read_manifest
from cuecast.tags.bundle import is_portable_path
from tests.read.showing import show_diagnostics

CASES = sorted((Path(__file__).parent / "matrix").glob("*.yaml"))
ROUTINES = {"legs": ("en", "de"), "hips": ("en", "de", "es"), "evening": ("en",)}
VOICES = {"coach": "en", "joe": "en-US", "coach-de": "de", "quiet": None}


def variant(stem: str, language: str = "en") -> RoutineVariant:
    return RoutineVariant(RoutineSource(f"{stem}.{language}.yaml", b"", Path("routines"), stem), stem, language)


class FakeCatalogue(Catalogue):
    """These routines and voices."""

    def __init__(self) -> None:
        super().__init__(Path("m.yaml"), Options())
        self.calls = 0

    def routines(self, reference: str, originals: bool = False) -> Sequence[RoutineVariant]:
        names = [name for name in ROUTINES if fnmatchcase(name, reference)]
        if not names:
            raise RoutineNotFound(f"there is no routine {reference}", "look again")
        return [variant(name) for name in names]

    def translate(self, routine: RoutineVariant, language: str) -> RoutineVariant:
        if language not in ROUTINES[routine.stem]:
            raise RoutineNotFound(f"{routine.stem} does not exist in the language {language}", "write it")
        return variant(routine.stem, language)

    def voice_language(self, name: str) -> str | None:
        if name not in VOICES:
            raise SetupError(f"there is no voice called {name}", "look again")
        return VOICES[name]


class AnyRoutine(FakeCatalogue):
    """Every routine in every language."""

    def routines(self, reference: str, originals: bool = False) -> Sequence[RoutineVariant]:
        return [variant(reference)]

    def translate(self, routine: RoutineVariant, language: str) -> RoutineVariant:
        self.calls += 1
        return variant(routine.stem, language)


def matrix(text: str, catalogue: Catalogue | None = None) -> Matrix:
    result = read_manifest("m.yaml", text.encode())
    assert result.value is not None, result.diagnostics
    return track_matrix(result.value, catalogue or FakeCatalogue())


def outputs(text: str, catalogue: Catalogue | None = None) -> list[str]:
    result = matrix(text, catalogue)
    assert result.diagnostics == ()
    return [str(spec.output) for spec in result.specs]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_tracks_and_faults(path: Path) -> None:
    """The manifests in `matrix/`. `CUECAST_ACCEPT=1` writes the expected files."""
    read = read_manifest(path.name, path.read_bytes())
    assert read.value is not None
    result = track_matrix(read.value, FakeCatalogue())
    tracks = "".join(f"{spec.output}\n" for spec in result.specs)
    excluded = f"{result.excluded} excluded\n" if result.excluded else ""
    faults = show_diagnostics(ReadResult(None, result.diagnostics, read.sources)) if result.diagnostics else ""
    got, expected = tracks + excluded + faults, path.with_suffix(".expected")
    if os.environ.get("CUECAST_ACCEPT"):
        expected.write_text(got, encoding="utf-8")
    assert got == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", ["../{routine}", "/tmp/{routine}", "a/../../{routine}", "con/{routine}", ".hide/{routine}"]
)
def test_a_path_that_leads_away(path: str) -> None:
    result = matrix(f"routines: legs\noutput: '{path}'\n")
    assert [d.code for d in result.diagnostics] == ["bad-output"]
    assert result.specs == ()


def test_too_many_tracks() -> None:
    lengths = ", ".join(f"{n}s" for n in range(1, 2_001))
    axes = "voices: [coach, joe, quiet]\nlevels: [gentle, deep]\nformats: [mp3, wav, flac]\n"
    result = matrix(f"routines: '*'\n{axes}lengths: [{lengths}]\n")
    assert ([d.code for d in result.diagnostics], result.specs) == (["too-many-tracks"], ())


def test_too_many_languages_are_not_looked_up() -> None:
    letters = "abcdefghijklm"
    languages = ", ".join(["".join(each) for each in product(letters, repeat=3)][:2_000])
    routines = ", ".join(f"r{n}" for n in range(2_000))
    catalogue = AnyRoutine()
    result = matrix(f"routines: [{routines}]\nlanguages: [{languages}]\n", catalogue)
    assert [d.code for d in result.diagnostics] == ["too-many-tracks"]
    assert catalogue.calls == 0


def test_letters_of_any_script_stay_in_a_name() -> None:
    decomposed, composed = "Ru\N{COMBINING DIAERESIS}cken", "R\N{LATIN SMALL LETTER U WITH DIAERESIS}cken"
    assert outputs(f"routines: {decomposed}\n", AnyRoutine()) == [f"{composed}.mp3"]
    assert outputs("routines: योग\n", AnyRoutine()) == ["योग.mp3"]


LEVELS = ("gentle", "standard", "deep")
LENGTHS = ("as written", "10m", "20m")


def some(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=1)


@given(some(sorted(ROUTINES)), some(("en", "de")), some(sorted(VOICES)), some(LEVELS), some(LENGTHS), st.data())
def test_the_product_without_exclusions(
    routines: list[str],
    languages: list[str],
    voices: list[str],
    levels: list[str],
    lengths: list[str],
    data: st.DataObject,
) -> None:
    excluded = data.draw(
        st.lists(st.tuples(st.sampled_from(levels), st.sampled_from(lengths)), max_size=2, unique=True)
    )
    left_out = data.draw(
        st.lists(st.tuples(st.sampled_from(routines), st.sampled_from(languages)), max_size=2, unique=True)
    )
    text = f"routines: {routines}\nlanguages: {languages}\nvoices: {voices}\nlevels: {levels}\nlengths: {lengths}\n"
    if excluded or left_out:
        text += "exclude:\n" + "".join(f"  - {{level: {level}, length: {length}}}\n" for level, length in excluded)
        text += "".join(f"  - {{routine: {routine}, language: {language}}}\n" for routine, language in left_out)
    result = matrix(text)
    expected = [
        (routine, language, voice, level, None if length == "as written" else length)
        for routine, language, voice, level, length in product(routines, languages, voices, levels, lengths)
        if language in ROUTINES[routine]
        and (VOICES[voice] or language).partition("-")[0] == language
        and (level, length) not in excluded
        and (routine, language) not in left_out
    ]
    missing = {(r, g) for r, g in product(routines, languages) if g not in ROUTINES[r]} - set(left_out)
    assert sum(d.code == "unknown-routine" for d in result.diagnostics) == len(missing)
    assert [
        (c.routine.stem, c.routine.language, c.voice, c.level, c.length and c.length.text) for c in result.specs
    ] == expected
    paths = [str(spec.output) for spec in result.specs]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert all(map(is_portable_path, paths))
