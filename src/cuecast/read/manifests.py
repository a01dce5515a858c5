"""Manifests: the file for `cuecast batch`, and its parsers."""

from __future__ import annotations

import re
from collections.abc import Callable

from cuecast.model import field_types as types
from cuecast.model.diagnostics import did_you_mean, has_errors, nearest
from cuecast.model.duration import DurationError, text_to_ms
from cuecast.model.keys import FieldType
from cuecast.model.limits import MAX_LISTED, MAX_TEXT
from cuecast.model.manifest import AS_WRITTEN, AXES, Exclusion, Manifest, ManifestText
from cuecast.model.routine import Level
from cuecast.read.field_context import FieldContext
from cuecast.read.files import Files
from cuecast.read.grammar import MANIFEST_FILE
from cuecast.read.reader import Reader
from cuecast.read.schema.manifest import EXCLUSION, MANIFEST
from cuecast.read.texts import has_control
from cuecast.read.yaml.nodes import Mapping as Keys
from cuecast.read.yaml.nodes import Scalar, Sequence, Unreadable
from cuecast.read.yaml.pitfalls import shown

_Objection = tuple[str, str | None]
"""A message if the usual one does not fit, and a hint."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_FORMAT = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
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
    if has_errors(files.faults):
        return None
    return Manifest(**values.values)  # type: ignore[arg-type]


_Check = Callable[[str], _Objection | None]


def _parses_list(parsed: FieldType) -> Callable[[_Check], _Check]:
    """Attach a parser to a type whose value is a text or a list of texts; the function checks each."""

    def attach(check: _Check) -> _Check:
        parsed.parse = lambda context: _texts(context, check)
        return check

    return attach


def _texts(context: FieldContext, check: _Check) -> tuple[ManifestText, ...] | None:
    nodes = context.scalars()
    if not nodes:
        if isinstance(context.node, Sequence) and context.node.is_cut:
            return None  # the unreadable rest is reported already
        context.report("missing-value", f"`{context.key.name}` is an empty list", hint=context.example)
        return None
    if len(nodes) > MAX_LISTED:
        context.report("bad-value", f"`{context.key.name}` has {len(nodes):,} entries; {MAX_LISTED:,} are the most")
        return None
    words: dict[str, ManifestText] = {}
    is_sound = True
    for node in nodes:
        word = None if node is None else _word(context, node, check)
        is_sound = is_sound and word is not None
        if word is not None and word.text in words:
            context.report("bad-value", f"`{shown(word.text)}` is here twice", node, "take one of them out")
            is_sound = False
        elif word is not None:
            words[word.text] = word
    return tuple(words.values()) if is_sound else None


def _word(context: FieldContext, node: Scalar, check: Callable[[str], _Objection | None]) -> ManifestText | None:
    text = " ".join(node.words.split())
    if not text:
        context.report("missing-value", f"`{context.key.name}` has an empty entry", node, context.example)
    elif len(text) > MAX_TEXT:
        context.report("text-too-long", f"this has {len(text):,} characters; {MAX_TEXT:,} are the most", node)
    elif has_control(text):
        context.report("odd-character", f"`{context.key.name}` has an invisible character in it", node, "type it again")
    elif fault := check(text):
        message, hint = fault
        context.report("bad-value", message or _wanted(context, text), node, hint or context.example)
    else:
        return ManifestText(text, node.span)
    return None


def _wanted(context: FieldContext, text: str) -> str:
    return f"`{context.key.name}` wants {context.key.type.expects}, not `{shown(text)}`"


@_parses_list(types.ROUTINES)
def _routine(text: str) -> _Objection | None:
    if text.startswith("~"):
        return f"`{shown(text)}`: a manifest knows no `~`", "write the path as seen from the manifest, or a name"
    if "\\" in text:
        return "", "write `{}`".format(shown(text.replace("\\", "/")))
    return None


@_parses_list(types.LANGUAGES)
def _language(text: str) -> _Objection | None:
    if _LANGUAGE.fullmatch(text):
        return None
    match = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?", text)
    suggestion = match[1].lower() + (f"-{match[2].upper()}" if match[2] else "") if match else None
    return "", f"did you mean `{suggestion}`?" if suggestion else None


@_parses_list(types.VOICES)
def _voice(text: str) -> _Objection | None:
    if _NAME.fullmatch(text):
        return None
    plain = re.sub(r"[^a-z0-9_-]+", "-", text.casefold()).strip("-_")
    return "", f"did you mean `{plain}`?" if plain and len(plain) < 40 else None


@_parses_list(types.LEVELS)
def _level(text: str) -> _Objection | None:
    return None if text in list(Level) else ("", did_you_mean(text, list(Level)))


@_parses_list(types.LENGTHS)
def _length(text: str) -> _Objection | None:
    if text == AS_WRITTEN:
        return None
    try:
        return None if text_to_ms(text) else ("a track lasts at least 1s", None)
    except DurationError as fault:
        near = AS_WRITTEN if text.casefold() in _OWN else nearest(text, [AS_WRITTEN]) or fault.suggestion
        return "", f"did you mean `{near}`?" if near else None


@_parses_list(types.FORMATS)
def _format(text: str) -> _Objection | None:
    # Plug-ins add formats: whether this one exists is checked when the manifest is used.
    if _FORMAT.fullmatch(text):
        return None
    suggestion = text.strip(".").lower()
    return "", f"did you mean `{suggestion}`?" if _FORMAT.fullmatch(suggestion) else None


@types.OUTPUT.parser
def _output(context: FieldContext) -> ManifestText | None:
    node = context.scalar()
    word = None if node is None else _word(context, node, lambda text: None)
    if node is None or word is None:
        return None
    for found in _FIELD.finditer(word.text):
        if found[0] in ("{{", "}}"):
            continue
        if found[1] is None:
            context.report("bad-field", "a brace is alone", node, "for a brace write it twice: `{{`")
            return None
        if found[1] not in AXES:
            hint = did_you_mean(found[1], AXES) or "there are: " + ", ".join(f"`{{{axis}}}`" for axis in AXES)
            context.report("unknown-field", f"`output` knows no `{{{shown(found[1])}}}`", node, hint)
            return None
    return word


@types.EXCLUSIONS.parser
def _exclusions(context: FieldContext) -> tuple[Exclusion, ...] | None:
    reader = context.reader
    if not isinstance(context.node, Sequence):
        if isinstance(context.node, Keys):
            hint = "put `- ` before its first line, or `[` and `]` round it"
            context.report("wrong-type", "`exclude` is a list, also where it has one entry", hint=hint)
        else:
            node = context.scalar()
            if node is not None:
                context.reject(node, context.example)
        return None
    if len(context.node.items) > MAX_LISTED:
        context.report("bad-value", f"`exclude` has {len(context.node.items):,} entries; {MAX_LISTED:,} are the most")
        return None
    found = []
    for item in context.node.items:
        if not isinstance(item, Keys) or not item.pairs:
            if not isinstance(item, Unreadable):
                hint = "for example `- {routine: evening, language: de}`"
                context.report("wrong-type", "an entry of `exclude` says what of a track must hold", item, hint)
            continue
        values = reader.mapping(item, EXCLUSION, item.span)
        conditions = tuple((axis, values.values[axis]) for axis in AXES if axis in values.values)
        if conditions:
            found.append(Exclusion(conditions, item.span))  # type: ignore[arg-type]
    return tuple(found)
