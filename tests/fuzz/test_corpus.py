"""All that fuzzing ever found, and the files that it begins with, once each."""

from __future__ import annotations

import pytest

from tests.fuzz.__main__ import CORPUS
from tests.fuzz.targets import TARGETS, seeds

FOUND = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found(path: object) -> None:
    from pathlib import Path

    assert isinstance(path, Path)
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_there_is_something_to_begin_with(name: str) -> None:
    few = [data for data, _ in zip(seeds(name), range(5), strict=False)]
    assert few
    for data in few:
        TARGETS[name](data)
