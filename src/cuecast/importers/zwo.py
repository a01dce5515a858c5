"""Zwift's `.zwo`: a workout as XML, its power as a share of the threshold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from cuecast.importers.intensity import effort, span_words, zone_effort
from cuecast.importers.ir import Cue, Draft, Exercise, Rounds, Step, clean, sentence_case
from cuecast.importers.markup import BadMarkup, Element, parse
from cuecast.importers.simplify import finish
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.duration import SECOND, DurationRange
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported

_NUMBER = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?)\s*")
_NAMES = {"warmup": "Warm-up", "cooldown": "Cool-down", "ramp": "Ramp", "freeride": "Free ride", "maxeffort": "All out"}
_MESSAGES = ("textevent", "textnotification")
_SILENT = re.compile(
    r"author(?:_alias|icon)?|name|description|sporttype|tags|workout|(?:sub)?category(?:index)?|entid|activitysavename"
    r"|painindex|skippable|showcp20|overridehash|ftpoverride|visible(?:aftertime|outsideplan)|workoutlength|workoutplan"
    r"|test_details|durationtype|thresholdsecperkm"
)
"""What only Zwift has a use for: left out without a word."""

SUMMARY = 160
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
        try:
            root = parse(source)
        except BadMarkup as fault:
            return Imported("", (error("bad-import", str(fault), fault.span, fault.hint),))
        return _Workout(source, root).routine()


class _Workout:
    def __init__(self, source: Source, root: Element) -> None:
        self.root = root
        self.draft = Draft(source, transition=0)

    def routine(self) -> Imported:
        draft, root = self.draft, self.root
        workout = root if root.tag == "workout" else root.first("workout")
        if root.tag not in ("workout_file", "workout") or workout is None:
            return self.refused("there is no <workout> in this file", root.span, "is it a workout of Zwift?")
        kind = root.first("durationtype")
        if kind is not None and clean(kind.text).lower() == "distance":
            return self.refused(
                "this workout is measured in distance, which no voice can time",
                kind.span,
                "give it lengths of time where you made it, and export it again",
            )
        self.head()
        for element in workout.children:
            self.block(element)
        return finish(draft)

    def refused(self, message: str, span: Span, hint: str) -> Imported:
        fault: Diagnostic = error("bad-import", message, span, hint)
        return Imported("", (fault,))

    def head(self) -> None:
        """Title, summary, author; what only Zwift has a use for is passed over."""
        draft = self.draft
        found = {tag: self.root.first(tag) for tag in ("name", "description", "author")}
        if found["name"] is not None:
            draft.title = sentence_case(draft.words(found["name"].text, found["name"].span))
        if found["description"] is not None:
            words = clean(found["description"].text)
            if len(words) > SUMMARY:
                first = re.match(rf".{{1,{SUMMARY}}}?[.!?](?=\s)", words)
                draft.remarks.append(words)
                words = first[0] if first else ""
            draft.summary = words
        if found["author"] is not None and (author := clean(found["author"].text)):
            draft.remarks.insert(0, f"A workout by {author}, from Zwift.")
        for child in self.root.children:
            if not _SILENT.fullmatch(child.tag) and self.root.tag == "workout_file":
                draft.lost(f"<{child.name}> has no counterpart in a routine", child.span)

    def block(self, element: Element) -> None:
        if element.tag == "intervalst":
            step: Step | None = self.intervals(element)
        elif element.tag in ("steadystate", *_NAMES):
            step = self.steady(element)
        elif element.get("duration"):
            self.draft.lost(f"<{element.name}> is not known; its time and power are kept", element.span)
            step = self.steady(element)
        elif element.tag in _MESSAGES:
            step = None
            self.draft.lost("this message stands outside of all intervals", element.span)
        else:
            step = None
            self.draft.lost(f"<{element.name}> has no counterpart in a routine", element.span)
        if step is not None:
            self.draft.steps.append(step)

    def steady(self, element: Element) -> Exercise | None:
        work = self.seconds(element, "duration")
        if work is None:
            return None
        low, high = self.percent(element, "powerlow"), self.percent(element, "powerhigh")
        power = self.percent(element, "power")
        if element.tag == "cooldown" and low is not None and high is not None and low < high:
            low, high = high, low  # Zwift always cools down, whichever way round it was written
        target = ""
        if element.tag in ("warmup", "cooldown", "ramp") and low is not None and high is not None and low != high:
            target = f"From {low} to {high}%"
        elif power is not None or low is not None or high is not None:
            ends = sorted({each for each in (power,) if each is not None} or {e for e in (low, high) if e is not None})
            target = span_words(str(ends[0]), str(ends[-1]), "%")
        shown = power if power is not None else high if high is not None else low
        name = _NAMES.get(element.tag) or ("Steady" if shown is None else effort(shown))
        if element.tag in ("freeride", "maxeffort"):
            target = ""
        if zone := self.number(element, "zone"):
            name = zone_effort(round(zone))
            target = f"Zone {round(zone)}"
        exercise = self.exercise(element, name, work, target, self.cadence(element, "cadence"))
        for cue in self.messages(element):
            if cue.ms >= work * SECOND:
                self.draft.lost("this message comes after the end of its interval", cue.span)
            else:
                exercise.cues.append(cue)
        return exercise

    def intervals(self, element: Element) -> Step | None:
        on, off = self.seconds(element, "onduration"), self.seconds(element, "offduration", optional=True)
        count = self.number(element, "repeat")
        if on is None or off is None:
            return None
        if count is None or count < 1:
            self.draft.lost("how often is not said: done once", element.span)
        rounds = Rounds(max(1, round(count or 1)), element.span)
        names: list[str] = []
        for kind, seconds in (("on", on), ("off", off)):
            power = self.percent(element, f"{kind}power")
            low, high = self.percent(element, f"power{kind}low"), self.percent(element, f"power{kind}high")
            ends = [each for each in (power, low, high) if each is not None]
            target = span_words(str(min(ends)), str(max(ends)), "%") if ends else ""
            names.append(effort(max(ends)) if ends else "Hard" if kind == "on" else "Easy")
            cadence = self.cadence(element, "cadence" if kind == "on" else "cadenceresting")
            if seconds:
                rounds.steps.append(self.exercise(element, names[-1], seconds, target, cadence))
        works = [step for step in rounds.steps if isinstance(step, Exercise)]
        if len(works) == 2 and names[0] == names[1]:
            works[0].name, works[1].name = "On", "Off"
        self.spread(element, works, (on, off), rounds.count)
        return rounds

    def spread(self, element: Element, works: Sequence[Exercise], lengths: tuple[int, int], count: int) -> None:
        """Messages count from the start of the first repetition: each goes to its own round."""
        whole = sum(lengths) * SECOND
        for cue in self.messages(element):
            number, at = divmod(cue.ms, whole)
            if number >= count:
                self.draft.lost("this message comes after the end of its interval", cue.span)
                continue
            is_off = at >= lengths[0] * SECOND
            work = works[1] if is_off else works[0]
            work.cues.append(Cue(at - lengths[0] * SECOND * is_off, cue.say, cue.span, number + 1))

    def exercise(self, element: Element, name: str, seconds: int, target: str, cadence: str) -> Exercise:
        work = DurationRange(seconds * SECOND, seconds * SECOND)
        exercise = Exercise(name, element.span, work)
        words = ", ".join(part for part in (target, cadence) if part)
        if words:
            exercise.cues.append(Cue(0, f"{words}.", element.span))
        return exercise

    def messages(self, element: Element) -> list[Cue]:
        cues: list[Cue] = []
        for child in element.children:
            if child.tag not in _MESSAGES:
                self.draft.lost(f"<{child.name}> has no counterpart in a routine", child.span)
                continue
            words = self.draft.words(child.get("message") or child.get("text") or child.text, child.span)
            offset = _NUMBER.fullmatch(child.get("timeoffset") or "0")
            if not words:
                continue
            if child.get("distoffset") or offset is None:
                self.draft.lost("this message has no moment in time", child.span)
                continue
            ms = round(float(offset[1])) * SECOND
            if cues and cues[-1].ms == ms and words[0].islower():
                # A sentence on two lines of the screen.
                cues[-1].say = self.draft.words(f"{cues[-1].say} {words}", child.span)
            else:
                cues.append(Cue(ms, words, child.span))
        return cues

    def cadence(self, element: Element, key: str) -> str:
        told = self.number(element, key)
        low, high = (self.number(element, key + end) for end in ("low", "high"))
        ends = [round(each) for each in (told, low, high) if each]
        return span_words(str(min(ends)), str(max(ends)), " rpm") if ends else ""

    def seconds(self, element: Element, key: str, *, optional: bool = False) -> int | None:
        told = self.number(element, key)
        if told is None or (not optional and round(told) < 1):
            if optional and not element.get(key):
                return 0
            self.draft.lost(f"<{element.name}> has no length of time", element.span)
            return None
        return round(told)

    def percent(self, element: Element, key: str) -> int | None:
        told = self.number(element, key)
        return None if told is None else round(told * 100)

    def number(self, element: Element, key: str) -> float | None:
        match = _NUMBER.fullmatch(element.get(key))
        return float(match[1]) if match else None
