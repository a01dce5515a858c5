"""What the oldest releases of a Python that we support can't do, though the one at hand can."""

from __future__ import annotations

import re
from pathlib import Path

import cuecast

POSSESSIVE_GROUP = re.compile(r"\)(?:[?*+]|\{+[0-9]*,?[0-9]*\}+)\+")


def test_no_group_of_a_pattern_is_repeated_possessively() -> None:
    """Up to 3.11.4 (gh-106052) it may match nothing, and Debian 12 has 3.11.2. An atomic group says the same."""
    assert all(map(POSSESSIVE_GROUP.search, (r"(?:a)?+", r"(?:a){{2,}}+")))
    package = Path(cuecast.__file__).parent
    found = [
        f"{path.relative_to(package)}:{number}"
        for path in package.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if POSSESSIVE_GROUP.search(line)
    ]
    assert found == []
