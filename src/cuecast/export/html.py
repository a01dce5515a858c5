"""A cue sheet for paper: one table of all intervals, and what is said in each. One file, no scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from cuecast.export.text_utils import by_interval, escaped, side_of
from cuecast.model.duration import ms_to_clock, ms_to_text
from cuecast.model.timeline import Event, Interval, Kind, SpeechEvent, Timeline

_HEADINGS = {
    "en": ("Start", "Length", "Exercise", "Side", "What is said", "of work", "Round {} of {}"),
    "de": ("Start", "Länge", "Übung", "Seite", "Was gesagt wird", "Arbeit", "Runde {} von {}"),
    "es": ("Inicio", "Duración", "Ejercicio", "Lado", "Lo que se dice", "de trabajo", "Ronda {} de {}"),
}

_KINDS = {
    "de": {
        Kind.LEAD_IN: "Vorlauf",
        Kind.SAY: "Ansage",
        Kind.TRANSITION: "Übergang",
        Kind.SWITCH: "Wechsel",
        Kind.REST: "Pause",
        Kind.PAUSE: "Stille",
        Kind.CLOSE: "Ende",
    },
    "es": {
        Kind.LEAD_IN: "inicio",
        Kind.SAY: "aviso",
        Kind.TRANSITION: "transición",
        Kind.SWITCH: "cambio",
        Kind.REST: "descanso",
        Kind.PAUSE: "pausa",
        Kind.CLOSE: "final",
    },
}

_STYLE = """\
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --work: #eef4ff; --paper: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --work: #172338; --paper: #0d1117 }
}
body { font: 15px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; color: var(--ink);
  background: var(--paper); max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem }
h1 { font-size: 1.6em; line-height: 1.2; margin: 0 0 .2em; overflow-wrap: anywhere }
p { margin: 0 }
header p { color: var(--soft); margin-bottom: 1em }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .3em .5em; border-bottom: 1px solid var(--line) }
thead th { color: var(--soft); font-weight: 600; font-size: .85em; white-space: nowrap }
td.time { font-variant-numeric: tabular-nums; white-space: nowrap; text-align: end }
td.said { overflow-wrap: anywhere; width: 60% }
td.said time { color: var(--soft); font-size: .85em; font-variant-numeric: tabular-nums }
tr.gap { color: var(--soft) }
tr.work { background: var(--work) }
tr.work th { font-weight: 700 }
tr.gap th { font-weight: 400 }
th[scope=row] { overflow-wrap: anywhere; min-width: 6em; hyphens: auto }
@media screen and (max-width: 36rem) {
  body { font-size: 13px; padding: 1rem .4rem }
  th, td { padding: .3em .25em }
  td.said { width: 50% }
}
@page { size: A4; margin: 14mm 12mm }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --work: #f1f1f1; --paper: #fff; color-scheme: light }
  body { font-size: 8.5pt; line-height: 1.25; margin: 0; max-width: none; padding: 0 }
  th, td { padding: .14em .5em }
  tr { break-inside: avoid }
  tr.gap { break-after: avoid }
  thead { display: table-header-group }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
"""


class Html:
    """Made to be printed on A4; on a screen light or dark, as the reader's other pages are."""

    name: ClassVar[str] = "html"
    suffix: ClassVar[str] = ".cues.html"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        start, length, exercise, side, said, of_work, _ = _headings(timeline.language)
        work = sum(i.end - i.start for i in timeline.intervals if i.kind is Kind.WORK)
        facts = ms_to_clock(timeline.duration) + (f" · {ms_to_clock(work)} {of_work}" if work else "")
        sides = _has_sides(timeline)
        headings = [start, length, exercise, *([side] if sides else []), said]
        columns = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
        title = escaped(timeline.title) or "cuecast"
        return (
            f'<!doctype html>\n<html lang="{escaped(timeline.language)}">\n<head>\n<meta charset="utf-8">\n'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="generator" content="cuecast">\n'
            f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
            f'<header>\n<h1 dir="auto">{title}</h1>\n<p>{facts}</p>\n</header>\n'
            f"<table>\n<thead><tr>{columns}</tr></thead>\n<tbody>\n"
            + "".join(_row(*each, timeline, sides) for each in by_interval(timeline))
            + "</tbody>\n</table>\n</body>\n</html>\n"
        )


def _has_sides(timeline: Timeline) -> bool:
    return any(interval.side for interval in timeline.intervals)


def _row(interval: Interval, events: Sequence[Event], timeline: Timeline, sides: bool) -> str:
    kind = "work" if interval.kind is Kind.WORK else "gap"
    said = "".join(_said(events, timeline.voice))
    side = f'<td dir="auto">{escaped(side_of(interval, timeline.language) or "")}</td>' if sides else ""
    return (
        f'<tr class="{kind}"><td class="time">{ms_to_clock(interval.start)}</td>'
        f'<td class="time">{ms_to_text(interval.end - interval.start)}</td>'
        f'<th scope="row" dir="auto">{_what(interval, timeline.language)}</th>{side}'
        f'<td class="said">{said}</td></tr>\n'
    )


def _what(interval: Interval, language: str) -> str:
    """The exercise for its work, what a gap is for elsewhere: the row below says the exercise."""
    base = language.partition("-")[0]
    if interval.kind is not Kind.WORK:
        return escaped(_KINDS.get(base, {}).get(interval.kind, interval.kind.value))
    name = escaped(interval.exercise or "")
    if interval.rounds is None:
        return name
    return f"{name}<br><small>{_headings(language)[6].format(interval.round, interval.rounds)}</small>"


def _said(events: Sequence[Event], main: str) -> Iterator[str]:
    for event in events:
        if isinstance(event, SpeechEvent):
            voice = event.utterance.voice
            who = "" if voice == main else f"<b>{escaped(voice)}:</b> "
            clock = ms_to_clock(event.start)
            yield f'<p dir="auto"><time>{clock}</time> {who}{escaped(event.utterance.text)}</p>'


def _headings(language: str) -> tuple[str, ...]:
    return _HEADINGS.get(language.partition("-")[0], _HEADINGS["en"])
