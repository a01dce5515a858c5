"""One line of somebody's notes as a list of tokens: words, numbers, marks, and facts such as a length, sides or a rest.

A grammar of one rule a fact, tried at each word in the table's order; what no rule takes is a word. So nothing of a
line is skipped: all of it is in some token. Words of English, German and Spanish are understood in any file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from cuecast.importers.facts import FACTS, Kind
from cuecast.importers.ir import without_symbols
from cuecast.model.duration import DurationRange
from cuecast.phrases.patterns import FRACTIONS


class Token(Struct, frozen=True):
    """A part of a line as it is typed. A length in `time`, that of a rest in `rest_ms`, a count in `number`.

    `scope` says what a rest lies between (`sets`, `rounds`, `exercises`, `any`), or what is counted. `note` is for the
    person who imports it. `is_repeat` says that it repeats what stands above.
    """

    kind: Kind
    text: str
    start: int
    end: int
    time: DurationRange | None = None
    rest_ms: int | None = None
    number: int = 0
    sides: tuple[str, ...] = ()
    scope: str = ""
    note: str = ""
    is_repeat: bool = False


_PLAIN_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'"})
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE), read) for kind, pattern, read in FACTS)
_ANY_RULE = re.compile("|".join(re.sub(r"\?P<\w+>", "?:", pattern) for _, pattern, _ in FACTS), re.IGNORECASE)
"""One look at a word says that no rule takes it, which is so for most words."""

_WORD = re.compile(r"[^\s()\[\],;|–—]*[^\s()\[\],;|–—.:!?/-]|\S")


def normalise(line: str) -> str:
    """The line with plain letters, digits and quotes, and without emoji; fractions such as ½ stay as they are."""
    if line.isascii():
        text = line
    else:
        import unicodedata

        plain = (c if c in FRACTIONS or c in "…°′″" else unicodedata.normalize("NFKC", c) for c in line)
        text = without_symbols("".join(plain)).translate(_PLAIN_QUOTES)
    text = re.sub(r"(?<!\w)w/(o\b)?\s?", lambda m: "without " if m[1] else "with ", text)
    text = re.sub(r"(?i)\b(?:sets?|sätze|series)\s?[/x&]\s?(?:reps?|wdh|wiederholungen|rep\w*)\.?\s?:\s*", "", text)
    text = re.sub(r"(?i)(?<!half )\ba (?:full |whole |good )?(?=minute and a half\b|(?:hour|minute)\b)", "1 ", text)
    text = re.sub(r"(?i)\b1 minute and a half\b", "1½ minutes", text)
    text = re.sub(r"(?i)\b(minute|second)(?:'s|s')(?=\s)", r"\1", text)
    text = re.sub(r"(?i)\b(time|rep|set|second|minute)\(s\)", r"\1s", text)
    text = re.sub(r"(?i)(?<=\d) or so (?=sec|min)", " ", text)
    text = re.sub(r"\[\s?(\d[^\[\]]{0,8})\]", r"\1", text)
    text = re.sub(r"(\d)-(?=(?:sec|min|rep|set|round|breath|mal)[a-z]*\b)", r"\1 ", text)
    return " ".join(text.split())


def scan(line: str) -> list[Token]:
    """All tokens of a line, without the space between them."""
    return list(_scan(line))


@lru_cache(maxsize=20_000)
def _scan(line: str) -> tuple[Token, ...]:
    """The same; lines are looked at several times."""
    tokens: list[Token] = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        tokens.append(_token(line, at))
        at = tokens[-1].end
    return tuple(tokens)


def _token(line: str, at: int) -> Token:
    for kind, pattern, read in _COMPILED if _ANY_RULE.match(line, at) else ():
        if (match := pattern.match(line, at)) and (fields := read(match)):
            end = at + len(match[0].rstrip())
            return Token(kind, line[at:end], at, end, **fields)
    match = _WORD.match(line, at)
    assert match
    return Token(Kind.WORD if any(map(str.isalnum, match[0])) else Kind.MARK, match[0], at, match.end())


def of_kind(tokens: Sequence[Token], *kinds: Kind) -> list[Token]:
    """The tokens of these kinds."""
    return [token for token in tokens if token.kind in kinds]


def joined(tokens: Sequence[Token]) -> str:
    """The tokens as they are typed, with a space wherever something was taken out."""
    text, end = "", 0
    for token in tokens:
        text += (" " if text and token.start != end else "") + token.text
        end = token.end
    return text
