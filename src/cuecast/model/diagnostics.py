"""What is wrong, where, and what to do: values, not exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from cuecast.model.source import Span


class Severity(StrEnum):
    """How much a diagnostic matters: an error stops the build, a warning may become one, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Diagnostic(Struct, frozen=True):
    """A user's fault, or a remark. `code` is stable and has a paragraph in docs/diagnostics.md.

    `path` leads to the value in a routine that was given as plain values: `steps[0].work`.
    """

    severity: Severity
    code: str
    message: str
    span: Span | None = None
    hint: str | None = None
    path: str | None = None

    def __str__(self) -> str:
        place = self.path or self.span
        return f"{place}: {self._message}" if place else self._message

    @property
    def _message(self) -> str:
        return f"{self.severity}[{self.code}]: {self.message}"


def error(code: str, message: str, span: Span | None = None, hint: str | None = None) -> Diagnostic:
    """A diagnostic that stops the build."""
    return Diagnostic(Severity.ERROR, code, message, span, hint)


def warning(code: str, message: str, span: Span | None = None, hint: str | None = None) -> Diagnostic:
    """A diagnostic that `--strict` makes an error."""
    return Diagnostic(Severity.WARNING, code, message, span, hint)


def note(code: str, message: str, span: Span | None = None, hint: str | None = None) -> Diagnostic:
    """A diagnostic that only tells."""
    return Diagnostic(Severity.NOTE, code, message, span, hint)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each once, in the order of the files; those without a place come last."""
    once = dict.fromkeys(diagnostics)
    return tuple(sorted(once, key=lambda d: (d.span is None, str(d.span and d.span.file), *_place(d))))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    return _nearest(word.casefold()[:40], tuple(known))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint that names the known word that was probably meant, or None where nothing is near."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else None


@lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    import difflib  # most routines have no faults

    by_fold = {k.casefold(): k for k in known}
    near = difflib.get_close_matches(word, by_fold, n=1, cutoff=0.6 if len(word) <= 4 else 0.7)
    return by_fold[near[0]] if near else None


def _place(d: Diagnostic) -> tuple[int, int]:
    return (d.span.line, d.span.column) if d.span else (0, 0)
