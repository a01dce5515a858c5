"""`cuecast voices script`: what a person records for some routines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cuecast.cli import completion
from cuecast.cli.console import print_stderr, program_name, usage_error, write_json, write_stdout
from cuecast.cli.environment import build_options
from cuecast.cli.params import JsonOption, LanguageOption, LevelOption, RoutinesArgument
from cuecast.cli.recording_phrases import phrases_of
from cuecast.cli.routine_argument import find_routine
from cuecast.cli.voices_try import voice_called
from cuecast.model.voice import Profile
from cuecast.shell import quote
from cuecast.speak.engines.recorded import takes_folder
from cuecast.speak.recording.script import FILE_NAME, RecordingScript, file_name, make_script, write_script
from cuecast.speak.recording.takes import list_takes


def script(
    names: RoutinesArgument,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Write the script there, ready for the recordings."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a script that is there.")] = False,
    voice: Annotated[
        str | None,
        typer.Option(metavar="VOICE", help="Leave out what this voice has recorded.", autocompletion=completion.voices),
    ] = None,
    language: LanguageOption = None,
    level: LevelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write down what to record, with a file name for each phrase."""
    profile = voice_called(voice) if voice is not None else None
    routines = [find_routine(name, build_options(language=language)) for name in names]
    phrases = phrases_of(routines, voice, level)
    folder = _folder(output, profile)
    spoken = phrases[0].utterance.language if phrases else ""
    title = ", ".join(routine.name for routine in routines)
    made = make_script(title, spoken, phrases, list_takes(folder) if folder is not None else None)
    if output is not None and folder is not None:
        _write(made, folder, force)
    if as_json:
        write_json(_to_json(made, folder))
    elif output is None:
        write_stdout("".join(made.as_list()))
    recorded = f", {made.recorded} recorded already" if made.recorded else ""
    written = f"{folder / FILE_NAME}: " if folder is not None and output is not None else ""
    print_stderr(f"{written}{len(made.pending)} phrase{'' if len(made.pending) == 1 else 's'} to record{recorded}")
    typed = " ".join(map(quote, names))
    if folder is None:
        given = _options({"--voice": voice, "--language": language, "--level": level})
        print_stderr(f"  make a folder  {program_name()} voices script {typed}{given} -o FOLDER")
    else:
        _next_steps(typed, made, folder, profile)


def _folder(output: str | None, profile: Profile | None) -> Path | None:
    """The folder for the takes, if it is known."""
    if output is None:
        return takes_folder(profile) if profile is not None and profile.engine == "recorded" else None
    if not output:
        raise usage_error("-o needs the name of a folder", "for example -o my-voice")
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise usage_error(f"{folder} is not a folder", "-o names the folder for the takes, for example -o my-voice")
    return folder


def _write(made: RecordingScript, folder: Path, force: bool) -> None:
    try:
        written = write_script(made, folder, force)
    except OSError as fault:
        raise usage_error(f"can't write the script into {folder}: {fault.strerror}") from None
    if not written:
        path = folder / FILE_NAME
        raise usage_error(f"{path} exists and was not written by `voices script`", "--force replaces it")


def _next_steps(typed: str, made: RecordingScript, folder: Path, profile: Profile | None) -> None:
    if made.pending:
        print_stderr(f"  record them    each in a file of its own in {folder}, called as the script says")
    if profile is None:
        language = _options({"--language": made.language if made.language != "en" else None})
        takes = quote(str(folder))
        print_stderr(f"  make a voice   {program_name()} voices new NAME --takes {takes}{language}")
    print_stderr(f"  check them     {program_name()} voices check {profile.name if profile else 'NAME'} {typed}")


def _options(values: Mapping[str, str | None]) -> str:
    """Options to type again, each after a space."""
    return "".join(f" {option} {quote(value)}" for option, value in values.items() if value)


def _to_json(made: RecordingScript, folder: Path | None) -> dict[str, object]:
    return {
        "title": made.title,
        "language": made.language,
        "folder": str(folder) if folder else None,
        "recorded": made.recorded,
        "phrases": [
            {
                "file": file_name(phrase),
                "spoken": phrase.utterance.spoken,
                "text": phrase.utterance.text,
                "part": phrase.part or None,
                "guessed": phrase.guessed,
            }
            for phrase in made.pending
        ],
    }
