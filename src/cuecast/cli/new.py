"""`cuecast new`: start a routine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from cuecast.cli import completion
from cuecast.cli.console import print_stderr, program_name, usage_error
from cuecast.cli.environment import build_options, user_folders
from cuecast.cli.routine_argument import find_routine
from cuecast.library.routines import yaml_files
from cuecast.tags.bundle import is_portable_path

_STARTER = """\
# A routine for cuecast. Hear it:  cuecast render {name}.yaml
title: {title}

defaults:                 # for every exercise; each can say otherwise
  work: 40s
  transition: 10s         # to get into position
  switch: 6s              # to change sides

steps:
  - say: Find some room, and stand tall.
  - exercise: Calf stretch
    sides: [left, right]
    setup: Step forward, and keep your {{side}} heel on the floor behind you.
    cues:
      half: Breathe out, and lean in a little more.
      -10s: Ten seconds. Stay with it.
  - rest: 20s
  - exercise: Squats
    cues:
      start: Slowly down, and up again.
"""
_MODELINE = b"yaml-language-server:"
_SCHEMA = "routine.schema.json"


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it, for example evening-hips.")],
    like: Annotated[
        str | None,
        typer.Option(metavar="ROUTINE", help="Start from a copy of this one.", autocompletion=completion.routines),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that exists.")] = False,
) -> None:
    """Start a routine of your own: NAME.yaml in the current folder."""
    stem = name.removesuffix(".yaml").removesuffix(".yml")
    if not re.fullmatch(r"\w[\w-]*", stem) or not is_portable_path(f"{stem}.yaml"):  # `con`, on Windows
        raise usage_error(f"{name!r} can't be the name of a routine", "letters, digits, - and _, such as evening-hips")
    if like is not None:
        content = find_routine(like, build_options()).data
    else:
        title = stem.replace("-", " ").replace("_", " ").capitalize()
        content = _STARTER.format(name=stem, title=title).encode()
    target = Path(f"{stem}.yaml")
    write_new_routine(target, _schema_line(content) + content, force)
    packaged = user_folders().routines[-1]
    if stem in {path.stem for path in yaml_files(packaged)}:
        print_stderr(f"cuecast: {stem} alone means the routine that comes with cuecast; write {target} for this one")


def write_new_routine(target: Path, content: bytes, force: bool, quiet: bool = False) -> None:
    """Write a routine to a new file; with `force` also over an old one."""
    try:
        with target.open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError:
        raise file_exists(target) from None
    except OSError as fault:
        raise usage_error(f"can't write {target}: {fault.strerror}") from None
    if not quiet:
        print_stderr(f"{target}\n  change it    open it in any editor")
        if _MODELINE not in content:
            print_stderr(f"  complete it  {program_name()} schema -o {_SCHEMA}, for editors that know JSON Schema")
        print_stderr(f"  hear it      {program_name()} render {target}")


def file_exists(target: Path) -> typer.Exit:
    """The usage error for a file that would be overwritten."""
    return usage_error(f"{target} exists already", "choose another name, or add --force to overwrite it")


def _schema_line(content: bytes) -> bytes:
    """The comment by which editors find the schema that `cuecast schema -o` wrote here; empty if there is none.

    It has no path of this machine, which would go into each track.
    """
    if _MODELINE in content or not Path(_SCHEMA).is_file():
        return b""
    return b"# " + _MODELINE + b" $schema=" + _SCHEMA.encode() + b"\n"
