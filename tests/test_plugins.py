"""Plug-ins of other packages: the templates, installed for real, do what their protocols promise; broken ones are told."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cuecast
from cuecast.encode import track_format, track_suffixes
from cuecast.errors import SetupError
from cuecast.export import FORMATS, export_format, format_by_suffix, to_bytes
from cuecast.files import is_safe_to_overwrite
from cuecast.importers import convert, importer_for
from cuecast.model.source import Source
from cuecast.model.tags import Tags
from cuecast.model.timeline import Timeline
from cuecast.plugins import ENGINES
from cuecast.protocols import TrackRequest
from cuecast.speak.engines.silent import SilentEngine
from tests.cli.running import SILENT, Home
from tests.encode.hostile import timelines
from tests.encode.test_tracks import LENGTH, Beeps
from tests.examples import some
from tests.mix.tracks import timeline
from tests.speak.third_party import TEMPLATES, install_templates

FEW = settings(max_examples=some(40))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("plug-ins")
    with pytest.MonkeyPatch.context() as patch:
        path = install_templates(folder, *sorted(each.name for each in TEMPLATES.iterdir() if each.is_dir()))
        patch.syspath_prepend(str(path))
        yield path


def test_each_is_found_at_the_command_line(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    home = Home(tmp_path, {"PYTHONPATH": str(installed)})
    home.write("a.yaml", SILENT)
    home.write("b.tabata", "Squats 20/10 x 8\nand so on\n")
    by_name = home.cuecast("plan", "a.yaml", "--format", "markdown")
    assert "| 0:12 | 12s | Calves, left |" in by_name.stdout, by_name.stderr
    assert home.cuecast("plan", "a.yaml", "-o", "plan.md", "--quiet").stderr == ""
    assert (home.here / "plan.md").read_text() == by_name.stdout
    rendered = home.cuecast("render", "a.yaml", "-o", "track.au", "--with", "markdown")
    assert rendered.returncode == 0, rendered.stderr
    assert (home.here / "track.md").read_text() == by_name.stdout
    assert (home.here / "track.au").read_bytes()[:4] == b".snd"
    imported = home.cuecast("import", "b.tabata", "-o", "b.yaml")
    assert "b.tabata:2:1: warning[not-carried-over]" in imported.stderr
    assert home.cuecast("check", "b.yaml").returncode == 0
    checks = json.loads(home.cuecast("doctor", "--json").stdout)["checks"]
    assert {check["check"]: check["found"] for check in checks if check["check"].startswith("plug-in")} == {
        "plug-in chirp": "voice engine, from the package cuecast-chirp",
        "plug-in au": "format, from the package cuecast-au",
        "plug-in markdown": "format, from the package cuecast-markdown",
        "plug-in tabata": "importer, from the package cuecast-tabata",
    }


def test_the_test_of_the_page_passes(installed: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (TEMPLATES.parent / "plugins.md").read_text("utf-8"), re.DOTALL)
    page: dict[str, Any] = {}
    exec(compile(example, "docs/plugins.md", "exec"), page)
    page["test_a_row_for_each_work"]()


def test_a_target_of_its_suffix_is_of_its_format(installed: Path, tmp_path: Path) -> None:
    routine = {"title": "x", "voice": "silent", "steps": [{"exercise": "Swings", "work": "2s"}]}
    assert cuecast.render(routine, tmp_path / "track.AU", cache=tmp_path).value
    assert (tmp_path / "track.AU").read_bytes()[:4] == b".snd"
    assert track_suffixes()[".au"] == "au"


@FEW
@given(timelines())
def test_a_text_format_takes_any_timeline(installed: Path, any_timeline: Timeline) -> None:
    text = to_bytes(export_format("markdown"), any_timeline).decode()
    assert text.endswith("|\n")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", text)
    assert all(re.fullmatch(r"\|([^|\\]|\\.)*\|([^|\\]|\\.)*\|([^|\\]|\\.)*\|", row) for row in text.splitlines()[2:])


@pytest.mark.parametrize("channels", [1, 2])
def test_a_track_format_has_every_sample(installed: Path, channels: int, tmp_path: Path) -> None:
    target, sound = io.BytesIO(), Beeps(channels)
    track_format("au").write(TrackRequest(timeline([], LENGTH), sound, lambda: Tags("Tür \ud800")), target)
    data = target.getvalue()
    start = int.from_bytes(data[4:8], "big")
    assert np.frombuffer(data[start:], ">i2").tolist() == np.frombuffer(sound(0, LENGTH), "<i2").tolist()
    assert sound.most <= LENGTH
    (tmp_path / "track.au").write_bytes(data)
    assert is_safe_to_overwrite(tmp_path / "track.au")


@FEW
@given(st.lists(st.text(max_size=40) | st.from_regex(r"[A-Z][\w ]{0,9} \d{1,3}/\d{1,3} x \d\d?", fullmatch=True)))
def test_an_importer_loses_no_line_and_never_raises(installed: Path, lines: list[str]) -> None:
    text = "\n".join(lines)
    data = text.encode("utf-8", "replace")
    imported = convert("a.tabata", data, "tabata")
    if imported.yaml:
        whole = [line for line in data.decode().splitlines() if line.strip()]
        told = {d.span.line for d in imported.diagnostics if d.span}
        assert imported.yaml.count("- exercise:") + len(told) >= len(whole)
    assert imported.yaml or imported.diagnostics


class Lacking:
    name = "lacking"
    suffix = ".lack"


class Failing:
    name = "failing"
    suffix = ".fail"

    def dump(self, timeline: Timeline) -> str:
        raise KeyError("side")


class Renamed(Failing):
    name = "other"


class Unsuffixed:
    name = "unsuffixed"
    suffix = None
    dump = Failing.dump


class Keyed(Failing):
    name = "keyed"
    keys = ("pitch",)


def plug_in(monkeypatch: pytest.MonkeyPatch, *points: tuple[str, str]) -> None:
    found = EntryPoints(EntryPoint(name, value, FORMATS.group) for name, value in points)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: found)


HERE = "tests.test_plugins:"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("lacking", f"{HERE}Lacking", f"can't be used: {HERE}Lacking lacks `dump` or `draw`"),
        ("renamed", f"{HERE}Renamed", f"can't be used: {HERE}Renamed says that its name is `other`"),
        ("unsuffixed", f"{HERE}Unsuffixed", f"can't be used: `suffix` of {HERE}Unsuffixed is not text"),
        ("keyed", f"{HERE}Keyed", f"can't be used: `keys` of {HERE}Keyed are not `Key`s"),
        ("nowhere", "tests.nowhere:Nobody", "does not load: ModuleNotFoundError: No module named 'tests.nowhere'"),
        ("json", f"{HERE}Failing", "the name `json` is taken: cuecast itself has a format of that name"),
    ],
)
def test_what_is_wrong_with_one_is_told(name: str, value: str, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, (name, value))
    (found,) = FORMATS.others()
    assert found.name == name
    assert str(found.problem).endswith(problem)
    assert format_by_suffix(Path("plan.lack")) is None  # and it disturbs nobody
    if name == "json":
        assert export_format("json").name == "json"
        return
    with pytest.raises(SetupError) as fault:
        export_format(name)
    assert fault.value.message == found.problem
    assert str(fault.value.hint).startswith("update or remove ")


def test_one_that_raises_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, ("failing", f"{HERE}Failing"))
    assert format_by_suffix(Path("plan.fail")) == "failing"
    with pytest.raises(SetupError, match=r"the format `failing` of .* failed: KeyError: 'side'"):
        to_bytes(export_format("failing"), timeline([], 1_000))


class Broken(Failing):
    """A format of tracks, and an importer."""

    name = "broken"
    suffix = ".broken"
    suffixes = (".broken",)

    def write(self, track: TrackRequest, target: io.BytesIO) -> None:
        raise KeyError("side")

    def recognises(self, name: str, text: str) -> bool:
        return True

    def convert(self, source: Source) -> str:
        return "title: this is no Imported"


def test_a_track_format_and_an_importer_that_fail_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plug_in(monkeypatch, ("broken", f"{HERE}Broken"))
    routine = {"title": "x", "voice": "silent", "steps": [{"exercise": "Swings", "work": "2s"}]}
    with pytest.raises(SetupError, match=r"the format `broken` of .* failed: KeyError: 'side'"):
        cuecast.render(routine, tmp_path / "x.broken", cache=tmp_path / "cache")
    assert not (tmp_path / "x.broken").exists()
    with pytest.raises(SetupError, match=r"the importer `broken` of .* failed: AttributeError"):
        convert("a.txt", b"Squats 20 s")


class FaultyEngine(SilentEngine):
    audible = True


@pytest.mark.parametrize("member", ["__init__", "fingerprint", "voice", "check"])
def test_an_engine_that_raises_is_named_with_its_voice(
    member: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("side")

    plug_in(monkeypatch, ("faulty", f"{HERE}FaultyEngine"))
    monkeypatch.setattr(FaultyEngine, member, fail)
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mine.yaml").write_text("engine: faulty\nlanguage: en\n")
    routine = {"title": "x", "voice": "mine", "steps": [{"exercise": "Swings", "work": "9s"}]}
    with pytest.raises(SetupError, match=r"`faulty` of .* failed: KeyError: 'side' \(the voice mine, .*mine\.yaml\)"):
        cuecast.render(routine, tmp_path / "x.mp3", home=tmp_path, cache=tmp_path / "cache")


def test_two_packages_with_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(monkeypatch, ("failing", f"{HERE}Failing"), ("failing", f"{HERE}Lacking"))
    with pytest.raises(SetupError, match="each have a format called `failing`"):
        export_format("failing")


def test_the_built_in_ones_are_left_alone(installed: Path) -> None:
    assert FORMATS.names()[-1] == "markdown"
    assert {"chirp"} == set(ENGINES.names()) - ENGINES.builtin.keys()
    assert format_by_suffix(Path("plan.svg")) == "svg"
    assert importer_for("a.txt", b"Squats 20/10 x 8").name == "notes"
