"""The examples of docs/importing.md are what the importers make."""

from __future__ import annotations

import re

import pytest
from tools.docs import DOCS

from cuecast.importers import convert

PAGE = (DOCS / "importing.md").read_text(encoding="utf-8")
PAIRS = re.findall(r"```(?:xml|json)?\n(.*?)```\n\n```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("foreign", "yaml"), PAIRS)
def test_every_example_is_true(foreign: str, yaml: str) -> None:
    assert convert("vo2-max.txt", foreign.encode()).yaml == yaml


def test_there_is_one_for_each_importer() -> None:
    assert len(PAIRS) == 6
