"""The paths of a manifest's tracks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.manifest import Manifest
from cuecast.model.source import Span
from cuecast.tags.bundle import is_portable_path

_PATH_RULE = (
    'no `..`, no `/` in front, none of `" * : < > ? \\ |`, no name such as con or aux, and at most 120 letters each'
)
_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")


class OutputTemplate(Struct, frozen=True):
    """A path with fields such as `{level}`. `counts` says how many values each axis has; `span` is its place."""

    text: str
    counts: Mapping[str, int]
    span: Span

    @property
    def axes(self) -> set[str]:
        """The axes that the path names."""
        return {field[1] for field in _FIELD.finditer(self.text) if field[1]}

    def path(self, values: Mapping[str, str | None], suffix: str) -> PurePosixPath:
        """The path of the track with these values."""
        path = _FIELD.sub(lambda field: _safe(values[field[1]] or "") if field[1] else field[0][0], self.text)
        return PurePosixPath(path if path.lower().endswith(suffix) else path + suffix)

    def check_fields(self) -> Iterator[Diagnostic]:
        """An error for a field whose axis has no values."""
        for axis in (axis for axis, count in self.counts.items() if not count and axis in self.axes):
            message = f"`{{{axis}}}` has no value: the manifest has no `{axis}s`"
            yield error("bad-field", message, self.span, f"write `{axis}s:` with its values, or remove the field")

    def check_paths(self, paths: Sequence[PurePosixPath]) -> Iterator[Diagnostic]:
        """Errors for a path that leads elsewhere or is not portable, and for two tracks with the same path."""
        bad = next((path for path in paths if not is_portable_path(str(path))), None)
        if bad is not None:
            message = f"`{bad}` is not a path below the folder of the tracks that every system accepts"
            yield error("bad-output", message, self.span, _PATH_RULE)
        known: set[str] = set()
        for path in paths:
            key = unicodedata.normalize("NFC", str(path)).casefold()
            if key in known:
                counts = {"routine": 2, **self.counts}
                missing = [f"`{{{axis}}}`" for axis, count in counts.items() if count > 1 and axis not in self.axes]
                hint = f"add {', '.join(missing)}" if missing else "two routines have one name"
                yield error("duplicate-output", f"several tracks would become `{path}`", self.span, hint)
                return
            known.add(key)


def output_template(manifest: Manifest, languages: int) -> OutputTemplate:
    """The manifest's `output`, by default the routine and every axis with several values."""
    counts = {
        "language": languages,
        "voice": len(manifest.voices),
        "level": len(manifest.levels),
        "length": len(manifest.lengths),
    }
    if manifest.output is not None:
        return OutputTemplate(manifest.output.text.removesuffix(".{format}"), counts, manifest.output.span)
    fields = ["{routine}", *(f"{{{axis}}}" for axis, count in counts.items() if count > 1)]
    return OutputTemplate("-".join(fields), counts, manifest.routines[0].span)


def _safe(text: str) -> str:
    """A value as part of a file name."""
    text = unicodedata.normalize("NFC", text)  # macOS may return an umlaut as a letter and a mark
    # Combining marks are not word characters, but the vowels of Hindi are marks.
    safe = "".join(c if c in "_.-" or unicodedata.category(c)[0] in "LMN" else " " for c in text)
    return re.sub(" +", "-", safe).strip("-.") or "-"
