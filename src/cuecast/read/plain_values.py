"""A routine as plain values (dicts, lists, text, numbers): its YAML text, and the path to each value in it."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic

_MAX_DEPTH = 100
_WIDTH = 1_000_000  # no text is wrapped

_Place = tuple[int, int]
"""A line and a column, from 0."""


class _Dumper(yaml.SafeDumper):
    """Writes a value again each time it occurs: anchors are for people who write YAML."""

    def ignore_aliases(self, data: object) -> bool:
        """Always."""
        return True


def values_to_yaml(values: Mapping[str, Any]) -> str:
    """The text of a routine. Raises TypeError, with the path, for what is neither dict, list, text nor number."""
    plain = _plain(values, "", 0)
    return str(yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH))


def with_paths(diagnostics: Sequence[Diagnostic], name: str, text: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of the text that `values_to_yaml` made, each with the path to its value."""
    if not any(d.span and d.span.file == name for d in diagnostics):
        return tuple(diagnostics)
    places = list(_places(yaml.compose(text, yaml.SafeLoader), ""))

    def path_of(d: Diagnostic) -> str | None:
        if d.span is None or d.span.file != name:
            return None
        place = d.span.line - 1, d.span.column - 1
        return next((path for start, path in reversed(places) if start <= place), None)

    return tuple(replace(d, path=path_of(d)) for d in diagnostics)


def _plain(value: Any, path: str, depth: int) -> object:
    if depth > _MAX_DEPTH:
        raise TypeError(f"{path[:40]}…: values are nested too deep, or contain themselves")
    match value:
        case None | bool() | int():
            return value
        case float() if math.isfinite(value):
            return int(value) if value.is_integer() else value  # 24 / 2 is 12 seconds, too
        case str():
            return str(value)  # of an enumeration, its value
        case os.PathLike():
            return os.fspath(value)
        case Mapping():
            return {_key(key, path): _plain(each, _below(path, key), depth + 1) for key, each in value.items()}
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [_plain(each, f"{path}[{number}]", depth + 1) for number, each in enumerate(value)]
    raise TypeError(
        f"{path or 'the routine'}: a routine can't have a value of the type {type(value).__name__}: {value!r:.40}"
    )


def _key(key: object, path: str) -> object:
    if isinstance(key, str | int | float):
        return str(key) if isinstance(key, str) else key
    raise TypeError(f"{path or 'the routine'}: the key {key!r:.40} is neither text nor a number")


def _below(path: str, key: object) -> str:
    """The path to a key's value: `defaults.work`, `cues["-10s"]`."""
    if isinstance(key, str) and key.isidentifier():
        return f"{path}.{key}" if path else key
    quoted = str(key).replace('"', '\\"')
    return f'{path}["{quoted}"]'


def _places(node: Any, path: str) -> Iterator[tuple[_Place, str]]:
    """Where each value begins, and its path, in the order of the text. A key counts as its value."""
    if path:
        yield (node.start_mark.line, node.start_mark.column), path
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = _below(path, key.value)
            yield (key.start_mark.line, key.start_mark.column), inner
            yield from _places(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _places(value, f"{path}[{number}]")
