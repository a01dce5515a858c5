"""Whatever bytes a file has: a routine or diagnostics, soon, and never an exception."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuecast.errors import FileRefused
from cuecast.library import Folders, Library
from cuecast.model.music import Recording
from cuecast.protocols import LoadedFile
from cuecast.read import MAX_BYTES, ReadResult, read
from tests.examples import some
from tests.slips import with_slips

HERE = Path(__file__).parent
EXERCISES = [path.read_bytes() for path in sorted(HERE.glob("exercises/*.yaml"))]
SEEDS = [path.read_bytes() for path in sorted(HERE.glob("*/*.yaml"))]
LIBRARY = Library(HERE / "cases", Folders(exercises=(HERE / "exercises",), music=HERE / "music"))
USE = b"title: x\nsteps: [{use: a, work: 5s}, {use: a, variants: {deep: {reps: 3}}}]\n"
PIECES = [
    *(bytes([byte]) for byte in b"\t\"'{}[]#|>,\n\r%\\-:&*!?@`\x00\x0c\x85\xff"),
    *(
        piece.encode()
        for piece in (": ", " #", "- ", "&a ", "*a", "  ", "---\n", "...\n", "<<: *a", "!!binary x", "half: ", "steps:")
    ),
    *(
        piece.encode()
        for piece in (
            "variants:\n",
            "gentle: ",
            "pace: [in 4s",
            "use: calves\n",
            "include: parts/faulty.yaml\n",
            "reps: 3\n",
        )
    ),
    *("\N{NO-BREAK SPACE}\u2028\x85\N{GRINNING FACE}\ufeff“".encode(), rb'"\ud800"', rb'"\x00"', b"? "),
]


class One:
    """A library of one exercise."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def include(self, path: str, from_file: str) -> LoadedFile:
        raise FileRefused("missing-file", path)

    def exercise(self, name: str, language: str) -> LoadedFile:
        return LoadedFile(f"exercises/{name}.yaml", self.data)

    def music(self, path: str, from_file: str, folder: bool) -> tuple[Recording, ...]:
        raise AssertionError(path)

    def tone(self, path: str, from_file: str) -> LoadedFile:
        return LoadedFile(path, self.data)


def check(data: bytes) -> None:
    hold(read("x.yaml", data, LIBRARY))


def hold(result: ReadResult[Any]) -> None:
    assert (result.value is None) == bool(result.diagnostics)
    sources = {source.name: source.text.splitlines() or [""] for source in result.sources}
    for d in result.diagnostics:
        assert d.span is not None
        span = d.span
        lines = sources[span.file]
        assert (span.line, span.column) <= (span.end_line, span.end_column)
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
        assert d.message
        assert "\n" not in d.message + (d.hint or "")


@given(st.binary(max_size=200))
@settings(max_examples=some(300), deadline=None)
def test_any_bytes(data: bytes) -> None:
    check(data)


@given(st.text(alphabet=st.sampled_from("ab:# -\n\t\"'{}[]|>&*!%@`,?.\\10s\u2028é😀"), max_size=80))
@settings(max_examples=some(600), deadline=None)
def test_any_text_of_the_characters_that_matter(text: str) -> None:
    check(text.encode())
    check(f"title: x\nsteps:\n  - say: {text}".encode())


@given(st.randoms(use_true_random=False), st.sampled_from(SEEDS))
@settings(max_examples=some(600), deadline=None)
def test_any_routine_with_slips(chance: random.Random, data: bytes) -> None:
    check(with_slips(chance, data, PIECES, SEEDS))


@given(st.randoms(use_true_random=False), st.sampled_from(EXERCISES) | st.binary(max_size=40))
@settings(max_examples=some(300), deadline=None)
def test_any_exercise_with_slips(chance: random.Random, data: bytes) -> None:
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(data))
        data = data[:at] + chance.choice(PIECES) + data[at + chance.randint(0, 4) :]
    hold(read("x.yaml", USE, One(data)))


@given(st.text(alphabet=st.sampled_from("inout 0123456789smh:.,-–[]{}'\"#\n"), max_size=30))
@settings(max_examples=some(300), deadline=None)
def test_any_pace_and_level(text: str) -> None:
    for key in ("pace: ", "pace: [", "pace:\n      - ", "reps: ", "variants: ", "kind: ", "work: "):
        check(f"title: x\nsteps:\n  - exercise: a\n    {key}{text}\n".encode())
    check(f"title: x\nlevel: {text}\nfit: {text}\nsteps: [say: Hi]".encode())


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    data = (HERE / "good" / "everything.yaml").read_bytes()
    plain = read("x.yaml", data).value
    assert plain is not None
    for other in (data.replace(b"\n", b"\r\n"), data.replace(b"\n", b"\r"), b"\xef\xbb\xbf" + data):
        result = read("x.yaml", other)
        assert result.diagnostics == ()
        assert result.value is not None
        assert result.value.steps == plain.steps
        assert not result.sources[0].text.startswith("\ufeff")


def test_a_file_that_is_too_large() -> None:
    (fault,) = read("x.yaml", b"#" * (MAX_BYTES + 1)).diagnostics
    assert fault.code == "too-large"
    assert read("x.yaml", b"title: x\nsteps: [say: Hi]\n".ljust(MAX_BYTES)).value


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"])
def test_other_encodings_are_named(encoding: str) -> None:
    data = "title: Übung\nsteps:\n  - say: Rück\n".encode(encoding)
    (fault,) = read("x.yaml", data).diagnostics
    assert fault.code == "not-utf8"
    assert ("UTF-16" in fault.message) == ("16" in encoding)
    if encoding == "latin-1":
        assert fault.span
        assert str(fault.span) == "x.yaml:1:8"
        assert "`Ü`" in fault.message


def test_all_faults_of_a_bad_file_in_one_go() -> None:
    data = (HERE / "cases" / "text-first-character.yaml").read_bytes()
    told = read("x.yaml", data).diagnostics
    lines = [d.span.line for d in told if d.span]
    assert lines == [n for n in range(1, 28) if n not in (2, 23, 24, 26)]
