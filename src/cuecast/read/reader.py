"""Nodes → values: the keys of a node are read as its key set says, each by the parser of its type."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any, TypeVar

from msgspec import Struct, field

from cuecast.errors import FileRefused
from cuecast.model.diagnostics import error, nearest
from cuecast.model.keys import Key, KeySet
from cuecast.model.source import Span
from cuecast.read.field_context import FieldContext
from cuecast.read.files import Files
from cuecast.read.schema import ROUTINES, STEPS, VOICES, WORDS
from cuecast.read.yaml.nodes import Mapping, Node, Scalar, Sequence, Unreadable
from cuecast.read.yaml.pitfalls import curly_quotes, is_moment, quote, shown

T = TypeVar("T")

_SIMILAR = 0.8
_KEY_SETS = tuple(dict.fromkeys((*ROUTINES, *VOICES)))
"""Where a misplaced key can belong. Manifests are other files."""

_KNOWN = frozenset(key.name for keys in _KEY_SETS for key in keys.keys)


class KeyValues(Struct, frozen=True):
    """The valid values of a key set, and their spans. `span` is where a missing key is reported."""

    span: Span
    values: dict[str, object] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)

    def get(self, name: str, kind: type[T]) -> T | None:
        """The value of a key; None if it is missing or not valid."""
        value = self.values.get(name)
        return value if isinstance(value, kind) else None

    def of_fields(self, struct: type[Struct]) -> dict[str, Any]:
        """The values that are called as the fields of a struct; the parsers give the types that it has."""
        return {name: self.values[name] for name in struct.__struct_fields__ if name in self.values}


class Reader:
    """Reads the nodes of the file `name`, which is one of `files`.

    A node is read once for each use, however many aliases refer to it.
    """

    def __init__(self, files: Files, name: str) -> None:
        self.files = files
        self.name = name
        self.is_of_library = False
        """Whether the file is an exercise of the library, which can't name files."""
        self._done: dict[tuple[int, object, str], object] = {}

    def beside(self, name: str) -> Reader:
        """A reader of another file."""
        return Reader(self.files, name)

    def root(self, data: bytes, noun: str, hint: str) -> Mapping | None:
        """The keys of the file; anything else is reported."""
        _, root = self.files.tree(self.name, data)
        if isinstance(root, Scalar | Sequence):
            found = "a list" if isinstance(root, Sequence) else "plain text"
            self.report("wrong-type", f"this file is {found}, not {noun}", root.span, hint)
        return root if isinstance(root, Mapping) else None

    def whole(self, root: Mapping, keys: KeySet) -> KeyValues:
        """The values of a file's keys. A missing key is reported at the first one."""
        return self.mapping(root, keys, root.pairs[0][0].span if root.pairs else root.span)

    def has_room(self, span: Span) -> bool:
        """Whether more can be read. A limit that is reached is reported once, at the span."""
        limit = self.files.limit()
        if limit and not self.files.is_full:
            self.files.is_full = True
            self.report(limit.code, limit.message, span, limit.hint)
        return limit is None

    def open(
        self, span: Span, open_: Callable[[], T], hint: Callable[[FileRefused], str | None] | None = None
    ) -> T | None:
        """What is named at a span; None if it can't be opened, which is reported, with its own or another `hint`."""
        if self.has_room(span):
            try:
                return open_()
            except FileRefused as refused:
                self.report(refused.code, refused.message, span, hint(refused) if hint else refused.hint)
        return None

    def mapping(self, node: Mapping, keys: KeySet, span: Span) -> KeyValues:
        """The values of the keys. A missing key is reported at `span`."""
        found = KeyValues(span)
        spans_of: dict[str, Span] = {}
        written = {key.words for key, _ in node.pairs if isinstance(key, Scalar)}
        for key_node, value_node in node.pairs:
            name = self.name_of(key_node)
            if name is None:
                continue
            key = keys.key(name) or self._suggest(name, key_node.span, keys, written)
            if key is None:
                continue
            if key.name in spans_of:
                self.report_duplicate(name, key_node.span, spans_of[key.name])
                continue
            spans_of[key.name] = key_node.span
            value = self.value(self.context(key, value_node, key_node.span))
            if value is not None:
                found.values[key.name] = value
                found.spans[key.name] = value_node.span
        for key in keys.keys:
            if key.required and key.name not in spans_of and self.name not in self.files.cut:
                hint = self.context(key, node, span).example
                self.report("missing-key", f"{keys.title} needs `{key.name}`", span, hint)
        return found

    def context(self, key: Key, node: Node, span: Span) -> FieldContext:
        """The argument for the parser of a key."""
        return FieldContext(key, node, span, self)

    def value(self, context: FieldContext) -> object:
        """A key's value, or None."""
        use = context.key.type, context.key.name
        return self.read_once(context.node, use, lambda: context.key.type.parse(context))

    def read_once(self, node: Node, use: tuple[object, str], read: Callable[[], object]) -> object:
        """The result of `read` for a node in a use, from memory if it was read before."""
        done = (id(node), *use)
        if done not in self._done:
            self._done[done] = read()
        return self._done[done]

    def keys_of(self, context: FieldContext, keys: KeySet) -> KeyValues | None:
        """The value of a key that has keys."""
        if isinstance(context.node, Mapping):
            return self.mapping(context.node, keys, context.span)
        context.reject_kind()
        return None

    def name_of(self, node: Node) -> str | None:
        """A key's name; None if it is not text."""
        if not isinstance(node, Scalar):
            if not isinstance(node, Unreadable):
                self.report("syntax", "a list or braces can't be a key", node.span, "put it in quotes, if it is text")
            return None
        pitfall = curly_quotes(node.words) if node.is_plain else None
        if pitfall:
            self.report(pitfall.code, pitfall.message, node.span, f"write `{quote(pitfall.text)}:`")
            return pitfall.text
        if node.words == "<<" and node.is_plain:
            self.report("unsupported-yaml", "`<<` has no meaning here", node.span, "write the keys out")
            return None
        return node.words

    def _suggest(self, name: str, span: Span, keys: KeySet, written: set[str]) -> Key | None:
        """Report an unknown key; gives the nearest known one, unless that is written too."""
        message, hint = f"{keys.title} has no `{shown(name) or ' '}`", keys.hints.get(name)
        if is_moment(name) and keys.key("cues"):
            hint = "a moment belongs below `cues`: put two spaces before it"
        if hint:
            self.report("unknown-key", message, span, hint)
            return None
        also = [key for key in WORDS["keys"].get(name.casefold(), "").split() if keys.key(key) and key not in written]
        near = also[0] if also else _nearest(name, keys)
        hint = f"did you mean `{near}`?" if near else _where_it_belongs(name, keys)
        self.report("unknown-key", message, span, hint)
        return keys.key(near) if near and near not in written else None

    def report_duplicate(self, name: str, span: Span, first: Span, hint: str | None = None) -> None:
        """Report a duplicate key."""
        hint = hint or "keep one of the two"
        self.report("duplicate-key", f"duplicate key `{shown(name)}` (first on line {first.line})", span, hint)

    def report(self, code: str, message: str, span: Span, hint: str | None = None) -> None:
        """Report an error."""
        self.files.report(error(code, message, span, hint))


def _nearest(name: str, keys: KeySet) -> str | None:
    """The nearest key; a name that is a key elsewhere has to be very similar."""
    near = nearest(name, keys.names)
    if near and name in _KNOWN and SequenceMatcher(None, name, near).ratio() < _SIMILAR:
        return None
    return near


def _where_it_belongs(name: str, keys: KeySet) -> str:
    """A hint: where an unknown key belongs, else the keys that are known here."""
    if name in STEPS:
        return f"`{name}` is a step: it belongs below `steps:`, and begins with `- `"
    homes = [other.title for other in _KEY_SETS if other.key(name)]
    if homes:
        return f"`{name}` belongs to {' or '.join(homes[:2])}"
    return "it has " + ", ".join(f"`{each}`" for each in keys.names)
