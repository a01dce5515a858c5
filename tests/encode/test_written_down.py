"""Timelines written down in other people's formats, and read back as those define them."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuecast.export import FORMATS, export_format, to_bytes
from cuecast.export.csv import COLUMNS, GUARD
from cuecast.export.text_utils import one_line
from cuecast.model.script import Utterance
from cuecast.model.timeline import Chapter, Interval, Kind, SpeechEvent, Timeline, ToneEvent
from tests.encode.hostile import WORST, timelines, words
from tests.examples import some

FEW = settings(max_examples=some(40))


def written(name: str, timeline: Timeline) -> str:
    """As it is in the file."""
    return to_bytes(export_format(name), timeline).decode("utf-8")


def speech(timeline: Timeline) -> list[SpeechEvent]:
    return [event for event in timeline.events if isinstance(event, SpeechEvent)]


@given(words)
def test_a_line_is_one_line_and_loses_no_letter(text: str) -> None:
    line = one_line(text)
    assert line.splitlines() in ([line], [])
    assert one_line(line) == line
    assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", line)
    assert [c for c in line if c.isalnum()] == [c for c in text if c.isalnum() and not "\ud800" <= c <= "\udfff"]


@FEW
@given(timelines())
def test_every_text_is_utf_8_and_ends_with_one_line_end(timeline: Timeline) -> None:
    for name in (name for name in FORMATS.names() if name != "png"):
        text = written(name, timeline)
        assert text.endswith("\n"), name
        assert not text.endswith(("\n\n", "\n\r\n")), name
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text) or name in ("table", "json"), name


def lrc_tag(ms: int) -> str:
    return f"{ms // 60_000:02}:{ms // 1_000 % 60:02}.{ms // 10 % 100:02}"


@FEW
@given(timelines())
def test_lrc(timeline: Timeline) -> None:
    lines = written("lrc", timeline).split("\n")[:-1]
    head = [line for line in lines if re.fullmatch(r"\[[a-z]+:.*\]", line)]
    assert [line[1:3] for line in head] == ["ti", "ar", "le", "re"]
    seconds = timeline.duration // 1_000
    assert head[2] == f"[length:{seconds // 60:02}:{seconds % 60:02}]"
    found = []
    for line in lines[len(head) :]:
        match = re.fullmatch(r"\[(\d{2,}:[0-5]\d\.\d\d)\]([^\[\]<>]*)", line)
        assert match, line
        found.append((match[1], match[2]))
    at = [int(tag[:-6]) * 6_000 + int(tag[-5:-3]) * 100 + int(tag[-2:]) for tag, _ in found]
    assert at == sorted(at)
    assert found[-1] == (lrc_tag(timeline.duration), "")
    for event in speech(timeline):
        text = one_line(event.utterance.text)
        assert (lrc_tag(event.start), text) in found or set("[]<>") & set(text)
    for interval in timeline.intervals:
        if interval.kind is Kind.WORK:
            assert any(tag == lrc_tag(interval.start) and text.startswith("▶") for tag, text in found)


def vtt_cues(text: str) -> list[tuple[int, int, str]]:
    """Cues, as the specification reads them: blocks between empty lines, the first line of a block has the times."""
    head, *blocks = text.removesuffix("\n").split("\n\n")
    assert re.fullmatch(r"WEBVTT( [^\n]*)?", head)
    assert "-->" not in head
    cues = []
    for block in blocks:
        times, *payload = block.split("\n")
        match = re.fullmatch(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})", times)
        assert match, times
        h, m, s, t, h2, m2, s2, t2 = map(int, match.groups())
        (words,) = payload
        assert words.strip()
        assert "-->" not in words
        assert not re.search(r"&(?!amp;|lt;|gt;)", words)
        cues.append((((h * 60 + m) * 60 + s) * 1_000 + t, ((h2 * 60 + m2) * 60 + s2) * 1_000 + t2, words))
    return cues


@FEW
@given(timelines())
def test_vtt(timeline: Timeline) -> None:
    cues = vtt_cues(written("vtt", timeline))
    assert [(start, end) for start, end, _ in cues] == [(e.start, e.end) for e in speech(timeline)]
    for (_, _, payload), event in zip(cues, speech(timeline), strict=True):
        match = re.fullmatch(r"<v ([^<>]+)>([^<>]*)", payload)
        assert match, payload
        assert html.unescape(match[1]) == one_line(event.utterance.voice)
        assert html.unescape(match[2]) == one_line(event.utterance.text)


@FEW
@given(timelines())
def test_vtt_chapters(timeline: Timeline) -> None:
    cues = vtt_cues(written("vtt-chapters", timeline))
    told = [(start, end, html.unescape(words)) for start, end, words in cues]
    assert told == [(c.start, c.end, one_line(c.title) or "…") for c in timeline.chapters]


@FEW
@given(timelines())
def test_audacity(timeline: Timeline) -> None:
    rows = [line.split("\t") for line in written("audacity", timeline).split("\n")[:-1]]
    assert len(rows) == len(timeline.events)
    for (start, end, text), event in zip(rows, timeline.events, strict=True):
        assert (round(float(start) * 1_000), round(float(end) * 1_000)) == (event.start, event.end)
        assert re.fullmatch(r"\d+\.\d{6}", start)
        assert text == (one_line(event.utterance.text) if isinstance(event, SpeechEvent) else f"[{event.name}]")


@FEW
@given(timelines())
def test_chapters(timeline: Timeline) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    found = json.loads(written("chapters", timeline))
    time = {"type": "number", "minimum": 0}
    fields = {"startTime": time, "endTime": time, "title": {"type": "string"}}
    chapter = {"type": "object", "required": ["startTime"], "properties": fields, "additionalProperties": False}
    schema = {
        "type": "object",
        "required": ["version", "chapters"],
        "properties": {"version": {"const": "1.2.0"}, "chapters": {"type": "array", "items": chapter}},
    }
    jsonschema.validate(found, schema)
    assert found["title"] == one_line(timeline.title)
    told = [(round(c["startTime"] * 1_000), round(c["endTime"] * 1_000), c["title"]) for c in found["chapters"]]
    assert told == [(c.start, c.end, one_line(c.title)) for c in timeline.chapters]


@FEW
@given(timelines())
def test_csv(timeline: Timeline) -> None:
    text = written("csv", timeline)
    assert text.count("\n") == text.count("\r\n")
    head, *rows = csv.reader(io.StringIO(text), strict=True)
    assert tuple(head) == COLUMNS
    assert all(len(row) == len(head) for row in rows)
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [float(row["start"]) for row in found] == sorted(float(row["start"]) for row in found)
    beeps = [event for event in timeline.events if isinstance(event, ToneEvent)]
    for lane, times in {
        "interval": [(i.start, i.end) for i in timeline.intervals],
        "bed": [(s.start, s.end) for s in timeline.bed],
        "voice": [(e.start, e.end) for e in speech(timeline)],
        "tones": [(b.start, b.end) for b in beeps],
    }.items():
        told = [(row["start"], row["end"]) for row in found if row["lane"] == lane]
        assert told == [(f"{start / 1_000:.3f}", f"{end / 1_000:.3f}") for start, end in times], lane
    for row, event in zip((row for row in found if row["lane"] == "voice"), speech(timeline), strict=True):
        assert row["text"].removeprefix(GUARD) == one_line(event.utterance.text).removeprefix(GUARD)


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@A", "\t=1", "\r=1", " =1", "＝1", "\n-1"])
def test_spreadsheets_run_no_formula(formula: str) -> None:
    span = None
    said = SpeechEvent(0, 1_000, Utterance(formula, "=cmd", "en"), span)
    whole = (Interval(0, 1_000, Kind.WORK, formula),)
    rows = list(csv.reader(io.StringIO(written("csv", Timeline("T", "en", "v", 1_000, whole, (said,), ())))))
    cells = [cell for row in rows for cell in row if formula.strip() in cell or "cmd" in cell]
    assert len(cells) == 3
    assert all(cell.startswith("'") for cell in cells)


@FEW
@given(timelines())
def test_ffmetadata(timeline: Timeline) -> None:
    first, title, *lines = written("ffmetadata", timeline).split("\n")[:-1]
    assert first == ";FFMETADATA1"
    assert re.sub(r"\\(.)", r"\1", title).rstrip() == f"title={one_line(timeline.title)}"
    assert not re.search(r"(?<!\\)(?:\\\\)*[#;]", title)
    groups = [lines[i : i + 5] for i in range(0, len(lines), 5)]
    told = [(a, b, int(c[6:]), int(d[4:]), re.sub(r"\\(.)", r"\1", e)[6:].rstrip()) for a, b, c, d, e in groups]
    assert told == [("[CHAPTER]", "TIMEBASE=1/1000", c.start, c.end, one_line(c.title)) for c in timeline.chapters]


def test_ffmpeg_reads_the_metadata(tmp_path: Path) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("no ffmpeg on this machine")
    titles = [one_line(text) for text in WORST if one_line(text)]
    chapters = tuple(Chapter(i * 1_000, i * 1_000 + 1_000, title) for i, title in enumerate(titles))
    (tmp_path / "t.ffmetadata").write_text(
        written("ffmetadata", Timeline("a=b;c#d\\e", "en", "v", 90_000, (), (), chapters)), encoding="utf-8"
    )
    command = ["ffmpeg", "-v", "error", "-i", "t.ffmetadata", "-f", "ffmetadata", "-"]
    told = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path, stdin=subprocess.DEVNULL).stdout
    found = [re.sub(r"\\(.)", r"\1", line) for line in told.decode().split("\n")]
    assert [line.rstrip() for line in found if line.startswith("title=")] == [
        f"title={t}" for t in ("a=b;c#d\\e", *titles)
    ]


class Page(HTMLParser):
    """What a browser sees: tags in order, and the text of cells."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


@FEW
@given(timelines())
def test_html(timeline: Timeline) -> None:
    page = Page()
    page.feed(written("html", timeline))
    page.close()
    assert page.open == []
    tags = {tag for tag, _ in page.seen}
    assert tags <= {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "p", "table", "thead", "tbody", "tr", "th",
        "td", "time", "b", "br", "small",
    }  # fmt: skip
    names = {name for _, attributes in page.seen for name in attributes}
    assert names <= {"lang", "charset", "name", "content", "http-equiv", "dir", "class", "scope"}
    _, *rows = page.rows
    assert len(rows) == len(timeline.intervals)
    text = "".join(row[-1] for row in rows)
    for event in speech(timeline):
        assert one_line(event.utterance.text) in text


def test_html_speaks_the_language_of_the_track() -> None:
    whole = (Interval(0, 5_000, Kind.REST, "Waden"), Interval(5_000, 9_000, Kind.WORK, "Waden", None, 1, 2))
    page = written("html", Timeline("Rollen", "de", "coach-de", 9_000, whole, (), ()))
    for word in ("Übung", "Was gesagt wird", "Pause", "Runde 1 von 2", '<html lang="de">'):
        assert word in page
    assert "default-src 'none'" in page


@given(st.sampled_from(["lrc", "vtt", "vtt-chapters", "chapters", "audacity", "csv", "ffmetadata", "html", "svg"]))
def test_nothing_at_all_is_written_too(name: str) -> None:
    assert written(name, Timeline("", "xx", "", 0, (), (), ())).endswith("\n")
