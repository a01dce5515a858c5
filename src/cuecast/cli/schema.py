"""`cuecast schema`: the JSON Schema by which editors complete and check while one types."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cuecast.cli.console import print_stderr, usage_error, write_stdout
from cuecast.cli.environment import user_library
from cuecast.cli.params import QuietOption
from cuecast.files import atomic_write, schema_file
from cuecast.library import ENGLISH, named_routines
from cuecast.read.profiles import list_profiles


class Kind(StrEnum):
    """The kinds of file that have a schema."""

    ROUTINE = "routine"
    EXERCISE = "exercise"
    VOICE = "voice"
    MANIFEST = "manifest"


def schema(
    kind: Annotated[Kind, typer.Argument(metavar="[routine|exercise|voice|manifest]", help="Of which file.")] = (
        Kind.ROUTINE
    ),
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it to this file, beside the files that you edit."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Print what editors need to complete and check (JSON Schema)."""
    known = json.loads(schema_file(f"{kind}.schema.json").read_text(encoding="utf-8"))
    for name, names in _names().items():
        if name in known["$defs"]:
            known["$defs"][name]["examples"] = names
    text = json.dumps(known, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        write_stdout(text)
        return
    target = Path(output)
    if target.is_file() and known["$id"].encode() not in target.read_bytes():
        raise usage_error(f"{target} exists, and is not a schema of cuecast", "choose another name")
    with atomic_write(target) as file:
        file.write(text.encode())
    if not quiet:
        print_stderr(f"{target}\n  first line of a {kind} beside it   # yaml-language-server: $schema={target.name}")


def _names() -> dict[str, list[str]]:
    library = user_library()
    return {
        "exercise_name": [name for name, _ in library.exercises(ENGLISH)],
        "voice_name": sorted(profile.name for profile in list_profiles(library)),
        "routine_name": sorted({name for name, _ in named_routines(library.folders)}),
    }
