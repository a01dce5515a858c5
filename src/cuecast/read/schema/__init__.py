"""The tables of keys: what a routine, a voice and a manifest may hold. The rows are data, in the YAML files beside this.

They drive the reader, the JSON Schemas and the reference pages. A new key is a row, and a field in `cuecast.model`. A row:

    example: 'work: 45s'   the key is called as its example begins
    type: RANGE            a name in `cuecast.model.field_types`
    required: true         if the key must be there
    default: 45s           what holds without it, as a routine would write it
    doc: How long …        for the reference and the schemas

`title` is what messages call whatever has the keys; `hints` say what to do with names that are no keys there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from cuecast.model import field_types as types
from cuecast.model.keys import Key, KeySet, key
from cuecast.model.music import GENERATED_NAMES, as_key
from cuecast.phrases.tables import load_table


def _load(file: str) -> dict[str, KeySet]:
    tables = {name: table for name, table in load_table(__name__, file).items() if name != "shared"}
    return {
        name: KeySet(name, table["title"], table["doc"], tuple(_keys(table["keys"])), table.get("hints", {}))
        for name, table in tables.items()
    }


def _keys(rows: list[Any]) -> Iterator[Key]:
    """The keys of rows; a list among them is rows that several tables share."""
    for row in rows:
        if isinstance(row, list):
            yield from _keys(row)
        else:
            yield key(
                row["example"], getattr(types, row["type"]), row["doc"], row.get("default"), bool(row.get("required"))
            )


WORDS: Mapping[str, Mapping[str, str]] = {
    name: {word: meaning for meaning, words in table.items() for word in words}
    for name, table in load_table(__name__, "words").items()
}
"""What people write, in each table of `words.yaml`, and what it means."""

_ROUTINE, _VOICE, _MANIFEST = _load("routine"), _load("voice"), _load("manifest")

ROUTINE, DEFAULTS, CUE, LIBRARY = (_ROUTINE[name] for name in ("routine", "defaults", "cue", "library"))
VOLUME, TONES, VARIANT = (_ROUTINE[name] for name in ("volume", "tones", "variant"))
MUSIC = replace(_ROUTINE["music"], hints={name: f"write `{as_key(sound)}`" for name, sound in GENERATED_NAMES.items()})
_BELOW_LEVEL = "`{}` belongs below a level such as `gentle`, two spaces further in"
VARIANTS = replace(_ROUTINE["variants"], hints={name: _BELOW_LEVEL.format(name) for name in VARIANT.names})
PROFILE, NAMES, CAST, PRONUNCIATION = (_VOICE[name] for name in ("profile", "names", "voice", "pronunciation"))
MANIFEST, EXCLUSION = _MANIFEST["manifest"], _MANIFEST["exclusion"]

STEPS: Mapping[str, KeySet] = MappingProxyType(
    {name: _ROUTINE[name] for name in ("say", "sound", "exercise", "use", "rest", "pause", "rounds", "include")}
)
"""The kinds of step. The name of each is also the key that makes an entry of `steps` that step."""

ROUTINES = (
    *(ROUTINE, DEFAULTS, *STEPS.values(), CUE, VOLUME, MUSIC, TONES, CAST, PRONUNCIATION, VARIANTS, VARIANT, LIBRARY),
)
"""All in a routine, or in an exercise of the library."""

VOICES = (PROFILE, NAMES, PRONUNCIATION)
"""All in a voice, without the keys of single engines (`Engine.keys`)."""

MANIFESTS = (MANIFEST, EXCLUSION)
"""All in a manifest."""

KEY_SETS = tuple(dict.fromkeys((*ROUTINES, *VOICES, *MANIFESTS)))
"""All."""
