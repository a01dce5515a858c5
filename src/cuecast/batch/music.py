"""The music that a routine may play: what a worker elsewhere has to be given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from cuecast.model.music import Recording


def music_of(*values: object) -> tuple[Path, ...]:
    """The files of music that values speak of (a routine, options), each once, in order."""
    return tuple(dict.fromkeys(recording.path for value in values for recording in _recordings(value)))


def _recordings(value: object) -> Iterator[Recording]:
    """All in a tree of values, tuples and mappings: a key `music` can stand in many places."""
    if isinstance(value, Recording):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _recordings(getattr(value, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _recordings(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _recordings(inner)
