"""Cues: words by their moment, or a list of entries."""

from __future__ import annotations

from functools import partial

from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.routine import Cue, Moment, Side, Text
from cuecast.model.source import Span
from cuecast.read.enums import is_off, read_moment
from cuecast.read.field_context import FieldContext
from cuecast.read.reader import Reader
from cuecast.read.schema import CUE
from cuecast.read.yaml.nodes import Mapping, Node, Scalar, Sequence, Unreadable
from cuecast.read.yaml.pitfalls import is_moment, shown

_MOMENT = Key("cues", types.MOMENT, "The moment.", "half: Slowly.")


@types.CUES.parser
def read_cues(context: FieldContext) -> tuple[Cue, ...] | None:
    """The valid cues of an exercise in file order; none for `off`."""
    reader, node = context.reader, context.node
    if isinstance(node, Mapping):
        return _by_moment(reader, node)
    if isinstance(node, Sequence):
        entries = [reader.read_once(item, ("cue", ""), partial(_entry, reader, item)) for item in node.items]
        return tuple(entry for entry in entries if isinstance(entry, Cue))
    if is_off(context):
        return ()
    context.reject_kind()
    return None


def _by_moment(reader: Reader, node: Mapping) -> tuple[Cue, ...]:
    cues: list[Cue] = []
    spans_of: dict[Moment, Span] = {}
    for key_node, value_node in node.pairs:
        name = reader.name_of(key_node)
        if name is None:
            continue
        span = key_node.span
        if CUE.key(name):
            hint = "begin each cue with `- at:`, or write the moment and its words: `half: Slowly.`"
            reader.report("wrong-type", f"`{name}` belongs to an entry of a list", span, hint)
            continue
        key = Key(shown(name), types.TEXT, "The words to say then.", f"{shown(name)}: Slowly.")
        text = reader.value(reader.context(key, value_node, span))
        moment = (
            read_moment(reader.context(_MOMENT, key_node, span), key_node) if isinstance(key_node, Scalar) else None
        )
        if moment is None:
            continue
        if moment in spans_of:
            reader.report_duplicate(name, span, spans_of[moment], "for two at one moment, write a list of {at, say}")
            continue
        spans_of[moment] = span
        if isinstance(text, Text):
            cues.append(Cue(moment, text, span))
    return tuple(cues)


def _entry(reader: Reader, node: Node) -> Cue | None:
    if isinstance(node, Mapping):
        span = node.pairs[0][0].span if node.pairs else node.span
        first = reader.name_of(node.pairs[0][0]) if len(node.pairs) == 1 else None
        if first and is_moment(first):
            hint = f"write `-{first}: …`, without the space" if first[0].isdigit() else f"write `at: {first}`"
            hint += ", or leave out the `-` before every cue"
            reader.report("wrong-type", f"an entry of this list needs `at` and `say`, not `{first}`", span, hint)
            return None
        values = reader.mapping(node, CUE, span)
        at, say = values.get("at", Moment), values.get("say", Text)
        if at is None or say is None:
            return None
        return Cue(at, say, values.spans["at"], values.get("side", Side), values.get("round", int))
    if not isinstance(node, Unreadable):
        hint = "write `- at: half`, and below it `  say: Slowly.`"
        reader.report("wrong-type", "an entry of this list needs `at` and `say`", node.span, hint)
    return None
