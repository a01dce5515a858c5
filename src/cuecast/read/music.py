"""Music: what plays under the voice and how loud, as a plain value, with keys of its own, or as the option `--music`."""

from __future__ import annotations

import math
import re
from functools import partial
from pathlib import PurePath

from cuecast.errors import FileRefused
from cuecast.library import Library
from cuecast.model import field_types as types
from cuecast.model.decibels import text_to_db
from cuecast.model.diagnostics import nearest
from cuecast.model.limits import SOUND_SUFFIXES, is_sound_file
from cuecast.model.music import (
    GENERATED_NAMES,
    MAX_MUSIC_DB,
    MIN_MUSIC_DB,
    MUSIC_DB,
    NOISES,
    GeneratedSound,
    Music,
    MusicSetting,
    Recording,
    as_key,
)
from cuecast.model.source import Span
from cuecast.options import OptionError
from cuecast.read.enums import OFF
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.reader import KeyValues
from cuecast.read.schema import MUSIC, WORDS
from cuecast.read.texts import words_of
from cuecast.read.yaml.nodes import Mapping, Scalar, Sequence
from cuecast.read.yaml.pitfalls import shown
from cuecast.shell import quote

SOURCES = ("file", "folder", "noise", "sound")
"""The keys for what plays; `music` has one of them."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://|www\.|spotify:|(?:m\.)?youtu(?:be\.com|\.be)/", re.IGNORECASE)
_WITH_VOLUME = re.compile(r"(.+?)[\s,]+([-\u2212][0-9]{1,2}(?:\.[0-9]+)?\s?(?:db)?)", re.IGNORECASE)
_KEY_AND_VALUE = re.compile(rf"(?:{'|'.join(MUSIC.names)}):\s+\S.*")
_ON = ("on", "yes", "true")
_WRITTEN_AS_KEY = re.compile(r"(?:music:\s*)?\{?\s*(?:(?:noise|sound|file|folder):\s*)?([^{}:,]+?)\s*\}?")
"""The form that a routine has: with keys, which the option does not take."""

_GAIN = re.compile(r"[-+\u2212]?\s?\.?[0-9][0-9.]*\s?(?:db|%)?", re.IGNORECASE)


@types.MUSIC.parser
@types.MUSIC_HERE.parser
def read_music(context: FieldContext) -> MusicSetting | None:
    """The value of `music`: the routine's, which must play something, or a step's."""
    node = context.node
    if isinstance(node, Mapping):
        return _by_keys(context, node)
    if isinstance(node, Sequence):
        hint = "put several files into a folder, and write `music: songs/`"
        context.report("wrong-type", "`music` is one thing, not a list", node, hint)
        return None
    scalar = context.scalar()
    words = words_of(context, scalar) if scalar else None
    return _by_itself(context, scalar, words) if scalar and words else None


def _by_itself(context: FieldContext, node: Scalar, words: str) -> MusicSetting | None:
    """A plain value: a generated sound, a volume, a file or a folder."""
    span = node.span
    if words == OFF:
        return MusicSetting(off=True, span=span)
    if sound := GENERATED_NAMES.get(words):
        return MusicSetting(Music(sound, span=span), span=span)
    if _GAIN.fullmatch(words):
        return _volume_alone(context, node)
    if braced := _as_keys(words):
        message = f"`{shown(words)}` is written with keys, in braces"
        context.report("bad-value", message, node, f"write `music: {{{braced}}}`")
        return None
    is_folder = words.endswith(("/", "\\"))
    if not is_folder and not PurePath(words).suffix and not re.search(r"[/\\]|#", words) and not _ADDRESS.match(words):
        near = "ocean" if words.casefold() in _ON else suggestion(words)
        if near:
            context.suggest(node, near)
            return None
    recordings = _recordings(context, "music", node.words.strip(), span)
    return MusicSetting(Music(recordings=recordings, span=span), span=span) if recordings is not None else None


def _as_keys(words: str) -> str | None:
    """The keys for a source and its volume in one value, such as `ocean -20dB`, or for a key and its value."""
    if _KEY_AND_VALUE.fullmatch(words):
        return words
    if match := _WITH_VOLUME.fullmatch(words):
        source, volume = match.groups()
        sound, is_folder = GENERATED_NAMES.get(source), source.endswith("/")
        if sound or is_folder or is_sound_file(source):
            key = as_key(sound) if sound else f"folder: {source.rstrip('/')}" if is_folder else f"file: {source}"
            return f"{key}, volume: {volume}"
    return None


def _volume_alone(context: FieldContext, node: Scalar) -> MusicSetting | None:
    """A plain value that is a volume: in a step, the volume of the music around it."""
    gain = types.BED_GAIN.parse(context.of_type(types.BED_GAIN))
    if not isinstance(gain, float):
        return None
    if context.key.type is types.MUSIC_HERE:
        return MusicSetting(volume=gain, span=node.span)
    hint = f"write `music: {{sound: ocean, volume: {shown(node.words)}}}`, for example"
    context.report("missing-key", "`music` has a volume here, and nothing to play", node, hint)
    return None


def _by_keys(context: FieldContext, node: Mapping) -> MusicSetting | None:
    """The value with keys."""
    reader, is_step = context.reader, context.key.type is types.MUSIC_HERE
    values = reader.mapping(node, MUSIC, context.span)
    written = {key.words: key.span for key, _ in reversed(node.pairs) if isinstance(key, Scalar)}
    sources = sorted((span, name) for name, span in written.items() if name in SOURCES)
    if len(sources) > 1:
        (_, first), (span, name), *_ = sources
        message = f"`{name}` is beside `{first}`, and only one of the two can play"
        reader.report("one-music", message, span, "keep one of them; several files are a `folder`")
        return None
    music = _source(context, values)
    if music is None and not sources and all(map(MUSIC.key, written)):
        if not is_step:
            hint = "add `sound: ocean`, for example; or a `noise`, a `file`, a `folder`"
            reader.report("missing-key", "`music` has nothing to play", context.span, hint)
            return None
        if not node.pairs:
            context.report("missing-value", "`music` says nothing", hint=context.example)
    if values.get("shuffle", bool) and "folder" not in written and "folder" not in values.values:
        hint = "take it out; it is for the files of a `folder`"
        reader.report("bad-value", "there is nothing to shuffle here", values.spans["shuffle"], hint)
    return MusicSetting(music, volume=values.get("volume", float), work=values.get("work", float), span=context.span)


def _source(context: FieldContext, values: KeyValues) -> Music | None:
    """The music of the key for what plays; None without a valid one."""
    name = next((name for name in SOURCES if name in values.values), None)
    if name is None:
        return None
    span, value = values.spans[name], values.values[name]
    if isinstance(value, GeneratedSound):
        return Music(value, span=span)
    recordings = _recordings(context, name, str(value), span)
    shuffle = values.get("shuffle", bool) or False
    return Music(recordings=recordings, shuffle=shuffle, span=span) if recordings is not None else None


def _recordings(context: FieldContext, name: str, path: str, span: Span) -> tuple[Recording, ...] | None:
    """The sound files at a path: the value of the key `music`, `file` or `folder`."""
    reader = context.reader
    if _ADDRESS.match(path):
        hint = "download it first, put the file beside the routine, and write its name"
        message = "cuecast builds without the internet, and takes music from files only"
        reader.report("not-music", message, span, hint)
    elif reader.is_of_library:
        hint = "write the file where the exercise is used, below `- use: …`; here `ocean`, `drone` or a noise may play"
        reader.report("outside-folder", "an exercise of the library has no files of its own", span, hint)
    elif len(reader.files.chain) > 1 and context.key.type is types.MUSIC:
        return ()  # an included file's music counts only when it is rendered alone
    else:
        is_folder = name == "folder" or (name == "music" and path[-1] in "/\\")
        return reader.open(span, lambda: reader.files.music(path, reader.name, is_folder), partial(_hint, name, path))
    return None


def _hint(name: str, path: str, refused: FileRefused) -> str | None:
    """A hint that fits the key of the path."""
    bare = path.rstrip("/\\")
    if name == "music" and refused.code == "not-a-file":
        return f"for all that is in it, `music: {bare}/`"
    if name == "music" and refused.code == "not-a-folder":
        return f"for one file, `music: {bare}`"
    if refused.code != "missing-music":
        return refused.hint
    near = GENERATED_NAMES.get(path)
    seen_from = "a path is seen from the folder of the file that it is written in"
    return f"did you mean `{as_key(near)}`?" if near else refused.hint or seen_from


def suggestion(words: str) -> str | None:
    """The generated sound, or `off`, that is the nearest."""
    folded = " ".join(words.casefold().replace("_", " ").replace("-", " ").split())
    return (
        folded
        if folded in (*GENERATED_NAMES, OFF)
        else WORDS["music"].get(folded) or nearest(folded, [*GENERATED_NAMES, OFF])
    )


@parses_scalar(types.NOISE, types.SOUND)
def read_generated(context: FieldContext, node: Scalar) -> GeneratedSound | None:
    """A generated sound: a noise for `noise`, another for `sound`."""
    is_noise, sound = context.key.type is types.NOISE, GENERATED_NAMES.get(suggestion(node.words) or "")
    if sound and sound == node.words and (sound in NOISES) == is_noise:
        return sound
    hint = f"did you mean `{as_key(sound)}`?" if sound else context.example
    context.reject(node, f"a file of yours is `file: {node.words}`" if is_sound_file(node.words) else hint)
    return None


@parses_scalar(types.BED_GAIN)
def read_bed_gain(context: FieldContext, node: Scalar) -> float | None:
    """How loud music is, in dB against the voice."""
    try:
        gain = text_to_db(node.words, -math.inf, math.inf)
    except ValueError:
        gain = math.nan
    if gain is not None and MIN_MUSIC_DB <= gain <= MAX_MUSIC_DB:
        return gain
    name, hint = context.key.name, f"`{context.key.name}: {MUSIC_DB:g}dB` is usual; further from 0 is softer"
    if gain is None or gain < MIN_MUSIC_DB:
        hint = f"the softest is `{name}: {MIN_MUSIC_DB:g}dB`; for none write `music: off`"
    elif MIN_MUSIC_DB <= -gain <= MAX_MUSIC_DB:
        hint = f"did you mean `-{gain:g}dB`?"
    context.reject(node, hint)
    return None


def music_option(typed: str, library: Library) -> MusicSetting:
    """The music that `typed` names: a generated sound, a file or a folder. Raises OptionError."""
    if typed == OFF:
        return MusicSetting(off=True)
    if generated := GENERATED_NAMES.get(typed):
        return MusicSetting(Music(generated))
    try:
        if not typed:
            raise FileRefused("missing-music", "nothing is named", "for example --music ocean, or --music off")
        if "://" in typed:
            hint = "download it first, then name the file"
            raise FileRefused("not-music", "cuecast builds without the internet, and takes music from files only", hint)
        return MusicSetting(Music(recordings=library.chosen_music(typed)))
    except FileRefused as refused:
        raise OptionError(f"--music {typed}: {refused.message}", _option_hint(typed, refused)) from None


def _option_hint(typed: str, refused: FileRefused) -> str:
    if refused.code == "missing-music":
        written = _WRITTEN_AS_KEY.fullmatch(typed)
        if written and written[1] != typed:
            return f"did you mean --music {quote(written[1])}?"
        near = suggestion(typed)
        if near and not typed.lower().endswith(SOUND_SUFFIXES):
            return f"did you mean --music {GENERATED_NAMES.get(near, near)}?"
    return refused.hint or f"a file, a folder, {', '.join(GeneratedSound)} or {OFF}"
