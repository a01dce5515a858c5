"""`cuecast voices check`: what is wrong with a person's takes, and which phrases have none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from cuecast import api
from cuecast.cli import completion
from cuecast.cli.console import FAULTY, print_stderr, program_name, usage_error, write_json, write_stdout
from cuecast.cli.environment import build_options
from cuecast.cli.params import JsonOption, VoiceArgument
from cuecast.cli.recording_phrases import phrases_of
from cuecast.cli.routine_argument import find_routine
from cuecast.cli.voices_try import voice_called
from cuecast.library import RoutineSource
from cuecast.model.voice import Profile
from cuecast.speak.engines.recorded import RecordedEngine, takes_folder
from cuecast.speak.recording.review import Review, review_takes
from cuecast.speak.recording.takes import list_takes
from cuecast.speak.slug import slug


def check_takes(
    voice: VoiceArgument,
    routines: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ROUTINE", help="Routines whose phrases should all be there.", autocompletion=completion.routines
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check recordings: too short, clipped, missing."""
    profile, routines = voice_called(voice), routines or []
    if profile.engine != "recorded":
        raise usage_error(
            f"{voice} is spoken by {profile.engine}; only a voice with takes can be checked",
            f"`{program_name()} voices new NAME --takes FOLDER` makes one of a folder of takes",
        )
    engine, folder = RecordedEngine(profile), takes_folder(profile)
    phrases = phrases_of([_in_language_of(profile, routine) for routine in routines], voice) if routines else ()
    if not routines:
        engine.check()
    try:
        takes = list_takes(folder)
    except OSError as fault:
        raise usage_error(f"can't look into {folder}: {fault.strerror}") from None
    review = review_takes(takes, [phrase.utterance for phrase in phrases])
    if as_json:
        write_json({"voice": voice, "folder": str(folder), "otherwise": engine.otherwise, **_to_json(review)})
    else:
        write_stdout("".join(_lines(review, engine.otherwise)))
        print_stderr(_summary(voice, review, engine.otherwise, bool(routines)))
    if not review.usable or (review.missing and engine.otherwise is None):
        raise typer.Exit(FAULTY)


def _in_language_of(profile: Profile, name: str) -> RoutineSource:
    """The routine, or the one beside it that is in the voice's language."""
    routine = find_routine(name, build_options())
    phrases = api.phrases_to_record(routine, build_options()).value or ()
    language = profile.language.partition("-")[0]
    if name == "-" or all(phrase.utterance.language.partition("-")[0] == language for phrase in phrases):
        return routine
    return find_routine(name, build_options(language=language))


def _lines(review: Review, otherwise: str | None) -> Iterator[str]:
    for take in review.takes:
        for remark in take.remarks:
            yield f"{take.file.name}: {'warning' if remark.usable else 'error'}[{remark.code}]: {remark.message}\n"
    severity, rest = ("note", f"; {otherwise} says it") if otherwise else ("error", "")
    for utterance in review.missing:
        yield f"{slug(utterance.spoken)}.wav: {severity}[missing]: “{utterance.spoken}” is not recorded yet{rest}\n"


def _summary(name: str, review: Review, otherwise: str | None, has_routines: bool) -> str:
    faulty = sum(bool(take.remarks) for take in review.takes)
    summary = f"{name}: {_counted(len(review.takes), 'take')}, {faulty or 'none'} with something to correct"
    if not has_routines:
        return summary
    rest = f", which {otherwise} says" if otherwise and review.missing else ""
    missing = _counted(len(review.missing), "phrase") if review.missing else "no phrase"
    return f"{summary}, {missing} missing{rest}"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _to_json(review: Review) -> dict[str, object]:
    return {
        "takes": [
            {
                "file": take.file.name,
                "spoken": take.words or None,
                "seconds": take.seconds,
                "lufs": take.lufs,
                "remarks": [{"code": r.code, "message": r.message, "usable": r.usable} for r in take.remarks],
            }
            for take in review.takes
        ],
        "missing": [{"file": f"{slug(u.spoken)}.wav", "spoken": u.spoken} for u in review.missing],
    }
