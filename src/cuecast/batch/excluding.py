"""What a manifest leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from cuecast.model.diagnostics import Diagnostic, did_you_mean, warning
from cuecast.model.manifest import AXES, Exclusion, ManifestText


class Excluding:
    """The entries of `exclude`, and which of them have been of use."""

    def __init__(self, entries: Sequence[Exclusion]) -> None:
        self.count = 0
        self._entries = entries
        self._used = [False] * len(entries)
        self._met: dict[str, set[str]] = {axis: set() for axis in AXES}
        self._lacking: dict[str, set[str]] = {axis: set() for axis in AXES}

    def takes(self, told: Mapping[str, str | None]) -> bool:
        """Whether a track is left out."""
        for axis, value in told.items():
            if value is not None:
                self._met[axis].add(value)
        taken = [all(_matches(axis, told[axis], words) for axis, words in entry.told) for entry in self._entries]
        self._used = [used or now for used, now in zip(self._used, taken, strict=True)]
        self.count += any(taken)
        return any(taken)

    def takes_all(self, routine: str, language: str) -> bool:
        """Whether a routine is left out in a language, whatever else a track is like. It does not count any track."""
        told = {"routine": routine, "language": language}
        taken = [
            all(axis in told and _matches(axis, told[axis], words) for axis, words in entry.told)
            for entry in self._entries
        ]
        self._used = [used or now for used, now in zip(self._used, taken, strict=True)]
        return any(taken)

    def lacks(self, axis: str, value: str) -> None:
        """Note what the manifest names and is not there: that is told, so an entry about it needs no warning."""
        self._lacking[axis].add(value)

    def unused(self) -> Iterator[Diagnostic]:
        """A warning for each entry that is none of any track."""
        for entry, used in zip(self._entries, self._used, strict=True):
            if not used and not any(w.text in self._lacking[axis] for axis, words in entry.told for w in words):
                words = [(axis, word) for axis, words in entry.told for word in words]
                stray = next(
                    ((a, w) for a, w in words if not any(_matches(a, met, (w,)) for met in self._met[a])), None
                )
                span = stray[1].span if stray else entry.span
                hint = did_you_mean(stray[1].text, self._met[stray[0]]) if stray else None
                what = f"no track has the {stray[0]} `{stray[1].text}`" if stray else "no track is like this"
                yield warning("unused-exclusion", f"{what}, so nothing is excluded", span, hint)


def _matches(axis: str, value: str | None, words: Sequence[ManifestText]) -> bool:
    if value is None:
        return False
    if axis == "routine":
        return any(fnmatchcase(value, word.text) for word in words)
    return any(value == word.text for word in words)
