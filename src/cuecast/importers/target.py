"""A step of intervals.icu: how long, how hard, how fast the legs go; and what no routine can hold."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct, field

from cuecast.importers.effort import effort_at, effort_in_zone, range_words
from cuecast.model.duration import SECOND, DurationRange, ms_to_text
from cuecast.phrases.lengths import find_length

_N = r"\d{1,5}(?:\.\d{1,2})?"
_KIND = r"(?:\s*(?:of\s+)?(HR(?:max)?|max\s?HR|LTHR|Pace|MMP(?:\s+\d+[smh])?|FTP|power)\b)?"
_DEVICE_SETTING = re.compile(r"\b(?:(press lap)|(?:power|hr|pace)=\S+|hide ?power\b)", re.IGNORECASE)
_INTENSITY = re.compile(r"\bintensity=(\w+)", re.IGNORECASE)
_INTENSITIES = {"rest": "Rest", "recovery": "Recovery", "warmup": "Warm-up", "cooldown": "Cool-down"}
_INTENSITIES |= {"active": "", "interval": ""}
_CADENCE = re.compile(rf"({_N})(?:\s*-\s*({_N}))?\s*rpm\b", re.IGNORECASE)
_BEATS = re.compile(rf"([<>]\s*)?({_N})(?:\s*-\s*({_N}))?\s*bpm\b", re.IGNORECASE)
_PER = r"(?:/(100m|250m|400m|500m|100y|km|mi))"
_PACE = re.compile(
    rf"(?<![\d:])(\d{{1,2}}):([0-5]\d){_PER}?(?:\s*-\s*(\d{{1,2}}):([0-5]\d){_PER}?)?(?:\s*(pace))?\b", re.IGNORECASE
)
_DISTANCE = re.compile(
    rf"(?<![\w./])({_N})\s*(kms?|miles?|mi|mtrs?|meters?|metres?|yards?|yrds?|yds?|y)\b", re.IGNORECASE
)
_TO = r"\s*(?:-|–|to\b)\s*"
_PERCENT = re.compile(rf"(?<![\w.])({_N})\s*%?{_TO}({_N})\s*%{_KIND}|(?<![\w.])({_N})\s*%{_KIND}", re.IGNORECASE)
_WATTS = re.compile(rf"(?<![\w.])({_N})\s*w?{_TO}({_N})\s*w\b|(?<![\w.])({_N})\s*w\b", re.IGNORECASE)
_ZONE = re.compile(rf"\b(C?)Z(\d)(?:{_TO}C?Z?(\d))?\b{_KIND}", re.IGNORECASE)
_MANNER = re.compile(r"\b(ramp|free ?ride|max ?effort)\b", re.IGNORECASE)
_NO_EFFORT = re.compile(
    r"\s*(?:0\s*%?)?\s*(?:\(?(?:complete |full |passive )?(?:rest|pause|pausa|descanso)\)?)?[\s.]*", re.IGNORECASE
)
_METRES = {"km": 1000.0, "mi": 1609.344, "100m": 100.0, "250m": 250.0, "400m": 400.0, "500m": 500.0, "100y": 91.44}
_UNIT_NAMES = {"km": "kilometre", "mi": "mile", "100y": "100 yards"}
_PERCENT_OF = {
    "hr": " heart rate",
    "hrmax": " heart rate",
    "maxhr": " heart rate",
    "max": " heart rate",
    "lthr": " threshold heart rate",
    "pace": " threshold pace",
    "mmp": " best power",
}
_ZONE_OF = {"hr": "heart rate ", "lthr": "heart rate ", "pace": "pace "}
MAX_STEP = 500
"""A longer step is prose; nothing is looked for in it."""


class Target(Struct):
    """A step. Words before its first number that means something are the `prompt`, words after that the `label`.

    `aims` are the targets in words, `effort` names them. `warnings` say what is not carried over.
    """

    prompt: str = ""
    label: str = ""
    work: DurationRange | None = None
    distance: str = ""
    aims: list[str] = field(default_factory=list)
    effort: str = "Steady"
    is_rest: bool = False
    has_target: bool = False
    warnings: list[str] = field(default_factory=list)


def read_target(text: str) -> Target:
    """The step that the text is."""
    reader = _Reader(text)
    if len(text) <= MAX_STEP:
        reader.read()
    return reader.target


class _Reader:
    """Takes one part after the other out of the text and leaves spaces in its place, so that positions stay true."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.target = Target()
        self.first = len(text)
        self.pace: tuple[int, str] | None = None

    def read(self) -> None:
        target = self.target
        self.take(_DEVICE_SETTING, self.device_setting, is_target=False)
        intensities = self.take(_INTENSITY, lambda m: _INTENSITIES.get(m[1].lower()), is_target=False)
        cadence = self.take(_CADENCE, lambda m: range_words(m[1], m[2], " rpm"))
        self.take(_PACE, self.absolute_pace)
        distances = self.take(_DISTANCE, lambda m: f"{_plain(m[1])} {m[2].lower()}")
        self.take(_PERCENT, self.percent)
        has_length = self.length()
        manners = self.take(_MANNER, lambda m: m[1].replace(" ", "").lower(), is_target=False)
        self.take(_WATTS, self.watts)
        self.take(_BEATS, self.beats)
        self.take(_ZONE, self.zone)
        if "ramp" in manners and target.aims:
            aim = target.aims[0]
            target.aims[0] = f"from {aim}" if " to " in aim else f"ramp, {aim}"
        target.effort = {"freeride": "Free ride", "maxeffort": "All out"}.get((manners or [""])[-1], target.effort)
        target.effort = "".join(intensities[-1:]) or target.effort
        target.prompt, label = self.text[: self.first].strip(), self.text[self.first :]
        words = f"{target.prompt} {label}"
        is_rest = "Rest" in intensities or any(map(str.isalnum, words))
        target.is_rest = has_length and not target.aims + manners and is_rest and bool(_NO_EFFORT.fullmatch(words))
        target.label = "" if target.is_rest else label.strip(" ,;")
        target.has_target = bool(target.aims or cadence or manners or target.is_rest)
        target.aims += cadence
        if distances:
            self.distance(distances[0])
        target.warnings += [f"{distance} is left out; a step has one length" for distance in distances[1:]]

    def take(
        self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], str | None], *, is_target: bool = True
    ) -> list[str]:
        """What `read` makes of each match; the match is taken out of the text."""
        words = []
        for match in list(pattern.finditer(self.text)):
            if (word := read(match)) is not None:
                words.append(word)
                self.take_out(*match.span(), is_target=is_target)
        return words

    def take_out(self, start: int, end: int, *, is_target: bool = True) -> None:
        self.text = self.text[:start] + " " * (end - start) + self.text[end:]
        if is_target:
            self.first = min(self.first, start)

    def aim(self, words: str) -> str:
        self.target.aims.append(words)
        return words

    def length(self) -> bool:
        found = find_length(self.text)
        if found is None:
            return False
        start, end, self.target.work = found
        if re.fullmatch(r"\d{3,}m", minutes := self.text[start:end]):
            self.target.warnings.append(f"{minutes} is {minutes[:-1]} minutes here; metres are written {minutes}tr")
        self.take_out(start, end)
        return True

    def device_setting(self, match: re.Match[str]) -> str:
        self.target.warnings.append("a routine has no lap button" if match[1] else f"`{match[0]}` is left out")
        return ""

    def absolute_pace(self, match: re.Match[str]) -> str | None:
        minutes, seconds, unit, more, more_seconds, more_unit, word = match.groups()
        unit = (unit or more_unit or ("km" if word else "")).lower()
        if not unit:
            return None  # a time of day, or a length in another form
        self.pace = (int(minutes) * 60 + int(seconds), unit)
        pace = range_words(_minutes(minutes, seconds), _minutes(more, more_seconds) if more else None, "")
        self.target.effort = "On pace"
        return self.aim(f"{pace} per {_UNIT_NAMES.get(unit, unit.replace('m', ' metres'))}")

    def percent(self, match: re.Match[str]) -> str:
        low, high = _plain(match[1] or match[4]), _plain(match[2])
        kind = (match[3] or match[5] or "").lower().split(" ")[0]
        if kind != "mmp":
            self.target.effort = effort_at(max(float(low), float(high or low)))
        return self.aim(range_words(low, high, "%") + _PERCENT_OF.get(kind, ""))

    def watts(self, match: re.Match[str]) -> str:
        # Only the rider knows how hard so many watts are, so the number is the name.
        self.target.effort = range_words(match[1] or match[3], match[2], " watts")
        return self.aim(self.target.effort)

    def beats(self, match: re.Match[str]) -> str:
        limit = {"<": "below ", ">": "above "}.get((match[1] or "").strip(), "")
        return self.aim(limit + range_words(match[2], match[3], " beats a minute"))

    def zone(self, match: re.Match[str]) -> str:
        custom, low, high, kind = match.groups()
        before = _ZONE_OF.get((kind or "").lower().split(" ")[0], "custom " if custom else "")
        self.target.effort = effort_in_zone(int(high or low))
        return self.aim(f"{before}zone {range_words(low, high, '')}")

    def distance(self, distance: str) -> None:
        """No voice can time it, but with a pace it comes to a time."""
        target = self.target
        target.distance = distance
        if target.work is not None:
            target.warnings.append(f"{distance} is left out; the time counts")
        elif self.pace:
            number, unit = distance.split(" ")
            metres = float(number) * {"k": 1000.0, "y": 0.9144}.get(unit[0], 1609.344 if unit[:2] == "mi" else 1.0)
            ms = round(metres / _METRES[self.pace[1]] * self.pace[0]) * SECOND
            if ms:
                target.work = DurationRange(ms, ms)
                target.warnings.append(f"{distance} is no length of time; at this pace it takes {ms_to_text(ms)}")


def _plain(number: str | None) -> str:
    """Without zeros at the end: `65.0` is `65`."""
    return number.rstrip("0").rstrip(".") if number and "." in number else number or ""


def _minutes(minutes: str, seconds: str) -> str:
    return f"{int(minutes)} minute{'' if int(minutes) == 1 else 's'}" + (f" {int(seconds)}" if int(seconds) else "")
