"""Figures, units and signs as words: “2 × 45 s” is “two times forty-five seconds”.

What is no quantity stays as it is: `T4`, `L5-S1`, `C++`. Text without figures and signs comes back unchanged, and so
does what has been read once. It takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from cuecast.model.duration import SECOND
from cuecast.phrases.clock_times import DayTimes
from cuecast.phrases.numbers import Rules, number_words, plural_category, with_ending
from cuecast.phrases.patterns import COINS, DASHES, FRACTIONS, MINUS, TIMES, patterns

_MAX_DIGITS = 9
"""A longer number is read digit by digit, as a phone's."""

_PARTS = re.compile(r"[0-9]+|[^0-9]+")
_DIGITS = re.compile("[0-9]+")
_LONGEST_NOUN = 20
_NOUN = re.compile(r" ([^\W\d_]++)(?![\w'’])")
_LIFTS = "↑↓"
"""Signs that may stand behind the last word, too."""

Time = Callable[[int], str]
"""Milliseconds in words."""


class Reading:
    """How a language reads figures: made from `aloud`, `numbers` and `plurals` of its phrase file."""

    def __init__(
        self, language: str, table: Mapping[str, Any], forms: Mapping[str, Any], plurals: Rules, time: Time
    ) -> None:
        self._language = language
        self._plurals = plurals
        self._table = table
        self._forms = forms
        self._time = time
        self._units = {spelt: unit for unit in table["units"].values() for spelt in unit["read"]}
        self._patterns = patterns(self._units, table["signs"], table["decimal mark"])
        self._joints = re.compile("[" + "".join(map(re.escape, table["joints"])) + "]")
        odd = "".join(map(re.escape, {*table["joints"], *FRACTIONS}))
        self._telling = re.compile(f"[0-9{odd}]")
        self._suffixed = _alternatives(r"(?<![^\W_])([0-9]{1,4}+)(", table["ordinals"], r")(?![^\W_])")
        after = table["ordinals after"]
        self._after = {**after, **{word.capitalize(): form for word, form in after.items()}}
        self._dotted = _alternatives(r"\b(", self._after, r")( )([0-9]{1,2}+)\.(?= [^\W\d_])")
        self._numbered = re.compile(r"(?<![^\W_])(?<![-.,:/'’#])([0-9]{1,2}+)\.(?= ([^\W\d_]++)(?![\w'’]))")
        self._day_times = DayTimes(table, self._units, self._number)
        genders: Mapping[str, list[str]] = table["nouns"]
        self._genders = {ending: gender for gender, endings in genders.items() for ending in endings}

    def aloud(self, text: str) -> str:
        """The text as it is said."""
        if not self._telling.search(text):
            return text
        if self._suffixed:
            text = self._suffixed.sub(lambda m: self._number(m[1], self._table["ordinals"][m[2]]), text)
        if self._dotted:
            text = self._dotted.sub(lambda m: m[1] + m[2] + self._number(m[3], self._after[m[1]]), text)
        if self._table["ordinal before"]:
            text = self._numbered.sub(self._ordinal, text)
        text = self._day_times.told(text)
        return self._joined(self._patterns.expression.sub(self._expression, text))

    def _ordinal(self, match: re.Match[str]) -> str:
        """`3.` before a noun that is known as one; any other word may begin a sentence."""
        gender = self._gender(match[2]) if match[2][0].isupper() else None
        return self._number(match[1], self._table["ordinal before"][gender]) if gender else match[0]

    def _gender(self, noun: str) -> str | None:
        """The form that a noun takes, known by its ending: `Drehung`, `Aufwärmrunde`."""
        noun = noun[-_LONGEST_NOUN:].casefold()
        endings = (noun[at:] for at in range(len(noun)))
        return next((self._genders[ending] for ending in endings if ending in self._genders), None)

    def _expression(self, match: re.Match[str]) -> str:
        sign = (match["sign"] or "").strip()
        if match["chain"]:
            words = " ".join(map(self._number, _DIGITS.findall(match["chain"])))
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
        """Quantities and what is between them."""
        text, at, end = match.string, match.start("body"), match.end("body")
        words, joint = "", ""
        while quantity := self._patterns.quantity.match(text, at):
            said, at = self._quantity(quantity), quantity.end()
            words = self._with(words, joint, said) if words else said
            between = self._patterns.joint.match(text, at) if at < end else None
            if between is None:
                break
            joint, at = between[0].strip(), between.end()
        return words

    def _with(self, first: str, joint: str, second: str) -> str:
        if joint in DASHES:
            return str(self._table["range"]).format(low=first, high=second)
        assert joint in TIMES
        return str(self._table["multiplied"]).format(first=first, second=second)

    def _pair(self, body: str) -> str:
        first, mark, second = _PARTS.findall(body)
        told = {"first": self._number(first), "second": self._number(second)}
        if mark == ":":
            return str(self._table["ratio"]).format(**told)
        if len(first) < _MAX_DIGITS and int(first) <= int(second[:_MAX_DIGITS]):
            return str(self._table["of"]).format(**told)
        return f"{told['first']} {told['second']}"

    def _quantity(self, match: re.Match[str]) -> str:
        unit = self._units.get(match["unit"] or match["coin"] or "")
        if match["clock"] or match["compound"]:
            # A unit that follows a clock time, as in “1:30 min”, says what the clock has said.
            words = self._time(_ms(match["clock"] or match["compound"]))
        elif match["fraction"] or (match["plain"] or "").endswith(tuple(FRACTIONS)):
            words = self._half_noun(match) or self._fraction(match["fraction"] or match["plain"], unit)
        else:
            figure = match["grouped"] or match["decimal"] or match["plain"]
            is_money = match["coin"] or (match["unit"] or "-") in COINS
            words = self._count(figure, unit, bool(match["grouped"]), bool(is_money))
        if match["per"]:
            per = self._units.get(match["per"])
            words = str(self._table["per"]).format(quantity=words, unit=per["one"] if per else match["per"])
        return words

    def _half_noun(self, match: re.Match[str]) -> str | None:
        """`½` as the noun behind it has it: `halbe Drehung`; None where there is no such noun."""
        figure = match["fraction"] or match["plain"]
        noun = _NOUN.match(match.string, match.end())
        if FRACTIONS.get(figure, figure) != "1/2" or match["unit"] or match["coin"] or match["per"] or not noun:
            return None
        halves: Mapping[str, str] = self._table["half before"]
        return halves.get(self._gender(noun[1]) or ("Noun" if noun[1][0].isupper() else "word"))

    def _fraction(self, figure: str, unit: Mapping[str, str] | None) -> str:
        """`½`, `2½` or `2 1/2`, of a unit where there is one."""
        glyph = FRACTIONS.get(figure[-1])
        whole, name = (figure[:-1], glyph) if glyph else (figure[:-3].strip(), figure[-3:])
        known = self._table["fractions"].get(name)
        if known is None:  # 2/2, 3/2: no fraction that has a name
            words = self._pair(name)
            words = f"{self._number(whole)} {words}" if whole else words
            return f"{words} {unit['other']}" if unit else words
        number = _Number(self, whole or "0")
        alone, mixed = (str(each).format(n=number) for each in known)
        if unit is None:
            return mixed if whole else alone
        if name == "1/2":
            return str(self._table["halves" if whole else "half"][unit["as"]]).format(n=number, **unit)
        fields = {**unit, "fraction": alone, "mixed": mixed}
        return str(self._table["parts" if whole else "part"]).format(**fields)

    def _count(self, figure: str, unit: Mapping[str, str] | None, is_grouped: bool, is_money: bool) -> str:
        """A whole number or a decimal, of a unit where there is one."""
        mark = self._table["decimal mark"]
        if is_grouped:
            figure = figure.replace("." if mark == "," else ",", "")
        whole, _, digits = figure.replace(mark, ".").replace(",", ".").partition(".")
        if is_money and unit and len(digits) == 2:  # “two dollars fifty”
            words = self._count(whole, unit, is_grouped=False, is_money=False)
            return f"{words} {self._number(str(int(digits)))}" if int(digits) else words
        if digits:
            told = " ".join(map(self._number, digits)) if len(digits) > 2 or digits[0] == "0" else self._number(digits)
            words = str(self._table["decimal"]).format(whole=self._number(whole), digits=told)
        else:
            words = self._number(whole, unit["as"] if unit else "cardinal")
        if unit is None:
            return words
        known = whole[-_MAX_DIGITS:]
        count = Decimal(f"{known}.{digits[:_MAX_DIGITS]}") if digits else int(known)
        category = plural_category(self._plurals, count)
        return f"{words} {unit.get(category, unit['other'])}"

    def _number(self, figures: str, form: str = "cardinal") -> str:
        """Digits in words: as one number, or one by one where there are very many, or a nought leads."""
        if len(figures) > _MAX_DIGITS or (len(figures) > 1 and figures[0] == "0"):
            return " ".join(map(self._number, figures))
        told = self._forms[form]
        return with_ending(number_words(self._language, int(figures), told["as"]), told.get("endings", {}))

    def _joined(self, text: str) -> str:
        """Signs between words. From the end, for a sign is read where words follow it."""
        for match in reversed([*self._joints.finditer(text)]):
            before, after = text[: match.start()], text[match.end() :]
            neighbours = before.rstrip(" ")[-1:], after.lstrip(" ")[:1]
            # A figure that is still there is no quantity, nor is what it stands in.
            if match[0] in _LIFTS and not neighbours[1]:
                neighbours = neighbours[0], neighbours[0]
            if not all(char.isalnum() and not char.isnumeric() for char in neighbours):
                continue
            if match[0] == "+" and not (before[-1:] == " " and after[:1] == " "):
                continue
            word = self._table["joints"][match[0]]
            if word == ",":
                text = f"{before.rstrip(' ')}, {after.lstrip(' ')}"
                continue
            gap = "" if before[-1:] == " " else " "
            text = f"{before}{gap}{word}{'' if after[:1] in ('', ' ') else ' '}{after}"
        return text


class _Number:
    """A number that a phrase takes in a form of its own: `{n:joined}`."""

    def __init__(self, reading: Reading, figures: str) -> None:
        self._reading, self._figures = reading, figures

    def __format__(self, form: str) -> str:
        return self._reading._number(self._figures, form or "cardinal")


def _alternatives(before: str, words: Mapping[str, Any], after: str) -> re.Pattern[str] | None:
    """A pattern with any of the words between; None where there are none."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(before + "|".join(map(re.escape, longest_first)) + after) if words else None


def _ms(figure: str) -> int:
    """`1:30`, `1:02:03`, `1m30s` or `1h30` as milliseconds."""
    numbers = [int(number) for number in _DIGITS.findall(figure)]
    if "h" in figure:
        numbers.append(0)
    seconds = 0
    for number in numbers:
        seconds = seconds * 60 + number
    return seconds * SECOND
