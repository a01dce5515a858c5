"""Manifests: each fault has its place, and no bytes make the reader raise."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.model.diagnostics import has_errors
from cuecast.model.manifest import Manifest, ManifestText
from cuecast.read import read_manifest
from cuecast.read.schema import MANIFESTS
from tests.read.showing import agree_on_faults, check_places
from tests.slips import with_slips

HERE = Path(__file__).parent / "manifests"
CASES = sorted(HERE.glob("*.yaml"))

WHOLE = """\
# all that there is
routines: [runners-rollout, legs/*.yaml]
languages: [en, de]
voices: [coach, coach-de]
levels: [gentle, standard]
lengths: [as written, 10m, '1:30']
formats: [mp3, opus]
exclude:
  - {routine: evening, language: de}
  - level: deep
    length: [10m, 20m]
output: '{language}/{routine}-{level}'
"""


def well(text: str) -> Manifest:
    read = read_manifest("m.yaml", text.encode())
    assert read.diagnostics == ()
    assert read.value is not None
    return read.value


def texts(words: tuple[ManifestText, ...]) -> list[str]:
    return [word.text for word in words]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_faults_are_told_at_their_place(path: Path) -> None:
    agree_on_faults(path, read_manifest(path.name, path.read_bytes()))


def test_all_keys() -> None:
    manifest = well(WHOLE)
    assert texts(manifest.routines) == ["runners-rollout", "legs/*.yaml"]
    assert texts(manifest.lengths) == ["as written", "10m", "1:30"]
    assert [[(axis, texts(words)) for axis, words in entry.criteria] for entry in manifest.exclude] == [
        [("routine", ["evening"]), ("language", ["de"])],
        [("level", ["deep"]), ("length", ["10m", "20m"])],
    ]
    assert manifest.output is not None
    assert (manifest.output.text, str(manifest.output.span)) == ("{language}/{routine}-{level}", "m.yaml:12:9")
    assert str(manifest.routines[1].span) == "m.yaml:2:29"


def test_one_value_stands_for_a_list_and_every_example_is_read() -> None:
    manifest = well("routines: legs\nlevels: gentle\nlengths: 1:30\n")
    assert [*map(texts, (manifest.routines, manifest.levels, manifest.lengths))] == [["legs"], ["gentle"], ["1:30"]]
    for key in MANIFESTS[0].keys:
        others = "" if key.name == "routines" else "routines: legs\n"
        assert well(f"{others}{key.example}\n") is not None


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"#" * 1_000_001, b"routines: [" + b"a," * 3_000 + b"b]"])
def test_what_is_no_manifest_at_all(data: bytes) -> None:
    read = read_manifest("m.yaml", data)
    assert read.value is None
    assert has_errors(read.diagnostics)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [(each, "for example `formats: [mp3, opus]`") for each in ("'###'", "'.'")]
    + [(each, "did you mean `mp3`?") for each in ("mp 3", "mp3!", ".MP3")],
)
def test_no_hint_repeats_a_format_that_is_none(typed: str, hint: str) -> None:
    (fault,) = read_manifest("m.yaml", f"routines: legs\nformats: {typed}\n".encode()).diagnostics
    assert (fault.code, fault.hint) == ("bad-value", hint)


def test_a_list_that_begins_with_a_pattern_is_not_called_empty() -> None:
    (fault,) = read_manifest("m.yaml", b"routines: [*.yaml, legs]\n").diagnostics
    assert (fault.code, fault.hint) == ("syntax", "write `'*.yaml'`")


PIECES = b"*|&a |[|]|{|}|: | #|\t|'|\n  - |\xff|---\n|<<: |!!x ".split(b"|")


@given(st.binary(max_size=200) | st.randoms(use_true_random=False))
def test_no_bytes_make_it_raise(given_: bytes | random.Random) -> None:
    data = given_ if isinstance(given_, bytes) else with_slips(given_, WHOLE.encode(), PIECES, [WHOLE.encode()])
    read = read_manifest("m.yaml", data)
    check_places(read)
