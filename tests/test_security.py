"""What docs/security.md says that no other test does: no code, no network, no time."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest

from cuecast.library import RoutineNotFound
from cuecast.library.patterns import match_routines
from tests.builds import check

ROOT = Path(__file__).parent.parent


def codes(text: str) -> set[str]:
    result = check("x.yaml", text)
    assert result.value is None
    return {diagnostic.code for diagnostic in result.diagnostics}


LAUGHS = "\n".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))


@pytest.mark.parametrize(
    "text",
    [
        "title: x\nsteps:\n  - rounds: 1000000000\n    steps:\n      - {exercise: Calves, work: 5s}\n",
        "title: x\nsteps:\n"
        + "".join(f"{'  ' * (2 * n + 1)}- rounds: 999\n{'  ' * (2 * n + 2)}steps:\n" for n in range(9))
        + f"{'  ' * 19}- {{exercise: Calves, work: 1s}}\n",
        f"title: x\ndefaults:\n  a0: &a0 [x]\n{LAUGHS}\nsteps: *a29\n",
        "title: x\nsteps:\n  - exercise: Calves\n    work: 9999h\n",
        "title: x\nsteps: " + "[" * 5_000,
        "title: x\nsteps:\n  - say: " + "a" * 900_000 + "\n",
        "title: x\nsteps:\n  - &a {rounds: 2, steps: [*a]}\n",
        "title: x\ndefaults: {work: 5s}\nsteps:\n  - exercise: Calves\n  - rest: 99999h\n  - exercise: Shins\n",
    ],
    ids=["rounds", "rounds in rounds", "aliases", "hours", "brackets", "a long cue", "a loop", "a long rest"],
)
def test_what_would_never_end_is_refused_at_once(text: str) -> None:
    assert codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "title: !!python/object/apply:os.system [id]\nsteps: [{exercise: x, work: 5s}]\n",
        "!!python/object/new:os.system [id]\n",
        "title: x\nsteps:\n  - !!python/name:os.system x\n",
    ],
)
def test_no_object_is_made_of_text(text: str) -> None:
    assert codes(text) & {"unsupported-yaml", "text-needs-quotes"}


def test_nothing_that_runs_data_stands_in_our_code() -> None:
    forbidden = re.compile(r"\b(?:pickle|marshal|shelve)\b|\b(?:eval|exec)\(|yaml\.(?:unsafe_|full_)?load\(|shell=True")
    found = {
        str(path.relative_to(ROOT / "src" / "cuecast"))
        for path in (ROOT / "src").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if forbidden.search(line) and not line.lstrip().startswith(("#", '"'))
    }
    # Our own phrases: a table that the tests read, too.
    assert found == {"phrases/tables.py"}


@pytest.mark.parametrize("pattern", ["**/" * 9 + "x.yaml", "**/" * 200 + "x.yaml", "*/" * 490 + "x.yaml", "*a" * 400])
def test_no_pattern_of_a_manifest_takes_long(tmp_path: Path, pattern: str) -> None:
    folder = tmp_path.joinpath(*["a" * 9] * 40)
    folder.mkdir(parents=True)
    found: object = ([], [])
    with suppress(RoutineNotFound):
        found = match_routines(tmp_path, pattern)
    assert found == ([], [])
