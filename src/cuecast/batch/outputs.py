"""Where the tracks of a manifest go."""

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

_FIT = 'no `..`, no `/` in front, none of `" * : < > ? \\ |`, no name such as con or aux, and at most 120 letters each'
_FIELD = re.compile(r"\{\{|\}\}|\{(\w+)\}")


class Template(Struct, frozen=True):
    """A path with fields: words (False) and the names of axes (True), in turn. `span` is where it is told."""

    parts: tuple[tuple[bool, str], ...]
    span: Span

    @property
    def axes(self) -> set[str]:
        """Those that it names."""
        return {text for is_axis, text in self.parts if is_axis}

    def path(self, told: Mapping[str, str | None], suffix: str) -> PurePosixPath:
        """Where a track goes."""
        path = "".join(_safe(told[text] or "") if is_axis else text for is_axis, text in self.parts)
        return PurePosixPath(path if path.lower().endswith(suffix) else path + suffix)


def template_of(manifest: Manifest, languages: int) -> Template | Diagnostic:
    """That of the manifest, else all that differs in it; a fault where it names an axis that has no values.

    `languages` is how many there are.
    """
    counts = _counts(manifest, languages)
    if manifest.output is None:
        differing = "-".join(f"{{{axis}}}" for axis, count in counts.items() if count > 1)
        text = f"{{routine}}-{differing}".rstrip("-")
        return Template(tuple(_parts(text)), manifest.routines[0].span)
    made = Template(tuple(_parts(manifest.output.text.removesuffix(".{format}"))), manifest.output.span)
    for axis in counts:
        if axis in made.axes and not counts[axis]:
            message = f"`{{{axis}}}` has no value: the manifest has no `{axis}s`"
            return error("bad-field", message, made.span, f"write `{axis}s:` with what it can be, or leave it out here")
    return made


def unfit(
    outputs: Sequence[PurePosixPath], manifest: Manifest, template: Template, languages: int
) -> Iterator[Diagnostic]:
    """What keeps tracks from where they should go: two at one place, or a path that leads elsewhere."""
    bad = next((output for output in outputs if not is_portable_path(str(output))), None)
    if bad is not None:
        message = f"`{bad}` is no path below the folder of the tracks that every system takes"
        yield error("bad-output", message, template.span, _FIT)
    places: set[str] = set()
    for output in outputs:
        place = unicodedata.normalize("NFC", str(output)).casefold()
        if place in places:
            counts = {"routine": 2, **_counts(manifest, languages)}
            lacking = [axis for axis, count in counts.items() if count > 1 and axis not in template.axes]
            hint = "add " + ", ".join(f"`{{{axis}}}`" for axis in lacking) if lacking else "two routines have one name"
            yield error("duplicate-output", f"several tracks would become `{output}`", template.span, hint)
            return
        places.add(place)


def _counts(manifest: Manifest, languages: int) -> Mapping[str, int]:
    """How many values there are of each axis that a name may need."""
    return {
        "language": languages,
        "voice": len(manifest.voices),
        "level": len(manifest.levels),
        "length": len(manifest.lengths),
    }


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    at = 0
    for found in _FIELD.finditer(text):
        yield False, text[at : found.start()]
        yield (True, found[1]) if found[1] else (False, found[0][0])
        at = found.end()
    yield False, text[at:]


def _safe(text: str) -> str:
    """A value as part of a file's name."""
    text = unicodedata.normalize("NFC", text)  # macOS may hand out an umlaut as a letter and a mark
    # Marks are no "word characters", but Hindi's vowels are marks.
    kept = "".join(c if c in "_.-" or unicodedata.category(c)[0] in "LMN" else " " for c in text)
    return re.sub(" +", "-", kept).strip("-.") or "-"
