"""The examples of docs/importing.md are what the importers make."""

from __future__ import annotations

import re

import pytest
from tools.docs import DOCS

from cuecast.importers import IMPORTERS, convert, importer_for
from tests.importers.documents import docx_of

PAGE = (DOCS / "importing.md").read_text(encoding="utf-8")
PAIRS = re.findall(r"```(?:xml|json)?\n(.*?)```\n\n```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("foreign", "yaml"), PAIRS, ids=[foreign.splitlines()[0] for foreign, _ in PAIRS])
def test_every_example_is_true(foreign: str, yaml: str) -> None:
    if foreign.startswith("{\\rtf"):
        pytest.importorskip("striprtf")
    data = docx_of(foreign) if foreign.startswith("# Shoulders") else foreign.encode()
    assert convert("vo2-max.txt", data).yaml == yaml


def test_there_is_one_for_each_importer() -> None:
    names = {importer_for("vo2-max.txt", foreign.encode()).name for foreign, _ in PAIRS}
    assert names == set(IMPORTERS.builtin)
    assert len(PAIRS) == 11
