"""What keys are made of: their types, and the keys that belong together.

A type is one object: what its key expects, in words and as JSON Schema, and how it is read. The parser of a type is
attached in `cuecast.read`, next to the values that it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct, field

Schema = dict[str, Any]
Parser = Callable[[Any], object]
"""From a `cuecast.read.field_context.FieldContext` to the value; None if a fault is reported."""

P = TypeVar("P", bound=Parser)


def _no_parser(_: Any) -> object:
    raise NotImplementedError("no parser is attached to this type")


class FieldType(Struct, eq=False):
    """What a key takes.

    `expects` completes "`key` wants …". `schema` is empty for a type with keys of its own: it follows from these.
    `is_text`: text can follow the key; `is_path`: a path or keys, but nothing to be spoken.
    """

    expects: str
    schema: Schema = field(default_factory=dict)
    is_text: bool = False
    is_path: bool = False
    parse: Parser = _no_parser

    def parser(self, parse: P) -> P:
        """Attach the parser; a decorator."""
        self.parse = parse
        return parse


class Key(Struct, frozen=True):
    """A key: what it takes, what it is for, an example as YAML, and its default."""

    name: str
    type: FieldType
    doc: str
    example: str
    default: str | None = None
    required: bool = False


def key(example: str, type_: FieldType, doc: str, default: str | None = None, required: bool = False) -> Key:
    """A key with the name that its example begins with."""
    return Key(example.partition(":")[0], type_, doc, example, default, required)


class KeySet(Struct, frozen=True, eq=False):
    """Keys that belong together. `title` is what messages call whatever has them."""

    name: str
    title: str
    doc: str
    keys: tuple[Key, ...]
    hints: Mapping[str, str] = MappingProxyType({})
    """For names that people write here and that are no keys: what to do."""

    def key(self, name: str) -> Key | None:
        """The key of that name, if it belongs here."""
        return next((k for k in self.keys if k.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all the keys that belong here."""
        return tuple(k.name for k in self.keys)
