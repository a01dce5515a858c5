"""A stranger's routine is read, corrected and shown in proportion to its size, whatever is wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from cuecast import api
from cuecast.export import export_format, to_bytes
from cuecast.model.routine import Pronunciation
from cuecast.options import Options
from cuecast.read import read_exercise, read_manifest
from cuecast.speak.pronunciation import apply_lexicon
from tests.builds import check, source
from tests.fuzz.targets import TARGETS

Size = TypeVar("Size")

BYTES = 5_000
"""Of the smallest file; the largest has eight times as many."""


def _steps(line: str) -> Callable[[int], str]:
    return lambda n: "title: T\nsteps:\n" + "".join(line.format(i=i) for i in range(n))


def _cues(begin: str, cue: str, end: str = "") -> Callable[[int], str]:
    return lambda n: (
        f"title: T\nsteps:\n  - exercise: C\n    work: 1h\n    cues: {begin}"
        + "".join(cue.format(i=i) for i in range(n))
        + end
    )


REPAIRS: dict[str, Callable[[int], str]] = {
    "colon": _steps("  - say: Remember {i}: breathe\n"),
    "hash": _steps("  - say: Set #{i} is easy\n"),
    "open quote": _steps('  - say: "Slowly and out {i}\n'),
    "alias": _steps("  - say: *now breathe {i}\n"),
    "escape": _steps('  - say: "now \\q {i}"\n'),
    "tab": _steps("  - exercise: C {i}\n\twork: 45s\n"),
    "no colon": _steps("  - exercise: C {i}\n    work 45s\n"),
    "no dash": _steps("  exercise: C {i}\n  work: 45s\n"),
    "margin": _steps("  - exercise: C {i}\n   work: 45s\n"),
    "open bracket": _steps("  - exercise: C {i}\n    sides: [left, right\n"),
    "text of lines": _steps("  - exercise: C {i}\n    setup: Remember {i}: breathe\n      and more: text\n"),
    "text in braces": _steps("  - {{say: Slowly, and breathe out {i}}}\n"),
    "cues in braces": _cues("{", "{i}s: go, on {i}, ", "}\n"),
    "one text": lambda n: f"title: T\nsteps:\n  - {{say: a{', b: c' * n}}}\n",
    "directives": lambda n: "%YAML 1.1\n" * n,
    "documents": lambda n: "---\n" * n,
}
"""Text that YAML reads otherwise than its author, or not at all; the file is read again after a correction."""

PLAIN: dict[str, Callable[[int], str]] = {
    "no faults": _steps("  - exercise: Calves {i}\n    work: 45s\n    setup: Sit.\n"),
    "cues": _cues("\n", "      {i}s: go on {i}\n"),
    "unknown keys": _steps("  - exercise: C {i}\n    wrok: 45s\n"),
    "unknown names": _steps("  - use: calvse{i}\n"),
    "no such fields": _steps("  - say: the {{foo{i}}} calf\n"),
    "aliases": lambda n: "title: T\nsteps:\n  - &a {exercise: X, work: 45s}\n" + "  - *a\n" * n,
}
PLAIN_FORMS = {
    "fix": _steps("  - exercise: Calves {i}\n    work: 45 sec\n    sides: left, right\n"),
    "fix one line": _cues("{", "{i} sec: go on {i}, ", "}\n"),
    "fix flow": REPAIRS["text in braces"],
    "fix colon": REPAIRS["colon"],
}


def _fix(text: str) -> object:
    return api.fix(source("x.yaml", text), Options(home=Path("/nowhere")))


def _check(text: str) -> object:
    return check("x.yaml", text)


def _voice(text: str) -> None:
    TARGETS["voice"](text.encode())


def _lexicon(n: int) -> str:
    return "engine: silent\nlexicon:\n" + "".join(f"  word{i}: wurd {i}\n" for i in range(n))


KINDS: dict[str, tuple[Callable[[str], object], Callable[[int], str]]] = {
    **{name: (_check, make) for name, make in (REPAIRS | PLAIN).items()},
    **{name: (_fix, make) for name, make in PLAIN_FORMS.items()},
    "lexicon": (_voice, _lexicon),
    "exercise": (
        lambda text: read_exercise("x.yaml", text.encode()),
        lambda n: "exercise: C\nwork: 1h\ncues:\n" + "".join(f"  {i}s: go on {i}\n" for i in range(n)),
    ),
    "manifest": (
        lambda text: read_manifest("m.yaml", text.encode()),
        lambda n: "routines: [a]\nexclude:\n" + "".join(f"  - {{routine: r{i}, level: gentle}}\n" for i in range(n)),
    ),
}


def grows_in_proportion(run: Callable[[int], object], least: int) -> bool:
    """Whether three doublings take no more than twenty times as long: the best of three, for a machine at work."""
    run(least)  # what is imported only once
    return any(_seconds(run, 8 * least) < 20 * max(_seconds(run, least), 0.005) for _ in range(3))


def _seconds(run: Callable[[Size], object], size: Size) -> float:
    begun = time.process_time()
    run(size)
    return time.process_time() - begun


@pytest.mark.parametrize("kind", KINDS)
def test_three_doublings_are_no_more_than_linear(kind: str) -> None:
    run, make = KINDS[kind]
    each = len(make(200)) // 200
    texts = {n: make(n) for n in (BYTES // each, 8 * (BYTES // each))}
    assert grows_in_proportion(lambda n: run(texts[n]), BYTES // each)


@pytest.mark.parametrize("kind", ["colon", "open bracket", "no colon", "text of lines"])
def test_a_broken_file_is_read_no_longer_than_the_largest_that_is_right(kind: str) -> None:
    """It is read again for each fault, the more often the smaller it is: most of all at this size."""
    right, broken = PLAIN["no faults"](8_000), REPAIRS[kind](300)
    assert any(_seconds(_check, broken) < _seconds(_check, right) for _ in range(3))


def test_each_of_many_faults_in_one_line_shows_a_part_of_it() -> None:
    found = check("x.yaml", REPAIRS["cues in braces"](3_000)).diagnostics
    assert len(found) > 1_000
    assert max(len(each.hint or "") for each in found) < 2_000


def test_words_are_looked_up_in_a_lexicon_in_proportion_to_the_text() -> None:
    entries = tuple(Pronunciation("a " * 45 + f"w{i}", "b", None) for i in range(500))
    assert grows_in_proportion(lambda n: apply_lexicon("a " * n, entries, True), 1_000)


@pytest.mark.parametrize("name", ["json", "html", "svg", "vtt"])
def test_a_timeline_is_written_in_proportion_to_its_length(name: str) -> None:
    step = "  - exercise: Calves {i}\n    work: 3s\n    transition: 0s\n    announce: []\n    cues: {{start: Go}}\n"
    timelines = {n: check("x.yaml", _steps(step)(n)).value for n in (250, 2_000)}
    assert all(timelines.values())
    assert grows_in_proportion(lambda n: to_bytes(export_format(name), timelines[n]), 250)  # type: ignore[arg-type]
