"""Zwift's `.zwo`: a workout as XML, its power as a share of the threshold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import ClassVar

from cuecast.importers.ir import Cue, Draft, Exercise, Rounds, clean, sentence_case
from cuecast.importers.markup import BadMarkup, Element, parse
from cuecast.importers.simplify import finish
from cuecast.importers.target import effort_at, effort_in_zone, range_words
from cuecast.model.duration import SECOND, DurationRange, ms_to_text
from cuecast.model.source import Source
from cuecast.protocols import Imported

_NUMBER = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?)\s*")
_NAMES = {"warmup": "Warm-up", "cooldown": "Cool-down", "ramp": "Ramp", "freeride": "Free ride", "maxeffort": "All out"}
_RAMPS = ("warmup", "cooldown", "ramp")
_MESSAGES = ("textevent", "textnotification")
_ZWIFT_ONLY = re.compile(
    r"author(?:_alias|icon)?|name|description|sporttype|tags|workout|(?:sub)?category(?:index)?|entid|activitysavename"
    r"|painindex|skippable|showcp20|overridehash|ftpoverride|visible(?:aftertime|outsideplan)|workoutlength|workoutplan"
    r"|test_details|durationtype|thresholdsecperkm"
)
"""Elements that only Zwift has a use for: left out without a message."""

_ATTRIBUTES = frozenset(
    [
        "duration",
        "power",
        "powerlow",
        "powerhigh",
        "zone",
        "repeat",
        "onduration",
        "offduration",
        "onpower",
        "offpower",
        "poweronlow",
        "poweronhigh",
        "powerofflow",
        "poweroffhigh",
        "cadence",
        "cadencelow",
        "cadencehigh",
        "cadenceresting",
        "pace",
        "flatroad",
        "message",
        "timeoffset",
    ]
)
"""The attributes of blocks that are read; one that is nearly the same is misspelt."""

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
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.is_in_metres = False
        self.threshold = 0.0

    def read(self, root: Element) -> None:
        """Raises BadMarkup for a file that is not a workout in time."""
        workout = root if root.tag == "workout" else root.first("workout")
        if root.tag not in ("workout_file", "workout") or workout is None:
            raise BadMarkup("there is no <workout> in this file", root.span, "is it a workout of Zwift?")
        kind = root.first("durationtype")
        if kind is not None and clean(kind.text).lower() == "distance":
            self.threshold = _read_number(getattr(root.first("thresholdsecperkm"), "text", "")) or 0
            self.is_in_metres = True
        if self.is_in_metres and not self.threshold:
            assert kind is not None
            hint = "give it lengths of time where you made it, and export it again"
            raise BadMarkup("this workout is measured in distance, which no voice can time", kind.span, hint)
        self.read_head(root)
        for element in workout.children:
            if element.tag not in _MESSAGES:
                self.read_block(element)
        for cue in self.messages([element for element in workout.children if element.tag in _MESSAGES]):
            self.place_by_clock(cue)

    def place_by_clock(self, cue: Cue) -> None:
        """A message of the whole workout goes to the exercise that is done at its moment."""
        start = 0
        for step in self.draft.steps:
            rounds, works = (step.count, step.steps) if isinstance(step, Rounds) else (1, [step])
            for number in range(1, rounds + 1):
                for work in (work for work in works if isinstance(work, Exercise)):
                    if start <= cue.ms < start + work.work.low:
                        work.cues.append(Cue(cue.ms - start, cue.say, cue.span, number if rounds > 1 else None))
                        return
                    start += work.work.low
        self.draft.warn("this message comes after the end of the workout", cue.span)

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
            if not _ZWIFT_ONLY.fullmatch(child.tag):
                self.skip(child)

    def skip(self, element: Element) -> None:
        self.draft.warn(f"<{element.name}> has no counterpart in a routine", element.span)

    def read_block(self, element: Element) -> None:
        for key in element.attributes:
            if key not in _ATTRIBUTES and (closest := get_close_matches(key, _ATTRIBUTES, 1, 0.8)):
                message = f"`{key}` of <{element.name}> is not known, and left out"
                self.draft.warn(message, element.span, f"did you mean `{closest[0]}`?")
        if element.tag == "intervalst":
            self.read_intervals(element)
        elif element.tag in ("steadystate", *_NAMES):
            self.read_steady(element)
        elif element.get("duration"):
            self.draft.warn(f"<{element.name}> is not known; its time and power are kept", element.span)
            self.read_steady(element)
        else:
            self.skip(element)

    def read_steady(self, element: Element) -> None:
        seconds = self.seconds(element, "duration", "power", "powerlow", "powerhigh")
        if seconds is None:
            return
        power = self.percents(element, "power", "powerlow", "powerhigh")
        zone = _number(element, "zone")
        name = _NAMES.get(element.tag) or (effort_in_zone(round(zone)) if zone else "Steady")
        target = f"Zone {round(zone)}" if zone else ""
        if element.tag in ("freeride", "maxeffort"):
            power = []
        if element.tag in _RAMPS and len(power) == 2 and power[0] != power[1]:
            # Zwift always cools down, even if the powers are in the wrong order.
            low, high = sorted(power, reverse=True) if element.tag == "cooldown" else power
            target = f"From {low} to {high}%"
        elif power:
            target = range_words(str(min(power)), str(max(power)), "%")
            name = _NAMES.get(element.tag) or effort_at(power[0] if len(power) != 2 else power[1])
        exercise = self.exercise(element, name, seconds, target, "cadence")
        for cue in self.messages(element.children):
            if cue.ms >= seconds * SECOND:
                self.draft.warn("this message comes after the end of its interval", cue.span)
            else:
                exercise.cues.append(cue)
        self.draft.steps.append(exercise)

    def read_intervals(self, element: Element) -> None:
        count = _number(element, "repeat")
        on = self.seconds(element, "onduration", "onpower", "poweronlow", "poweronhigh")
        off = (
            self.seconds(element, "offduration", "offpower", "powerofflow", "poweroffhigh")
            if element.get("offduration").strip(" 0.")
            else 0
        )
        if on is None or off is None:
            return
        if count is None or count < 1:
            self.draft.warn("how often is not said: done once", element.span)
        works = []
        for kind, seconds, cadence in (("on", on, "cadence"), ("off", off, "cadenceresting")):
            power = self.percents(element, f"{kind}power", f"power{kind}low", f"power{kind}high")
            target = range_words(str(min(power)), str(max(power)), "%") if power else ""
            name = effort_at(max(power)) if power else "Hard" if kind == "on" else "Easy"
            if seconds:
                works.append(self.exercise(element, name, seconds, target, cadence))
        if len(works) == 2 and works[0].name == works[1].name:
            works[0].name, works[1].name = "On", "Off"
        rounds = Rounds(max(1, round(count or 1)), element.span, [*works])
        self.spread_messages(element, rounds.count, works)
        self.draft.steps.append(rounds)

    def spread_messages(self, element: Element, count: int, works: list[Exercise]) -> None:
        """Messages count from the start of the first repetition: each goes to its own round."""
        on_ms = works[0].work.low
        for cue in self.messages(element.children):
            number, ms = divmod(cue.ms, sum(work.work.low for work in works))
            if number >= count:
                self.draft.warn("this message comes after the end of its interval", cue.span)
                continue
            is_off = ms >= on_ms
            works[is_off].cues.append(Cue(ms - on_ms * is_off, cue.say, cue.span, number + 1))

    def exercise(self, element: Element, name: str, seconds: int, target: str, cadence: str) -> Exercise:
        """An exercise whose first words are its target and its cadence."""
        exercise = Exercise(name, element.span, DurationRange(seconds * SECOND, seconds * SECOND))
        rpm = [round(n) for key in (cadence, f"{cadence}low", f"{cadence}high") if (n := _number(element, key))]
        words = [target] if target else []
        if rpm:
            words.append(range_words(str(min(rpm)), str(max(rpm)), " rpm"))
        if words:
            exercise.cues.append(Cue(0, f"{', '.join(words)}.", element.span))
        return exercise

    def messages(self, elements: Sequence[Element]) -> list[Cue]:
        cues: list[Cue] = []
        for child in elements:
            if child.tag not in _MESSAGES:
                self.skip(child)
                continue
            words = self.draft.fit_text(child.get("message") or child.get("text") or child.text, child.span)
            offset = _number(child, "timeoffset") if child.get("timeoffset") else 0
            if not words:
                continue
            if child.get("distoffset") or offset is None:
                self.draft.warn("this message has no moment in time", child.span)
            elif cues and cues[-1].ms == round(offset) * SECOND and words[0].islower():
                # One sentence on two lines of the screen.
                cues[-1].say = self.draft.fit_text(f"{cues[-1].say} {words}", child.span)
            else:
                cues.append(Cue(round(offset) * SECOND, words, child.span))
        return cues

    def seconds(self, element: Element, key: str, *powers: str) -> int | None:
        """The length, which a run by distance has in metres: at the pace of the threshold and a share of it."""
        length = _number(element, key) or 0
        if self.is_in_metres and length:
            share = (
                sum(shares) / len(shares) / 100 if (shares := self.percents(element, *powers)) and any(shares) else 1
            )
            metres, length = length, length / 1000 * self.threshold / share
            self.draft.warn(
                f"{metres:g} m take {ms_to_text(round(length) * SECOND)} at the pace of the workout", element.span
            )
        seconds = round(length)
        if seconds < 1:
            self.draft.warn(f"<{element.name}> has no length of time", element.span)
        return seconds or None

    def percents(self, element: Element, only: str, low: str, high: str) -> list[int]:
        """A share of the threshold in percent, or the ends of a range."""
        power = _number(element, only)
        shares = [power] if power is not None else [_number(element, low), _number(element, high)]
        return [round(share * 100) for share in shares if share is not None]


def _number(element: Element, key: str) -> float | None:
    return _read_number(element.get(key))


def _read_number(text: str) -> float | None:
    match = _NUMBER.fullmatch(text)
    return float(match[1]) if match else None
