"""The `exclude` entries of a manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from cuecast.model.diagnostics import Diagnostic, did_you_mean, warning
from cuecast.model.manifest import AXES, Exclusion, ManifestText


class ExclusionRules:
    """The entries of `exclude`. They record what they were compared with, to find entries without effect."""

    def __init__(self, entries: Sequence[Exclusion]) -> None:
        self._unused = dict.fromkeys(entries)
        self._entries = entries
        self._values: dict[str, set[str]] = {axis: set() for axis in AXES}
        self._missing: set[tuple[str, str]] = set()

    def matches(self, values: Mapping[str, str | None]) -> bool:
        """Whether an entry excludes a track with these values, or all tracks that have them."""
        for axis, value in values.items():
            if value is not None:
                self._values[axis].add(value)
        matching = [
            entry for entry in self._entries if all(_matches(a, values.get(a), texts) for a, texts in entry.criteria)
        ]
        for entry in matching:
            self._unused.pop(entry, None)
        return bool(matching)

    def note_missing(self, axis: str, value: str) -> None:
        """Note a value of the manifest that does not exist. It has an error; an entry about it needs no warning."""
        self._missing.add((axis, value))

    def unused_warnings(self) -> Iterator[Diagnostic]:
        """A warning for each entry that excludes no track."""
        for entry in self._unused:
            texts = [(axis, text) for axis, texts in entry.criteria for text in texts]
            if any((axis, text.text) in self._missing for axis, text in texts):
                continue
            for axis, text in texts:
                if not any(_matches(axis, value, (text,)) for value in self._values[axis]):
                    reason, span = f"no track has the {axis} `{text.text}`", text.span
                    hint = did_you_mean(text.text, self._values[axis])
                    break
            else:
                reason, span, hint = "no track is like this", entry.span, None
            yield warning("unused-exclusion", f"{reason}, so nothing is excluded", span, hint)


def _matches(axis: str, value: str | None, texts: Sequence[ManifestText]) -> bool:
    if value is None:
        return False
    if axis == "routine":
        return any(fnmatchcase(value, text.text) for text in texts)
    return any(value == text.text for text in texts)
