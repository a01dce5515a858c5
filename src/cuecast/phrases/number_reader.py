"""Numbers, units and signs as words: “2 × 45 s” becomes “two times forty-five seconds”.

Names that contain digits stay as they are: `T4`, `L5-S1`, `C++`. So does a text without digits and signs, and one that
has been read before. The time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from cuecast.model.duration import SECOND
from cuecast.phrases.clock_times import ClockTimes
from cuecast.phrases.numbers import MAX_DIGITS, NumberField, NumberWords
from cuecast.phrases.ordinals import Ordinals
from cuecast.phrases.patterns import CURRENCIES, DASHES, FRACTIONS, MINUS, one_of, quantity_patterns

Unit = Mapping[str, str]
"""A unit of the phrase file: its word for each plural category, and in `as` the form of the number before it."""

_PARTS = re.compile(r"[0-9]+|[^0-9]+")
_DIGITS = re.compile("[0-9]+")
_NEXT_NOUN = re.compile(r" ([^\W\d_]++)(?![\w'’])")
_AT_THE_END = "↑↓"
"""Signs that can also stand after the last word."""


class NumberReader:
    """Reads the numbers of one language: `table` is the `aloud` of its phrase file, `time` puts ms into words."""

    def __init__(self, table: Mapping[str, Any], numbers: NumberWords, time: Callable[[int], str]) -> None:
        self._table = table
        self._numbers = numbers
        self._time = time
        self._units: dict[str, Unit] = {spelling: unit for unit in table["units"].values() for spelling in unit["read"]}
        self._patterns = quantity_patterns(self._units, table["signs"], table["decimal mark"])
        self._counted = re.compile(rf"(?<!\w)(?:{one_of(table['counted'])}) $", re.IGNORECASE)
        self._joints = re.compile(one_of(table["joints"]))
        self._readable = re.compile(rf"[0-9]|{one_of([*table['joints'], *FRACTIONS])}")
        self._ordinals = Ordinals(table, numbers)
        self._clock_times = ClockTimes(table, self._units, numbers)

    def aloud(self, text: str) -> str:
        """The text as it is said."""
        if not self._readable.search(text):
            return text
        text = self._clock_times.aloud(self._ordinals.aloud(text))
        return self._joined(self._patterns.expression.sub(self._expression, text))

    def _say(self, key: str, **fields: object) -> str:
        return str(self._table[key]).format(**fields)

    def _expression(self, match: re.Match[str]) -> str:
        """One match of the pattern `expression`."""
        sign = (match["sign"] or "").strip()
        if match["chain"]:
            words = " ".join(map(self._numbers.words, _DIGITS.findall(match["chain"])))
        elif match["pair"]:
            words = self._pair(match["pair"])
        else:
            words = self._quantities(match)
        if sign:
            words = f"{self._table['signs']['-' if sign == MINUS else sign]} {words}"
        if match["more"]:
            words = f"{words} {self._table['signs']['+']}"
        before = match.string[: match.start()][-1:]
        return f" {words}" if before == "," or (sign and before.isalnum()) else words

    def _quantities(self, match: re.Match[str]) -> str:
        """Quantities joined by dashes (a range) or times signs."""
        text, at, end = match.string, match.start("body"), match.end("body")
        words, joint = "", ""
        while quantity := self._patterns.quantity.match(text, at):
            last, at = self._quantity(quantity), quantity.end()
            if not words:
                words = last
            elif joint in DASHES:
                words = self._say("range", low=words, high=last)
            else:
                words = self._say("multiplied", first=words, second=last)
            between = self._patterns.joint.match(text, at) if at < end else None
            if between is None:
                break
            joint, at = between[0].strip(), between.end()
        return words

    def _pair(self, body: str) -> str:
        """`2:1` is a ratio, `8/10` a part of a whole, `24/7` two numbers."""
        first, mark, second = _PARTS.findall(body)
        words = {"first": self._numbers.words(first), "second": self._numbers.words(second)}
        if mark == ":":
            return self._say("ratio", **words)
        is_position = first == second and len(first) > 1 and first not in ("10", "12")  # the 90/90 stretch
        if len(first) < MAX_DIGITS and int(first) <= int(second[:MAX_DIGITS]) and not is_position:
            return self._say("of", **words)
        return f"{words['first']} {words['second']}"

    def _quantity(self, match: re.Match[str]) -> str:
        """One match of the pattern `quantity`: a number, its unit, and what it is counted per."""
        unit = self._units.get(match["unit"] or match["coin"] or "")
        if clock := match["clock"] or match["compound"]:
            words = self._time(_clock_to_ms(clock))  # a unit after it, as in “1:30 min”, adds nothing
        elif match["fraction"] and self._counted.search(match.string[: match.start()]):
            words = self._pair(match["fraction"])
        elif match["fraction"] or (match["plain"] or "").endswith(tuple(FRACTIONS)):
            words = self._half_of_noun(match) or self._fraction(match["fraction"] or match["plain"], unit)
        elif match["coin"] or (match["unit"] or "-") in CURRENCIES:
            words = self._money(self._decimal(match), unit)
        else:
            words = self._count(self._decimal(match), unit)
        if match["per"]:
            per = self._units.get(match["per"])
            words = self._say("per", quantity=words, unit=per["one"] if per else match["per"])
        return words

    def _half_of_noun(self, match: re.Match[str]) -> str | None:
        """`½` as the noun after it needs it: `halbe Drehung`; None if there is no such noun."""
        digits = match["fraction"] or match["plain"]
        noun = _NEXT_NOUN.match(match.string, match.end())
        if FRACTIONS.get(digits, digits) != "1/2" or match["unit"] or match["coin"] or match["per"] or not noun:
            return None
        halves: Mapping[str, str] = self._table["half before"]
        return halves.get(self._ordinals.gender(noun[1]) or ("Noun" if noun[1][0].isupper() else "word"))

    def _fraction(self, text: str, unit: Unit | None) -> str:
        """`½`, `2½` or `2 1/2`, of a unit if there is one."""
        sign = FRACTIONS.get(text[-1])
        whole, name = (text[:-1], sign) if sign else (text[:-3].strip(), text[-3:])
        if name not in self._table["fractions"]:  # 2/2, 3/2
            words = f"{self._numbers.words(whole)} {self._pair(name)}" if whole else self._pair(name)
            return f"{words} {unit['other']}" if unit else words
        number = NumberField(self._numbers, whole or "0")
        alone, mixed = (str(each).format(n=number) for each in self._table["fractions"][name])
        if unit is None:
            return mixed if whole else alone
        if name == "1/2":
            return str(self._table["halves" if whole else "half"][unit["as"]]).format(n=number, **unit)
        return self._say("parts" if whole else "part", **unit, fraction=alone, mixed=mixed)

    def _decimal(self, match: re.Match[str]) -> tuple[str, str]:
        """The digits before and after the decimal mark."""
        mark = self._table["decimal mark"]
        if match["grouped"]:
            number = match["grouped"].replace("." if mark == "," else ",", "").replace(mark, ".")
        else:
            number = (match["decimal"] or match["plain"]).replace(",", ".")
        whole, _, digits = number.partition(".")
        return whole, digits

    def _money(self, number: tuple[str, str], unit: Unit | None) -> str:
        """“two dollars fifty”."""
        whole, digits = number
        if not unit or len(digits) != 2:
            return self._count(number, unit)
        words = self._count((whole, ""), unit)
        return f"{words} {self._numbers.words(int(digits))}" if int(digits) else words

    def _count(self, number: tuple[str, str], unit: Unit | None) -> str:
        """A whole number or a decimal, of a unit if there is one."""
        whole, digits = number
        if digits:
            one_by_one = len(digits) > 2 or digits[0] == "0"
            fraction = " ".join(map(self._numbers.words, digits if one_by_one else [digits]))
            words = self._say("decimal", whole=self._numbers.words(whole), digits=fraction)
        else:
            words = self._numbers.words(whole, unit["as"] if unit else "cardinal")
        if unit is None:
            return words
        last = whole[-MAX_DIGITS:]
        count = Decimal(f"{last}.{digits[:MAX_DIGITS]}") if digits else int(last)
        return f"{words} {unit.get(self._numbers.category(count), unit['other'])}"

    def _joined(self, text: str) -> str:
        """Signs between words. From the end, because a sign is read if a word follows it."""
        for match in reversed([*self._joints.finditer(text)]):
            sign, before, after = match[0], text[: match.start()], text[match.end() :]
            left, right = before.rstrip(" ")[-1:], after.lstrip(" ")[:1]
            if sign in _AT_THE_END and not right:
                right = left
            # A digit that is still there belongs to a name, and so does the sign beside it.
            if not all(char.isalnum() and not char.isnumeric() for char in (left, right)):
                continue
            if sign == "+" and not (before[-1:] == " " and after[:1] == " "):
                continue
            word = self._table["joints"][sign]
            if word == ",":
                text = f"{before.rstrip(' ')}, {after.lstrip(' ')}"
            else:
                space_after = "" if after[:1] in ("", " ") else " "
                text = f"{before}{'' if before[-1:] == ' ' else ' '}{word}{space_after}{after}"
        return text


def _clock_to_ms(text: str) -> int:
    """`1:30`, `1:02:03`, `1m30s` or `1h30` as milliseconds."""
    numbers = [int(number) for number in _DIGITS.findall(text)]
    if "h" in text:
        numbers.append(0)
    seconds = 0
    for number in numbers:
        seconds = seconds * 60 + number
    return seconds * SECOND
