"""A cue sheet for paper: one table of all intervals, with the words of each. One file, no scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from cuecast.export.text_utils import by_interval, escaped, side_of
from cuecast.model.duration import ms_to_clock, ms_to_text
from cuecast.model.timeline import Event, Interval, Kind, SpeechEvent, Timeline


class _Words(NamedTuple):
    """The sheet's own words in a language. A kind without a name is called as in the timeline."""

    start: str
    length: str
    exercise: str
    side: str
    spoken: str
    of_work: str
    round: str
    kinds: dict[Kind, str]


_WORDS = {
    "en": _Words("Start", "Length", "Exercise", "Side", "What is said", "of work", "Round {} of {}", {}),
    "de": _Words(
        *("Start", "Länge", "Übung", "Seite", "Was gesagt wird", "Arbeit", "Runde {} von {}"),
        {
            Kind.LEAD_IN: "Vorlauf",
            Kind.SAY: "Ansage",
            Kind.TRANSITION: "Übergang",
            Kind.SWITCH: "Wechsel",
            Kind.REST: "Pause",
            Kind.PAUSE: "Stille",
            Kind.CLOSE: "Ende",
        },
    ),
    "es": _Words(
        *("Inicio", "Duración", "Ejercicio", "Lado", "Lo que se dice", "de trabajo", "Ronda {} de {}"),
        {
            Kind.LEAD_IN: "inicio",
            Kind.SAY: "aviso",
            Kind.TRANSITION: "transición",
            Kind.SWITCH: "cambio",
            Kind.REST: "descanso",
            Kind.PAUSE: "pausa",
            Kind.CLOSE: "final",
        },
    ),
}


class Html:
    """For A4 paper; on a screen, light or dark as the reader's browser is."""

    name: ClassVar[str] = "html"
    suffix: ClassVar[str] = ".cues.html"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        words = _WORDS.get(timeline.language.partition("-")[0], _WORDS["en"])
        work = sum(i.end - i.start for i in timeline.intervals if i.kind is Kind.WORK)
        facts = ms_to_clock(timeline.duration) + (f" · {ms_to_clock(work)} {words.of_work}" if work else "")
        has_sides = any(interval.side for interval in timeline.intervals)
        headings = [words.start, words.length, words.exercise, *([words.side] if has_sides else []), words.spoken]
        columns = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
        title = escaped(timeline.title) or "cuecast"
        style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
        return (
            f'<!doctype html>\n<html lang="{escaped(timeline.language)}">\n<head>\n<meta charset="utf-8">\n'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="generator" content="cuecast">\n'
            f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
            f'<header>\n<h1 dir="auto">{title}</h1>\n<p>{facts}</p>\n'
            + "".join(f'<p dir="auto">{escaped(caution)}</p>\n' for caution in timeline.cautions)
            + "</header>\n"
            f"<table>\n<thead><tr>{columns}</tr></thead>\n<tbody>\n"
            + "".join(_row(*each, timeline, words, has_sides) for each in by_interval(timeline))
            + "</tbody>\n</table>\n</body>\n</html>\n"
        )


def _row(interval: Interval, events: Sequence[Event], timeline: Timeline, words: _Words, has_sides: bool) -> str:
    row_class = "work" if interval.kind is Kind.WORK else "gap"
    side = f'<td dir="auto">{escaped(side_of(interval, timeline.language) or "")}</td>' if has_sides else ""
    return (
        f'<tr class="{row_class}"><td class="time">{ms_to_clock(interval.start)}</td>'
        f'<td class="time">{ms_to_text(interval.end - interval.start)}</td>'
        f'<th scope="row" dir="auto">{_name(interval, words)}</th>{side}'
        f'<td class="said">{"".join(_speech(events, timeline.voice))}</td></tr>\n'
    )


def _name(interval: Interval, words: _Words) -> str:
    """The exercise for a work, the kind for all other intervals: the row below has the exercise."""
    if interval.kind is not Kind.WORK:
        return escaped(words.kinds.get(interval.kind, interval.kind.value))
    name = escaped(interval.exercise or "")
    if interval.rounds is None:
        return name
    return f"{name}<br><small>{words.round.format(interval.round, interval.rounds)}</small>"


def _speech(events: Sequence[Event], main_voice: str) -> Iterator[str]:
    for event in events:
        if isinstance(event, SpeechEvent):
            voice = event.utterance.voice
            speaker = "" if voice == main_voice else f"<b>{escaped(voice)}:</b> "
            clock = ms_to_clock(event.start)
            yield f'<p dir="auto"><time>{clock}</time> {speaker}{escaped(event.utterance.text)}</p>'
