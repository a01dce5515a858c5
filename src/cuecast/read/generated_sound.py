"""Music on one line: sounds that cuecast generates, and volumes."""

from __future__ import annotations

import math
import re

from cuecast.model import field_types as types
from cuecast.model.decibels import text_to_db
from cuecast.model.diagnostics import nearest
from cuecast.model.limits import is_sound_file
from cuecast.model.music import MAX_MUSIC_DB, MIN_MUSIC_DB, MUSIC_DB, GeneratedSound
from cuecast.read.enums import OFF
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.yaml.nodes import Scalar

NOISES = (GeneratedSound.BROWN, GeneratedSound.PINK, GeneratedSound.WHITE)
SOUNDS = (GeneratedSound.DRONE, GeneratedSound.OCEAN)
NAMES = {**{str(sound): sound for sound in GeneratedSound}, **{f"{noise} noise": noise for noise in NOISES}}
"""The names of generated sounds as a plain value of `music`."""

_ALSO = {
    **dict.fromkeys(("sea", "waves", "ocean waves", "beach", "surf", "water", "rain"), "ocean"),
    **dict.fromkeys(("hum", "ambient", "pad", "meditation", "om"), "drone"),
    **dict.fromkeys(("noise", "brownian noise", "red noise", "deep noise"), "brown noise"),
    **dict.fromkeys(("static", "hiss"), "white noise"),
    **dict.fromkeys(("none", "no", "false", "silence", "silent", "mute", "quiet", "nothing"), OFF),
}
_PERCENT = re.compile(r"([0-9]{1,3})\s?%")
_GAIN = re.compile(r"[-+\u2212]?\s?\.?[0-9][0-9.]*\s?(?:db|%)?", re.IGNORECASE)


def as_key(sound: GeneratedSound) -> str:
    """The key and value for a generated sound."""
    return f"{'noise' if sound in NOISES else 'sound'}: {sound}"


def is_gain(words: str) -> bool:
    """Whether it looks like a volume, valid or not."""
    return bool(_GAIN.fullmatch(words))


def suggestion(words: str) -> str | None:
    """The generated sound, or `off`, that is the nearest."""
    folded = " ".join(words.casefold().replace("_", " ").replace("-", " ").split())
    return folded if folded in (*NAMES, OFF) else _ALSO.get(folded) or nearest(folded, [*NAMES, OFF])


@parses_scalar(types.NOISE, types.SOUND)
def read_generated(context: FieldContext, node: Scalar) -> GeneratedSound | None:
    """A generated sound: a noise for `noise`, another for `sound`."""
    known = NOISES if context.key.type is types.NOISE else SOUNDS
    if node.words in known:
        return GeneratedSound(node.words)
    other = NAMES.get(near) if (near := suggestion(node.words)) else None
    hint = context.example
    if is_sound_file(node.words):
        hint = f"a file of yours is `file: {node.words}`"
    elif near == OFF:
        hint = "for none write `music: off`"
    elif other in known:
        hint = f"did you mean `{other}`?"
    elif other:
        hint = f"write `{as_key(other)}`"
    context.reject(node, hint)
    return None


@parses_scalar(types.BED_GAIN)
def read_bed_gain(context: FieldContext, node: Scalar) -> float | None:
    """How loud music is, in dB against the voice."""
    words = node.words.strip()
    try:
        gain = text_to_db(words, -math.inf, math.inf)
    except ValueError:
        gain = math.nan
    if gain is not None and MIN_MUSIC_DB <= gain <= MAX_MUSIC_DB:
        return gain
    name, hint = context.key.name, f"`{context.key.name}: {MUSIC_DB:g}dB` is usual; further from 0 is softer"
    if gain is None:
        hint = f"write `music: off` where there should be none; the softest is `{name}: {MIN_MUSIC_DB:g}dB`"
    elif MIN_MUSIC_DB <= -gain <= MAX_MUSIC_DB:
        hint = f"did you mean `-{gain:g}dB`?"
    elif gain < MIN_MUSIC_DB:
        hint = f"write `{name}: {MIN_MUSIC_DB:g}dB`, which is hardly heard, or `music: off`"
    elif percent := _PERCENT.fullmatch(words):
        part = MUSIC_DB + 20 * math.log10(max(1, int(percent[1])) / 100)
        near = min(MAX_MUSIC_DB, max(MIN_MUSIC_DB, part))
        hint = f"{words} of the usual {MUSIC_DB:g}dB is about `{name}: {near:.0f}dB`"
    context.reject(node, hint)
    return None
