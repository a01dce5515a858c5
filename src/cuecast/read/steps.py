"""Routines and their steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import PurePath
from typing import Any, TypeVar

from msgspec.structs import replace

from cuecast.model import field_types as types
from cuecast.model.custom_tone import SOUND
from cuecast.model.diagnostics import nearest
from cuecast.model.duration import DurationRange
from cuecast.model.keys import KeySet
from cuecast.model.music import GENERATED_NAMES, MusicSetting
from cuecast.model.routine import Pause, Rest, Rounds, Routine, Say, Section, Settings, Step, Text, Volume
from cuecast.model.source import Span
from cuecast.protocols import LoadedFile
from cuecast.read.exercises import LibraryExercise, check_language, exercise_of, read_file, used_exercise
from cuecast.read.field_context import FieldContext, parses_keys
from cuecast.read.files import MAX_NESTING, Files
from cuecast.read.reader import KeyValues, Reader
from cuecast.read.schema import ROUTINE, STEPS, VOLUME, WORDS
from cuecast.read.tones import load_sound
from cuecast.read.yaml.nodes import Mapping, Node, Scalar, Sequence, Unreadable
from cuecast.read.yaml.pitfalls import plain_pitfall, quote, shown

T = TypeVar("T")

_INCLUDED = replace(
    ROUTINE, title="an included file", keys=tuple(replace(key, required=key.name == "steps") for key in ROUTINE.keys)
)

_ROOT = "a routine begins with a line such as `title: My routine`; its list is below `steps:`"


def read_routine(files: Files, name: str, data: bytes) -> Routine | None:
    """The routine of a file, None if it lacks what it needs; errors are reported to `files`."""
    reader = Reader(files, name)
    root = reader.root(data, "a routine", _ROOT)
    if root is None:
        return None
    files.chain.append(name)
    values = _values(reader, root)
    if "title" not in values.values or "steps" not in values.values:
        return None
    return Routine(
        name=PurePath(name).stem,
        source=files.sources[name],
        language_span=values.spans.get("language"),
        cast=values.get("voice", tuple) or (),
        fit_ms=values.get("fit", int),
        fit_span=values.spans.get("fit"),
        **values.of_fields(Routine),
    )


def read_library_exercise(files: Files, name: str, data: bytes) -> LibraryExercise | None:
    """The exercise of a file of the library."""
    return read_file(Reader(files, name), data)


def _values(reader: Reader, root: Mapping, may_lack: bool = False) -> KeyValues:
    """The values of a routine's file over those of the file that it is `like`. `may_lack`: it is such a file itself."""
    base = _base(reader, root)
    given = base.values if base else {}
    required = [replace(key, required=key.required and key.name not in given and not may_lack) for key in ROUTINE.keys]
    language, is_valid = _first_value(reader, root, "language")
    inherited = given.get("language", "en")
    reader.files.language = str(language or inherited) if is_valid else None
    own = reader.whole(root, replace(ROUTINE, keys=tuple(required)))
    return KeyValues(own.span, {**given, **own.values}, {**(base.spans if base else {}), **own.spans})


def _base(reader: Reader, root: Mapping) -> KeyValues | None:
    """The values of the file that this one is `like`."""
    path, _ = _first_value(reader, root, "like")
    if not isinstance(path, str):
        return None
    span = next(node.span for key, node in root.pairs if isinstance(key, Scalar) and key.words == "like")
    opened = _open(reader, path, span, "is like")
    return _inside(reader.beside(opened.name), opened.data, partial(_values, may_lack=True)) if opened else None


def _open(reader: Reader, path: str, span: Span, verb: str) -> LoadedFile | None:
    """The file at a path. One that is being read already, and so would never end, is reported."""
    files = reader.files
    opened = reader.open(span, lambda: files.include(path, reader.name))
    if opened is None or opened.name not in files.chain:
        return opened
    way = [*files.chain[files.chain.index(opened.name) :], opened.name]
    message = f"`{shown(path)}` {verb} itself" + (f": {' → '.join(way)}" if 2 < len(way) < 6 else "")
    reader.report("include-loop", message, span, "take this out, or name another file")
    return None


def _inside(reader: Reader, data: bytes, read: Callable[[Reader, Mapping], T]) -> T | None:
    """What `read` makes of the keys of another routine."""
    root = reader.root(data, "a routine", _ROOT)
    if root is None:
        return None
    reader.files.chain.append(reader.name)
    value = read(reader, root)
    reader.files.chain.pop()
    return value


def _first_value(reader: Reader, root: Mapping, name: str) -> tuple[Any, bool]:
    """The value of a key that is read before the others, None if it is not written; and whether it is valid."""
    key = ROUTINE.key(name)
    for key_node, node in root.pairs:
        if key and isinstance(key_node, Scalar) and key_node.words.casefold() == name:
            value = reader.value(reader.context(key, node, key_node.span))
            return value, value is not None
    return None, True


def _section(reader: Reader, values: KeyValues) -> Section | None:
    """The steps of another file."""
    files, path, span = reader.files, values.get("include", str), values.spans.get("include")
    opened = _open(reader, path, span, "includes") if path and span else None
    if opened is None or span is None:
        return None
    done, is_too_deep = ("include", opened.name), files.depth > MAX_NESTING
    if done not in files.done and not is_too_deep:
        files.done[done] = _inside(reader.beside(opened.name), opened.data, partial(_included, span=values.span))
        if not reader.has_room(span):
            return None
    section = files.done.get(done)
    if is_too_deep or (isinstance(section, Section) and files.include_depth(section.steps) > MAX_NESTING):
        message = f"with this file, `include` and `rounds` are nested more than {MAX_NESTING} deep"
        reader.report("too-deep", message, span, "include it further out")
        return None
    return replace(section, span=values.span) if isinstance(section, Section) else None


def _included(reader: Reader, root: Mapping, span: Span) -> Section | None:
    values = reader.whole(root, _INCLUDED)
    check_language(reader, values)
    steps = values.get("steps", tuple)
    return None if steps is None else Section(steps, values.get("defaults", Settings) or Settings(), span)


@parses_keys(types.VOLUME, VOLUME)
def _volume(context: FieldContext, values: KeyValues) -> Volume:
    gains = {key.name: values.get(key.name, float) or 0.0 for key in VOLUME.keys}
    return Volume(**{lane: None if gain == float("-inf") else gain for lane, gain in gains.items()})


@types.STEPS.parser
def _steps(context: FieldContext) -> tuple[Step, ...] | None:
    reader = context.reader
    node = context.node
    if isinstance(node, Sequence):
        if not node.items:
            reader.report("missing-value", "`steps` is an empty list", context.span, context.example)
            return None
        reader.files.steps += len(node.items)
        reader.files.depth += 1
        steps = [reader.read_once(item, ("step", ""), partial(_step, reader, item)) for item in node.items]
        reader.files.depth -= 1
        return tuple(step for step in steps if isinstance(step, Step))
    if isinstance(node, Mapping):
        hint = "begin each step with `- `: `- exercise: Calves`"
        context.report("wrong-type", f"`steps` wants {types.STEPS.expects}", node, hint)
        return None
    context.reject_kind()
    return None


def _step(reader: Reader, node: Node) -> Step | None:
    if isinstance(node, Mapping):
        keys, span = _step_keys(reader, node)
        if keys is None:
            return None
        return _make(reader, keys, reader.mapping(node, keys, span))
    if isinstance(node, Scalar):
        words = " ".join(node.words.split())
        word, rest = (*re.split(r"[\s:=\uff1a]+", words, maxsplit=1), "")[:2]
        near = nearest(word, STEPS)
        hint = "write `- exercise: Calves`, for example"
        if near:
            hint = f"write `- {f'{near}: {shown(rest)}' if rest else STEPS[near].keys[0].example}`"
        elif word and len(words) <= 40:
            hint = f"write `- exercise: {quote(words) if plain_pitfall(words) else words}`"
        message = f"`{shown(node.words)}` is not a step" if word else "this step is empty"
        reader.report("wrong-type" if word else "missing-value", message, node.span, hint)
    elif isinstance(node, Sequence):
        reader.report("wrong-type", "a list is here instead of a step", node.span, "one `- ` begins a step")
    return None


def _step_keys(reader: Reader, node: Mapping) -> tuple[KeySet | None, Span]:
    """The keys of the step, by its leading key, and the span of that key."""
    spans = {key.words: key.span for key, _ in reversed(node.pairs) if isinstance(key, Scalar)}
    start = node.pairs[0][0].span if node.pairs else node.span
    written = [name for name in STEPS if name in spans]
    # `rest` is also a key of `rounds`: a step that has the other as a key comes first.
    leading = [name for name in written if all(STEPS[name].key(other) for other in written)]
    if leading:
        return STEPS[leading[0]], spans[leading[0]]
    if written:
        first, second, *_ = sorted(written, key=lambda name: (spans[name].line, spans[name].column))
        message = f"`{first}` and `{second}` are two steps in one entry"
        hint = f"begin an entry of its own: `- {second}: …`"
        if {first, second} == {"use", "exercise"}:
            hint += "; for another name, write `name: …`"
        reader.report("one-step", message, spans[second], hint)
        return None, start
    if "steps" in spans:
        return STEPS["rounds"], spans["steps"]
    for name in sorted(spans, key=spans.__getitem__):
        if kind := _likely_step(name):
            return STEPS[kind], spans[name]
    if not any(isinstance(key, Unreadable) for key, _ in node.pairs):
        _not_a_step(reader, sorted(spans, key=spans.__getitem__), start)
    return None, start


def _likely_step(name: str) -> str | None:
    """The step that an unknown key probably means: a word that people use for it, in capitals, or misspelt."""
    synonym = WORDS["keys"].get(name.casefold(), "").partition(" ")[0]
    if synonym in ("exercise", SOUND) or name.casefold() in STEPS:
        return synonym if synonym in ("exercise", SOUND) else name.casefold()
    return None if any(keys.key(name.casefold()) for keys in STEPS.values()) else nearest(name, STEPS)


def _not_a_step(reader: Reader, names: list[str], span: Span) -> None:
    homes = [(keys.name, name) for keys in STEPS.values() for name in names if keys.key(name)]
    hint = "a step is one of " + ", ".join(f"`{name}`" for name in STEPS)
    if homes:
        home, known = homes[0]
        hint = f"if `{known}` belongs to the `{home}` above, write it without the `- `, in line with `{home}`"
    subject = f"`{shown(names[0])}` is not a step" if names else "this is not a step"
    reader.report("one-step", subject, span, hint)


def _sound(reader: Reader, values: KeyValues, path: str) -> Pause | None:
    music = f"music that plays on is `music: {path}`" if path in GENERATED_NAMES else None
    sound = load_sound(reader, SOUND, path, values.spans[SOUND], music)
    length = values.get("for", DurationRange) or DurationRange(0, 0)
    return Pause(length, values.span, values.get("music", MusicSetting), sound) if sound else None


def _make(reader: Reader, keys: KeySet, values: KeyValues) -> Step | None:
    """The step with these values; None if a required one is missing or not valid."""
    span, main, music = values.span, values.values.get(keys.name), values.get("music", MusicSetting)
    match keys.name, main:
        case "say", Text():
            return Say(main, span, values.get("for", DurationRange) or DurationRange(0, 0), music)
        case "pause", DurationRange():
            return Pause(main, span, music)
        case "sound", str():
            return _sound(reader, values, main)
        case "rest", DurationRange():
            return Rest(main, span)
        case "exercise", _:
            return exercise_of(reader, values)
        case "use", _:
            return used_exercise(reader, values)
        case "include", _:
            return _section(reader, values)
        case "rounds", int():
            steps, shuffle = values.get("steps", tuple), values.get("shuffle", bool)
            rest = values.get("rest", DurationRange)
            return Rounds(main, steps, span, rest, bool(shuffle), music=music) if steps else None
    return None
