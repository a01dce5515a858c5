"""JSON of timer apps whose fields are public: OpenHIIT, Just Another Workout Timer, Timer Machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from cuecast.importers.ir import Cue, Draft, Exercise, Rest, Rounds, Step, sentence_case
from cuecast.importers.simplify import finish
from cuecast.model.duration import SECOND, DurationRange
from cuecast.model.source import Source
from cuecast.protocols import Imported

_REST = re.compile(r"(?:rest|break|pause|recover(?:y)?|descanso|pausa|ruhe|erholung|verschnaufen)\W*", re.IGNORECASE)
_Fields = Mapping[str, Any]
MAX_DEPTH = 8


class Apps:
    """The timer of a file is the routine; of a backup with several, it is the first."""

    name: ClassVar[str] = "apps"
    suffixes: ClassVar[tuple[str, ...]] = (".json",)

    def recognises(self, name: str, text: str) -> bool:
        """By the fields of its first object."""
        return any(True for _ in _timers(_parse(text)))

    def convert(self, source: Source) -> Imported:
        """The first timer as a routine with `transition: 0s`, because an app goes on at once."""
        draft = Draft(source, transition=0)
        timers = list(_timers(_parse(source.text)))
        if not timers:
            draft.refuse("this JSON is not of an app that cuecast knows", draft.start)
            return finish(draft)
        timer, read = timers[0]
        draft.title = sentence_case(draft.fit_text(str(timer.get("title") or timer.get("name") or ""), draft.start))
        draft.steps = list(read(_Reader(draft), timer))
        if left_out := sorted(set(_left_out(timer))):
            words = ", ".join(left_out[:20]) + (" …" if len(left_out) > 20 else "")
            draft.note(f"left out, because a routine has no use for it: {words}", draft.start)
        if others := [str(other.get("title") or other.get("name")) for other, _ in timers[1:]]:
            names = ", ".join(others[:20])
            draft.warn(f"only the first of {len(timers)} timers is imported; the others: {names}", draft.start)
        return finish(draft)


def _parse(text: str) -> object:
    try:
        return json.loads(text) if text.lstrip()[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None


def _timers(value: object) -> Iterator[tuple[_Fields, Callable[[_Reader, _Fields], Iterator[Step]]]]:
    """All timers in a value, each with the function that reads it; lists and backups hold several."""
    if isinstance(value, list):
        for item in value:
            yield from _timers(item)
    elif isinstance(value, dict):
        fields = {key: _unpacked(each) for key, each in value.items()}
        for names, read in _FORMATS:
            if all(isinstance(fields.get(name), kind) for name, kind in names.items()):
                yield fields, read
                return
        for each in fields.values():
            if isinstance(each, list):
                yield from _timers(each)


def _left_out(value: object) -> Iterator[str]:
    """What of a timer is not read: `getReadyTime 10`, `soundSettings`, `music`."""
    if isinstance(value, list):
        for each in value:
            yield from _left_out(each)
    if not isinstance(value, dict):
        return
    behaviour = str(value.get("type") or "").lower()
    if behaviour not in ("", "voice") and "label" not in value:
        yield f"the {behaviour} of a step"
        return
    for key, each in value.items():
        if key in _READ:
            yield from _left_out(_unpacked(each))
        elif each and key.lower() not in _OF_THE_APP:
            yield f"{key} {each}" if isinstance(each, int | float) and not isinstance(each, bool) else str(key)


def _unpacked(value: object) -> object:
    """A value that is JSON inside a string."""
    parsed = _parse(value) if isinstance(value, str) else None
    return value if parsed is None else parsed


class _Reader:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def open_hiit(self, timer: _Fields) -> Iterator[Step]:
        """Works of one length with rests between them; a break between the rounds."""
        times: _Fields = timer.get("timeSettings", timer)
        names = timer.get("activities") or timer.get("exercises") or []
        count = _whole(timer, "activeIntervals") or _whole(timer, "numExercises") or len(names)
        work = _whole(times, "workTime") or _whole(times, "exerciseTime")
        rest, warm_up = _whole(times, "restTime"), _whole(times, "warmupTime")
        yield from self.timed("Warm-up", warm_up)
        yield from self.timed("Rest", rest if warm_up else 0)
        steps: list[Step] = []
        for index in range(min(count, 1000)):
            steps += self.timed("Rest", rest if index else 0)
            steps += self.timed(str(names[index]) if index < len(names) else "Work", work)
        repeats = max(_whole(timer, "restarts"), _whole(timer, "iterations"))
        between = (_whole(times, "breakTime") or rest) * SECOND
        yield Rounds(repeats + 1, self.draft.start, steps, rest=between if repeats and between else None)
        yield from self.timed("Cool-down", _whole(times, "cooldownTime"))

    def workout_timer(self, timer: _Fields) -> Iterator[Step]:
        """Sets of exercises, each repeated."""
        for each in _objects(timer["sets"]):
            steps = [
                step
                for exercise in _objects(each.get("exercises"))
                for step in self.timed(str(exercise.get("name") or ""), _whole(exercise, "duration"))
            ]
            comments = [str(each["name"])] if each.get("name") else []
            yield Rounds(max(1, _whole(each, "repetitions")), self.draft.start, steps, comments=comments)

    def timer_machine(self, timer: _Fields, depth: int = 0) -> Iterator[Step]:
        """Steps and groups of them in a loop; what a step says is a cue at its start."""
        inner: list[Step] = []
        for step in _objects(timer["steps"]):
            if isinstance(step.get("steps"), list):
                if depth < MAX_DEPTH:
                    inner += self.timer_machine(step, depth + 1)
                continue
            behaviours = _objects(step.get("behaviour"))
            words = [b.get("content") or b.get("str1") for b in behaviours if str(b.get("type")).lower() == "voice"]
            inner += self.timed(str(step.get("label") or ""), round(_whole(step, "length") / SECOND), words)
        comments = [str(timer["name"])] if depth and timer.get("name") else []
        start, end = (_objects([timer.get(key)]) for key in ("startStep", "endStep"))
        yield from self.timer_machine({"steps": start}) if start else ()
        yield Rounds(max(1, _whole(timer, "loop")), self.draft.start, inner, comments=comments)
        yield from self.timer_machine({"steps": end}) if end else ()

    def timed(self, name: str, seconds: int, words: list[Any] | None = None) -> list[Step]:
        """An exercise of so many seconds, or a rest if that is its name; nothing for no seconds."""
        draft = self.draft
        if seconds <= 0:
            if name not in ("Rest", "Warm-up", "Cool-down"):
                draft.warn(f"“{draft.fit_text(name, draft.start)}” has no length of time", draft.start)
            return []
        if _REST.fullmatch(name) and not words:
            return [Rest(seconds * SECOND, draft.start)]
        ms = seconds * SECOND
        title = sentence_case(draft.fit_text(name, draft.start)) or "Work"
        exercise = Exercise(title, draft.start, DurationRange(ms, ms))
        for text in words or []:
            say = draft.fit_text(str(text or ""), draft.start)
            if "{" in say or "$" in say:
                draft.warn(f"“{say}” has fields that only the app can fill", draft.start)
            elif say:
                exercise.cues.append(Cue(0, say, draft.start))
        return [exercise]


_FORMATS: tuple[tuple[Mapping[str, Any], Callable[[_Reader, _Fields], Iterator[Step]]], ...] = (
    ({"sets": list, "title": str}, _Reader.workout_timer),
    ({"timeSettings": dict, "activities": list}, _Reader.open_hiit),
    ({"exercises": list, "exerciseTime": int, "title": str}, _Reader.open_hiit),
    ({"steps": list, "loop": int, "name": str}, _Reader.timer_machine),
)
"""The fields by which a timer of each app is recognised, and what reads it."""


_READ = frozenset(
    """title name sets repetitions exercises duration activities activeIntervals numExercises restarts iterations
    timeSettings workTime exerciseTime restTime breakTime warmupTime cooldownTime steps loop label length behaviour
    type content str1 startStep endStep""".split()  # noqa: SIM905
)
"""The fields that are read; what stands inside others is left out with them."""

_OF_THE_APP = frozenset("id version index position timerorder folderid color showminutes more".split())  # noqa: SIM905
"""Fields that say nothing of the workout."""


def _objects(value: object) -> list[_Fields]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _whole(fields: _Fields, key: str) -> int:
    """A whole number; 0 if it is none, or not of this world."""
    value = fields.get(key)
    return round(value) if isinstance(value, int | float) and 0 <= value < 1e8 else 0
