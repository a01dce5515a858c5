"""From a manifest's words to the tracks that it asks for, on a machine that is made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from cuecast.batch.matrix import MOST_TRACKS, Matrix, Missing, matrix
from cuecast.read import read_manifest
from cuecast.tags.bundle import is_portable_path

ROUTINES = {"legs": ("en", "de"), "hips": ("en", "de", "es"), "evening": ("en",)}
VOICES = {"coach": "en", "joe": "en-US", "coach-de": "de", "quiet": None}


@dataclass(frozen=True)
class Found:
    name: str


@dataclass(frozen=True)
class Listed:
    stem: str
    language: str

    @property
    def key(self) -> str:
        return f"{self.stem}.{self.language}"


class Machine:
    """A machine with these routines and voices."""

    def routines(self, reference: str) -> Sequence[Found]:
        found = [Found(name) for name in ROUTINES if fnmatchcase(name, reference)]
        if not found:
            raise Missing(f"there is no routine {reference}", "look again")
        return found

    def in_language(self, routine: Found, language: str | None) -> Listed:
        if language not in (None, *ROUTINES[routine.name]):
            raise Missing(f"{routine.name} is not there in the language {language}", "write it")
        return Listed(routine.name, language or "en")

    def originals(self, routines: Sequence[Found]) -> Sequence[Found]:
        return routines

    def voice_language(self, name: str) -> str | None:
        if name not in VOICES:
            raise Missing(f"there is no voice called {name}", "look again")
        return VOICES[name]


def made(text: str) -> Matrix[Listed]:
    read = read_manifest("m.yaml", text.encode())
    assert read.manifest is not None, read.diagnostics
    return matrix(read.manifest, Machine())


def outputs(text: str) -> list[str]:
    found = made(text)
    assert found.diagnostics == ()
    return [str(cell.output) for cell in found.cells]


def told(text: str) -> list[str]:
    return [
        f"{d.span and d.span.line}:{d.span and d.span.column} {d.severity} {d.code}: {d.message}"
        for d in made(text).diagnostics
    ]


def test_a_routine_alone() -> None:
    (cell,) = made("routines: legs\n").cells
    assert (cell.routine.stem, cell.voice, cell.level, cell.length, cell.format) == ("legs", None, None, None, "mp3")
    assert str(cell.output) == "legs.mp3"


def test_what_differs_stands_in_the_name() -> None:
    assert outputs("routines: [legs, hips]\nlanguages: [en, de]\nlevels: gentle\nlengths: [as written, 10m]\n") == [
        "legs-en-as-written.mp3",
        "legs-en-10m.mp3",
        "legs-de-as-written.mp3",
        "legs-de-10m.mp3",
        "hips-en-as-written.mp3",
        "hips-en-10m.mp3",
        "hips-de-as-written.mp3",
        "hips-de-10m.mp3",
    ]


def test_a_voice_goes_with_its_own_language() -> None:
    found = made("routines: legs\nlanguages: [en, de]\nvoices: [coach, joe, coach-de, quiet]\n")
    assert [(cell.language, cell.voice) for cell in found.cells] == [
        ("en", "coach"),
        ("en", "joe"),
        ("en", "quiet"),
        ("de", "coach-de"),
        ("de", "quiet"),
    ]


def test_a_language_without_a_voice_is_a_fault_of_its_own() -> None:
    text = "routines: hips\nlanguages: [en, es]\nvoices: [coach, coach-de]\n"
    assert told(text) == ["3:10 error no-voice: none of these voices speaks “es”, the language of hips"]
    assert [cell.language for cell in made(text).cells] == ["en"]
    more = (
        "routines: [hips, legs]\nlanguages: [en, de]\nvoices: [coach, joe]\nexclude: [{routine: hips, language: de}]\n"
    )
    assert told(more) == ["3:10 error no-voice: none of these voices speaks “de”, the language of legs"]
    assert told(more.partition("exclude")[0])[0].endswith("the language of hips and 1 more")


def test_a_voice_that_is_not_known_may_be_the_one_that_a_language_lacks() -> None:
    text = "routines: legs\nlanguages: [en, de]\nvoices: [coach, anna]\n"
    assert told(text) == ["3:17 error unknown-voice: there is no voice called anna"]


def test_what_is_not_there_does_not_keep_the_rest_away() -> None:
    text = "routines: [legs, knees, evening]\nlanguages: [en, de]\nvoices: [coach, coach-de, anna]\n"
    assert told(text) == [
        "1:18 error unknown-routine: there is no routine knees",
        "1:25 error unknown-routine: evening is not there in the language de",
        "3:27 error unknown-voice: there is no voice called anna",
    ]
    assert [str(cell.output) for cell in made(text).cells] == [
        "legs-en-coach.mp3",
        "legs-de-coach-de.mp3",
        "evening-en-coach.mp3",
    ]


def test_the_same_routine_by_name_and_by_pattern_counts_once() -> None:
    assert outputs("routines: [hips, '*s']\n") == ["hips.mp3", "legs.mp3"]


def test_formats_have_their_endings() -> None:
    assert outputs("routines: legs\nformats: [mp3, wav]\noutput: 'a/{routine}.{format}'\n") == [
        "a/legs.mp3",
        "a/legs.wav",
    ]
    (fault,) = told("routines: legs\nformats: [mp4]\n")
    assert fault == "2:11 error bad-value: there is no format `mp4`"


def test_a_language_that_a_routine_lacks_can_be_excluded() -> None:
    text = "routines: [legs, evening]\nlanguages: [en, de]\n"
    (fault,) = made(text).diagnostics
    assert fault.hint == "write it, or leave it out: `exclude: [{routine: evening, language: de}]`"
    for entry in ("{routine: evening, language: de}", "{routine: even*, language: [de, es]}"):
        assert outputs(f"{text}exclude: [{entry}]\n") == ["legs-en.mp3", "legs-de.mp3", "evening-en.mp3"]
    assert told(f"{text}exclude: [{{routine: evenin, language: de}}]\n")[-1] == (
        "3:21 warning unused-exclusion: no track has the routine `evenin`, so nothing is excluded"
    )
    # An entry that leaves some of its tracks out does not make up for the rest.
    assert "1:18 error unknown-routine: evening is not there in the language de" in told(
        f"{text}levels: [gentle, deep]\nexclude: [{{language: de, level: deep}}]\n"
    )


def test_a_language_that_no_voice_speaks_can_be_excluded() -> None:
    text = "routines: hips\nlanguages: [en, es]\nvoices: [coach, coach-de]\nexclude: [{language: es}]\n"
    assert outputs(text) == ["hips-en-coach.mp3"]


def test_without_any_voice_that_is_there_no_track_is_made_in_another() -> None:
    for output in ("", "output: '{routine}-{voice}'\n"):
        text = f"routines: legs\nvoices: [anna]\n{output}exclude: [{{voice: anna}}]\n"
        assert told(text) == ["2:10 error unknown-voice: there is no voice called anna"]
        assert made(text).cells == ()


def test_what_is_not_there_is_told_once_and_not_as_an_unused_exclusion_too() -> None:
    text = "routines: [legs, knees]\nformats: [wav, mp4]\nvoices: [coach, anna]\nexclude:\n"
    text += "  - {routine: knees}\n  - {format: mp4}\n  - {voice: anna}\n  - {voice: jo}\n"
    assert told(text) == [
        "1:18 error unknown-routine: there is no routine knees",
        "2:16 error bad-value: there is no format `mp4`",
        "3:17 error unknown-voice: there is no voice called anna",
        "8:13 warning unused-exclusion: no track has the voice `jo`, so nothing is excluded",
    ]


def test_exclusions() -> None:
    text = """\
routines: [legs, hips]
levels: [gentle, standard, deep]
lengths: [10m, 20m]
exclude:
  - {routine: l*, level: [gentle, deep]}
  - {level: deep, length: 20m}
"""
    found = made(text)
    assert found.diagnostics == ()
    assert [(cell.routine.stem, cell.level, cell.length and cell.length.text) for cell in found.cells] == [
        ("legs", "standard", "10m"),
        ("legs", "standard", "20m"),
        ("hips", "gentle", "10m"),
        ("hips", "gentle", "20m"),
        ("hips", "standard", "10m"),
        ("hips", "standard", "20m"),
        ("hips", "deep", "10m"),
    ]
    assert found.excluded == 5


def test_an_exclusion_that_is_of_no_use() -> None:
    text = "routines: [legs, hips]\nlevels: [gentle, deep]\nexclude:\n  - {routine: hip, level: deep}\n"
    found = made(text)
    (fault,) = found.diagnostics
    assert (fault.severity, fault.code, fault.hint) == ("warning", "unused-exclusion", "did you mean `hips`?")
    assert fault.span is not None
    assert (fault.span.line, fault.span.column) == (4, 15)
    assert len(found.cells) == 4


def test_two_tracks_at_one_place() -> None:
    text = "routines: [legs, hips]\nlevels: [gentle, deep]\nlengths: [10m, 20m]\noutput: '{routine}-{level}'\n"
    found = made(text)
    (fault,) = found.diagnostics
    assert (fault.code, fault.hint) == ("duplicate-output", "add `{length}`")
    assert found.cells == ()


def test_two_tracks_that_differ_in_case_only() -> None:
    (fault,) = told("routines: legs\nlevels: [gentle, deep]\noutput: x\n")
    assert "duplicate-output" in fault


def test_a_path_that_leads_away() -> None:
    for output in ("../{routine}", "/tmp/{routine}", "a/../../{routine}", "con/{routine}", ".hidden/{routine}"):
        found = made(f"routines: legs\noutput: '{output}'\n")
        assert [d.code for d in found.diagnostics] == ["bad-output"], output
        assert found.cells == ()


def test_a_field_without_a_value() -> None:
    (fault,) = told("routines: legs\noutput: '{routine}-{voice}'\n")
    assert fault == "2:9 error bad-field: `{voice}` has no value: the manifest has no `voices`"


def test_braces_and_values_that_no_name_can_hold() -> None:
    assert outputs("routines: legs\nlengths: ['1:30']\noutput: '{{{routine}}} {length}'\n") == ["{legs} 1-30.mp3"]


def test_more_tracks_than_anybody_has_are_refused_at_once() -> None:
    lengths = ", ".join(f"{n}s" for n in range(1, 2_001))
    text = f"routines: '*'\nvoices: [coach, joe, quiet]\nlevels: [gentle, standard, deep]\nlengths: [{lengths}]\n"
    text += "formats: [mp3, wav, flac]\n"
    found = made(text)
    assert [d.code for d in found.diagnostics] == ["too-many-tracks"]
    assert MOST_TRACKS < 3 * 3 * 3 * 2_000 * 3
    assert found.cells == ()


class Everything(Machine):
    """A machine that has every routine in every language, and counts how often it is asked for one."""

    def __init__(self) -> None:
        self.asked = 0

    def routines(self, reference: str) -> Sequence[Found]:
        return [Found(reference)]

    def in_language(self, routine: Found, language: str | None) -> Listed:
        self.asked += 1
        return Listed(routine.name, language or "en")


def test_more_languages_of_routines_than_anybody_has_are_not_looked_up() -> None:
    letters = "abcdefghijklm"
    languages = ", ".join(["".join(each) for each in product(letters, repeat=3)][:2_000])
    routines = ", ".join(f"r{n}" for n in range(2_000))
    read = read_manifest("m.yaml", f"routines: [{routines}]\nlanguages: [{languages}]\n".encode())
    assert read.manifest is not None
    machine = Everything()
    found = matrix(read.manifest, machine)
    assert [d.code for d in found.diagnostics] == ["too-many-tracks"]
    assert machine.asked <= 2_000


def test_letters_of_any_script_stay_in_a_name() -> None:
    for stem, name in (
        ("Ru\N{COMBINING DIAERESIS}cken", "R\N{LATIN SMALL LETTER U WITH DIAERESIS}cken"),
        ("योग", "योग"),
    ):
        read = read_manifest("m.yaml", f"routines: {stem}\n".encode())
        assert read.manifest is not None
        (cell,) = matrix(read.manifest, Everything()).cells
        assert str(cell.output) == f"{name}.mp3"


LEVELS = ("gentle", "standard", "deep")
LENGTHS = ("as written", "10m", "20m")


def some(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=1)


@given(some(sorted(ROUTINES)), some(("en", "de")), some(sorted(VOICES)), some(LEVELS), some(LENGTHS), st.data())
def test_the_product_less_what_is_excluded(
    routines: list[str],
    languages: list[str],
    voices: list[str],
    levels: list[str],
    lengths: list[str],
    data: st.DataObject,
) -> None:
    gone = data.draw(st.lists(st.tuples(st.sampled_from(levels), st.sampled_from(lengths)), max_size=2, unique=True))
    unsaid = data.draw(
        st.lists(st.tuples(st.sampled_from(routines), st.sampled_from(languages)), max_size=2, unique=True)
    )
    text = f"routines: {routines}\nlanguages: {languages}\nvoices: {voices}\nlevels: {levels}\nlengths: {lengths}\n"
    if gone or unsaid:
        text += "exclude:\n" + "".join(f"  - {{level: {level}, length: {length}}}\n" for level, length in gone)
        text += "".join(f"  - {{routine: {routine}, language: {language}}}\n" for routine, language in unsaid)
    found = made(text)
    expected = [
        (routine, language, voice, level, None if length == "as written" else length)
        for routine, language, voice, level, length in product(routines, languages, voices, levels, lengths)
        if language in ROUTINES[routine]
        and (VOICES[voice] or language).partition("-")[0] == language
        and (level, length) not in gone
        and (routine, language) not in unsaid
    ]
    missing = {(r, g) for r, g in product(routines, languages) if g not in ROUTINES[r]} - set(unsaid)
    assert sum(d.code == "unknown-routine" for d in found.diagnostics) == len(missing)
    assert [(c.routine.stem, c.language, c.voice, c.level, c.length and c.length.text) for c in found.cells] == expected
    paths = [str(cell.output) for cell in found.cells]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert all(map(is_portable_path, paths))
