"""Steps, and the routine that they make up."""

from __future__ import annotations

from pathlib import PurePath
from types import MappingProxyType

from cuecast.diagnostics import Diagnostic, nearest
from cuecast.duration import DurationRange
from cuecast.keys import DEFAULTS, ROUTINE, STEPS, VOLUME, WANTED, Kind, Place
from cuecast.read.build import Nested, Reader, Values
from cuecast.read.cues import read_cues
from cuecast.read.slot import Slot
from cuecast.read.tree import Broken, Mapping, Node, Scalar, Sequence
from cuecast.read.words import shown
from cuecast.routine import (
    Announce,
    Countdown,
    Exercise,
    Pause,
    Rest,
    Rounds,
    Routine,
    Say,
    Settings,
    Step,
    Text,
    Volume,
)
from cuecast.source import Source, Span


def read_routine(root: Node, source: Source) -> tuple[Routine | None, list[Diagnostic]]:
    """The routine of a tree, as far as it is sound, and what is wrong with it."""
    reader = Reader(_NESTED)
    if isinstance(root, Broken):
        return None, []
    if not isinstance(root, Mapping):
        what = "a list" if isinstance(root, Sequence) else "plain text"
        hint = "a routine begins with a line such as `title: My routine`; its list stands below `steps:`"
        reader.fault("wrong-type", f"this file is {what}, not a routine", root.span, hint)
        return None, reader.faults
    first = root.pairs[0][0].span if root.pairs else root.span
    values = reader.mapping(root, ROUTINE, first)
    title, steps = values.get("title", str), values.get("steps", tuple)
    if title is None or steps is None:
        return None, reader.faults
    routine = Routine(
        name=PurePath(source.name).stem,
        title=title,
        steps=steps,
        source=source,
        summary=values.get("summary", str),
        language=values.get("language", str) or "en",
        language_span=values.spans.get("language"),
        voice=values.get("voice", str),
        voice_span=values.spans.get("voice"),
        volume=values.get("volume", Volume) or Volume(),
        defaults=values.get("defaults", Settings) or Settings(),
    )
    return routine, reader.faults


def _settings(reader: Reader, slot: Slot) -> Settings | None:
    values = reader.keys_of(slot, DEFAULTS)
    return _settings_of(values) if values else None


def _settings_of(values: Values) -> Settings:
    return Settings(
        work=values.get("work", DurationRange),
        transition=values.get("transition", int),
        switch=values.get("switch", int),
        countdown=values.get("countdown", Countdown),
        announce=values.get("announce", Announce),
        beeps=values.get("beeps", tuple),
    )


def _volume(reader: Reader, slot: Slot) -> Volume | None:
    values = reader.keys_of(slot, VOLUME)
    if values is None:
        return None
    gains = [values.get(key.name, float) or 0.0 for key in VOLUME.keys]
    voice, tones = (None if gain == float("-inf") else gain for gain in gains)
    return Volume(voice, tones)


def _steps(reader: Reader, slot: Slot) -> tuple[Step, ...] | None:
    node = slot.node
    if isinstance(node, Sequence):
        if not node.items and not node.is_cut:
            reader.fault("missing-value", "`steps` is an empty list", slot.span, slot.example)
            return None
        steps = [reader.once(item, ("step", ""), lambda item=item: _step(reader, item)) for item in node.items]  # type: ignore[misc]
        return tuple(step for step in steps if isinstance(step, Step))
    if isinstance(node, Mapping):
        hint = "begin each step with `- `: `- exercise: Calves`"
        reader.fault("wrong-type", f"`steps` wants {WANTED[Kind.STEPS]}", node.span, hint)
    elif scalar := slot.scalar():
        slot.refuse(scalar, slot.example)
    return None


def _step(reader: Reader, node: Node) -> Step | None:
    if isinstance(node, Mapping):
        place, span = _place_of(reader, node)
        if place is None:
            return None
        return _make(place, reader.mapping(node, place, span))
    if isinstance(node, Scalar):
        word = node.words.split(maxsplit=1)[0].rstrip(":") if node.words.strip() else ""
        near = nearest(word, STEPS)
        hint = f"write `- {STEPS[near].keys[0].example}`" if near else "write `- exercise: Calves`, for example"
        message = f"`{shown(node.words)}` is not a step" if word else "this step is empty"
        reader.fault("wrong-type" if word else "missing-value", message, node.span, hint)
    elif isinstance(node, Sequence):
        reader.fault("wrong-type", "a list stands where a step is wanted", node.span, "one `- ` begins a step")
    return None


def _place_of(reader: Reader, node: Mapping) -> tuple[Place | None, Span]:
    """Which step it is: the one whose key it has. The span is that key's."""
    spans = {key.words: key.span for key, _ in reversed(node.pairs) if isinstance(key, Scalar)}
    start = node.pairs[0][0].span if node.pairs else node.span
    written = [name for name in STEPS if name in spans]
    # `rounds` has a key `rest` of its own: a step takes in what is among its keys.
    leading = [name for name in written if all(STEPS[name].key(other) for other in written)]
    if leading:
        return STEPS[leading[0]], spans[leading[0]]
    if written:
        first, second, *_ = sorted(written, key=lambda name: (spans[name].line, spans[name].column))
        message = f"`{first}` and `{second}` are two steps, and stand in one entry"
        reader.fault("one-step", message, spans[second], f"begin an entry of its own: `- {second}: …`")
        return None, start
    for name, span in spans.items():
        near = nearest(name, STEPS)
        if near and not any(place.key(name) for place in STEPS.values()):
            return STEPS[near], span
    if not node.is_cut and not any(isinstance(key, Broken) for key, _ in node.pairs):
        _not_a_step(reader, list(spans), start)
    return None, start


def _not_a_step(reader: Reader, names: list[str], span: Span) -> None:
    home = next((place for place in STEPS.values() if any(place.key(name) for name in names)), None)
    known = next((name for name in names if home and home.key(name)), None)
    if home and known:
        hint = f"if `{known}` belongs to the `{home.name}` above, write it without the `- `, in line with `{home.name}`"
    else:
        hint = "a step is one of " + ", ".join(f"`{name}`" for name in STEPS)
    what = f"`{shown(names[0])}` is not a step" if names else "this is not a step"
    reader.fault("one-step", what, span, hint)


def _make(place: Place, values: Values) -> Step | None:
    """The step of these values; None where what it cannot be without is missing or not sound."""
    span, main = values.span, values.values.get(place.name)
    match place.name, main:
        case "say", Text():
            return Say(main, span, values.get("for", int) or 0)
        case "pause", int():
            return Pause(main, span)
        case "rest", int():
            return Rest(main, span)
        case "exercise", Text():
            return Exercise(
                name=main,
                span=span,
                sides=values.get("sides", tuple) or (),
                setup=values.get("setup", Text),
                cues=values.get("cues", tuple) or (),
                counted=values.get("counted", bool) is not False,
                settings=_settings_of(values),
            )
        case "rounds", int():
            steps = values.get("steps", tuple)
            return Rounds(main, steps, span, values.get("rest", int)) if steps else None
    return None


_NESTED: Nested = MappingProxyType(
    {Kind.CUES: read_cues, Kind.SETTINGS: _settings, Kind.VOLUME: _volume, Kind.STEPS: _steps}
)
