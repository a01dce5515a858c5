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
    """Keys and their values in order, duplicates included. `is_cut`: the rest of it is unreadable."""

    span: Span
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    is_cut: bool = False
    height: int = 1


class Sequence(Struct, eq=False):
    """A list."""

    span: Span
    items: list[Node] = field(default_factory=list)
    is_cut: bool = False
    height: int = 1


class Unreadable(Struct, eq=False):
    """A value with a fault that is already reported."""

    span: Span


Node = Scalar | Mapping | Sequence | Unreadable


class Frame(Struct, eq=False):
    """A list or a set of keys that is not complete yet; `key` is its last one, and ends at `key_end`."""

    node: Mapping | Sequence
    start: int
    column: int
    is_flow: bool
    anchor: str | None
    children: list[Node] = field(default_factory=list)
    key: str | None = None
    key_start: int = 0
    key_end: int = 0
    texts: list[int] = field(default_factory=list)
    """Of keys in braces that take text: where the values begin."""

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, Sequence)

    @property
    def is_awaiting(self) -> bool:
        """Whether the last key has no value yet."""
        return not self.is_list and len(self.children) % 2 == 1
