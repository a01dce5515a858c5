"""Music: what plays under the voice and how loud, as a plain value or with keys of its own."""

from __future__ import annotations

import re
from pathlib import PurePath

from msgspec.structs import replace

from cuecast.errors import FileRefused
from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.limits import is_sound_file
from cuecast.model.music import GeneratedSound, Music, MusicSetting, Recording
from cuecast.read.enums import OFF
from cuecast.read.field_context import FieldContext
from cuecast.read.generated_sound import NAMES, as_key, is_gain, suggestion
from cuecast.read.reader import KeyValues
from cuecast.read.schema.sound import MUSIC
from cuecast.read.texts import words_of
from cuecast.read.yaml.nodes import Mapping, Scalar, Sequence
from cuecast.read.yaml.pitfalls import shown

SOURCES = ("file", "folder", "noise", "sound")
"""The keys for what plays; `music` has one of them."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://|www\.|spotify:|(?:m\.)?youtu(?:be\.com|\.be)/", re.IGNORECASE)
_WITH_VOLUME = re.compile(r"(.+?)[\s,]+([-\u2212][0-9]{1,2}(?:\.[0-9]+)?\s?(?:db)?)", re.IGNORECASE)
_KEY_AND_VALUE = re.compile(rf"(?:{'|'.join(MUSIC.names)}):\s+\S.*")
_ON = ("on", "yes", "true")


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
    return _by_itself(context, scalar) if scalar else None


def _by_itself(context: FieldContext, node: Scalar) -> MusicSetting | None:
    """A plain value."""
    words, span = node.words.strip(), node.span
    if words_of(context, node) is None:
        return None
    if words == OFF:
        return MusicSetting(off=True, span=span)
    if sound := NAMES.get(" ".join(words.split())):
        return MusicSetting(Music(sound, span=span), span=span)
    if is_gain(words):
        return _volume_alone(context, node)
    if _KEY_AND_VALUE.fullmatch(words):
        braced = "{" + " ".join(words.split()) + "}"
        message = f"`{shown(words)}` is a key with its value, which needs braces here"
        context.report("bad-value", message, node, f"write `{context.key.name}: {braced}`")
        return None
    is_folder = words.endswith(("/", "\\"))
    if not is_folder and not PurePath(words).suffix and not re.search(r"[/\\]|#", words) and not _ADDRESS.match(words):
        near = "ocean" if words.casefold() in _ON else suggestion(words)
        if near:
            context.reject(node, f"did you mean `{near}`?")
            return None
    if hint := _two_in_one(words):
        context.report(
            "bad-value", f"`{shown(words)}` says what plays and how loud, for which there are keys", node, hint
        )
        return None
    recordings = _recordings(context, node, is_folder)
    return MusicSetting(Music(recordings=recordings, span=span), span=span) if recordings is not None else None


def _two_in_one(words: str) -> str | None:
    """How to write a sound and its volume that are in one value."""
    match = _WITH_VOLUME.fullmatch(words)
    if match is None:
        return None
    sound = NAMES.get(match[1])
    if sound:
        source = as_key(sound)
    elif match[1].endswith("/"):
        source = f"folder: {match[1].rstrip('/')}"
    elif is_sound_file(match[1]):
        source = f"file: {match[1]}"
    else:
        return None
    return f"write `music: {{{source}, volume: {match[2]}}}`"


def _volume_alone(context: FieldContext, node: Scalar) -> MusicSetting | None:
    """A plain value that is a volume: in a step, the volume of the music around it."""
    key = MUSIC.key("volume")
    assert key is not None
    gain = context.reader.value(replace(context, key=replace(key, name="music" if _is_step(context) else "volume")))
    if not isinstance(gain, float):
        return None
    if _is_step(context):
        return MusicSetting(volume=gain, span=node.span)
    hint = f"write `music: {{sound: ocean, volume: {shown(node.words)}}}`, for example"
    context.report("missing-key", "`music` has a volume here, and nothing to play", node, hint)
    return None


def _by_keys(context: FieldContext, node: Mapping) -> MusicSetting | None:
    """The value with keys."""
    values = context.reader.mapping(node, MUSIC, context.span)
    written = {key.words: key.span for key, _ in reversed(node.pairs) if isinstance(key, Scalar)}
    sources = sorted((span, name) for name, span in written.items() if name in SOURCES)
    if len(sources) > 1:
        (_, first), (span, name), *_ = sources
        message = f"`{name}` is beside `{first}`, and only one of the two can play"
        context.reader.report("one-music", message, span, "keep one of them; several files are a `folder`")
        return None
    music = _source(context, node, values)
    if music is None and not sources and not node.is_cut and all(map(MUSIC.key, written)):
        if not _is_step(context):
            hint = "add `sound: ocean`, for example; or a `noise`, a `file`, a `folder`"
            context.reader.report("missing-key", "`music` has nothing to play", context.span, hint)
            return None
        if not node.pairs:
            context.report("missing-value", "`music` says nothing", hint=context.example)
    if values.get("shuffle", bool) and "folder" not in written and "folder" not in values.values:
        hint = "take it out; it is for the files of a `folder`"
        context.reader.report("bad-value", "there is nothing to shuffle here", values.spans["shuffle"], hint)
    volume, work = values.get("volume", float), values.get("work", float)
    return MusicSetting(music, volume=volume, work=work, span=context.span)


def _source(context: FieldContext, node: Mapping, values: KeyValues) -> Music | None:
    """The music of the key for what plays; None without a valid one."""
    sound = values.get("noise", GeneratedSound) or values.get("sound", GeneratedSound)
    name = next((name for name in SOURCES if name in values.values), None)
    if name is None:
        return None
    span = values.spans[name]
    if sound:
        return Music(sound, span=span)
    path = next(value for _, value in node.pairs if value.span == span)
    key = MUSIC.key(name)
    assert key is not None
    assert isinstance(path, Scalar)
    below = FieldContext(replace(key, type=context.key.type), path, span, context.reader)
    recordings = _recordings(below, path, name == "folder")
    shuffle = values.get("shuffle", bool) or False
    return Music(recordings=recordings, shuffle=shuffle, span=span) if recordings is not None else None


def _recordings(context: FieldContext, node: Scalar, is_folder: bool) -> tuple[Recording, ...] | None:
    """The sound files at a path: the value of `music`, `file` or `folder`."""
    path, files = node.words.strip(), context.reader.files
    if _ADDRESS.match(path):
        hint = "download it first, put the file beside the routine, and write its name"
        context.report("not-music", "cuecast builds without the internet, and takes music from files only", node, hint)
        return None
    if context.reader.is_of_library:
        hint = "write the file where the exercise is used, below `- use: …`; here `ocean`, `drone` or a noise may play"
        context.report("outside-folder", "an exercise of the library has no files of its own", node, hint)
        return None
    if len(files.chain) > 1 and context.key.type is types.MUSIC:
        return ()  # an included file's music counts only when it is rendered alone
    if files.is_full(context.reader.report_at(node.span)):
        return None
    try:
        return files.music(path, context.reader.name, is_folder)
    except FileRefused as refused:
        context.report(refused.code, refused.message, node, _hint(context.key, path, refused))
    return None


def _hint(key: Key, path: str, refused: FileRefused) -> str | None:
    """A hint that fits the key of the path."""
    bare = path.rstrip("/\\")
    if key.name == "music" and refused.code == "not-a-file":
        return f"for all that is in it, `music: {bare}/`"
    if key.name == "music" and refused.code == "not-a-folder":
        return f"for one file, `music: {bare}`"
    sound = NAMES.get(suggestion(bare) or "")
    if sound and refused.code == "missing-music" and not re.search(r"[./\\]", path):
        return f"did you mean `{as_key(sound)}`?"
    if refused.code == "missing-music":
        return refused.hint or "a path is seen from the folder of the file that it is written in"
    return refused.hint


def _is_step(context: FieldContext) -> bool:
    return context.key.type is types.MUSIC_HERE
