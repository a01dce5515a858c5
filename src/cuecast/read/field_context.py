"""A key with its value as written: the argument of all parsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cuecast.model import field_types as types
from cuecast.model.keys import FieldType, Key, KeySet
from cuecast.model.source import Fix, Span
from cuecast.read.yaml.nodes import Mapping, Node, Scalar, Sequence, Unreadable
from cuecast.read.yaml.pitfalls import curly_quotes, quote, shown

if TYPE_CHECKING:
    from cuecast.read.reader import KeyValues, Reader

T = TypeVar("T")
KeysParser = TypeVar("KeysParser", bound=Callable[["FieldContext", "KeyValues"], object])
ScalarParser = TypeVar("ScalarParser", bound=Callable[["FieldContext", Scalar], object])


class FieldContext(Struct, frozen=True):
    """A key as it is written: its entry in the table, its value, and where the key is."""

    key: Key
    node: Node
    span: Span
    reader: Reader

    def of_type(self, type_: FieldType) -> FieldContext:
        """The same value, read as another type."""
        return replace(self, key=replace(self.key, type=type_))

    def report(self, code: str, message: str, node: Node | None = None, hint: str | None = None) -> None:
        """Report an error in the value, or in a part of it."""
        self.reader.report(code, message, (node or self.node).span, hint)

    def fix(self, node: Scalar, text: str) -> None:
        """Note the plain form of a value, for `check --fix`, if it is written otherwise."""
        if node.words.strip() != text:
            self.reader.files.fixes.append(Fix(node.span, text))

    def reject(self, node: Scalar, hint: str | None = None) -> None:
        """Report that the key does not take this value; without a hint, with the example."""
        message = f"`{self.key.name}` wants {self.key.type.expects}, not `{shown(node.words)}`"
        self.report("bad-value", message, node, hint or self.example)

    def suggest(self, node: Scalar, near: str | None) -> None:
        """The same, with what was probably meant."""
        self.reject(node, f"did you mean `{near}`?" if near else None)

    def reject_kind(self) -> None:
        """Report a value that is a text, a list or keys where the key takes another of these."""
        if node := self.scalar():
            self.reject(node)

    @property
    def example(self) -> str:
        """The example as a hint."""
        first, *more = self.key.example.splitlines()
        return f"write `{first}` and below it, further in, `{more[0].strip()}`" if more else f"for example `{first}`"

    def scalar(self, node: Node | None = None) -> Scalar | None:
        """The value, or an item of it, if it is text or a number; anything else is reported."""
        node = node or self.node
        match node:
            case Scalar() if node.is_plain and not node.words:
                self.reader.report("missing-value", f"`{self.key.name}` has no value", self.span, self.example)
            case Scalar() if node.is_plain and (pitfall := curly_quotes(node.words)):
                self.report(pitfall.code, pitfall.message, node, f"write `{quote(pitfall.text)}`")
            case Scalar():
                return node
            case Mapping() | Sequence():
                kind = "a list" if isinstance(node, Sequence) else "keys of its own"
                hint = self.example
                if self.key.type in (types.TEXT, types.WORDS):
                    hint = "put the text in quotes, if it is one; " + hint
                self.report("wrong-type", f"`{self.key.name}` wants {self.key.type.expects}, not {kind}", node, hint)
            case Unreadable():
                pass
        return None

    def items(self, most: int | None = None, with_commas: bool = False) -> list[Node]:
        """The items of a list, or a single value as the only item. An empty list is reported, and one over `most`.

        `with_commas`: a single value with commas in it is a list, too.
        """
        name, span = self.key.name, self.node.span
        if with_commas and isinstance(self.node, Scalar) and self.node.is_plain and span.line == span.end_line:
            return self._divided(self.node)
        if not isinstance(self.node, Sequence):
            return [self.node]
        if not self.node.items:
            self.report("missing-value", f"`{name}` is an empty list", hint=self.example)
        elif most and len(self.node.items) > most:
            self.report("bad-value", f"`{name}` has {len(self.node.items):,} entries; {most:,} are the most")
            return []
        return self.node.items

    def each(
        self, parse: Callable[[FieldContext, Scalar], T | None], most: int | None = None, with_commas: bool = False
    ) -> tuple[T, ...] | None:
        """The items, each parsed and each once; None if one of them is not valid."""
        values = [parse(self, node) if node else None for node in self.scalars(most, with_commas=with_commas)]
        return None if None in values else tuple(dict.fromkeys(value for value in values if value is not None))

    def _divided(self, node: Scalar) -> list[Node]:
        """The words between commas, each at its place; the brackets that they lack are noted as a correction."""
        if "," not in node.raw:
            return [node]
        span = node.span
        ends = ((span.column, "["), (span.end_column, "]"))
        self.reader.files.fixes += [Fix(_in_line(span, column, 0), text) for column, text in ends]
        words = [(match.start(), match[0].rstrip()) for match in re.finditer(r"[^,\s][^,]*", node.raw)]
        return [Scalar(word, _in_line(span, span.column + at, len(word)), word, True) for at, word in words]

    def scalars(self, most: int | None = None, with_commas: bool = False) -> list[Scalar | None]:
        """The items that are text or numbers; None for others, and as the only one if there is no valid list."""
        return [self.scalar(item) for item in self.items(most, with_commas)] or [None]


def _in_line(span: Span, column: int, length: int) -> Span:
    return Span(span.file, span.line, column, span.line, column + length)


def parses_scalar(*parsed: FieldType) -> Callable[[ScalarParser], ScalarParser]:
    """Attach a parser to types whose values are text or a number: it is called with the value."""

    def attach(parse: ScalarParser) -> ScalarParser:
        def parse_field(context: FieldContext) -> object:
            node = context.scalar()
            return None if node is None else parse(context, node)

        for each in parsed:
            each.parse = parse_field
        return parse

    return attach


def parses_keys(parsed: FieldType, keys: KeySet) -> Callable[[KeysParser], KeysParser]:
    """Attach a parser to a type whose values have keys of their own: it is called with their values."""

    def attach(parse: KeysParser) -> KeysParser:
        def parse_field(context: FieldContext) -> object:
            values = context.reader.keys_of(context, keys)
            return None if values is None else parse(context, values)

        parsed.parse = parse_field
        return parse

    return attach
