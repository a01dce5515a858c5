"""From a routine to its timeline, whatever the lengths of words come from: expand, fit, arrange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from cuecast.arrange import arrange
from cuecast.arrange.fit import LengthUnreachable, fit
from cuecast.expand import Choices, expand
from cuecast.model.diagnostics import Diagnostic, error, warning
from cuecast.model.duration import ms_to_text
from cuecast.model.routine import Role, Routine
from cuecast.model.script import Script, Utterance, VoiceMap, WorkItem
from cuecast.model.source import Span
from cuecast.model.timeline import Timeline
from cuecast.phrases import Phrases


class Arranged(Struct, frozen=True):
    """A timeline, None where errors prevent it; what was found; and where in their ranges the works were put.

    `utterances` are those whose lengths the timeline stands on, also where they are said nowhere in it.
    """

    timeline: Timeline | None
    faults: tuple[Diagnostic, ...]
    fraction: Fraction | None = None
    utterances: tuple[Utterance, ...] = ()


def voice_map(routine: Routine, language: str, told: Mapping[Role, str]) -> VoiceMap:
    """Who speaks what: as told from outside, else as the routine says, else the language's own voice.

    A main voice that is told takes all roles that are not told themselves.
    """
    written = {} if Role.MAIN in told else {casting.role: casting.voice for casting in routine.cast}
    chosen = {Role.MAIN: default_voice(language), **written, **told}
    main = chosen[Role.MAIN]
    announcements = chosen.get(Role.ANNOUNCEMENTS, main)
    return VoiceMap(main, announcements, chosen.get(Role.COUNTDOWN, announcements))


def default_voice(language: str) -> str:
    """The voice of a routine that names none."""
    return "coach" if language == "en" else f"coach-{language}"


def arrange_to_length(
    routine: Routine,
    phrases: Phrases,
    choices: Choices,
    fit_ms: int | None,
    lengths: Callable[[Utterance], int],
    *,
    estimated: bool = False,
    wake: bool = True,
    at_most: Fraction = Fraction(1),
) -> Arranged:
    """Expand and arrange `routine`; where `fit_ms` or its own `fit` tells a length, with works that give it.

    `at_most` is the largest fraction of their ranges that works may have.
    """
    asked: dict[Utterance, None] = {}

    def remembering(utterance: Utterance) -> int:
        asked[utterance] = None
        return lengths(utterance)

    target = fit_ms or routine.fit_ms
    fraction = None
    if target is not None:
        found = _fitted(routine, phrases, choices, lengths, target, at_most)
        if isinstance(found, tuple):
            return Arranged(None, found)
        if isinstance(found, LengthUnreachable):
            choices = replace(choices, fraction=Fraction(0 if target < found.shortest else 1))
            script, _ = expand(routine, phrases, choices)
            assert script is not None  # faults do not depend on the fraction
            fault = _length_unreachable(script, target, found, None if fit_ms else routine.fit_span, estimated)
            timeline, faults = arrange(script, remembering, estimated=estimated, wake=wake)
            return Arranged(timeline, (*faults, fault), None, tuple(asked))
        fraction = found
    script, faults = expand(routine, phrases, replace(choices, fraction=fraction))
    if script is None:
        return Arranged(None, faults)
    timeline, more = arrange(script, remembering, estimated=estimated, wake=wake, target_ms=target)
    return Arranged(timeline, (*faults, *more), fraction, tuple(asked))


def _fitted(
    routine: Routine,
    phrases: Phrases,
    choices: Choices,
    lengths: Callable[[Utterance], int],
    target: int,
    at_most: Fraction,
) -> Fraction | LengthUnreachable | tuple[Diagnostic, ...]:
    """The place of all works in their ranges, or what keeps them from one."""
    shortest, faults = expand(routine, phrases, replace(choices, fraction=Fraction(0)))
    if shortest is None:
        return faults

    def length(fraction: Fraction) -> int:
        script, _ = expand(routine, phrases, replace(choices, fraction=fraction))
        assert script is not None  # faults do not depend on the fraction
        return arrange(script, lengths, estimated=True, target_ms=target, fill=False)[0].duration

    return fit(length, (item.width_ms for item in _works(shortest)), target, at_most)


def _length_unreachable(
    script: Script, target: int, found: LengthUnreachable, span: Span | None, estimated: bool
) -> Diagnostic:
    """The fault that says how short and how long the track can be; `script` is the nearest to `target`."""
    message = (
        f"the track can't last {ms_to_text(target)}: it comes to {ms_to_text(found.shortest)} at least, "
        f"and to {ms_to_text(found.longest)} at most"
    )
    hint = _what_sets_the_length(script, target < found.shortest)
    if estimated:
        return warning("may-not-fit", f"by an estimate, {message}", span, hint)
    return error("cannot-fit", message, span, hint)


def _what_sets_the_length(script: Script, too_long: bool) -> str:
    """Which steps hold the length where it is."""
    works = _works(script)
    if not any(item.width_ms for item in works):
        return "nothing in it has a range to choose in; write `work: 30s-60s` in `defaults`, or in some exercises"
    if too_long:
        time = Counter[str]()
        for item in works:
            time[item.exercise] += item.work_ms + item.gap.ms
        most = ", ".join(f"{name} ({ms_to_text(ms)})" for name, ms in time.most_common(3))
        return f"most of it is {most}: give shorter ranges, or take something out"
    fixed = list(dict.fromkeys(item.exercise for item in works if not item.width_ms))
    if fixed:
        named = ", ".join(fixed[:4]) + (", …" if len(fixed) > 4 else "")
        return f"these have one length and no range: {named}; write `work: 30s-60s`, or add a step"
    return "give longer ranges, or add a step or a round"


def _works(script: Script) -> list[WorkItem]:
    return [item for item in script.items if isinstance(item, WorkItem)]
