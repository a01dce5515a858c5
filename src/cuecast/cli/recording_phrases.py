"""What some routines say in one voice, for `voices script` and `voices check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from cuecast import api
from cuecast.cli import report
from cuecast.cli.console import FAULTY, usage_error, use_colour, write_stderr
from cuecast.cli.environment import build_options
from cuecast.library import RoutineSource
from cuecast.model.build import Result
from cuecast.model.diagnostics import Severity
from cuecast.speak.recording.script import PhraseToRecord
from cuecast.speak.slug import slug


def phrases_of(
    routines: Sequence[RoutineSource], voice: str | None, level: str | None = None
) -> tuple[PhraseToRecord, ...]:
    """The phrases of all routines, one for each file name. Errors in a routine end the command."""
    results = [_phrases_in(routine, voice, level) for routine in routines]
    for result in results:
        errors = [d for d in result.diagnostics if d.severity is Severity.ERROR]
        if errors:
            write_stderr(report.as_text(errors, result.sources, use_colour(sys.stderr)))
    if any(result.value is None for result in results):
        raise typer.Exit(FAULTY)
    first: dict[str, PhraseToRecord] = {}
    for result in results:
        for phrase in result.value or ():
            first.setdefault(slug(phrase.utterance.spoken), phrase)
    languages = sorted({phrase.utterance.language for phrase in first.values()})
    if len(languages) > 1:
        raise usage_error(
            f"these routines are in several languages: {', '.join(languages)}", "take those of one at a time"
        )
    return tuple(first.values())


def _phrases_in(routine: RoutineSource, voice: str | None, level: str | None) -> Result[tuple[PhraseToRecord, ...]]:
    """All phrases; of a voice that the routine names only its own."""
    everything = api.phrases_to_record(routine, build_options(level=level))
    if voice is None or everything.value is None:
        return everything
    own = tuple(phrase for phrase in everything.value if phrase.utterance.voice == voice)
    if own:
        return Result(own, everything.diagnostics, everything.sources)
    return api.phrases_to_record(routine, build_options(voice=voice, level=level))
