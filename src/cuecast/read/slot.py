"""A key as it is written, on the way to its value."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.field_types import WANTED, Key, Kind
from cuecast.model.source import Span
from cuecast.read.nodes import Mapping, Node, Scalar, Sequence, Unreadable
from cuecast.read.pitfalls import curly_quotes, quote, shown

Report = Callable[[Diagnostic], None]


class Slot(Struct, frozen=True):
    """A key as it is written: its entry in the table, its value, and where the key stands."""

    key: Key
    node: Node
    span: Span
    report: Report

    def fault(self, code: str, message: str, node: Node | None = None, hint: str | None = None) -> None:
        """Report a fault of the value, or of a part of it."""
        self.report(error(code, message, (node or self.node).span, hint))

    def refuse(self, node: Scalar, hint: str | None = None) -> None:
        """Report a value that the key does not take."""
        self.fault(
            "bad-value", f"`{self.key.name}` wants {WANTED[self.key.kind]}, not `{shown(node.words)}`", node, hint
        )

    @property
    def example(self) -> str:
        """The example as a hint."""
        first, *more = self.key.example.splitlines()
        return f"write `{first}` and below it, further in, `{more[0].strip()}`" if more else f"for example `{first}`"

    def scalar(self, node: Node | None = None) -> Scalar | None:
        """The value, or an item of it, where it is words or a number on its own."""
        node = node or self.node
        match node:
            case Scalar():
                if node.is_plain and not node.words:
                    self.report(error("missing-value", f"`{self.key.name}` has no value", self.span, self.example))
                    return None
                pitfall = curly_quotes(node.words) if node.is_plain else None
                if pitfall:
                    self.fault(pitfall.code, pitfall.message, node, f"write `{quote(pitfall.text)}`")
                    return None
                return node
            case Unreadable():
                return None
            case Mapping() | Sequence():
                what = "a list" if isinstance(node, Sequence) else "keys of its own"
                wanted = WANTED[self.key.kind]
                hint = self.example
                if self.key.kind in (Kind.TEXT, Kind.WORDS):
                    hint = "put the text in quotes, if it is one; " + hint
                self.fault("wrong-type", f"`{self.key.name}` wants {wanted}, not {what}", node, hint)
                return None

    def items(self) -> list[Node]:
        """The items of a list, or the one value that stands for it."""
        if isinstance(self.node, Sequence):
            return self.node.items
        return [self.node]

    def scalars(self) -> list[Scalar | None]:
        """The items, where they are words or numbers."""
        return [self.scalar(item) for item in self.items()]
