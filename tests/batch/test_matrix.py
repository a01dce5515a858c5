"""From a manifest to the tracks that it lists, with a fake catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.batch.catalogue import Catalogue, RoutineVariant
from cuecast.batch.matrix import MAX_TRACKS, Matrix, track_matrix
from cuecast.errors import SetupError
from cuecast.library import RoutineNotFound, RoutineSource
from cuecast.options import Options
from cuecast.read import read_manifest
from cuecast.tags.bundle import is_portable_path

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
    assert result.manifest is not None, result.diagnostics
    return track_matrix(result.manifest, catalogue or FakeCatalogue())


def outputs(text: str, catalogue: Catalogue | None = None) -> list[str]:
    result = matrix(text, catalogue)
    assert result.diagnostics == ()
    return [str(spec.output) for spec in result.specs]


def test_a_routine_alone() -> None:
    (spec,) = matrix("routines: legs\n").specs
    assert (spec.routine.stem, spec.voice, spec.level, spec.length, spec.format) == ("legs", None, None, None, "mp3")
    assert str(spec.output) == "legs.mp3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "routines: [legs, hips]\nlanguages: [en, de]\nlevels: gentle\nlengths: [as written, 10m]\n",
            "legs-en-as-written legs-en-10m legs-de-as-written legs-de-10m "
            "hips-en-as-written hips-en-10m hips-de-as-written hips-de-10m",
        ),
        (
            "routines: legs\nlanguages: [en, de]\nvoices: [coach, joe, coach-de, quiet]\n",
            "legs-en-coach legs-en-joe legs-en-quiet legs-de-coach-de legs-de-quiet",
        ),
        (
            "routines: hips\nlanguages: [en, es]\nvoices: [coach, coach-de]\nexclude: [{language: es}]\n",
            "hips-en-coach",
        ),
        ("routines: [hips, '*s']\n", "hips legs"),
        ("routines: legs\nformats: [mp3, wav]\noutput: 'a/{routine}.{format}'\n", "a/legs a/legs.wav"),
        ("routines: legs\nlengths: ['1:30']\noutput: '{{{routine}}}_{length}'\n", "{legs}_1-30"),
    ],
)
def test_tracks_and_their_names(text: str, expected: str) -> None:
    assert [output.removesuffix(".mp3") for output in outputs(text)] == expected.split()


NO_ANNA = "error unknown-voice: there is no voice called anna"
TWO = "routines: [legs, evening]\nlanguages: [en, de]\n"


@pytest.mark.parametrize(
    ("text", "expected", "tracks"),
    [
        (
            "routines: hips\nlanguages: [en, es]\nvoices: [coach, coach-de]\n",
            ["3:10 error no-voice: none of these voices speaks “es”, the language of hips"],
            1,
        ),
        (
            "routines: [hips, legs]\nlanguages: [en, de]\nvoices: [coach, joe]\n",
            ["3:10 error no-voice: none of these voices speaks “de”, the language of hips and 1 more"],
            4,
        ),
        (
            "routines: [hips, legs]\nlanguages: [en, de]\nvoices: coach\nexclude: [{routine: hips, language: de}]\n",
            ["3:9 error no-voice: none of these voices speaks “de”, the language of legs"],
            2,
        ),
        # anna may be the one that speaks German.
        ("routines: legs\nlanguages: [en, de]\nvoices: [coach, anna]\n", [f"3:17 {NO_ANNA}"], 1),
        (
            "routines: [legs, knees, evening]\nlanguages: [en, de]\nvoices: [coach, coach-de, anna]\n",
            [
                "1:18 error unknown-routine: there is no routine knees",
                "1:25 error unknown-routine: evening does not exist in the language de",
                f"3:27 {NO_ANNA}",
            ],
            3,
        ),
        # The routine's own voice is not an alternative.
        ("routines: legs\nvoices: [anna]\nexclude: [{voice: anna}]\n", [f"2:10 {NO_ANNA}"], 0),
        ("routines: legs\nvoices: [anna]\noutput: '{routine}-{voice}'\n", [f"2:10 {NO_ANNA}"], 0),
        ("routines: knees\noutput: '{language}'\n", ["1:11 error unknown-routine: there is no routine knees"], 0),
        ("routines: legs\nformats: [mp4]\n", ["2:11 error bad-value: there is no format `mp4`"], 0),
        (
            f"{TWO}exclude: [{{routine: evenin, language: de}}]\n",
            [
                "1:18 error unknown-routine: evening does not exist in the language de",
                "3:21 warning unused-exclusion: no track has the routine `evenin`, so nothing is excluded",
            ],
            3,
        ),
        # An entry that leaves some of its tracks out does not excuse the others.
        (
            f"{TWO}levels: [gentle, deep]\nexclude: [{{language: de, level: deep}}]\n",
            ["1:18 error unknown-routine: evening does not exist in the language de"],
            5,
        ),
        # What does not exist has one message, not a second one about the exclusion.
        (
            "routines: [legs, knees]\nformats: [wav, mp4]\nvoices: [coach, anna]\nexclude:\n"
            "  - {routine: knees}\n  - {format: mp4}\n  - {voice: anna}\n  - {voice: jo}\n",
            [
                "1:18 error unknown-routine: there is no routine knees",
                "2:16 error bad-value: there is no format `mp4`",
                f"3:17 {NO_ANNA}",
                "8:13 warning unused-exclusion: no track has the voice `jo`, so nothing is excluded",
            ],
            1,
        ),
        (
            "routines: legs\nlevels: [gentle, deep]\noutput: x\n",
            ["3:9 error duplicate-output: several tracks would become `x.mp3`"],
            0,
        ),
        (
            "routines: legs\noutput: '{routine}-{voice}'\n",
            ["2:9 error bad-field: `{voice}` has no value: the manifest has no `voices`"],
            0,
        ),
        (
            f"routines: '*'\nlevels: [gentle, deep]\nlengths: [{', '.join(f'{n}s' for n in range(1, 2_001))}]\n"
            "voices: [coach, joe, quiet]\nformats: [mp3, wav, flac]\n",
            [f"1:11 error too-many-tracks: this comes to more than {MAX_TRACKS:,} tracks"],
            0,
        ),
    ],
)
def test_faults_do_not_affect_other_tracks(text: str, expected: list[str], tracks: int) -> None:
    result = matrix(text)
    assert [
        f"{d.span}".removeprefix("m.yaml:") + f" {d.severity} {d.code}: {d.message}" for d in result.diagnostics
    ] == (expected)
    assert len(result.specs) == tracks


@pytest.mark.parametrize(
    "path", ["../{routine}", "/tmp/{routine}", "a/../../{routine}", "con/{routine}", ".hide/{routine}"]
)
def test_a_path_that_leads_away(path: str) -> None:
    result = matrix(f"routines: legs\noutput: '{path}'\n")
    assert [d.code for d in result.diagnostics] == ["bad-output"]
    assert result.specs == ()


def test_hints() -> None:
    def hint(text: str) -> str | None:
        (fault,) = matrix(text).diagnostics
        return fault.hint

    assert hint(TWO) == "write it, or leave it out: `exclude: [{routine: evening, language: de}]`"
    for entry in ("{routine: evening, language: de}", "{routine: even*, language: [de, es]}"):
        assert outputs(f"{TWO}exclude: [{entry}]\n") == ["legs-en.mp3", "legs-de.mp3", "evening-en.mp3"]
    assert hint("routines: [legs, hips]\nexclude:\n  - {routine: hip}\n") == "did you mean `hips`?"
    same = "routines: [legs, hips]\nlevels: [gentle, deep]\nlengths: [10m, 20m]\noutput: '{routine}-{level}'\n"
    assert hint(same) == "add `{length}`"


def test_exclusions() -> None:
    text = "routines: [legs, hips]\nlevels: [gentle, standard, deep]\nlengths: [10m, 20m]\nexclude:\n"
    result = matrix(f"{text}  - {{routine: l*, level: [gentle, deep]}}\n  - {{level: deep, length: 20m}}\n")
    assert [spec.output.stem for spec in result.specs] == [
        "legs-standard-10m",
        "legs-standard-20m",
        "hips-gentle-10m",
        "hips-gentle-20m",
        "hips-standard-10m",
        "hips-standard-20m",
        "hips-deep-10m",
    ]
    assert (result.excluded, result.diagnostics) == (5, ())


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
