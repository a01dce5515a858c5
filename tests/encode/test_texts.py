"""The timeline as text: one routine in every format, as it has always been; lines, names and numbers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.encode import track_format
from cuecast.export import FORMATS, export_format, extension_of, format_by_suffix, to_bytes
from cuecast.export.json import Json
from cuecast.export.table import Table
from cuecast.model.script import Utterance
from cuecast.model.timeline import Interval, Kind, SpeechEvent, Timeline
from cuecast.plugins import UnknownPlugin
from tests.compiler.compiling import compiled
from tests.mix.tracks import timeline

GOLDENS = Path(__file__).with_name("goldens")


@pytest.mark.parametrize("name", [name for name in FORMATS.names() if name not in ("png", "svg")])
def test_a_routine_in_every_format(name: str) -> None:
    """Read a change before you accept it (`CUECAST_ACCEPT=1`)."""
    made = compiled((GOLDENS / "legs.yaml").read_text(encoding="utf-8"), wake=True)
    got, path = to_bytes(export_format(name), made), GOLDENS / f"legs{extension_of(export_format(name))}"
    if os.environ.get("CUECAST_ACCEPT"):
        path.write_bytes(got)
    assert got.decode() == path.read_bytes().decode()


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


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_line_of_a_table_is_wider_than_a_terminal(title: str, words: str) -> None:
    speech = SpeechEvent(0, 1_000, Utterance(words, "coach", "en"))
    whole = (Interval(0, 3_600_000, Kind.WORK, title or None),)
    text = Table().dump(Timeline(title, "en", "coach", 3_600_000, whole, (speech,), ()))
    assert max(map(len, text.split("\n"))) <= 100


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
