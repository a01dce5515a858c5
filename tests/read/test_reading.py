"""Laws of the stage that no single file shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuecast.library import Folders, Library
from cuecast.model.keys import Key, KeySet
from cuecast.model.routine import BUILT_IN, Exercise, Say, Text
from cuecast.model.voice import Profile
from cuecast.read import ReadResult, read, read_profile
from cuecast.read.schema import DEFAULTS, KEY_SETS, MANIFESTS, NAMES, PROFILE, TONES
from cuecast.read.yaml.patched_source import MAX_FAULTS
from tests.examples import some
from tests.read.showing import check_places, show_diagnostics, show_value
from tests.read.test_cases import told_of
from tests.read.test_files_of_a_routine import Shelf

HERE = Path(__file__).parent
VOICE = Profile("coach", "x", "en")
FILES = sorted(HERE.glob("*/*.yaml"))

WORDS = st.text(
    alphabet=st.characters(exclude_categories=["C", "Z"], exclude_characters="{}“”„‟«»‘’‚‛\N{NEXT LINE}"),
    min_size=1,
    max_size=12,
)
SENTENCES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=14).map(" ".join),
    st.lists(st.sampled_from(["a", ":", "#", "-", "b:", "#c", "half:", "say:", "'", '"', "{{", "}}"]), min_size=1).map(
        " ".join
    ),
).filter(lambda text: any(map(str.isalnum, text)))
PARTS = st.tuples(st.sampled_from(["in", "hold", "breathe out", "rest", ""]), st.integers(1, 90)).map(
    lambda part: f"{part[0]} {part[1]}s".strip()
)
EXERCISES = st.fixed_dictionaries(
    {"exercise": SENTENCES, "work": st.integers(1, 500).map(lambda n: f"{n}s")},
    optional={
        "setup": SENTENCES,
        "sides": st.sampled_from(["left", ["left", "right"], ["both"]]),
        "kind": st.sampled_from(["rolling", "breathing"]),
        "pace": st.lists(PARTS, min_size=1, max_size=12) | PARTS,
        "cues": st.one_of(
            st.dictionaries(
                st.sampled_from(["start", "half", "end", "10s", "-5s", "every 15s"]), SENTENCES, min_size=1
            ),
            st.lists(st.fixed_dictionaries({"at": st.sampled_from(["half", "-5s"]), "say": SENTENCES}), min_size=1),
        ),
    },
)
ROUTINES = st.fixed_dictionaries(
    {
        "title": SENTENCES,
        "steps": st.lists(st.one_of(EXERCISES, st.fixed_dictionaries({"say": SENTENCES})), min_size=1, max_size=4),
    }
)


def words(text: Text) -> str:
    return "".join(part if isinstance(part, str) else f"<{part.name}>" for part in text.parts)


def undoubled(text: str) -> str:
    return " ".join(text.replace("{{", "{").replace("}}", "}").split())


@given(
    ROUTINES, st.sampled_from([20, 40, 1000]), st.sampled_from([None, False, True]), st.sampled_from([None, '"', "'"])
)
@settings(max_examples=some(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_program_writes_as_yaml_is_read_back(
    routine: Any, width: int, flow: bool | None, style: str | None
) -> None:
    dumped = yaml.safe_dump(routine, width=width, default_flow_style=flow, allow_unicode=True, default_style=style)
    result = read("x.yaml", dumped.encode())
    assert [d.message for d in result.diagnostics] == [], dumped
    assert result.value is not None
    for wrote, got in zip(routine["steps"], result.value.steps, strict=True):
        if isinstance(got, Say):
            assert words(got.text) == undoubled(wrote["say"])
        elif isinstance(got, Exercise):
            assert words(got.name) == undoubled(wrote["exercise"])
            assert got.setup is None or words(got.setup) == undoubled(wrote["setup"])
            pace = wrote.get("pace", [])
            parts = [f"{part.word} {part.ms // 1000}s".strip() for part in got.settings.pace or ()]
            assert parts == ([pace] if isinstance(pace, str) else pace)
            cues = wrote.get("cues", {})
            said = list(cues.values()) if isinstance(cues, dict) else [cue["say"] for cue in cues]
            assert sorted(words(cue.say) for cue in got.cues) == sorted(undoubled(each) for each in said)


SHOW_ALL = """
import sys
sys.modules["yaml._yaml"] = None
from tests.read.test_reading import show_all
print(show_all(), end="")
"""


def show_all() -> str:
    results = {path: told_of(path) for path in FILES}
    return "".join(
        f"{path.name}\n{show_diagnostics(told)}{show_value(told.value) if told.value else ''}"
        for path, told in results.items()
    )


def test_a_yaml_without_its_c_loader_gives_the_same() -> None:
    assert subprocess.run([sys.executable, "-c", SHOW_ALL], capture_output=True, text=True).stdout == show_all()


@pytest.mark.parametrize(
    ("place", "key"),
    [(place, key) for place in KEY_SETS if place not in MANIFESTS for key in place.keys],  # those: tests/batch
    ids=lambda each: each.name,
)
def test_every_example_in_the_table_is_read_without_a_fault(place: KeySet, key: Key, tmp_path: Path) -> None:
    bell = (HERE / "good" / "sounds" / "gong.wav").read_bytes()
    for sound in TONES.keys:
        (tmp_path / sound.example.partition(": ")[2]).write_bytes(bell)
    opener = Library(
        HERE / "good" / "parts", Folders(exercises=(HERE / "exercises",), music=HERE / "music", tones=tmp_path)
    )
    result: ReadResult[Any]
    if place in (PROFILE, NAMES):
        result = read_profile("x.yaml", example(place, key).encode(), lambda engine: (), lambda name: VOICE)
    elif place.name == "library":
        result = read("x.yaml", b"title: x\nsteps:\n  - use: calves\n", Shelf({"calves": example(place, key)}))
    else:
        result = read("x.yaml", example(place, key).encode(), opener)
    assert [d.message for d in result.diagnostics] == []


def example(place: KeySet, key: Key) -> str:
    needed = [k.example for k in place.keys if k is key or k.required]
    body = "\n".join(needed)
    match place.name:
        case "routine" | "library":
            return body
        case "profile":
            return "\n".join(dict.fromkeys(needed))
        case "names":
            return f"engine: x\nlanguage: en\nnames:\n{indented(body, 2)}"
        case "variants" | "variant":
            level = "gentle:\n" + indented(body, 2) if place.name == "variant" else body
            return f"title: x\nsteps:\n  - exercise: x\n    variants:\n{indented(level, 6)}"
        case "pronunciation":
            return f"title: x\nsteps:\n  - say: Hi\nlexicon:\n  gluteus:\n{indented(body, 4)}"
        case "volume" | "tones" | "defaults" | "voice":
            return f"title: x\nsteps:\n  - say: Hi\n{place.name}:\n{indented(body, 2)}"
        case "music":
            played = "" if key.name in ("file", "folder", "noise", "sound") else "folder: songs\n"
            return f"title: x\nsteps:\n  - say: Hi\nmusic:\n{indented(played + body, 2)}"
        case "cue":
            item = "- " + indented(body, 2).lstrip()
            return f"title: x\nsteps:\n  - exercise: x\n    cues:\n{indented(item, 6)}"
        case _:
            item = "- " + indented(body, 2).lstrip()
            return f"title: x\nsteps:\n{indented(item, 2)}"


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.splitlines())


def test_the_defaults_in_the_table_are_the_built_in_ones() -> None:
    written = "".join(f"  {key.name}: {key.default}\n" for key in DEFAULTS.keys if key.default)
    routine = read("x.yaml", f"title: x\nsteps: [say: Hi]\ndefaults:\n{written}".encode()).value
    assert routine is not None
    assert routine.defaults == BUILT_IN


@pytest.mark.parametrize(
    "data",
    [
        "[" * 200_000,
        "- " * 200_000,
        "? " * 200_000,
        "steps:\n  - say: " + " #" * 200_000,
        "steps:\n  - {say: " + ", #" * 150_000,
        "steps:\n  - say: '" + "'x" * 200_000,
        "steps:\n  - say: x" + " " * 400_000 + ": y",
        "steps:\n  - say: " + '"\\%' * 100_000,
        "steps:\n  - {say: " + "{ " * 200_000,
        "".join(" " * n + 'a: "x\n' for n in range(600)),
        "a: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 200)),
        "title: x\nsteps:\n"
        + "".join(
            f"  - rounds: 2\n    steps: &a{n} [{{rounds: 2, steps: *a{n - 1}}}, {{rounds: 2, steps: *a{n - 1}}}]\n"
            if n
            else "  - rounds: 2\n    steps: &a0 [say: Hi]\n"
            for n in range(40)
        ),
        "title: x\nsteps:\n  - exercise: x\n    pace: [" + "1s" * 200_000 + "x]",
        "title: x\nsteps:\n  - exercise: x\n    pace: " + "in 4s " * 100_000,
        "title: x\nsteps:\n  - exercise: x\n    pace: [" + ("1s" * 100 + "x, ") * 2_000 + "]",
        "title: x\nsteps:\n  - exercise: x\n    pace: [" + ("1s" * 120 + "x, ") * 12 + "]",
        "title: x\nsteps:\n  - exercise: x\n    pace: " + "1:" * 200_000,
        "title: x\nsteps:\n" + "  - use: " + "a-" * 200_000 + "\n  - include: " + "a/" * 200_000,
    ],
    ids=range(18),
)
def test_no_file_is_too_much(data: str) -> None:
    check_places(read("x.yaml", data.encode()[:1_000_000]))


def test_nothing_heavy_is_imported() -> None:
    code = "import sys, cuecast.read; print(*{m.partition('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"lameenc", "mutagen", "num2words", "numpy", "platformdirs", "pydub", "pyttsx3", "soxr", "typer"}
    assert not heavy & set(loaded)


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("  - exercise A", MAX_FAULTS),
        ("  - rest: abc", MAX_FAULTS),
        ("  - announce: [abc", 5),
        ("  - say: go \ufeff on and on and on", MAX_FAULTS),
    ],
)
def test_of_very_many_faults_the_first_are_told(line: str, count: int) -> None:
    result = read("a.yaml", f"title: A\nsteps:\n{f'{line}{chr(10)}' * 2_500}".encode())
    assert result.value is None
    assert len(result.diagnostics) > count
    assert [d.code for d in result.diagnostics].count("too-many-faults") == 1
    assert result.diagnostics[-1].code == "too-many-faults"
