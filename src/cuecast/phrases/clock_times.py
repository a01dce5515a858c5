"""Times of day: “7:30 am” is “seven thirty am”, where “7:30” alone is a length of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cuecast.phrases.patterns import DASHES

Number = Callable[[str, str], str]
"""Digits in words, in a form of `numbers`."""

_TIME = r"(?:2[0-4]|[01][0-9]|[0-9])(?![0-9])(?>(?:[:.][0-5][0-9])?)(?![0-9]|[:.,][0-9])"
_COLON = r"(?:2[0-4]|1[0-9]|0?+[1-9]):[0-5][0-9](?![0-9]|[:.,/][0-9])"
_START = r"(?<![^\W_])(?<![^\W_][-\u2010\u2011\u2013./:'’,])"
_SPACE = r"[ \u00a0\u2009\u202f]?"


class DayTimes:
    """How a language tells the time of day: made from the `clock` of its phrase file."""

    def __init__(self, table: Mapping[str, Any], units: Iterable[str], number: Number) -> None:
        clock = table["clock"]
        self._clock: Mapping[str, str] = clock
        self._after: Mapping[str, str] = clock["after"]
        self._range = str(table["range"])
        self._signs: Mapping[str, str] = table["signs"]
        self._units = frozenset(units)
        self._number = number
        sign = "".join(re.escape(sign) for sign in self._signs if sign != "-")
        after = _any_of(self._after)
        dash = f"{_SPACE}[{DASHES}]{_SPACE}"
        self._marked = re.compile(
            rf"(?:(?P<sign>[{sign}]){_SPACE})?{_START}(?:(?P<from>{_TIME}){dash})?(?P<time>{_TIME}){_SPACE}"
            rf"(?P<after>{after})(?![^\W_])(?:(?<=\.m)\.(?= [a-z]|[,;:)]))?"
        )
        # “at 1:30 min” is none, nor is “at 5:30/km”.
        none = f"(?!{_SPACE}(?:{_any_of(self._units)})(?![^\\W_])|[^\\W_]|/)"
        before = [*clock["before"], *(word[:1].upper() + word[1:] for word in clock["before"])]
        self._led = re.compile(
            rf"(?<![^\W_])(?P<before>{_any_of(before)}) (?:(?P<from>{_COLON}){dash})?(?P<time>{_COLON}){none}"
        )

    def told(self, text: str) -> str:
        """The text with its times of day in words."""
        return self._led.sub(self._after_word, self._marked.sub(self._before_word, text))

    def _before_word(self, match: re.Match[str]) -> str:
        after = match["after"]
        if after in self._units and (":" not in match["time"] or (match["from"] and ":" not in match["from"])):
            return match[0]  # “2–3 h” is how long, “7:30 h” is when
        words = " ".join(filter(None, (self._times(match), self._after[after])))
        if sign := match["sign"]:
            before = match.string[: match.start()][-1:]
            words = f"{' ' if before.isalnum() else ''}{self._signs[sign]} {words}"
        return words

    def _after_word(self, match: re.Match[str]) -> str:
        return f"{match['before']} {self._times(match)}"

    def _times(self, match: re.Match[str]) -> str:
        last = self._time(match["time"])
        if (first := match["from"]) is None:
            return last
        # “7–8 Uhr” names the hours first, and once what they are.
        low = self._hour(first) if first.isdigit() else self._time(first)
        return self._range.format(low=low, high=last)

    def _hour(self, figures: str) -> str:
        return self._number(str(int(figures)), self._clock["hour"])

    def _time(self, figures: str) -> str:
        hour, _, minute = figures.replace(".", ":").partition(":")
        told = self._hour(hour)
        if not int(minute or 0):
            return self._clock["full"].format(hour=told)
        form = "early" if minute[0] == "0" else "time"
        return self._clock[form].format(hour=told, minute=self._number(str(int(minute)), "cardinal"))


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
