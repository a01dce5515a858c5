"""Whatever bytes a file has: a routine or diagnostics, soon, and never an exception."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuecast.library import Folders, Library
from cuecast.read import MAX_BYTES, read
from tests.examples import some
from tests.read.showing import check_places
from tests.read.test_files_of_a_routine import Shelf
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


def check(data: bytes) -> None:
    check_places(read("x.yaml", data, LIBRARY))


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
    check_places(read("x.yaml", USE, Shelf({"a": data})))


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
