"""Workouts in the FIT files of Garmin, Wahoo and others; the extra `garmin` has the library that reads them."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, ClassVar

from cuecast.importers.docx import BadDocument
from cuecast.importers.effort import aimed_exercise, effort_at, effort_in_zone, range_words
from cuecast.importers.ir import Cue, Draft, Rest, Rounds, Step, clean, line_span, sentence_case
from cuecast.importers.simplify import finish
from cuecast.model.duration import SECOND, ms_to_text
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported
from cuecast.versions import install_command

SECONDS_A_REP = 3
"""How long a repetition takes, as in notes."""

_FIRST_LINE = '{"fit": '
_NAMES = {"warmup": "Warm-up", "cooldown": "Cool-down", "recovery": "Recovery", "rest": "Rest", "interval": "Hard"}
_ENDS = {"open": "when the lap button is pressed", "distance": "by distance", "reps": "by repetitions"}
_ZONES = {"target_power_zone": "Zone", "target_hr_zone": "Heart rate zone", "target_speed_zone": "Pace zone"}


def fit_lines(data: bytes) -> str:
    """The workout of a FIT file as text, a JSON object on each line. Raises BadDocument."""
    try:
        fitdecode = import_module("fitdecode")
    except ImportError:
        hint = install_command("cuecast[garmin]")
        raise BadDocument("this is a FIT file; the library that reads it is not installed", hint) from None
    lines: list[dict[str, Any]] = []
    try:
        with fitdecode.FitReader(data, check_crc=fitdecode.CrcCheck.DISABLED) as reader:
            for frame in reader:
                if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name in ("workout", "workout_step"):
                    fields = {each.name: each.value for each in frame.fields if each.value is not None}
                    exercise = f"{fields.get('exercise_category')}_exercise_name"
                    if names := getattr(fitdecode.profile.FIELD_TYPES.get(exercise), "enum", None):
                        fields["exercise_name"] = names.get(fields.get("exercise_name"), fields["exercise_category"])
                    lines.append({"fit": frame.name, **fields})
    except Exception as fault:  # the library raises what it likes
        raise BadDocument(f"this FIT file can't be read: {fault}", "export it again from where it comes") from fault
    if not any(line["fit"] == "workout_step" for line in lines):
        hint = "export the planned workout, not the activity that was recorded"
        raise BadDocument("there is no workout in this FIT file", hint)
    return "\n".join(json.dumps(line, default=str, ensure_ascii=False) for line in lines)


class Fit:
    """Steps become exercises, their targets the first words; repeats become rounds."""

    name: ClassVar[str] = "fit"
    suffixes: ClassVar[tuple[str, ...]] = (".fit",)

    def recognises(self, name: str, text: str) -> bool:
        """By what `fit_lines` writes."""
        return text.startswith(_FIRST_LINE)

    def convert(self, source: Source) -> Imported:
        """The workout as a routine with `transition: 0s`."""
        draft = Draft(source, transition=0)
        starts: list[int] = []
        """Where in `draft.steps` each step of the file begins, for repeats that go back to one."""
        for number, line in enumerate(source.text.splitlines(), 1):
            try:
                fields = json.loads(line)
            except (ValueError, RecursionError):
                fields = None
            span = line_span(source, number, line)
            if not isinstance(fields, dict):
                draft.warn("this line is not a message of a FIT file", span)
            elif fields.get("fit") == "workout":
                draft.title = sentence_case(draft.fit_text(str(fields.get("wkt_name") or ""), span))
            else:
                starts.append(len(draft.steps))
                _read_step(draft, fields, starts, span)
        return finish(draft)


def _read_step(draft: Draft, fields: dict[str, Any], starts: list[int], span: Span) -> None:
    kind = fields.get("duration_type")
    if kind == "repeat_until_steps_cmplt":
        first, count = _number(fields, "duration_step"), _number(fields, "repeat_steps")
        if first is None or count is None or not 0 <= first < len(starts) - 1:
            draft.warn("what this repeats is not in the file", span)
            return
        start = starts[int(first)]
        starts[int(first) + 1 :] = [start] * (len(starts) - int(first) - 1)
        draft.steps[start:] = [Rounds(max(1, min(int(count), 999)), span, draft.steps[start:])]
        return
    words = draft.fit_text(str(fields.get("wkt_step_name") or _exercise_name(fields)), span)
    seconds = _seconds(draft, fields, span)
    if not seconds or not 1 <= seconds < 1e6:
        about = words or fields.get("intensity")
        notes = clean(f"{fields.get('notes') or ''} {_target(fields)[0]}")
        ends = _ENDS.get(str(kind), f"by {str(kind).replace('_', ' ')}")
        message = f"a step “{about}” ends {ends}, which has no length of time{notes and f': {notes}'}"
        draft.warn(message, span)
        return
    draft.steps.append(_step(draft, fields, words, round(seconds), span))


def _exercise_name(fields: dict[str, Any]) -> str:
    """The exercise of a step of strength training: `goblet_squat` is `Goblet squat`."""
    name = fields.get("exercise_name")
    return sentence_case(
        str(name if isinstance(name, str) else fields.get("exercise_category") or "").replace("_", " ")
    )


def _seconds(draft: Draft, fields: dict[str, Any], span: Span) -> float | None:
    """The length of a step: a distance takes as long as its speed says, repetitions 3 seconds each."""
    metres, reps = _number(fields, "duration_distance"), _number(fields, "duration_reps")
    low, high = (_number(fields, f"custom_target_speed_{end}") for end in ("low", "high"))
    if metres and low and high:
        seconds = 2 * metres / (low + high)
        draft.warn(f"{metres:g} m take {ms_to_text(round(seconds) * SECOND)} at the speed of this step", span)
        return seconds
    if reps:
        message = f"{reps:g} reps have no length of time; {SECONDS_A_REP * reps:g}s is a guess, at {SECONDS_A_REP} seconds each"
        draft.warn(message, span, "put your own time in")
        return SECONDS_A_REP * reps
    return _number(fields, "duration_time")


def _step(draft: Draft, fields: dict[str, Any], words: str, seconds: int, span: Span) -> Step:
    target, effort = _target(fields)
    intensity = str(fields.get("intensity"))
    if intensity == "rest" and not words and not target:
        return Rest(seconds * SECOND, span)
    reps = _number(fields, "duration_reps")
    aims = [f"{reps:g} reps" if reps else "", target]
    exercise = aimed_exercise(sentence_case(words) or _NAMES.get(intensity, effort), seconds, aims, span)
    if notes := draft.fit_text(str(fields.get("notes") or ""), span):
        exercise.cues.append(Cue(0, notes, span))
    return exercise


def _target(fields: dict[str, Any]) -> tuple[str, str]:
    """The target in words, and a name for how hard it is."""
    for key, name in _ZONES.items():
        if zone := _number(fields, key):
            return f"{name} {zone:g}", effort_in_zone(round(zone))
    for key, offset, unit, share in (
        ("power", 1000, " watts", "%"),
        ("heart_rate", 100, " beats a minute", "% heart rate"),
    ):
        low, high = (_number(fields, f"custom_target_{key}_{end}") for end in ("low", "high"))
        if low and high:
            absolute = high > offset
            low, high = (value - offset if absolute else value for value in (low, high))
            words = range_words(f"{low:g}", f"{high:g}", unit if absolute else share)
            return words, words if absolute else effort_at(high)
    low, high = (_number(fields, f"custom_target_speed_{end}") for end in ("low", "high"))
    if low and high:
        return range_words(f"{low * 3.6:.1f}", f"{high * 3.6:.1f}", " kilometres an hour"), "On pace"
    low, high = (_number(fields, f"custom_target_cadence_{end}") for end in ("low", "high"))
    return (range_words(f"{low:g}", f"{high:g}", " rpm"), "Steady") if low and high else ("", "Steady")


def _number(fields: dict[str, Any], key: str) -> float | None:
    value = fields.get(key)
    return value if isinstance(value, int | float) and abs(value) < 1e9 else None
