"""Manifests: the file for `cuecast batch`, and its parsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from cuecast.model import field_types as types
from cuecast.model.diagnostics import did_you_mean, has_errors, nearest
from cuecast.model.duration import DurationError
from cuecast.model.keys import FieldType
from cuecast.model.limits import MAX_LISTED
from cuecast.model.manifest import AS_WRITTEN, AXES, Exclusion, Manifest, ManifestText
from cuecast.model.routine import Level
from cuecast.phrases.lengths import text_to_ms
from cuecast.read.enums import one_of
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.files import Files
from cuecast.read.grammar import MANIFEST_FILE
from cuecast.read.reader import Reader
from cuecast.read.schema import EXCLUSION, MANIFEST
from cuecast.read.texts import plain_words, words_of
from cuecast.read.values import read_language, read_name
from cuecast.read.yaml.nodes import Mapping as Keys
from cuecast.read.yaml.nodes import Scalar, Sequence, Unreadable
from cuecast.read.yaml.pitfalls import shown

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_OWN = ("as is", "own", "original", "written", "default", "as-written")


def read_manifest_file(files: Files, name: str, data: bytes) -> Manifest | None:
    """The manifest of a file, None if it has errors; they are reported to `files`."""
    files.grammar = MANIFEST_FILE
    reader = Reader(files, name)
    root = reader.root(data, "a manifest", "a manifest begins with `routines:` and a list of them")
    if root is None:
        return None
    values = reader.whole(root, MANIFEST)
    return None if has_errors(files.faults) else Manifest(**values.values)  # type: ignore[arg-type]


def _routine(context: FieldContext, node: Scalar) -> str | None:
    text = plain_words(node)
    if text.startswith("~"):
        hint = "write the path as seen from the manifest, or a name"
        context.report("bad-value", f"`{shown(text)}`: a manifest knows no `~`", node, hint)
    elif "\\" in text:
        context.reject(node, "write `{}`".format(shown(text.replace("\\", "/"))))
    else:
        return text
    return None


def _length(context: FieldContext, node: Scalar) -> str | None:
    text = plain_words(node)
    if text == AS_WRITTEN:
        return text
    try:
        if text_to_ms(text):
            return text
        context.report("bad-value", "a track lasts at least 1s", node, context.example)
    except DurationError as fault:
        near = AS_WRITTEN if text.casefold() in _OWN else nearest(text, [AS_WRITTEN])
        context.suggest(node, near or fault.suggestion)
    return None


# Plug-ins add formats: whether there is one of that name is checked when the manifest is used.
_LISTS: dict[FieldType, Callable[[FieldContext, Scalar], str | None]] = {
    types.ROUTINES: _routine,
    types.LANGUAGES: read_language,
    types.VOICES: read_name,
    types.LEVELS: partial(one_of, enum=Level),
    types.LENGTHS: _length,
    types.FORMATS: read_name,
}
"""How an item of each list is read."""


def _read_list(context: FieldContext) -> tuple[ManifestText, ...] | None:
    texts: dict[str, ManifestText] = {}
    is_good = True
    for node in context.scalars(MAX_LISTED):
        text = _LISTS[context.key.type](context, node) if node and words_of(context, node) else None
        if node is None or text is None:
            is_good = False
        elif text in texts:
            context.report("bad-value", f"`{shown(text)}` is here twice", node, "take one of them out")
            is_good = False
        else:
            texts[text] = ManifestText(text, node.span)
    return tuple(texts.values()) if is_good else None


for each in _LISTS:
    each.parse = _read_list


@parses_scalar(types.OUTPUT)
def _output(context: FieldContext, node: Scalar) -> ManifestText | None:
    text = words_of(context, node)
    if text is None:
        return None
    for field in _FIELD.finditer(text):
        if field[0] in ("{{", "}}") or field[1] in AXES:
            continue
        if field[1] is None:
            context.report("bad-field", "a brace is alone", node, "for a brace write it twice: `{{`")
        else:
            hint = did_you_mean(field[1], AXES) or "there are: " + ", ".join(f"`{{{axis}}}`" for axis in AXES)
            context.report("unknown-field", f"`output` knows no `{{{shown(field[1])}}}`", node, hint)
        return None
    return ManifestText(text, node.span)


@types.EXCLUSIONS.parser
def _exclusions(context: FieldContext) -> tuple[Exclusion, ...] | None:
    if isinstance(context.node, Keys):
        hint = "put `- ` before its first line, or `[` and `]` round it"
        context.report("wrong-type", "`exclude` is a list, also where it has one entry", hint=hint)
        return None
    if not isinstance(context.node, Sequence):
        context.reject_kind()
        return None
    entries = []
    for item in context.items(MAX_LISTED):
        if isinstance(item, Keys) and item.pairs:
            values = context.reader.mapping(item, EXCLUSION, item.span)
            conditions = tuple((axis, values.values[axis]) for axis in AXES if axis in values.values)
            if conditions:
                entries.append(Exclusion(conditions, item.span))  # type: ignore[arg-type]
        elif not isinstance(item, Unreadable):
            hint = "for example `- {routine: evening, language: de}`"
            context.report("wrong-type", "an entry of `exclude` says what of a track must hold", item, hint)
    return tuple(entries)
