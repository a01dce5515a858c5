"""Voices: the file of a profile, and the parsers of its keys.

The keys depend on the engine, so a file is read twice: for the engine, then for all keys.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as Names
from pathlib import PurePath
from typing import Any

from msgspec.structs import replace

from cuecast.errors import FileRefused
from cuecast.model import field_types as types
from cuecast.model.diagnostics import has_errors
from cuecast.model.keys import Key, KeySet
from cuecast.model.limits import MAX_ALTERNATIVES
from cuecast.model.voice import Profile
from cuecast.read.field_context import FieldContext, parses_keys
from cuecast.read.files import Files
from cuecast.read.grammar import voice_file
from cuecast.read.reader import KeyValues, Reader
from cuecast.read.schema import NAMES, PROFILE
from cuecast.read.texts import has_control, words_of
from cuecast.read.values import read_name, read_path
from cuecast.read.yaml.nodes import Mapping as Keys
from cuecast.read.yaml.nodes import Node, Scalar, Sequence
from cuecast.read.yaml.patched_source import TooManyFaults
from cuecast.read.yaml.pitfalls import plain_pitfall, shown

KeysOf = Callable[[str], tuple[Key, ...] | None]
"""The keys of an engine; None if it is not installed."""

Like = Callable[[Names[str]], Profile]
"""The base of another voice: of the voices with these names, the first that can speak. Raises FileRefused."""

EnginesWith = Callable[[str], tuple[str, ...]]
"""The engines that have a key."""


def read_voice(
    files: Files, name: str, data: bytes, keys_of: KeysOf, like: Like, engines_with: EnginesWith | None = None
) -> Profile | None:
    """The voice of a file, None if it has errors; they are reported to `files`."""
    head = _read_head(name, data)
    base, refused = None, None
    try:
        base = like(head["like"]) if head.get("like") else None
    except FileRefused as fault:
        refused = fault
    engine = next(iter(head.get("engine", ())), "") or (base.engine if base else None)
    known = keys_of(engine) if engine else None
    engine_keys = tuple(key for key in known or () if PROFILE.key(key.name) is None)
    files.grammar = voice_file(engine_keys, is_open=known is None)
    reader = Reader(files, name)
    root = reader.root(data, "a voice", "a voice begins with a line such as `engine: pyttsx3`")
    if root is None:
        return None
    keys = _profile_keys(engine if known else None, engine_keys, base, is_built="like" in head)
    if known is None:
        # The engine is not installed, or unknown: then a misspelt key can be one of every voice.
        is_ours = voice_file().is_nearly_key if engine is None else PROFILE.key
        pairs = [pair for pair in root.pairs if not isinstance(pair[0], Scalar) or is_ours(pair[0].words)]
        root = replace(root, pairs=pairs)
    elif engines_with:
        keys = replace(keys, hints=_hints(root, engines_with))
    values = reader.whole(root, keys)
    if refused and "like" in values.spans:
        reader.report(refused.code, refused.message, values.spans["like"], refused.hint)
    if has_errors(files.faults):
        return None
    return _profile(PurePath(name).stem, values, engine_keys, base, keys_of)


def _read_head(name: str, data: bytes) -> Mapping[str, tuple[str, ...]]:
    """The values of `like` and `engine`, without any diagnostics."""
    try:
        _, root = Files(None, voice_file(is_open=True)).tree(name, data)
    except TooManyFaults:
        return {}
    values = {
        key.words.casefold(): value
        for key, value in reversed(root.pairs if isinstance(root, Keys) else [])
        if isinstance(key, Scalar)
    }
    heads = {name: values[name] for name in ("like", "engine") if name in values}
    items = {name: value.items if isinstance(value, Sequence) else [value] for name, value in heads.items()}
    return {name: tuple(n.words for n in nodes if isinstance(n, Scalar) and n.words) for name, nodes in items.items()}


def _hints(root: Keys, engines_with: EnginesWith) -> Mapping[str, str]:
    """What to do with the keys that other engines have."""
    names = [key.words for key, _ in root.pairs if isinstance(key, Scalar)]
    others = {name: engines for name in names if (engines := engines_with(name))}
    what = "take it out, or change `engine`"
    return {name: f"`{name}` belongs to the engine {' or '.join(each)}: {what}" for name, each in others.items()}


def _profile_keys(engine: str | None, engine_keys: Iterable[Key], base: Profile | None, is_built: bool) -> KeySet:
    """The keys of a voice of this engine; what its base has is not required."""
    inherited = base.settings if base else {}
    keys = [replace(key, required=key.required and not is_built) for key in PROFILE.keys]
    keys += [replace(key, required=key.required and key.name not in inherited) for key in engine_keys]
    return replace(PROFILE, title=f"a voice of the engine {engine}" if engine else PROFILE.title, keys=tuple(keys))


def _profile(
    name: str, values: KeyValues, engine_keys: Iterable[Key], base: Profile | None, keys_of: KeysOf
) -> Profile:
    values_of: dict[str, Any] = {key.name: values.values[key.name] for key in PROFILE.keys if key.name in values.values}
    values_of.pop("like", None)
    settings = {key.name: values.values[key.name] for key in engine_keys if key.name in values.values}
    if base is None:
        return Profile(name=name, settings=settings, **values_of)
    if values_of.get("engine", base.engine) != base.engine:
        base = replace(base, names={}, settings={}, choices=(), chosen="")
    if str(values_of.get("language", base.language)).partition("-")[0] != base.language.partition("-")[0]:
        base = replace(base, names={})
    return replace(
        base, name=name, settings={**_with_absolute_paths(base, keys_of), **settings}, folder=None, **values_of
    )


def _with_absolute_paths(base: Profile, keys_of: KeysOf) -> Mapping[str, object]:
    """The settings of a voice, with absolute paths."""
    if base.folder is None:
        return base.settings
    files = {key.name for key in keys_of(base.engine) or () if key.type is types.FILE}
    return {
        name: str(base.folder / value)
        if name in files and isinstance(value, str) and not value.startswith("~")
        else value
        for name, value in base.settings.items()
    }


@parses_keys(types.PLATFORMS, NAMES)
def _platforms(context: FieldContext, values: KeyValues) -> Mapping[str, tuple[str, ...]]:
    found = {key.name: values.get(key.name, tuple) for key in NAMES.keys}
    return {platform: names for platform, names in found.items() if names}


@types.ALTERNATIVES.parser
def _alternatives(context: FieldContext) -> tuple[str, ...] | None:
    return context.each(read_path, MAX_ALTERNATIVES)


@types.BASES.parser
def _voices(context: FieldContext) -> tuple[str, ...] | None:
    return context.of_type(types.NAME).each(read_name, MAX_ALTERNATIVES)


@types.PROGRAM.parser
def _program(context: FieldContext) -> tuple[str, ...] | None:
    """A program and its arguments: a list, because no shell splits it."""
    node = context.node
    if isinstance(node, Scalar) and node.words:
        context.reject(node, f"write `{context.key.name}: [{', '.join(map(_item, _split(node.words)))}]`")
        return None
    if not isinstance(node, Sequence):
        context.scalar()
        return None
    items = context.items(MAX_ALTERNATIVES)
    words = [_argument(context, item, is_program=item is items[0]) for item in items]
    return None if not words or None in words else tuple(word for word in words if word is not None)


def _argument(context: FieldContext, node: Node, is_program: bool) -> str | None:
    if isinstance(node, Keys) and len(node.pairs) == 1 and isinstance(node.pairs[0][0], Scalar):
        name = node.pairs[0][0].words
        context.report("wrong-type", "braces need quotes here", node, f"write `'{{{shown(name)}}}'`")
        return None
    scalar = context.scalar(node)
    if scalar is None or (is_program and words_of(context, scalar) is None):
        return None
    if has_control(scalar.words) or "\n" in scalar.words:
        context.report("odd-character", f"`{context.key.name}` has an invisible character in it", node, "type it again")
        return None
    return scalar.words


def _split(words: str) -> list[str]:
    try:
        return shlex.split(words)
    except ValueError:
        return words.split()


def _item(word: str) -> str:
    """A word, quoted if a list needs it."""
    is_plain = re.fullmatch(r"[\w./~+-]+", word) and not plain_pitfall(word)
    return word if is_plain else "'" + word.replace("'", "''") + "'"
