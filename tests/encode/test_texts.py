"""The timeline as JSON and as a table."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.encode import track_format
from cuecast.export import FORMATS, export_format, extension_of, format_by_suffix, to_bytes
from cuecast.export.json import Json
from cuecast.export.table import Table
from cuecast.model.music import GeneratedSound, Music, Recording
from cuecast.model.routine import Side
from cuecast.model.script import Utterance
from cuecast.model.timeline import BedSegment, Interval, Kind, SpeechEvent, Timeline
from cuecast.plugins import UnknownPlugin
from tests.mix.tracks import beep, session, timeline


def test_json_is_as_documented(tmp_path: Path) -> None:
    made, _ = session(tmp_path)
    found = json.loads(Json().dump(made))
    lists = ("intervals", "events", "chapters")
    assert {key: value for key, value in found.items() if key not in lists} == {
        "schema": "cuecast/timeline@1",
        "title": "Rollout",
        "language": "en",
        "voice": "coach",
        "sample_rate": 48_000,
        "channels": 1,
        "duration": made.duration / 1_000,
    }
    assert found["intervals"][0] == {
        "start": 0.0, "end": 5.0, "kind": "lead-in", "exercise": None, "side": None, "round": None, "rounds": None,
    }  # fmt: skip
    assert found["intervals"][2] == {
        "start": 13.0, "end": 33.0, "kind": "work", "exercise": "Calves", "side": "left", "round": 1, "rounds": 1,
    }  # fmt: skip
    tones = [e for e in found["events"] if e["kind"] == "tone"]
    assert tones[0] == {"start": 0.55, "end": 0.85, "lane": "tones", "kind": "tone", "name": "wake", "hz": 200}
    spoken = [e for e in found["events"] if e["kind"] == "speech"]
    assert spoken[0] | {"end": 0} == {
        "start": 1.0, "end": 0, "lane": "voice", "kind": "speech", "text": "words 0", "voice": "coach", "source": None,
    }  # fmt: skip
    assert spoken[2]["source"] == "calves.yaml:14:9"
    assert found["chapters"][0] == {"start": 0.0, "end": 33.0, "title": "Calves, left, 1 of 1"}
    assert len(found["events"]) == len(made.events)


@given(st.integers(0, 24 * 3_600_000))
def test_seconds_have_three_decimals_at_most_and_lose_nothing(ms: int) -> None:
    text = Json().dump(timeline([], ms)).partition('"duration": ')[2].partition(",")[0]
    assert len(text.partition(".")[2]) in (1, 2, 3)
    assert round(float(text) * 1_000) == ms


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.svg", "svg"), ("a.json", "json"), ("a.chapters.json", "chapters"), ("A.HTML", "html"), ("a.txt", "table"),
        ("a.labels.txt", "audacity"), ("a.vtt", "vtt"), ("a.chapters.vtt", "vtt-chapters"), ("a.mp3", None),
        ("a", None),
    ],
)  # fmt: skip
def test_the_name_of_a_file_tells_its_format(file: str, name: str | None) -> None:
    assert format_by_suffix(Path(file)) == name


def test_a_format_without_a_suffix_gets_its_name() -> None:
    class Strange:
        name = "strange"

    assert extension_of(Strange()) == ".strange"  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["json", "table"])
def test_texts_end_with_one_line_end(tmp_path: Path, name: str) -> None:
    made, _ = session(tmp_path)
    text = to_bytes(export_format(name), made).decode()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_json_has_what_is_said_where_it_is_not_as_written() -> None:
    words = Utterance("Hold 30 s", "brisk", "en", "Hold thirty seconds")
    made = Timeline("T", "en", "coach", 2_000, (), (SpeechEvent(0, 2_000, words),), ())
    (event,) = json.loads(Json().dump(made))["events"]
    assert event == {
        "start": 0.0, "end": 2.0, "lane": "voice", "kind": "speech", "text": "Hold 30 s",
        "spoken": "Hold thirty seconds", "voice": "brisk", "source": None,
    }  # fmt: skip


def test_the_table_says_who_speaks_where_there_are_several() -> None:
    events = (
        SpeechEvent(0, 900, Utterance("Sit down.", "joe", "en")),
        SpeechEvent(1_000, 1_900, Utterance("Three", "brisk", "en")),
        SpeechEvent(2_000, 2_900, Utterance("Two", "brisk", "en")),
    )
    made = Timeline("Rollout", "en", "joe", 3_000, (Interval(0, 3_000, Kind.SAY),), events, ())
    assert Table().dump(made) == (
        "Rollout\n"
        "0:03 in all · no work · joe (en) speaks 1 time, brisk 2 times\n"
        "\n"
        "0:00  3s  say\n"
        "          0:00.0  “Sit down.”\n"
        "          0:01.0  brisk: “Three”\n"
        "          0:02.0  brisk: “Two”\n"
    )


def test_table() -> None:
    words = [Utterance(text, "coach", "en") for text in ("Next: calves, left.", f"Slowly. {'Breathe out. ' * 9}Go on.")]
    intervals = (
        Interval(0, 8_000, Kind.TRANSITION, "Calves", Side.LEFT, 1, 2),
        Interval(8_000, 53_000, Kind.WORK, "Calves", Side.LEFT, 1, 2),
        Interval(53_000, 54_000, Kind.CLOSE),
    )
    events = (
        beep(0, "wake"), SpeechEvent(450, 2_000, words[0]), beep(5_000, "countdown"), beep(6_000, "countdown"),
        beep(7_000, "countdown"), beep(8_000, "start"), SpeechEvent(18_000, 26_000, words[1]), beep(53_000, "finish"),
    )  # fmt: skip
    made = Timeline("Rollout", "en", "coach", 54_000, intervals, events, ())
    assert Table().dump(made) == (
        "Rollout\n"
        "0:54 in all · 0:45 of work in 1 interval · coach (en) speaks 2 times\n"
        "\n"
        "0:00   8s  transition  Calves, left, round 1 of 2\n"
        "           0:00.4  “Next: calves, left.”\n"
        "           0:05.0  [countdown × 3]\n"
        "0:08  45s  work        Calves, left, round 1 of 2\n"
        "           0:08.0  [start]\n"
        "           0:18.0  “Slowly. Breathe out. Breathe out. Breathe out. Breathe out. Breathe out. Breathe\n"
        "                   out. Breathe out. Breathe out. Breathe out. Go on.”\n"
        "0:53   1s  close\n"
        "           0:53.0  [finish]\n"
    )


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_line_of_a_table_is_wider_than_a_terminal(title: str, words: str) -> None:
    speech = SpeechEvent(0, 1_000, Utterance(words, "coach", "en"))
    whole = (Interval(0, 3_600_000, Kind.WORK, title or None),)
    text = Table().dump(Timeline(title, "en", "coach", 3_600_000, whole, (speech,), ()))
    assert max(map(len, text.split("\n"))) <= 100


def test_every_event_is_in_the_table_at_its_interval(tmp_path: Path) -> None:
    made, _ = session(tmp_path)
    lines = Table().dump(made).splitlines()[3:]
    heads = [i for i, line in enumerate(lines) if not line.startswith("  ")] + [len(lines)]
    assert len(heads) == len(made.intervals) + 1
    for interval, (a, b) in zip(made.intervals, pairwise(heads), strict=True):
        assert interval.kind in lines[a]
        spoken = sum("“" in line for line in lines[a:b])
        inside = [e for e in made.events if interval.start <= e.start < interval.end]
        assert spoken == sum(isinstance(e, SpeechEvent) for e in inside)


CALM = Music(recordings=(Recording("calm.mp3", Path("/calm.mp3")),))
OCEAN = Music(GeneratedSound.OCEAN)
BED = (
    BedSegment(0, 8_000, CALM, -18.0),
    BedSegment(8_000, 20_000, CALM, -14.5),
    BedSegment(20_000, 30_000, OCEAN, -20.0),
    BedSegment(40_000, 50_000, OCEAN, -20.0),
)


def under_music(bed: tuple[BedSegment, ...]) -> Timeline:
    intervals = tuple(
        Interval(start, end, kind)
        for start, end, kind in (
            (0, 8_000, Kind.LEAD_IN), (8_000, 20_000, Kind.WORK), (20_000, 30_000, Kind.PAUSE),
            (30_000, 40_000, Kind.PAUSE), (40_000, 60_000, Kind.CLOSE),
        )
    )  # fmt: skip
    events = (beep(7_000, "countdown"), beep(8_000, "start"), beep(20_000, "end"))
    return Timeline("T", "en", "coach", 60_000, intervals, events, (), bed=bed)


def test_json_has_the_bed_among_what_sounds() -> None:
    found = json.loads(Json().dump(under_music(BED)))
    assert found["channels"] == 2
    assert found["events"][0] == {
        "start": 0.0, "end": 8.0, "lane": "bed", "kind": "music", "name": "calm.mp3", "gain": -18.0,
    }  # fmt: skip
    assert [(e["start"], e["name"]) for e in found["events"]] == [
        (0.0, "calm.mp3"), (7.0, "countdown"), (8.0, "calm.mp3"), (8.0, "start"), (20.0, "ocean"), (20.0, "end"),
        (40.0, "ocean"),
    ]  # fmt: skip
    without = json.loads(Json().dump(under_music(())))
    assert without["channels"] == 1
    assert [e for e in found["events"] if e["lane"] != "bed"] == without["events"]


def test_the_table_says_where_music_begins_changes_and_ends() -> None:
    assert Table().dump(under_music(BED)).partition("\n\n")[2] == (
        "0:00   8s  lead-in\n"
        "           0:00.0  music  calm.mp3, -18 dB\n"
        "           0:07.0  [countdown]\n"
        "0:08  12s  work\n"
        "           0:08.0  music  calm.mp3, -14.5 dB\n"
        "           0:08.0  [start]\n"
        "0:20  10s  pause\n"
        "           0:20.0  music  ocean, -20 dB\n"
        "           0:20.0  [end]\n"
        "0:30  10s  pause\n"
        "           0:30.0  music  off\n"
        "0:40  20s  close\n"
        "           0:40.0  music  ocean, -20 dB\n"
        "           0:50.0  music  off\n"
    )
    assert "music" not in Table().dump(under_music(()))


def test_the_table_says_nothing_of_an_end_that_is_the_track_s() -> None:
    whole = under_music((BedSegment(0, 60_000, OCEAN, -18.0),))
    assert Table().dump(whole).count("music") == 1


def test_formats_by_name() -> None:
    assert (track_format("mp3").name, track_format("mp3").suffix) == ("mp3", ".mp3")
    assert FORMATS.names()[:3] == ("table", "json", "lrc")
    assert all(export_format(name).name == name for name in FORMATS.names())
    assert len({extension_of(export_format(name)) for name in FORMATS.names()}) == len(FORMATS.names())
    with pytest.raises(UnknownPlugin, match="there is no format `jsn`") as fault:
        export_format("jsn")
    assert fault.value.hint == "did you mean `json`?"
    with pytest.raises(UnknownPlugin) as fault:
        track_format("json")
    assert fault.value.hint == "there are: mp3, wav, flac, ogg, opus, m4a"
