"""A YAML file as nodes, each with its place. Text stays as typed: types come later, from the keys."""

from __future__ import annotations

from msgspec import Struct, field

from cuecast.model.source import Span


class Scalar(Struct, eq=False):
    """Text. `raw` is what is typed, quotes and all; `is_plain`: it has no quotes."""

    words: str
    span: Span
    raw: str
    is_plain: bool


class Mapping(Struct, eq=False):
    """Keys and their values in order, duplicates included. `height`: how deep it is nested."""

    span: Span
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    height: int = 1


class Sequence(Struct, eq=False):
    """A list."""

    span: Span
    items: list[Node] = field(default_factory=list)
    height: int = 1


class Unreadable(Struct, eq=False):
    """A value with a fault that is already reported."""

    span: Span


Node = Scalar | Mapping | Sequence | Unreadable


class Frame(Struct, eq=False):
    """A list or a set of keys while it is read; `key` is its last one, which begins at `key_start`."""

    node: Mapping | Sequence
    start: int
    column: int
    is_flow: bool
    anchor: str | None
    children: list[Node] = field(default_factory=list)
    key: str | None = None
    key_start: int = 0

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, Sequence)

    @property
    def is_awaiting(self) -> bool:
        """Whether the last key has no value yet."""
        return not self.is_list and len(self.children) % 2 == 1


def owner(levels: list[Frame]) -> str | None:
    """The key that has the innermost list, of what is open from the outside in."""
    return next((frame.key for frame in reversed(levels) if not frame.is_list), None)
