"""Docs that can't rot."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from tools.docs import DOCS, PAGES
from tools.limits import LIMITS
from tools.tone_pictures import file_of, pictures

from cuecast import pipeline
from cuecast.files import data_dir
from cuecast.library import Folders, Library
from cuecast.model.custom_tone import LONGEST_MS
from cuecast.model.diagnostics import Severity
from cuecast.model.timeline import ToneEvent
from cuecast.model.tones import PACE, TONES
from cuecast.options import Options
from cuecast.plugins import ENGINES, engine_keys
from cuecast.read import read_profile
from cuecast.read.profiles import find_profile
from tests.builds import EXERCISES, check, source, voices_in
from tests.read.showing import CODES

ROOT = DOCS.parent
VOICE_FILES = data_dir("voices")


@pytest.mark.parametrize("name", PAGES)
def test_pages_made_from_the_code_are_up_to_date(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    assert page == PAGES[name](page), "run `make docs`"


def test_the_figures_of_the_readme_are_those_of_the_library() -> None:
    exercises = [path for path in EXERCISES.glob("*.yaml") if "." not in path.stem]
    assert f"the library of {len(exercises)} exercises" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*map(file_of, (*TONES, PACE))])
def test_pictures_of_the_tones_show_them_as_they_are(name: str) -> None:
    """But for cells between two shades, which come out otherwise where sines are computed otherwise."""
    page = (DOCS / name).read_text(encoding="utf-8")
    shown, made = ((text, set(re.split(r"[zML\n]+", text))) for text in (page, pictures()[name]))
    assert len(shown[1] & made[1]) > 0.95 * len(shown[1] | made[1]), "run `make docs`"
    assert len(shown[0]) < 40_000
    ElementTree.fromstring(shown[0])
    assert f"]({name})" in (DOCS / "tones.md").read_text(encoding="utf-8")


def test_the_page_of_tones_sounds_them_all() -> None:
    text = (DOCS / "tones.md").read_text(encoding="utf-8")
    result = check("all.yaml", EXAMPLES_OF_TONES[0])
    assert result.value is not None
    assert result.diagnostics == ()
    assert {event.name for event in result.value.events if isinstance(event, ToneEvent)} == {*TONES, PACE}
    for name in (*TONES, PACE):
        assert f"\n## {name}\n" in text
    assert f"{LONGEST_MS // 1_000} s" in text


def test_every_phrase_is_explained_to_who_adds_a_language() -> None:
    page = (DOCS / "translating.md").read_text(encoding="utf-8")
    phrases = yaml.safe_load((ROOT / "src" / "cuecast" / "phrases" / "en.yaml").read_text(encoding="utf-8"))
    assert [key for key in phrases if f"`{key}`" not in page and f"`{key}:" not in page] == []


EXAMPLES = re.findall(r"```yaml\n(.*?)```", (DOCS / "language.md").read_text(encoding="utf-8"), re.DOTALL)
EXAMPLES_OF_TONES = re.findall(r"```yaml\n(.*?)```", (DOCS / "tones.md").read_text(encoding="utf-8"), re.DOTALL)
SOUNDS = Path(__file__).parent / "read" / "good" / "sounds"


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_reference_compiles(example: str) -> None:
    whole = example if "title:" in example else "title: Example\n" + example
    if "steps:" not in whole:
        whole += "steps:\n  - exercise: Calves\n    work: 45s\n"
    folders = Folders(
        exercises=(EXERCISES,), voices=(VOICE_FILES,), music=ROOT / "tests" / "read" / "music", tones=SOUNDS
    )
    result = pipeline.check(source("example.yaml", whole, DOCS), Library(DOCS, folders), Options())
    assert result.value is not None, result.diagnostics
    assert [d for d in result.diagnostics if d.severity is not Severity.NOTE] == []


VOICES = re.findall(r"```yaml\n(.*?)```", (DOCS / "voices.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", VOICES)
def test_every_voice_of_the_reference_is_read(example: str) -> None:
    if "title:" in example:
        test_every_example_of_the_reference_compiles(example)
        return
    result = read_profile(
        "mine.yaml", example.encode(), engine_keys, lambda names: find_profile(names[0], voices_in(VOICE_FILES))
    )
    assert result.diagnostics == ()
    assert result.value is not None


@pytest.mark.parametrize("name", ENGINES.builtin)
def test_every_engine_of_ours_is_explained_with_its_keys(name: str) -> None:
    page = (DOCS / "voices.md").read_text(encoding="utf-8")
    assert f"\n### {name}\n" in page
    for key in engine_keys(name) or ():
        assert f"| `{key.name}` | {key.doc} |" in page


def test_every_code_that_the_code_uses_is_documented_and_the_other_way_round() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for code in CODES:
        assert f'"{code}"' in source, code
    used = set(re.findall(r'\b(?:error|warning|note|misfit)\(\s*"([a-z0-9-]+)"', source))
    assert used
    assert used <= set(CODES)


def test_every_code_has_a_case() -> None:
    suffixes = (".md", ".expected", ".py", ".txt")
    cases = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*") if path.suffix in suffixes)
    for code in CODES:
        assert re.search(rf"(?:error|warning|note)(?:\[{code}\]| {code}:)|\"{code}\"", cases), code


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_readmes_routine_is_what_it_says() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    routine = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)[0]
    shown = re.findall(r"```\n(morning-legs.*?)```", readme, re.DOTALL)[0]
    right = check("morning-legs.yaml", routine, folder=ROOT)
    assert right.value is not None
    assert right.diagnostics == ()
    wrong = routine.replace("half: Stay", "-2s: Stay")
    (fault,) = check("morning-legs.yaml", wrong, folder=ROOT).diagnostics
    assert shown.startswith(f"{fault.span}: ")
    assert shown.splitlines()[1].endswith(wrong.splitlines()[8])


@pytest.mark.parametrize("page", [*sorted((ROOT / "docs").glob("*.md")), ROOT / "Makefile"], ids=lambda page: page.name)
def test_the_tests_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"(?<![\w/-])tests/[\w/-]+(?:\.\w+)?", page.read_text(encoding="utf-8"))
    assert [name for name in named if not name.endswith(".txt") and not (ROOT / name).exists()] == []


def test_each_limit_has_a_test_and_a_code_that_exists() -> None:
    for limit in LIMITS:
        path, _, name = limit.test.partition("::")
        assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), limit.test
        assert set(re.findall(r"`([a-z]+-[a-z-]+)`", limit.beyond)) <= set(CODES), limit.beyond
