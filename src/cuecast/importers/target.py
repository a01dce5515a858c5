"""What a step of intervals.icu asks for: how long, how hard, how fast the legs go; and what no routine can hold."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct, field

from cuecast.importers.durations import find_length
from cuecast.importers.intensity import effort, span_words, zone_effort
from cuecast.model.duration import SECOND, DurationRange, ms_to_text

_N = r"\d{1,5}(?:\.\d{1,2})?"
_KIND = r"(?:\s*(HR|LTHR|Pace|MMP(?:\s+\d+[smh])?|FTP|power)\b)?"
_OPTION = re.compile(r"\b(?:(press lap)|(?:power|hr|pace|intensity)=\S+)", re.IGNORECASE)
_CADENCE = re.compile(rf"({_N})(?:\s*-\s*({_N}))?\s*rpm\b", re.IGNORECASE)
_BEATS = re.compile(rf"({_N})(?:\s*-\s*({_N}))?\s*bpm\b", re.IGNORECASE)
_PER = r"(?:/(100m|250m|400m|500m|100y|km|mi))"
_PACE = re.compile(
    rf"(?<![\d:])(\d{{1,2}}):([0-5]\d){_PER}?(?:\s*-\s*(\d{{1,2}}):([0-5]\d){_PER}?)?(?:\s*(pace))?\b", re.IGNORECASE
)
_DISTANCE = re.compile(
    rf"(?<![\w./])({_N})\s*(kms?|miles?|mi|mtrs?|meters?|metres?|yards?|yrds?|yds?|y)\b", re.IGNORECASE
)
_PERCENT = re.compile(rf"(?<![\w.])({_N})%?\s*(?:-|–)\s*({_N})\s*%{_KIND}|(?<![\w.])({_N})\s*%{_KIND}", re.IGNORECASE)
_WATTS = re.compile(rf"(?<![\w.])({_N})\s*w?\s*(?:-|–)\s*({_N})\s*w\b|(?<![\w.])({_N})\s*w\b", re.IGNORECASE)
_ZONE = re.compile(rf"\b(C?)Z(\d)(?:\s*(?:-|–)\s*C?Z?(\d))?\b{_KIND}", re.IGNORECASE)
_WORD = re.compile(r"\b(ramp|free ?ride|max ?effort)\b", re.IGNORECASE)
_REST = re.compile(r"\s*0\s*%?\s*")
_METRES = {"km": 1000.0, "mi": 1609.344, "100m": 100.0, "250m": 250.0, "400m": 400.0, "500m": 500.0, "100y": 91.44}
_NAMES = {
    "hr": " heart rate",
    "lthr": " threshold heart rate",
    "pace": " threshold pace",
    "mmp": " best power",
    "": "",
    "ftp": "",
    "power": "",
}


MAX_STEP = 500
"""A longer step is prose, and not looked into."""


class Target(Struct):
    """A step, taken apart. `said` are the targets as words, `effort` names them."""

    prompt: str = ""
    label: str = ""
    work: DurationRange | None = None
    distance: str = ""
    said: list[str] = field(default_factory=list)
    effort: str = "Steady"
    is_rest: bool = False
    is_aimed: bool = False
    lost: list[str] = field(default_factory=list)


def find_target(text: str) -> Target:
    """All that a step says. Words before the first number that means something are its prompt, words after a label."""
    reader = _Reader(text)
    if len(text) <= MAX_STEP:
        reader.read()
    return reader.target


class _Reader:
    """Takes one thing after the other out of the text, leaving spaces, so that places stay true."""

    def __init__(self, text: str) -> None:
        self.text = self.typed = text
        self.target = Target()
        self.first = len(text)
        self.said: list[str] = []
        self.pace: tuple[int, str] | None = None

    def read(self) -> None:
        target = self.target
        self.take(_OPTION, self.option)
        cadence = self.take(_CADENCE, lambda m: span_words(m[1], m[2], " rpm"))
        self.take(_PACE, self.absolute_pace)
        distances = self.take(_DISTANCE, lambda m: clean_number(m[1]) + " " + m[2].lower())
        self.take(_PERCENT, self.percent)
        found = find_length(self.text)
        if found:
            start, end, target.work = found
            if re.fullmatch(r"\d{3,}m", minutes := self.text[start:end]):
                target.lost.append(f"{minutes} is {minutes[:-1]} minutes here; metres are written {minutes}tr")
            self.cut(start, end)
        words = [word.replace(" ", "").lower() for word in self.take(_WORD, lambda m: m[1])]
        self.take(_WATTS, self.watts)
        self.take(_BEATS, lambda m: self.aim(span_words(m[1], m[2], " beats a minute")))
        self.take(_ZONE, self.zone)
        target.is_aimed = bool(target.is_aimed or cadence or words)
        if "ramp" in words and self.said:
            self.said[0] = f"from {self.said[0]}" if " to " in self.said[0] else f"ramp, {self.said[0]}"
        for word, name in (("freeride", "Free ride"), ("maxeffort", "All out")):
            if word in words:
                target.effort = name
        target.prompt = self.text[: self.first].strip()
        rest = self.text[self.first :]
        if found and not self.said and not words and _REST.fullmatch(rest):
            target.is_rest = target.is_aimed = True
            rest = ""
        target.label = rest.strip(" ,;")
        target.said = [*self.said, *cadence]
        if distances:
            self.distance(distances)

    def take(self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], str | None]) -> list[str]:
        """What `read` makes of each match, which is cut out of the text."""
        told = []
        for match in list(pattern.finditer(self.text)):
            words = read(match)
            if words is not None:
                told.append(words)
                self.cut(*match.span(), first=pattern is not _OPTION and pattern is not _WORD)
        return told

    def cut(self, start: int, end: int, *, first: bool = True) -> None:
        self.text = self.text[:start] + " " * (end - start) + self.text[end:]
        if first:
            self.first = min(self.first, start)

    def aim(self, words: str) -> str:
        self.said.append(words)
        self.target.is_aimed = True
        return words

    def option(self, match: re.Match[str]) -> str:
        what = "a lap button" if match[1] else f"`{match[0]}`"
        self.target.lost.append(f"a routine knows no {what.removeprefix('a ')}" if match[1] else f"{what} is left out")
        return ""

    def absolute_pace(self, match: re.Match[str]) -> str | None:
        minutes, seconds, unit, more, more_seconds, more_unit, word = match.groups()
        unit = unit or more_unit
        if not unit and not word:
            return None  # a time of day, or a length that is not written as lengths are here
        unit = (unit or "km").lower()
        self.pace = (int(minutes) * 60 + int(seconds), unit)
        pace = _minutes(minutes, seconds)
        if more:
            pace += f" to {_minutes(more, more_seconds)}"
        per = {"km": "kilometre", "mi": "mile", "100y": "100 yards"}.get(unit, unit.replace("m", " metres"))
        self.target.effort = "On pace"
        return self.aim(f"{pace} per {per}")

    def percent(self, match: re.Match[str]) -> str:
        low, high, kind, only, only_kind = match.groups()
        kind = (kind or only_kind or "").lower().split(" ")[0]
        low = clean_number(low or only)
        high = clean_number(high) if high else None
        if kind != "mmp":
            self.target.effort = effort(max(float(low), float(high or low)))
        return self.aim(span_words(low, high, "%") + _NAMES[kind])

    def watts(self, match: re.Match[str]) -> str:
        # How hard so many watts are, only their rider knows: the number is the name.
        self.target.effort = span_words(match[1] or match[3], match[2], " watts")
        return self.aim(self.target.effort)

    def zone(self, match: re.Match[str]) -> str:
        custom, low, high, kind = match.groups()
        kind = (kind or "").lower().split(" ")[0]
        before = {"hr": "heart rate ", "lthr": "heart rate ", "pace": "pace "}.get(kind, "custom " if custom else "")
        self.target.effort = zone_effort(int(high or low))
        return self.aim(f"{before}zone {span_words(low, high, '')}")

    def distance(self, distances: list[str]) -> None:
        """No voice can time it; but where a pace is told, it comes to a time."""
        target = self.target
        target.distance = distances[0]
        number, unit = distances[0].split(" ")
        metres = float(number) * {"k": 1000.0, "y": 0.9144}.get(unit[0], 1609.344 if unit[:2] == "mi" else 1.0)
        if target.work is None and self.pace:
            seconds = round(metres / _METRES[self.pace[1]] * self.pace[0])
            if seconds:
                target.work = DurationRange(seconds * SECOND, seconds * SECOND)
                length = ms_to_text(seconds * SECOND)
                target.lost.append(f"{target.distance} is no length of time; at this pace it takes {length}")
        elif target.work is not None:
            target.lost.append(f"{target.distance} is left out; the time counts")


def clean_number(number: str) -> str:
    """Without zeros that say nothing: `65.0` is `65`."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _minutes(minutes: str, seconds: str) -> str:
    return f"{int(minutes)} minutes" + (f" {int(seconds)}" if int(seconds) else "")
