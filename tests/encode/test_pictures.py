"""The pictures of a timeline: valid, safe, bounded, the same every time, legible."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings

from cuecast.export import export_format
from cuecast.export.png import Png
from cuecast.export.svg import WIDTH, Svg
from cuecast.files import data_dir
from cuecast.model.routine import Side
from cuecast.model.script import Utterance
from cuecast.model.timeline import Chapter, Event, Interval, Kind, SpeechEvent, Timeline, ToneEvent
from tests.builds import check
from tests.encode.hostile import timelines
from tests.examples import some

ALLOWED = {"svg", "title", "desc", "style", "rect", "path", "text"}


def packaged(name: str) -> Timeline:
    folder = data_dir("routines")
    made = check(f"{name}.yaml", (folder / f"{name}.yaml").read_bytes(), folder=folder).value
    assert made is not None
    return made


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def texts(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]


@settings(max_examples=some(60))
@given(timelines())
def test_any_timeline_is_a_safe_picture(timeline: Timeline) -> None:
    svg = Svg().dump(timeline)
    root = parsed(svg)
    assert {each.tag.removeprefix("{http://www.w3.org/2000/svg}") for each in root.iter()} <= ALLOWED
    attributes = {name for each in root.iter() for name in each.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name or name == "style"]
    assert root.attrib["role"] == "img"
    named = root.attrib["aria-labelledby"].split()
    assert [each.attrib["id"] for each in list(root)[:2]] == named
    assert "prefers-color-scheme" in svg
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", re.sub(r"<(title|desc|text)[^>]*>[^<]*", "", svg))
    assert svg == Svg().dump(timeline)


@settings(max_examples=some(60))
@given(timelines())
def test_nothing_is_drawn_outside(timeline: Timeline) -> None:
    root = parsed(Svg().dump(timeline))
    high = float(root.attrib["height"])
    for each in root.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, w, h = (float(each.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0, each.attrib
        assert y >= 0, each.attrib
        assert x + w <= WIDTH, each.attrib
        assert y + h <= high, each.attrib
    for each in root.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(each.attrib["x"]) <= WIDTH
        assert 0 < float(each.attrib["y"]) < high


@pytest.mark.parametrize("name", ["runners-rollout", "tabata", "evening-stretch", "box-breathing"])
def test_packaged_routines_are_drawn_with_all_exercises(name: str) -> None:
    timeline = packaged(name)
    shown = texts(parsed(Svg().dump(timeline)))
    assert shown[0] == timeline.title
    works = [i for i in timeline.intervals if i.kind is Kind.WORK]
    for exercise in {i.exercise for i in works}:
        assert shown.count(str(exercise)) >= sum(i.exercise == exercise for i in works), exercise


def test_every_part_of_a_pace_is_drawn_and_none_leaves_its_row() -> None:
    timeline = packaged("box-breathing")
    svg = Svg().dump(timeline)
    lines = re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)", svg)
    paces = [event for event in timeline.events if isinstance(event, ToneEvent) and event.name == "pace"]
    assert len(lines) == len(paces) > 60
    falls = [float(y) < float(to) for _, y, _, to in lines]
    assert falls == [beep.to_hz is not None and beep.to_hz < (beep.hz or 0) for beep in paces]
    assert all(float(to) <= WIDTH - 24 for _, _, to, _ in lines)


def long_one(hours: int, distinct: int) -> Timeline:
    """Half a minute for each of many, with 18 sounds in it."""
    intervals: list[Interval] = []
    events: list[Event] = []
    chapters = []
    for number in range(hours * 120):
        at, name = number * 30_000, f"Exercise {number * distinct // (hours * 120)}"
        side = (Side.LEFT, Side.RIGHT)[number % 2]
        intervals += [Interval(at, at + 8_000, Kind.SWITCH, name, side)]
        intervals += [Interval(at + 8_000, at + 30_000, Kind.WORK, name, side)]
        chapters.append(Chapter(at, at + 30_000, f"{name}, {side}"))
        for k in range(9):
            said = Utterance(f"Cue number {k} of many", "coach", "en")
            events += [SpeechEvent(at + k * 3_000, at + k * 3_000 + 1_500, said)]
            events += [
                ToneEvent(at + k * 3_000 + 1_700, at + k * 3_000 + 1_800, ("start", "end", "countdown")[k % 3], 660)
            ]
    return Timeline("Long", "en", "coach", hours * 3_600_000, tuple(intervals), tuple(events), tuple(chapters))


@pytest.mark.parametrize("distinct", [20, 1_200])
def test_ten_hours_stay_small_and_legible(distinct: int) -> None:
    timeline = long_one(10, distinct)
    assert len(timeline.events) > 20_000
    svg = Svg().dump(timeline)
    assert len(svg) < 500_000
    root = parsed(svg)
    assert float(root.attrib["height"]) < 2_000
    if distinct <= 20:
        shown = texts(root)
        assert {f"Exercise {number}" for number in range(distinct)} <= set(shown)
        assert any(text.startswith("× ") for text in shown)


def test_png_is_the_picture_at_twice_the_size() -> None:
    timeline = packaged("box-breathing")
    form = export_format("png")
    assert isinstance(form, Png)
    data = form.draw(timeline)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", data[16:24])
    drawn = parsed(Svg().dump(timeline))
    assert (wide, high) == (2 * WIDTH, 2 * int(drawn.attrib["height"]))
