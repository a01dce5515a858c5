"""Zwift's `.zwo`: a workout as XML, its power as a share of the threshold."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import ClassVar

from cuecast.importers.effort import aimed_exercise, effort_at, effort_in_zone, ramp_words, range_words
from cuecast.importers.ir import Cue, Draft, Exercise, Rounds, clean, sentence_case
from cuecast.importers.markup import BadMarkup, Element, parse
from cuecast.importers.simplify import finish
from cuecast.model.duration import SECOND, ms_to_text
from cuecast.model.source import Source
from cuecast.protocols import Imported

_NUMBER = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?)\s*")
_NAMES = {"warmup": "Warm-up", "cooldown": "Cool-down", "ramp": "Ramp", "freeride": "Free ride", "maxeffort": "All out"}
_RAMPS = ("warmup", "cooldown", "ramp")
_MESSAGES = ("textevent", "textnotification")
_ZWIFT_ONLY = re.compile(
    r"uniqueid|legacyidhash|categoryoverride|author(?:_alias|icon)?|name|description|sporttype|tags|workout|(?:sub)?category(?:index)?|entid|activitysavename"
    r"|painindex|skippable|showcp20|overridehash|visible(?:aftertime|outsideplan)|workoutlength|workoutplan"
    r"|test_details|durationtype|thresholdsecperkm"
)
"""Elements that only Zwift has a use for: left out without a message."""

_STEADY = "duration power powerlow powerhigh zone cadence cadencelow cadencehigh text"
_INTERVALS = """repeat onduration offduration onpower offpower poweronlow poweronhigh powerofflow poweroffhigh poweronzone
poweroffzone cadence cadencelow cadencehigh cadenceresting text"""
"""The attributes that are read, of intervals and of other blocks; one that is nearly the same is misspelt."""

_GAME_ATTRIBUTES = """pace flatroad ftptest show_avg overunder quantize neverfails failthresholdduration ramptest units slop
forced_performance_test replacement_verb replacement_prescription"""
"""Attributes that only the game has a use for: left out without a message."""

MAX_SHARE = 10
"""A larger share of the threshold is meant in percent."""

MAX_SUMMARY = 160
"""The longest description that is a summary as a whole."""


class Zwo:
    """Steady stretches, ramps and intervals become exercises without gaps; messages become cues."""

    name: ClassVar[str] = "zwo"
    suffixes: ClassVar[tuple[str, ...]] = (".zwo",)

    def recognises(self, name: str, text: str) -> bool:
        """By its name, or by its first element."""
        return name.lower().endswith(self.suffixes) or "<workout_file" in text[:2000].lower()

    def convert(self, source: Source) -> Imported:
        """The workout as a routine with `transition: 0s`."""
        draft = Draft(source, transition=0)
        try:
            _Workout(draft).read(parse(source))
        except BadMarkup as fault:
            draft.refuse(str(fault), fault.span, fault.hint)
        return finish(draft)


class _Workout:
    """`threshold` are the seconds that a kilometre takes, in a run that is measured in metres; else 0."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.threshold = 0.0

    def read(self, root: Element) -> None:
        """Raises BadMarkup for a file that is not a workout in time."""
        workout = root if root.tag == "workout" else root.first("workout")
        if root.tag not in ("workout_file", "workout") or workout is None:
            raise BadMarkup("there is no <workout> in this file", root.span, "is it a workout of Zwift?")
        kind = root.first("durationtype")
        if kind is not None and clean(kind.text).lower() == "distance":
            self.threshold = _read_number(getattr(root.first("thresholdsecperkm"), "text", "")) or 0
            if not self.threshold:
                hint = "add your own pace above <workout>, such as <thresholdSecPerKm>300</thresholdSecPerKm>"
                raise BadMarkup("this workout is measured in distance, which no voice can time", kind.span, hint)
        self.read_head(root)
        for element in workout.children:
            if element.tag not in _MESSAGES:
                self.read_block(element)
        self.place_by_clock(self.messages([element for element in workout.children if element.tag in _MESSAGES]))

    def place_by_clock(self, cues: Sequence[Cue]) -> None:
        """A message of the whole workout goes to the exercise that is done at its moment."""
        works = [work for step in self.draft.steps for work in _works(step)] if cues else []
        starts = [0]
        for work, _ in works:
            starts.append(starts[-1] + work.work.low)
        for cue in cues:
            at = bisect_right(starts, cue.ms) - 1
            if at >= len(works):
                self.draft.warn("this message comes after the end of the workout", cue.span)
                continue
            work, number = works[at]
            work.cues.append(Cue(cue.ms - starts[at], cue.say, cue.span, number))

    def read_head(self, root: Element) -> None:
        """Title, summary and author."""
        draft = self.draft
        if (name := root.first("name")) is not None:
            draft.title = sentence_case(draft.fit_text(name.text, name.span))
        if (description := root.first("description")) is not None:
            words = clean(description.text)
            if len(words) > MAX_SUMMARY:
                first = re.match(rf".{{1,{MAX_SUMMARY}}}?[.!?](?=\s)", words)
                draft.comments.append(words)
                words = first[0] if first else ""
            draft.summary = words
        author = root.first("author")
        if author is not None and (words := clean(author.text)):
            draft.comments.insert(0, f"A workout by {words}, from Zwift.")
        for child in root.children if root.tag == "workout_file" else ():
            if child.tag == "ftpoverride":
                draft.note(f"the powers are shares of {clean(child.text)} watts, which is left out", child.span)
            elif not _ZWIFT_ONLY.fullmatch(child.tag):
                self.skip(child)

    def skip(self, element: Element) -> None:
        words = clean(element.get("message") or element.text)[:100]
        self.draft.warn(f"<{element.name}> has no counterpart in a routine{words and f': {words}'}", element.span)

    def read_block(self, element: Element) -> None:
        known = (_INTERVALS if element.tag == "intervalst" else _STEADY).split()
        for key, value in element.attributes.items():
            if key in (*known, *_GAME_ATTRIBUTES.split()):
                continue
            message = f"`{key}` of <{element.name}> is left out: {value[:100]}"
            if closest := get_close_matches(key, known, 1, 0.8):
                self.draft.warn(message, element.span, f"did you mean `{closest[0]}`?")
            else:
                self.draft.note(message, element.span)
        is_known = element.tag in ("steadystate", *_NAMES)
        if element.tag == "intervalst":
            self.read_intervals(element)
        elif not is_known and not element.get("duration"):
            self.skip(element)
        else:
            if not is_known:
                self.draft.warn(f"<{element.name}> is not known; its time and power are kept", element.span)
            self.read_steady(element)

    def read_steady(self, element: Element) -> None:
        power = self.percents(element, "power", "powerlow", "powerhigh")
        seconds = self.seconds(element, "duration", power)
        if not seconds:
            self.lose_messages(element)
            return
        zone = _number(element, "zone")
        name = _NAMES.get(element.tag) or (effort_in_zone(round(zone)) if zone else "Steady")
        target = f"Zone {round(zone)}" if zone else ""
        if element.tag in _RAMPS and len(power) == 2 and power[0] != power[1]:
            # Zwift always cools down, even if the powers are in the wrong order.
            low, high = sorted(power, reverse=True) if element.tag == "cooldown" else power
            target = ramp_words(low, high, "%")
        elif power and element.tag not in ("freeride", "maxeffort"):
            target = range_words(min(power), max(power), "%")
            name = _NAMES.get(element.tag) or effort_at(power[-1])
        exercise = aimed_exercise(name, seconds, [target, self.cadence(element, "cadence")], element.span)
        self.draft.steps.append(exercise)
        for cue in self.messages(element.children, element):
            if cue.ms >= seconds * SECOND:
                self.draft.warn("this message comes after the end of its interval", cue.span)
            else:
                exercise.cues.append(cue)

    def read_intervals(self, element: Element) -> None:
        """A hard and an easy part by turns. Messages count from the first repetition: each goes to its own round."""
        count = _number(element, "repeat")
        if count is None or count < 1:
            self.draft.warn("how often is not said: done once", element.span)
        works = []
        for kind, cadence in (("on", "cadence"), ("off", "cadenceresting")):
            power = self.percents(element, f"{kind}power", f"power{kind}low", f"power{kind}high")
            if not element.get(f"{kind}duration").strip(" 0.") and element.get(
                "onduration" if kind == "off" else "offduration"
            ).strip(" 0."):
                continue
            seconds = self.seconds(element, f"{kind}duration", power)
            if not seconds:
                self.lose_messages(element)
                return
            zone = _number(element, f"power{kind}zone")
            name = effort_at(max(power)) if power else "Hard" if kind == "on" else "Easy"
            name = effort_in_zone(round(zone)) if zone and not power else name
            target = range_words(min(power), max(power), "%") if power else f"Zone {round(zone)}" if zone else ""
            works.append(aimed_exercise(name, seconds, [target, self.cadence(element, cadence)], element.span))
        if len(works) == 2 and works[0].name == works[1].name:
            works[0].name, works[1].name = "On", "Off"
        rounds = Rounds(max(1, round(count or 1)), element.span, [*works])
        self.draft.steps.append(rounds)
        on_ms = works[0].work.low
        for cue in self.messages(element.children, element):
            number, ms = divmod(cue.ms, sum(work.work.low for work in works))
            if number >= rounds.count:
                self.draft.warn("this message comes after the end of its interval", cue.span)
                continue
            is_off = ms >= on_ms
            works[is_off].cues.append(Cue(ms - on_ms * is_off, cue.say, cue.span, number + 1))

    def cadence(self, element: Element, key: str) -> str:
        rpm = [round(number) for each in (key, f"{key}low", f"{key}high") if (number := _number(element, each))]
        return range_words(min(rpm), max(rpm), " rpm") if rpm else ""

    def lose_messages(self, element: Element) -> None:
        """Name the words of a block that is left out."""
        for cue in self.messages(element.children, element):
            self.draft.warn(f"“{cue.say}” is left out with its block", cue.span)

    def messages(self, elements: Sequence[Element], block: Element | None = None) -> list[Cue]:
        """The messages of a block, or of the whole workout."""
        cues: list[Cue] = []
        if block and (words := self.draft.fit_text(block.get("text"), block.span)):
            cues.append(Cue(0, words, block.span))
        for child in elements:
            if child.tag not in _MESSAGES:
                self.skip(child)
                continue
            words = self.draft.fit_text(child.get("message") or child.get("text") or child.text, child.span)
            offset = _number(child, "timeoffset") if child.get("timeoffset") else 0
            if not words:
                continue
            if child.get("distoffset") or offset is None:
                self.draft.warn(f"“{words}” has no moment in time, and is left out", child.span)
            elif cues and cues[-1].ms == round(offset) * SECOND and words[0].islower():
                # One sentence on two lines of the screen.
                cues[-1].say = self.draft.fit_text(f"{cues[-1].say} {words}", child.span)
            else:
                cues.append(Cue(round(offset) * SECOND, words, child.span))
        return cues

    def seconds(self, element: Element, key: str, power: Sequence[int]) -> int:
        """The length, which a run by distance has in metres: at the pace of the threshold and a share of it."""
        length = _number(element, key) or 0
        if self.threshold and length:
            share = sum(power) / len(power) / 100 if any(power) else 1
            metres, length = length, length / 1000 * self.threshold / share
            time = ms_to_text(round(length) * SECOND)
            self.draft.warn(f"{metres:g} m take {time} at the pace of the workout", element.span)
        if not round(length):
            self.draft.warn(f"<{element.name}> has no length of time", element.span)
        return round(length)

    def percents(self, element: Element, only: str, low: str, high: str) -> list[int]:
        """A share of the threshold in percent, or the ends of a range."""
        power = _number(element, only)
        shares = [power] if power is not None else [_number(element, low), _number(element, high)]
        known = [share for share in shares if share is not None]
        if any(share > MAX_SHARE for share in known):
            self.draft.warn(f"a power is a share, such as 0.75; {max(known):g} is taken for percent", element.span)
        return [round(share if share > MAX_SHARE else share * 100) for share in known]


def _works(step: object) -> Iterator[tuple[Exercise, int | None]]:
    """The works of a step in order, each with its round."""
    if isinstance(step, Exercise):
        yield step, None
    elif isinstance(step, Rounds):
        for number in range(1, min(step.count, 1000) + 1):
            yield from ((work, number) for work in step.steps if isinstance(work, Exercise))


def _number(element: Element, key: str) -> float | None:
    return _read_number(element.get(key))


def _read_number(text: str) -> float | None:
    match = _NUMBER.fullmatch(text)
    return float(match[1]) if match else None
