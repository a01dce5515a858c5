"""Routines and exercises in other languages: the English ones with other words, and nothing else changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cuecast.phrases import languages, phrases_of

ROUTINES = Path(__file__).parents[2] / "routines"
TRANSLATED = sorted(path for path in ROUTINES.rglob("*.*.yaml"))
EXERCISES = sorted(path for path in (ROUTINES / "exercises").glob("*.yaml") if "." not in path.stem)
OTHERS = [language for language in languages() if language != "en"]
TEXTS = {"title", "name", "summary", "exercise", "about", "caution", "source", "setup", "say", "language"}
FORM = re.compile(r"\{(?:other_)?side:([a-z]*)\}")


def _shape(node: yaml.Node, key: str = "") -> Any:
    """A file's tree without its words: keys, names, moments, lengths and numbers, as they are written."""
    match node:
        case yaml.MappingNode():
            below = {k.value: _shape(v, "say" if key == "cues" else k.value) for k, v in node.value}
            below.pop("language", None)
            return below
        case yaml.SequenceNode():
            return [_shape(each, key) for each in node.value]
        case _ if key in TEXTS:
            return "words"
        case _ if key == "pace":
            return node.value.split()[-1]
        case _:
            return node.value


def _tree(path: Path) -> Any:
    node = yaml.compose(path.read_text(encoding="utf-8"))
    assert node is not None
    return _shape(node)


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: path.name)
def test_only_the_words_differ(path: Path) -> None:
    name, language = path.stem.split(".")
    assert language in OTHERS
    assert _tree(path) == _tree(path.with_name(f"{name}.yaml"))


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: path.name)
def test_sides_are_in_forms_that_the_language_has(path: Path) -> None:
    language = path.stem.split(".")[1]
    assert set(FORM.findall(path.read_text(encoding="utf-8"))) <= set(phrases_of(language).side_forms())


@pytest.mark.parametrize("language", OTHERS)
def test_the_library_is_whole_in_every_language(language: str) -> None:
    missing = [path.stem for path in EXERCISES if not path.with_name(f"{path.stem}.{language}.yaml").is_file()]
    assert missing == []
    assert len(list(ROUTINES.glob(f"*.{language}.yaml"))) >= 2
