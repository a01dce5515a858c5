"""The code speaks the field's words: identifiers of the project's first dialect must not come back."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

import pytest

SOURCES = Path(__file__).parent.parent / "src"

BANNED = frozenset(
    """
    told telling looks look_at settling founding desk booth room hush meant mourned unsaid unsayable sayer laid
    said seen kept due spare ensemble standby crew lay_out cast_of hearing studio fresh slot jotting
    """.split()
)
"""Words that explain nothing: participles used as nouns, and metaphors. The field's words are in docs/architecture.md."""


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCES)))
def test_identifiers_are_the_fields_words(path: Path) -> None:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    found = {token.string for token in tokens if token.type == tokenize.NAME and token.string.strip("_") in BANNED}
    assert not found
