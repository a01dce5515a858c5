"""`cuecast show`: a routine or an exercise as it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuecast.cli import completion
from cuecast.cli.console import usage_error, write_stdout
from cuecast.cli.environment import build_options, user_folders, user_library
from cuecast.cli.params import LanguageOption
from cuecast.cli.routine_argument import find_routine
from cuecast.errors import FileRefused
from cuecast.library import ENGLISH, named_routines
from cuecast.library.routines import is_file, is_path, routine_files
from cuecast.model.diagnostics import did_you_mean


def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A routine's file or name, or an exercise of the library.",
            autocompletion=completion.routines_and_exercises,
        ),
    ],
    language: LanguageOption = None,
) -> None:
    """Print a routine or an exercise as it is written."""
    options = build_options(language=language)
    if name == "-" or is_file(Path(name)) or name in routine_files(user_folders()):
        write_stdout(find_routine(name, options).data)
        return
    library = user_library()
    try:
        data = library.exercise(name, language or ENGLISH).data
    except FileRefused as refused:
        if is_path(name):
            find_routine(name, options)  # reports what is wrong with it
        known = [each for each, _ in (*named_routines(library.folders), *library.exercises(language or ENGLISH))]
        hint = did_you_mean(name, known) or refused.hint
        raise usage_error(f"there is no routine or exercise {name}", hint) from None
    write_stdout(data)
