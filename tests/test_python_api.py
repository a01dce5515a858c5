"""The functions for Python, as docs/python.md promises them."""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import cuecast
from cuecast.batch.run import BatchReport
from cuecast.model.routine import Level
from cuecast.options import OptionKeywords
from cuecast.share import Collection
from cuecast.speak.voice_status import VoiceStatus
from cuecast.tags.extract import Extracted

ROOT = Path(__file__).parent.parent
SURFACE = Path(__file__).with_suffix(".txt")
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text("utf-8"), re.DOTALL)
LEGS: dict[str, Any] = {
    "title": "Legs",
    "voice": "silent",
    "steps": [{"exercise": "Calves", "sides": ["left", "right"], "work": "12s", "cues": {"-5s": "Slowly."}}],
}


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own, a cache, and a home whose machine voice is silent."""
    voices = tmp_path / "config" / "cuecast" / "voices"
    voices.mkdir(parents=True)
    for name in ("machine", "coach"):
        (voices / f"{name}.yaml").write_text("engine: silent\nlanguage: en\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of a user have other variables there")
def test_every_example_of_the_page_runs() -> None:
    page = ModuleType("page")
    for example in EXAMPLES:
        exec(compile(example, "docs/python.md", "exec"), page.__dict__)
    assert not Path("other.mp3").exists()
    page.test_a_routine_has_no_faults(Path("legs.yaml"))
    page.test_legs_take_a_minute_at_most()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"titel": "x"}, "titel"),
        ({"defaults": {"work": "often"}}, "defaults.work"),
        ({"steps": [{"exercise": "Calves", "work": "45x"}]}, "steps[0].work"),
        ({"steps": [{"say": "Hello"}, {"rounds": 2, "steps": [{"rest": "soon"}]}]}, "steps[1].steps[0].rest"),
        ({"steps": [{"exercise": "Calves", "work": 30, "cues": {"-40s": "Late"}}]}, 'steps[0].cues["-40s"]'),
        ({"steps": [{"exercise": "Calves", "work": 30, "sides": ["left", "up"]}]}, "steps[0].sides[1]"),
        ({"steps": [{"exercise": "Calves", "work": 3, "cues": {"start": "Many words " * 9}}]}, "steps[0].cues.start"),
    ],
)
def test_faults_in_plain_values_are_told_by_path(change: dict[str, Any], path: str) -> None:
    result = cuecast.check({**LEGS, **change})
    paths = [d.path for d in result.diagnostics if d.severity is not cuecast.Severity.NOTE]
    assert path in paths
    assert any(str(d).startswith(f"{path}: ") for d in result.diagnostics)


def test_plain_values_are_what_they_mean() -> None:
    class Name(str):
        __slots__ = ()

    step = {"exercise": Name("No: “50 %” # yes"), "work": 12.0, "cues": {6: "Half\nway", "half": "null"}}
    values = {"title": "1:30", "voice": "silent", "steps": (step, step)}
    result = cuecast.check(values)
    assert result.diagnostics == ()
    assert result.value is not None
    assert result.value.title == "1:30"
    assert [each.exercise for each in result.value.intervals if each.kind == "work"] == ["No: “50 %” # yes"] * 2
    assert "&" not in result.sources[0].text


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"steps": [{"work": {1, 2}}]}, "steps[0].work"),
        ({"title": b"x"}, "title"),
        ({"defaults": {"work": float("nan")}}, "defaults.work"),
        ({"steps": [{("a",): 1}]}, "steps[0]"),
    ],
)
def test_what_no_routine_can_have_is_a_type_error(values: dict[str, Any], path: str) -> None:
    with pytest.raises(TypeError, match=re.escape(path)):
        cuecast.check(values)


def test_values_that_contain_themselves_end() -> None:
    steps: list[Any] = []
    steps.append({"rounds": 2, "steps": steps})
    with pytest.raises(TypeError, match="contain themselves"):
        cuecast.check({"title": "x", "steps": steps})


def test_text_and_values_have_the_same_track_and_give_it_back() -> None:
    text = "title: Legs\nvoice: silent\nsteps:\n- exercise: Calves\n  work: 12s\n"
    values = {"title": "Legs", "voice": "silent", "steps": [{"exercise": "Calves", "work": "12s"}]}
    tracks = [cuecast.render(text, "text.mp3").value, cuecast.render(values, "values.mp3").value]
    assert tracks[0] is not None
    assert tracks[1] is not None
    assert tracks[0].digest == tracks[1].digest
    cuecast.extract("values.mp3")
    assert Path("values/routine.yaml").read_text() == text
    again = cuecast.render(values, "values.mp3").value
    assert again is not None
    assert not again.is_new


def test_options_are_keywords_or_one_value() -> None:
    legs = {**LEGS, "defaults": {"work": "12s-50s"}, "steps": [{"use": "calves"}]}
    by_keyword = cuecast.check(legs, fit=60, level="gentle", home="nowhere")
    by_value = cuecast.check(legs, cuecast.Options(fit_ms=60_000, level=Level.GENTLE, home=Path("nowhere")))
    assert by_keyword.value is not None
    assert by_value.value is not None
    assert by_keyword.value.duration == by_value.value.duration == 60_000
    with pytest.raises(cuecast.OptionError, match="given twice"):
        cuecast.check(LEGS, cuecast.Options(), fit="1m")
    with pytest.raises(cuecast.OptionError, match="there is no option fitt"):
        cuecast.check(LEGS, fitt="1m")  # type: ignore[call-arg]
    with pytest.raises(cuecast.OptionError, match="--jobs -1: it is a whole number, at least 0"):
        cuecast.check(LEGS, jobs=-1)


@pytest.mark.parametrize(
    ("target", "keywords", "name", "magic"),
    [
        ("legs.wav", {}, "legs.wav", b"RIFF"),
        (None, {"format": "wav"}, "routine.wav", b"RIFF"),
        (None, {}, "routine.mp3", b"ID3"),
        ("legs.track", {"format": "mp3"}, "legs.track", b"ID3"),
        ("legs", {}, "legs", b"ID3"),
    ],
)
def test_format_and_name_follow_from_each_other(target: str | None, keywords: Any, name: str, magic: bytes) -> None:
    track = cuecast.render(LEGS, target, **keywords).value
    assert track is not None
    assert track.path == Path(name)
    assert track.path.read_bytes().startswith(magic)


def test_a_name_that_is_not_a_tracks_is_refused() -> None:
    with pytest.raises(cuecast.OptionError, match=r"legs\.track does not end as a track does") as refused:
        cuecast.render(LEGS, "legs.track")
    assert refused.value.hint is not None
    assert ".mp3, .wav" in refused.value.hint
    assert not Path("legs.track").exists()


def test_a_result_is_short() -> None:
    assert repr(cuecast.check(LEGS)) == "<Result: Timeline>"
    assert re.fullmatch(r"<Track legs\.wav: TrackSummary\(.{,200}\)>", repr(cuecast.render(LEGS, "legs.wav").value))
    assert str(cuecast.check({"title": "x"})) == "<Result: None>\ntitle: error[missing-key]: a routine needs `steps`"


@pytest.mark.parametrize("stage", ["speaking", "encoding"])
def test_a_cancelled_build_changes_nothing(stage: str) -> None:
    Path("legs.mp3").write_bytes(b"old")
    cancel, stages = threading.Event(), []

    def follow(name: str, done: int, total: int) -> None:
        stages.append(name)
        if name == stage:
            cancel.set()

    with pytest.raises(cuecast.Cancelled):
        cuecast.render(LEGS, "legs.mp3", on_progress=follow, cancel=cancel)
    assert set(stages) <= {"speaking", "encoding"}
    assert [(path.name, path.read_bytes()) for path in Path().iterdir()] == [("legs.mp3", b"old")]
    with pytest.raises(cuecast.Cancelled):
        cuecast.plan(LEGS, cancel=cancel, seed=2)


def test_many_threads_at_once_make_the_same_tracks_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    variants = [{**LEGS, "title": f"Legs {number % 2}"} for number in range(4)]

    def render(number: int) -> str:
        track = cuecast.render(variants[number], f"{number}.mp3", jobs=1).value
        assert track is not None
        return track.digest

    with ThreadPoolExecutor(4) as threads:
        digests = list(threads.map(render, range(4)))
        report = threads.submit(_batch_of_one).result()
    assert digests[:2] == digests[2:]
    assert digests[0] != digests[1]
    assert report.is_complete
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == handlers
    assert capfd.readouterr() == ("", "")


def _batch_of_one() -> Any:
    Path("legs.yaml").write_text("title: Legs\nvoice: silent\nsteps:\n  - exercise: Calves\n    work: 5s\n")
    Path("all.yaml").write_text("routines: [legs.yaml]\n")
    done: list[tuple[str, int, int]] = []
    report = cuecast.batch("all.yaml", folder="out", jobs=1, on_progress=lambda *each: done.append(each))
    assert done == [("tracks", 0, 1), ("tracks", 1, 1)]
    assert Path("out/legs.mp3").is_file()
    return report


def test_a_notebook_shows_a_timeline_and_plays_a_track() -> None:
    checked, broken = cuecast.check(LEGS), cuecast.check({**LEGS, "titel": "<b>"})
    assert checked._repr_html_().startswith("<svg")
    assert "<pre>titel: error[unknown-key]" in broken._repr_html_()
    assert "<svg" not in broken._repr_html_()
    assert 'src="data:audio/mpeg;base64,SUQz' in cuecast.render(LEGS, "<legs>.mp3")._repr_html_()
    assert "&lt;legs&gt;.mp3" in cuecast.render(LEGS, "<legs>.mp3")._repr_html_()


def test_functions_stay_functions_when_packages_of_their_names_are_imported() -> None:
    import cuecast.batch.run
    import cuecast.share

    assert [name for name in cuecast.__all__ if isinstance(getattr(cuecast, name), ModuleType)] == []
    assert set(cuecast.__all__) == set(dir(cuecast))


def test_a_change_of_the_surface_is_in_the_changelog() -> None:
    """After a change: accept the listing (`CUECAST_ACCEPT=1`), and describe the change in the changelog."""
    public = {name: getattr(cuecast, name) for name in cuecast.__all__}
    public |= {each.__name__: each for each in (BatchReport, Collection, Extracted, OptionKeywords, VoiceStatus)}
    surface = "".join(f"{line}\n" for name, value in public.items() for line in _lines(name, value))
    if os.environ.get("CUECAST_ACCEPT"):
        SURFACE.write_text(surface, "utf-8")
    assert surface == SURFACE.read_text("utf-8"), "the public names or signatures have changed"
    mark = f"<!-- Python {hashlib.sha256(surface.encode()).hexdigest()[:8]} -->"
    assert mark in (ROOT / "CHANGELOG.md").read_text("utf-8"), f"describe the change there, in a line with {mark}"


def _lines(name: str, value: Any) -> list[str]:
    """A function's signature; a class with its fields, and what else is public in it."""
    if not callable(value):
        return [name]
    if not isinstance(value, type):
        return [f"{name}{inspect.signature(value)}"]
    fields = getattr(value, "__struct_fields__", ()) or tuple(
        OptionKeywords.__annotations__ if value is OptionKeywords else ()
    )
    members = {each for each in vars(value) if not each.startswith("_")} | set(fields)
    return [f"class {name}", *(f"    {each}" for each in (*fields, *sorted(members - set(fields))))]
