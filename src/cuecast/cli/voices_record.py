"""`voices script` and `voices check`: what a person records for a routine, and how the takes have come out."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import typer
from msgspec import Struct

from cuecast import api
from cuecast.cli import report
from cuecast.cli.console import (
    FAULTY,
    print_stderr,
    program_name,
    usage_error,
    use_colour,
    write_json,
    write_stderr,
    write_stdout,
)
from cuecast.cli.environment import build_options
from cuecast.cli.routine_argument import find_routine
from cuecast.cli.voices_try import voice_called
from cuecast.files import atomic_write
from cuecast.library import RoutineSource
from cuecast.model.build import Result
from cuecast.model.diagnostics import Severity
from cuecast.options import Options
from cuecast.protocols import Profile
from cuecast.speak.engines.recorded import RecordedEngine, takes_folder
from cuecast.speak.recording.phrase_list import PhraseToRecord
from cuecast.speak.recording.review import Review, review, unrecorded
from cuecast.speak.recording.takes import Recordings, recordings
from cuecast.speak.slug import slug

SCRIPT = "script.txt"
"""What the list is called in the folder for the takes."""

_OURS = "# To record: "

_ADVICE = """\
#
# Say each phrase as you would to somebody on the mat beside you, and keep each in a file of its own in this folder,
# called as it stands below the phrase (.wav, .aiff, .flac, .ogg or .mp3; a telephone's .m4a is to be exported as one
# of these). Wait for half a second before you begin and before you stop. Stay as far from the microphone all the time.
"""


class _Wanted(Struct, frozen=True):
    """What some routines say in one voice: each file once."""

    title: str
    language: str
    phrases: tuple[PhraseToRecord, ...]


def script(
    routines: Sequence[str],
    output: str | None,
    force: bool,
    voice: str | None,
    language: str | None,
    level: str | None,
    as_json: bool,
) -> None:
    """Write the phrases that a person has to record, but for those that lie in the folder already."""
    profile = voice_called(voice) if voice is not None else None
    wanted = _wanted(
        [find_routine(reference, build_options(language=language)) for reference in routines], voice, level
    )
    folder = _folder(output, profile)
    missing = unrecorded(_found(folder), [phrase.utterance for phrase in wanted.phrases])
    left = tuple(phrase for phrase in wanted.phrases if phrase.utterance in missing)
    done = len(wanted.phrases) - len(left)
    if output is not None:
        assert folder is not None
        _write(folder, "".join(_pages(wanted, left, done)), force)
    if as_json:
        write_json(
            {
                "title": wanted.title,
                "language": wanted.language,
                "folder": str(folder) if folder else None,
                "recorded": done,
                "phrases": [_plain(phrase) for phrase in left],
            }
        )
    elif output is None:
        write_stdout("".join(_lines(wanted, left, done)))
    written = folder / SCRIPT if folder is not None and output is not None else None
    recorded = f", {done} recorded already" if done else ""
    print_stderr(f"{f'{written}: ' if written else ''}{_counted(len(left), 'phrase')} to record{recorded}")
    if folder is None:
        given = _typed({"--voice": voice, "--language": language, "--level": level})
        print_stderr(f"  make a folder  {program_name()} voices script {_quoted(routines)}{given} -o FOLDER")
    else:
        _next_steps(routines, folder, profile, wanted.language, bool(left))


def check_takes(name: str, routines: Sequence[str], as_json: bool) -> None:
    """Say what is wrong with a recorded voice's takes, and with routines what it has no takes of."""
    profile = voice_called(name)
    if profile.engine != "recorded":
        raise usage_error(
            f"{name} is spoken by {profile.engine}; only a voice with takes can be checked",
            f"`{program_name()} voices new NAME --takes FOLDER` makes one of a folder of takes",
        )
    engine = RecordedEngine(profile)
    wanted = _wanted([_in_language_of(profile, routine) for routine in routines], name, None) if routines else None
    if wanted is None:
        engine.check()
    found = _found(engine.folder)
    looked = review(found, [phrase.utterance for phrase in wanted.phrases] if wanted else ())
    if as_json:
        write_json(_plain_review(name, engine, looked))
    else:
        write_stdout("".join(_remarks(looked, engine.otherwise)))
        print_stderr(_summary(name, looked, engine.otherwise, wanted is not None))
    if not looked.usable or (looked.missing and engine.otherwise is None):
        raise typer.Exit(FAULTY)


def _wanted(found: Sequence[RoutineSource], voice: str | None, level: str | None) -> _Wanted:
    """What the routines say, in `voice` where that is told; one with errors ends the command."""
    options = build_options(level=level)
    results = [_said(routine, voice, options) for routine in found]
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
    title = ", ".join(routine.name for routine in found)
    return _Wanted(title, "".join(languages), tuple(first.values()))


def _said(routine: RoutineSource, voice: str | None, options: Options) -> Result[tuple[PhraseToRecord, ...]]:
    """All that is said; of a told voice its own part, or everything where the routine gives it none."""
    said = api.phrases_to_record(routine, options)
    if voice is None or said.value is None:
        return said
    own = tuple(phrase for phrase in said.value if phrase.utterance.voice == voice)
    if own:
        return Result(own, said.diagnostics, said.sources)
    return api.phrases_to_record(routine, build_options(voice=voice, level=options.level))


def _in_language_of(profile: Profile, reference: str) -> RoutineSource:
    """The routine, or the one beside it that is in the voice's language."""
    options = build_options()
    found = find_routine(reference, options)
    said = api.phrases_to_record(found, options).value or ()
    language = profile.language.partition("-")[0]
    if reference == "-" or all(phrase.utterance.language.partition("-")[0] == language for phrase in said):
        return found
    return find_routine(reference, build_options(language=language))


def _folder(output: str | None, profile: Profile | None) -> Path | None:
    """Where the takes lie or are to lie, if that is known."""
    if output is not None:
        if not output:
            raise usage_error("-o needs the name of a folder", "for example -o my-voice")
        folder = Path(output)
        if folder.exists() and not folder.is_dir():
            raise usage_error(f"{folder} is no folder", "-o names the folder for the takes, for example -o my-voice")
        return folder
    return takes_folder(profile) if profile is not None and profile.engine == "recorded" else None


def _found(folder: Path | None) -> Recordings:
    try:
        return recordings(folder) if folder is not None else Recordings(Path(), {})
    except FileNotFoundError:
        return Recordings(folder or Path(), {})
    except OSError as fault:
        raise usage_error(f"can't look into {folder}: {fault.strerror}") from None


def _write(folder: Path, text: str, force: bool) -> None:
    """Write the script. An older one of ours is replaced; what somebody else wrote only by force."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise usage_error(f"can't make the folder {folder}: {fault.strerror}") from None
    path = folder / SCRIPT
    try:
        with path.open("rb") as file:
            ours = file.read(len(_OURS)) == _OURS.encode()
    except OSError:
        ours = not path.exists()
    if not ours and not force:
        raise usage_error(f"{path} is there and was not written by `voices script`", "--force replaces it")
    with atomic_write(path) as out:
        out.write(text.encode())


def _heading(wanted: _Wanted, left: Sequence[PhraseToRecord], done: int) -> str:
    recorded = f"; {done} recorded already" if done else ""
    return f"{_OURS}{_counted(len(left), 'phrase')} of {wanted.title}{recorded}\n"


def _lines(wanted: _Wanted, left: Sequence[PhraseToRecord], done: int) -> Iterator[str]:
    """For programs and for a look: the file, a tab, the phrase."""
    yield _heading(wanted, left, done)
    for part, phrases in groupby(left, key=lambda phrase: phrase.part):
        yield f"# {part}\n" if part else "#\n"
        for phrase in phrases:
            yield f"{_file(phrase)}\t{phrase.utterance.spoken}\n"
            if phrase.guessed:
                yield "# (the line above: once the rest is recorded, the length may be another)\n"


def _pages(wanted: _Wanted, left: Sequence[PhraseToRecord], done: int) -> Iterator[str]:
    """For a person to read from: numbered, the file below the phrase."""
    yield _heading(wanted, left, done)
    yield _ADVICE
    number = 0
    for part, phrases in groupby(left, key=lambda phrase: phrase.part):
        yield f"\n\n== {part} ==\n" if part else "\n"
        for phrase in phrases:
            number += 1
            yield f"\n{number:>4}.  {phrase.utterance.spoken}\n       {_file(phrase)}\n"
            if phrase.guessed:
                yield "       (record this one last: with the rest recorded, the length may be another)\n"


def _next_steps(routines: Sequence[str], folder: Path, profile: Profile | None, language: str, to_record: bool) -> None:
    if to_record:
        print_stderr(f"  record them    each in a file of its own in {folder}, called as the script says")
    if profile is None:
        spoken = _typed({"--language": language if language != "en" else None})
        print_stderr(f"  make a voice   {program_name()} voices new NAME --takes {shlex.quote(str(folder))}{spoken}")
    # It needs no --language: the voice has one.
    print_stderr(
        f"  check them     {program_name()} voices check {profile.name if profile else 'NAME'} {_quoted(routines)}"
    )


def _quoted(words: Sequence[str]) -> str:
    return " ".join(map(shlex.quote, words))


def _typed(options: Mapping[str, str | None]) -> str:
    """Options as they would be typed again, each after a space."""
    return "".join(f" {option} {shlex.quote(told)}" for option, told in options.items() if told)


def _remarks(looked: Review, otherwise: str | None) -> Iterator[str]:
    for take in looked.takes:
        for remark in take.remarks:
            yield f"{take.file.name}: {'warning' if remark.usable else 'error'}[{remark.code}]: {remark.message}\n"
    for utterance in looked.missing:
        severity, rest = ("note", f"; {otherwise} says it") if otherwise else ("error", "")
        yield f"{slug(utterance.spoken)}.wav: {severity}[missing]: “{utterance.spoken}” is not recorded yet{rest}\n"


def _summary(name: str, looked: Review, otherwise: str | None, with_routines: bool) -> str:
    wrong = sum(bool(take.remarks) for take in looked.takes)
    said = f"{name}: {_counted(len(looked.takes), 'take')}, {wrong or 'none'} with something to mend"
    if not with_routines:
        return said
    if not looked.missing:
        return f"{said}, no phrase missing"
    rest = f", which {otherwise} says" if otherwise else ""
    return f"{said}, {_counted(len(looked.missing), 'phrase')} missing{rest}"


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _file(phrase: PhraseToRecord) -> str:
    return f"{slug(phrase.utterance.spoken)}.wav"


def _plain(phrase: PhraseToRecord) -> dict[str, object]:
    utterance = phrase.utterance
    return {
        "file": _file(phrase),
        "spoken": utterance.spoken,
        "text": utterance.text,
        "part": phrase.part or None,
        "guessed": phrase.guessed,
    }


def _plain_review(name: str, engine: RecordedEngine, looked: Review) -> dict[str, object]:
    return {
        "voice": name,
        "folder": str(engine.folder),
        "otherwise": engine.otherwise,
        "takes": [
            {
                "file": take.file.name,
                "spoken": take.words or None,
                "seconds": take.seconds,
                "lufs": take.lufs,
                "remarks": [{"code": r.code, "message": r.message, "usable": r.usable} for r in take.remarks],
            }
            for take in looked.takes
        ],
        "missing": [{"file": f"{slug(u.spoken)}.wav", "spoken": u.spoken} for u in looked.missing],
    }
