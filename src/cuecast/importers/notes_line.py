"""One line of somebody's notes, taken apart: what it is, and the lengths, sides and numbers in it."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from cuecast.importers.durations import find
from cuecast.model.duration import SECOND, DurationRange

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_WORDS, 1)}
_COUNT = rf"(\d{{1,4}}|{'|'.join(_NUMBERS)})"
_MARK = re.compile(r"(?:[-*•·+–—▪◦‣]\s+|\(?\d{1,2}[.)]\s+|\[[ xX]?\]\s*|[☐☑✓✔]\s*)+")
_HEADING = re.compile(r"(?:#{1,6}\s+|=+\s*)(.*?)[#=\s]*|\*\*(.+)\*\*:?|__(.+)__:?")
_RULE = re.compile(r"[-=_*~#\s]+")
_COMMENT = re.compile(r"(?:#|//|;)\s*(.*)")
_TRAILING = re.compile(r"\s(?:#|//)\s+(.*)$")
_TITLE = re.compile(r"(?:title|name|routine)\s*:\s*(.+)", re.IGNORECASE)
_ROUNDS = re.compile(
    rf"(?:do\s)?(?P<repeat>(?:then )?repeat)?\s*(?:all|everything|this|that|it|the above|above|circuit)?\s*"
    rf"{_COUNT}\s*(?:x|×|rounds?|sets?|times|circuits?)(?:\s+(?:of|through|in total|total|each))?",
    re.IGNORECASE,
)
_HEADED = re.compile(
    rf"(?P<name>[^\d].*?)[\s:,(–-](?:[x×]\s?(?P<after>\d{{1,4}})|{_COUNT}\s?(?:x|×|rounds?|times))\)?", re.IGNORECASE
)
_PLAIN_REPEAT = re.compile(r"[x×]\s?(\d{1,4})", re.IGNORECASE)
_REST = re.compile(
    r"(?:then |and |with |with a )?(?:a )?(?:short |long )?(?:rest|pause|break|recover|recovery|relax|breather)\b"
    r"(?:\s*(?:for|of|time|is))?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:in )?between(?:\s+(?:each\s+|every\s+|the\s+|all\s+)*(\w+))?|\bafter\s+(?:each|every)\s+\w+", re.IGNORECASE
)
_SIDES = (
    (re.compile(r"\bboth (?:sides |legs |arms )?(?:together|at once|at the same time)\b", re.I), ("both",)),
    (re.compile(r"\bright\s*(?:[,/&+]|and|then)?\s*left\b|\bR\s?/\s?L\b|\(r, ?l\)", re.I), ("right", "left")),
    (re.compile(r"\bleft\s*(?:[,/&+]|and|then)?\s*right\b|\bL\s?/\s?R\b|\bl[ +]r\b|\b(?:a|per|each|every|both|ea\.?)"
                r"[ /](?:sides?|legs?|arms?|foot|feet|hips?|shoulders?|calf|calves)\b|/ ?(?:side|leg|arm)\b", re.I),
     ("left", "right")),
    (re.compile(r"\b(?:on the )?left(?: side| only)?$", re.I), ("left",)),
    (re.compile(r"\b(?:on the )?right(?: side| only)?$", re.I), ("right",)),
)  # fmt: skip
_SETS_OF = re.compile(r"(?<![\w:])(\d{1,3})\s*(?:[x×]|sets? of)\s*(?=\d)", re.IGNORECASE)
_SETS_BEFORE = re.compile(r"^(\d{1,3})\s*(?:[x×]|sets? of)\s", re.IGNORECASE)
_OWN_REST = re.compile(
    r"[,;+/]?\s*(?:with )?(?:rest|pause)\s+(?:of |for )?(\d{1,4})\s?(?:s|sec|seconds)?(?!\w)|"
    r"[,;+/]?\s*(?:with )?(\d{1,4})\s?(?:s|sec|seconds)\s+(?:rest|pause)\b",
    re.IGNORECASE,
)
_ON_OFF = re.compile(
    r"(?:(?:each|every|all)(?: exercises?)?:? )?(.+?) ?(?:on|work)\b[ ,/;]*(?:and |then )?(.+?) ?(?:off|rest)\.?",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"(?:(?:each|every|all)(?: exercises?)?(?: for)?:?|work:?) (.+)|(.+?) (?:each|per exercise|for each)\.?",
    re.IGNORECASE,
)
_SETS_AFTER = re.compile(
    r"(?<!\w)[x×]\s?(\d{1,3})\b(?!\s*(?:reps?|s\b|sec|min))|\b(\d{1,3})\s?[x×](?=$|[\s,)])", re.IGNORECASE
)
_REPS = re.compile(
    r"(?<![\w:])[x×]?\s?(\d{1,3})(?:\s?(?:-|–)\s?(\d{1,3}))?\s*(?:reps?|repetitions?|times)\b\.?", re.IGNORECASE
)
_BARE = re.compile(r"(?<![\w.,:/%-])(\d{1,4})(?![\w.:/%-])")
_PAREN = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_REMARK = re.compile(r"\s+(?:-|–|—)\s+|:\s+|;\s+|,\s+|\.\s+")
_EDGE = " ,;:-–—.|@&+"
_FILL = re.compile(r"(?:\b(?:for|of|about|ca\.?|hold|on|each|ea\.?|and|at|with|then)\b|[~@=|])\s*$", re.IGNORECASE)
MAX_LINE = 300
"""A longer line is prose, and not looked into."""

LEAST_BARE = 5
MOST_REPS = 25
"""`3x12` are repetitions, `3x30` seconds."""


class What(StrEnum):
    """What a line is."""

    COMMENT = "comment"
    TEXT = "text"
    REST = "rest"
    ROUNDS = "rounds"
    SETTING = "setting"
    EXERCISE = "exercise"


class Jotting(Struct):
    """A line: its words without marks, numbers and lengths, and all of these."""

    what: What
    text: str = ""
    typed: str = ""
    remark: str = ""
    setup: str = ""
    work: DurationRange | None = None
    rest: int | None = None
    count: int = 1
    reps: int = 0
    sides: tuple[str, ...] = ()
    is_marked: bool = False
    is_heading: bool = False
    is_repeat: bool = False


def jotting(line: str) -> Jotting | None:
    """What the line (its spaces single ones) says; None where that is nothing."""
    if len(line) > MAX_LINE:
        return Jotting(What.TEXT, line)
    if _RULE.fullmatch(line):
        return None
    heading = _HEADING.fullmatch(line)
    if heading:
        words = next(filter(None, heading.groups()), "")
        found = _rounds(words)
        return found or Jotting(What.COMMENT, words, is_heading=True) if words else None
    if comment := _COMMENT.fullmatch(line):
        return Jotting(What.COMMENT, comment[1]) if comment[1] else None
    mark = _MARK.match(line)
    body = line[mark.end() :] if mark else line
    remark = ""
    if trailing := _TRAILING.search(body):
        remark, body = trailing[1], body[: trailing.start()].rstrip()
    if not body.strip(_EDGE):
        return Jotting(What.COMMENT, remark) if remark else None
    if title := _TITLE.fullmatch(body):
        return Jotting(What.TEXT, title[1])
    found = _rounds(body) or _setting(body) or _rest(body) or _exercise(body)
    found.typed = body
    found.remark = remark
    found.is_marked = mark is not None
    return found


def _number(text: str) -> int:
    return _NUMBERS.get(text.lower()) or int(text)


def _rounds(body: str) -> Jotting | None:
    """`3x`, `3 rounds:`, `Circuit x3`, `Repeat 3 times`, each with its rest."""
    head = body.strip(" :")
    rest = None
    if length := find(head):
        before, after = head[: length.start].strip(" ,;(-–"), head[length.end :].strip(" ,;()-–")
        words = f"{before} {after}"
        where = _BETWEEN.search(words)
        if not re.search(r"\b(?:rest|pause|break|off)\b|between", words, re.IGNORECASE):
            return None
        bare = _BETWEEN.sub("", _REST.sub(" ", words)).strip(" ,;()-–:")
        if where and not bare:
            return None
        head, rest = " ".join(bare.split()), length.work.low
    elif with_rest := re.fullmatch(
        r"(.+?)[\s,;(–-]+(?:with )?(?:rest|pause)\s+(\d{1,4})(?:\s+(?:in )?between.*)?\)?", head, re.I
    ):
        head, rest = with_rest[1], int(with_rest[2]) * SECOND
    if match := _ROUNDS.fullmatch(head):
        count = _number(match[2])
        return (
            Jotting(What.ROUNDS, count=count, rest=rest or None, is_repeat=bool(match["repeat"]) and body[-1] != ":")
            if count
            else None
        )
    if match := _PLAIN_REPEAT.fullmatch(head):
        return Jotting(What.ROUNDS, count=int(match[1]), rest=rest or None) if int(match[1]) else None
    match = _HEADED.fullmatch(head)
    if match and (body.rstrip().endswith(":") or re.match(r"(?:circuit|main|set|block|round|part|super)", head, re.I)):
        count = _number(match["after"] or match[3])
        name = match["name"].strip(_EDGE)
        return Jotting(What.ROUNDS, name, count=count, rest=rest or None) if count else None
    return None


def _setting(body: str) -> Jotting | None:
    """`40s on, 20s off`, `45s each`, `rest 10 between exercises`."""
    if match := _ON_OFF.fullmatch(body):
        work, rest = _length(match[1]), _length(match[2])
        if work and rest:
            return Jotting(What.SETTING, work=work, rest=rest.low)
    if (match := _EACH.fullmatch(body)) and (work := _length(match[1] or match[2])):
        return Jotting(What.SETTING, work=work)
    between = _BETWEEN.search(body)
    if between and not (between[1] or "").lower().startswith(("round", "set", "circuit")):
        words = _REST.sub("", body[: between.start()] + body[between.end() :], count=1)
        if words != body and (quiet := _length(words)):
            return Jotting(What.SETTING, rest=quiet.low)
    return None


def _rest(body: str) -> Jotting | None:
    words = _BETWEEN.sub("", body).strip(_EDGE)
    match = _REST.search(words)
    if not match:
        return None
    left = (words[: match.start()] + " " + words[match.end() :]).strip(_EDGE + "()")
    if not left:
        return Jotting(What.REST)
    length = _length(left)
    return Jotting(What.REST, rest=length.low) if length else None


def _length(words: str) -> DurationRange | None:
    """The length that the words are, and nothing else; a bare number counts seconds."""
    words = words.strip(_EDGE + "()")
    if re.fullmatch(r"\d{1,4}", words):
        return DurationRange(int(words) * SECOND, int(words) * SECOND) if int(words) else None
    found = find(words)
    return found.work if found and not (words[: found.start] + words[found.end :]).strip(_EDGE + "()") else None


class _Taken:
    """Words from which one thing after the other is taken out."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.cuts: list[int] = []

    def cut(self, start: int, end: int) -> None:
        self.words = self.words[:start] + " " * (end - start) + self.words[end:]
        self.cuts.append(start)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.words)
        if match:
            self.cut(*match.span())
        return match


def _exercise(body: str) -> Jotting:
    """A name with a length or a number of repetitions; else it is only text."""
    said = Jotting(What.EXERCISE)
    asides: list[str] = []

    def aside(match: re.Match[str]) -> str:
        inner = match[1] if match[1] is not None else match[2]
        if _has_facts(inner):
            return f" {inner} "
        asides.append(inner.strip())
        return " "

    taken = _Taken(_PAREN.sub(aside, body))
    if rest := taken.take(_OWN_REST):
        said.rest = int(rest[1] or rest[2]) * SECOND or None
    for pattern, sides in _SIDES:
        if taken.take(pattern):
            said.sides = sides
            break
    if sets_of := taken.take(_SETS_OF):
        said.count = int(sets_of[1]) or 1
    if found := find(taken.words):
        said.work = found.work
        taken.cut(found.start, found.end)
    if reps := taken.take(_REPS):
        said.reps = int(reps[2] or reps[1])
    if not sets_of and (sets := taken.take(_SETS_AFTER) or taken.take(_SETS_BEFORE)):
        said.count = int(next(filter(None, sets.groups()))) or 1
        if said.count > 5 and not said.work and not said.reps:
            said.count, said.reps = 1, said.count  # `Squats x12`
    if not said.work and not said.reps and (bare := list(_BARE.finditer(taken.words))):
        number = int(bare[-1][1])
        is_last = not taken.words[bare[-1].end() :].strip(_EDGE) or taken.cuts
        if sets_of and number <= MOST_REPS:
            said.reps = number
        elif is_last and number >= LEAST_BARE:
            said.work = DurationRange(number * SECOND, number * SECOND)
        if said.work or said.reps:
            taken.cut(*bare[-1].span())
    if said.rest and said.count == 1:
        said.rest = None if not said.work else said.rest
    name, setup = _name(taken)
    said.text = name
    said.setup = ". ".join(part.strip(_EDGE) for part in (setup, *asides) if part.strip(_EDGE))
    if said.setup:
        said.setup = said.setup[:1].upper() + said.setup[1:] + ("" if said.setup[-1] in "!?" else ".")
    if not said.work and not said.reps and not said.sides and said.count == 1:
        if body.endswith(":"):
            return Jotting(What.COMMENT, body.rstrip(" :"), is_heading=True)
        return Jotting(What.TEXT, body.strip())
    return said


def _has_facts(words: str) -> bool:
    """Whether words in brackets hold a length, sides or repetitions, and little else."""
    left = words
    if found := find(left):
        left = left[: found.start] + left[found.end :]
    for pattern in (*(pattern for pattern, _ in _SIDES), _REPS, _SETS_AFTER):
        left = pattern.sub(" ", left)
    return left != words and len(left.split()) <= 1


def _name(taken: _Taken) -> tuple[str, str]:
    """The name, and what is said about how to do it: all that follows the lengths, or a dash."""
    words = taken.words
    first = min(taken.cuts, default=len(words))
    before, after = words[:first].strip(_EDGE), words[first:].strip(_EDGE)
    if not before:
        before, after = after, ""
    while (shorter := _FILL.sub("", before).strip(_EDGE)) != before:
        before = shorter
    name, *more = _REMARK.split(before, maxsplit=1)
    parts = [part for part in (*more, _FILL.sub("", after).strip(_EDGE)) if part]
    return " ".join(name.split()), " ".join(". ".join(parts).split())
