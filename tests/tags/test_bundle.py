"""The routine inside a track, as bytes, from anybody."""

from __future__ import annotations

import json
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cuecast.tags.bundle import MAX_BYTES, SCHEMA, Bundle, NotABundle, encode_bundle, is_portable_path, read_bundle

SUM = "ab" * 32
FULL = Bundle(
    "1.2.3",
    "legs.yaml",
    {"voice": ["calm", "countdown=brisk"], "seed": 3, "fit": "10m", "wake": "off", "music": "album", "cover": "own"},
    {
        "legs.yaml": "title: Beine dehnen, für später\n".encode(),
        "parts/more.yaml": b"",
        "gong.wav": b"RIFF\xff\x00",
        "home/voices/mine.yaml": b"like: calm\n",
        "home/exercises/calves.de.yaml": b"title: Waden\n",
        "home/tones/bell.wav": b"\xff",
    },
    {"songs/one.mp3": SUM, "home/music/album/two.mp3": SUM},
)


def plain(**changed: Any) -> dict[str, Any]:
    return {**json.loads(encode_bundle(FULL)), **changed}


def read(**changed: Any) -> Bundle:
    return read_bundle(json.dumps(plain(**changed)).encode())


def test_there_and_back() -> None:
    assert read_bundle(encode_bundle(FULL)) == FULL
    turned = Bundle(FULL.cuecast, FULL.routine, FULL.options, dict(reversed(list(FULL.files.items()))), FULL.elsewhere)
    assert encode_bundle(turned) == encode_bundle(FULL)
    assert "Beine dehnen, für später" in encode_bundle(FULL).decode()


names = (
    st.text(min_size=1, max_size=12)
    .map(lambda name: f"{name}.yaml")
    .filter(lambda name: is_portable_path(name) and "/" not in name)
)


@given(st.dictionaries(names, st.binary(max_size=50), min_size=1, max_size=5))
def test_any_files(files: dict[str, bytes]) -> None:
    bundle = Bundle("1", min(files), {}, files)
    try:
        assert read_bundle(encode_bundle(bundle)) == bundle
    except NotABundle as fault:
        assert "two files of one name" in str(fault)  # noqa: PT017  in some other letters


@given(st.text(max_size=40))
@example("../legs.yaml")
@example("a/../../b.yaml")
@example("con.yaml")
@example("C:/x.yaml")
@example("a/./b.yaml")
def test_a_name_that_fits_leads_nowhere_else(path: str) -> None:
    if is_portable_path(path):
        for kind in (PurePosixPath, PureWindowsPath):
            found = kind("folder") / path
            assert not found.is_absolute()
            assert found.drive == ""
            assert found.parts[0] == "folder"
            assert ".." not in found.parts


@pytest.mark.parametrize(
    "path",
    [
        *("../x.yaml", "/x.yaml", "a//x.yaml", "..", "a/../x.yaml", "C:x.yaml", "a\\x.yaml", "x\0.yaml", ""),
        *("nul.yaml", "COM1.yaml", "x.yaml.", "x.yaml ", ".x.yaml", "~x.yaml", "-x.yaml", "x\n.yaml", "\ud800.yaml"),
        *("a/" * 9 + "x.yaml", "x" * 200 + ".yaml", "x\u202elmay.yaml"),
    ],
)
def test_names_that_are_refused(path: str) -> None:
    assert not is_portable_path(path)
    with pytest.raises(NotABundle):
        read(files={**plain()["files"], path: ""})
    with pytest.raises(NotABundle):
        read(elsewhere={path: SUM})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"schema": "cuecast/bundle@9"}, "a newer cuecast may know it"),
        ({"routine": "other.yaml"}, "which of its files is the routine"),
        ({"routine": "home/voices/mine.yaml"}, "which of its files is the routine"),
        ({"routine": 3}, "another form"),
        ({"files": []}, "another form"),
        ({"files": {"legs.yaml": 3}}, "another form"),
        ({"files": {"legs.yaml": {"base64": "!"}}}, "another form"),
        ({"files": {"legs.yaml": {"base64": "é"}}}, "another form"),
        ({"files": {"legs.yaml": "", "LEGS.yaml": ""}}, "two files of one name"),
        ({"files": {"legs.yaml": "", "cafe\u0301.yaml": "", "caf\u00e9.yaml": ""}}, "two files of one name"),
        ({"files": {"legs.yaml": "", "a.yaml": "", "a.yaml/b.yaml": ""}}, "two files of one name"),
        ({"files": {"legs.yaml": "", "a.yaml": "", "a.yaml/b/c.yaml": ""}}, "two files of one name"),
        ({"files": {"legs.yaml": "", "run.sh": ""}}, "belongs to no routine"),
        ({"files": {"legs.yaml": "", "home/x.yaml": ""}}, "belongs to no routine"),
        ({"files": {"legs.yaml": "", "home/voices/a/x.yaml": ""}}, "belongs to no routine"),
        ({"files": {"legs.yaml": "", "home/voices/x.wav": ""}}, "belongs to no routine"),
        ({"files": {"legs.yaml": "", "home/routines/x.yaml": ""}}, "belongs to no routine"),
        ({"files": {"legs.yaml": "", **{f"{n}.yaml": "" for n in range(2_001)}}}, "more than any routine needs"),
        ({"files": {"legs.yaml": "x" * MAX_BYTES}}, "more than any routine needs"),
        ({"elsewhere": {"a.mp3": "x"}}, "another form"),
        ({"elsewhere": {"legs.yaml": SUM}}, "two files of one name"),
        ({"options": {"output": "x"}}, "unknown field `output`"),
        ({"options": {"home": "x"}}, "unknown field `home`"),
        ({"options": {"music": "../x.mp3"}}, "its option|another form"),
        ({"options": {"voice": "calm"}}, "its option|another form"),
        ({"options": {"voice": ["--force"]}}, "its option|another form"),
        ({"options": {"fit": "-o"}}, "its option|another form"),
        ({"options": {"fit": "1\x1b[2J"}}, "its option|another form"),
        ({"options": {"seed": True}}, "its option|another form"),
        ({"options": {"cover": "/etc/passwd"}}, "its option|another form"),
        ({"options": 3}, "another form"),
    ],
)
def test_what_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(NotABundle, match=words.replace("`", "[`]")):
        read(**changed)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b" " * (MAX_BYTES + 1)])
def test_what_is_none(data: bytes) -> None:
    with pytest.raises(NotABundle):
        read_bundle(data)


def test_a_version_is_one_printable_line() -> None:
    assert read(cuecast="1.0\x1b[31m").cuecast == ""
    assert read(cuecast=None).cuecast == ""
    assert len(read(cuecast="9" * 5_000).cuecast) < 1_000


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=9), some, max_size=3),
    max_leaves=6,
)


@given(json_values, st.sampled_from(["files", "options", "elsewhere", "routine", "cuecast"]))
def test_no_value_is_a_surprise(value: Any, key: str) -> None:
    try:
        bundle = read(**{key: value})
    except NotABundle:
        return
    assert bundle.routine in bundle.files
    assert json.loads(encode_bundle(bundle))["schema"] == SCHEMA
