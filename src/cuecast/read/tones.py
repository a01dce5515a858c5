"""Sounds of one's own: the files of `tones` and of steps `sound`, loaded."""

from __future__ import annotations

from cuecast.errors import FileRefused
from cuecast.model import field_types as types
from cuecast.model.custom_tone import CustomTone
from cuecast.model.source import Span
from cuecast.read.field_context import FieldContext, parses_keys
from cuecast.read.reader import KeyValues, Reader
from cuecast.read.schema import TONES
from cuecast.read.yaml.nodes import Mapping
from cuecast.read.yaml.pitfalls import shown


@parses_keys(types.TONES, TONES)
def read_tones(context: FieldContext, values: KeyValues) -> tuple[CustomTone, ...]:
    """The custom tones with valid files, in the order of the table."""
    if isinstance(context.node, Mapping) and not context.node.pairs:
        context.report("missing-value", f"`{context.key.name}` names no sound", hint=context.example)
    paths = [(key.name, values.get(key.name, str)) for key in TONES.keys]
    tones = [_tone(context.reader, name, path, values.spans[name]) for name, path in paths if path is not None]
    return tuple(tone for tone in tones if tone)


def _tone(reader: Reader, name: str, path: str, span: Span) -> CustomTone | None:
    if path.casefold() == "off":
        return CustomTone(name, "off", 0, "off", b"")
    is_silence = path.casefold() in ("none", "no", "false")
    off = f"to silence it: `{name}: off`; to silence all tones: `volume: {{tones: off}}`" if is_silence else None
    return load_sound(reader, name, path, span, off)


def load_sound(reader: Reader, name: str, path: str, span: Span, hint: str | None = None) -> CustomTone | None:
    """The sound file at `path` as the tone `name`; None if it can't be one, which is reported, with `hint` if it is missing."""
    from cuecast.read.custom_tones import BadToneError, load_tone  # slow: numpy

    known = reader.files.sounds.get((name, path, reader.name))
    if known:
        return known
    try:
        opened = reader.files.tone(path, reader.name)
        tone = load_tone(name, opened.name, opened.data)
    except FileRefused as refused:
        reader.report(refused.code, refused.message, span, hint or refused.hint)
    except BadToneError as fault:
        reader.report("bad-tone", f"`{shown(path)}` {fault}", span, fault.hint)
    else:
        reader.files.sounds[name, path, reader.name] = tone
        return tone
    return None
