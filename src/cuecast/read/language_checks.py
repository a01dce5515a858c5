"""Whether a routine's language is one that cuecast speaks, and the one that its file's name says."""

from __future__ import annotations

from collections.abc import Iterator

from cuecast.model.diagnostics import Diagnostic, error, warning
from cuecast.model.routine import Routine
from cuecast.model.source import Span
from cuecast.phrases import languages


def check_language(routine: Routine) -> Iterator[Diagnostic]:
    """An error for an unknown language; a warning if the name of the file, as in NAME.de.yaml, says another one."""
    primary = routine.language.partition("-")[0]
    if primary not in languages():
        message, hint = f"cuecast does not speak “{routine.language}” yet", f"it speaks {', '.join(languages())}"
        yield error("unknown-language", message, routine.language_span, hint)
    name, _, language = routine.name.rpartition(".")
    if name and language in languages() and language != primary:
        message = f"the name of this file says “{language}”, but the routine is in “{routine.language}”"
        span = routine.language_span or Span(routine.source.name, 1, 1, 1, 1)
        hint = f"write `language: {language}`, or call the file {name}.yaml"
        yield warning("language-of-name", message, span, hint)
