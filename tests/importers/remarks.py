"""What an importer said, as lines of text."""

from __future__ import annotations

from collections.abc import Iterable

from cuecast.model.diagnostics import Diagnostic


def remarks(diagnostics: Iterable[Diagnostic]) -> str:
    return "".join(f"{d.severity}[{d.code}] {d.span}: {d.message}\n" for d in diagnostics)
