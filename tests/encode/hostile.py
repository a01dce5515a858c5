"""Timelines with the worst words that somebody may write, for ways to write them down."""

from __future__ import annotations

from hypothesis import strategies as st

from cuecast.model.music import GeneratedSound, Music
from cuecast.model.routine import Side
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import BedSegment, Chapter, Event, Interval, Kind, SpeechEvent, Timeline, ToneEvent

WORST = (
    "a\nb\r\n\r\nc",
    "00:01.000 --> 00:02.000",
    "-->",
    "a\tb\t\tc",
    "\"quoted\", 'single'",
    "<script>alert(1)</script>",
    "</style></title><img src=x onerror=alert(1)>",
    "]]> <!-- & &amp; &#0; -->",
    "👩‍👩‍👧 🧘🏽 e\u0301",
    "שמאל \u202eימין\u202c مرحبا",
    "\x00\x01\x1b[31m\x7f\x85",
    "\ud800 half a pair",
    "=1+1",
    "+49 170",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "[00:05.00] early",
    "[ti:another]",
    "<00:05.00>word",
    ";FFMETADATA1 # = \\",
    "[CHAPTER]",
    "NOTE",
    "STYLE",
    "WEBVTT",
    " ",
    "\u2028\u2029\ufffe",
    "x" * 400,
    "語" * 100,
)

words = st.one_of(st.sampled_from(WORST), st.text(st.characters(), min_size=1, max_size=60))
"""Any text, also what is none."""


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Intervals that lie end to end, chapters over them, speech and tones, perhaps a bed."""
    intervals: list[Interval] = []
    events: list[Event] = []
    chapters: list[Chapter] = []
    bed: list[BedSegment] = []
    at = 0
    for number in range(draw(st.integers(1, 5))):
        gap, work = (1_000 * draw(st.integers(1, 4_000)) for _ in range(2))
        name = draw(words)
        side = draw(st.sampled_from([None, *Side]))
        place = (name, side, number + 1, 5) if draw(st.booleans()) else (name, side, None, None)
        kind = draw(st.sampled_from([Kind.TRANSITION, Kind.SWITCH, Kind.REST]))
        start, end = at + gap, at + gap + work
        intervals += [Interval(at, start, kind, *place), Interval(start, end, Kind.WORK, *place)]
        chapters.append(Chapter(at, end, draw(words)))
        span = Span(draw(words), 1, 1, 1, 2) if draw(st.booleans()) else None
        said = Utterance(draw(words), draw(st.sampled_from(["coach", "<v> & \n"])), "en")
        moment = at + draw(st.integers(0, gap + work - 2))
        length = draw(st.integers(1, end - moment))
        events += [
            SpeechEvent(moment, moment + length, said, span),
            ToneEvent(max(at, start - 1_000), start, "countdown", 660),
            ToneEvent(start, start + 400, "start", 880),
            ToneEvent(
                start + work // 2, start + work // 2 + 500, draw(st.sampled_from(["halfway", "interval", "end"])), 740
            ),
            ToneEvent(start, end, "pace", 294, 440),
        ]
        if draw(st.booleans()):
            bed.append(BedSegment(at, end, Music(GeneratedSound.OCEAN), draw(st.sampled_from([-40.0, -18.0, -6.0]))))
        at = end
    intervals.append(Interval(at, at + 2_000, Kind.CLOSE))
    chapters[-1] = Chapter(chapters[-1].start, at + 2_000, chapters[-1].title)
    events.append(ToneEvent(at, at + 950, "finish", 520))
    ordered = tuple(sorted(events, key=lambda event: (event.start, event.end)))
    language = draw(st.sampled_from(["en", "de", "es", "en-GB"]))
    parts = (tuple(intervals), ordered, tuple(chapters))
    return Timeline(draw(words), language, "coach", at + 2_000, *parts, bed=tuple(bed))
