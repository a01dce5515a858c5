"""`new` and `doctor`: start a routine, see whether all is well."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from cuecast import __version__
from cuecast.cli.console import ENVIRONMENT, myself, put, put_json, tell, usage
from cuecast.cli.doctor import findings
from cuecast.cli.find import find_routine, packaged_names
from cuecast.files import schema_file

MODELINE = b"yaml-language-server:"

STARTER = """\
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


def new(name: str, like: str | None, force: bool) -> None:
    """Start a routine of your own: NAME.yaml in the current folder."""
    stem = name.removesuffix(".yaml").removesuffix(".yml")
    if not re.fullmatch(r"\w[\w-]*", stem):
        raise usage(f"{name!r} is no name for a routine", "letters, digits, - and _, for example evening-hips")
    target = Path(f"{stem}.yaml")
    if like is not None:
        content = find_routine(like).file.data
    else:
        content = STARTER.format(name=stem, title=_title(stem)).encode()
    try:
        with target.open("wb" if force else "xb") as file:
            file.write(_modeline(content) + content)
    except FileExistsError:
        raise usage(f"{target} is there already", "choose another name, or add --force to overwrite it") from None
    except OSError as fault:
        raise usage(f"can't write {target}: {fault.strerror}") from None
    tell(f"{target}\n  change it    open it in any editor\n  hear it      {myself()} render {target}")
    if stem in packaged_names():
        tell(f"cuecast: {stem} alone means the routine that comes with cuecast; say {target} for this one")


def _modeline(content: bytes) -> bytes:
    """The comment by which editors find the schema and help while one types; nothing where there is one already."""
    if MODELINE in content:
        return b""
    return b"# " + MODELINE + b" $schema=" + schema_file().resolve().as_uri().encode() + b"\n"


def _title(stem: str) -> str:
    return stem.replace("-", " ").replace("_", " ").capitalize()


def doctor(as_json: bool) -> None:
    """See whether everything that a build needs works here, and say what to do where it doesn't."""
    found = findings()
    if as_json:
        plain = [{"check": f.name, "ok": f.ok, "found": f.found, "remedy": f.hint} for f in found]
        put_json({"version": __version__, "checks": plain})
    else:
        width = max(len(finding.name) for finding in found)
        for finding in found:
            put(f"{'ok ' if finding.ok else 'NOT'}  {finding.name:<{width}}  {finding.found}\n")
            if finding.hint:
                put(f"     {'':<{width}}  {finding.hint}\n")
    if not all(finding.ok for finding in found):
        raise typer.Exit(ENVIRONMENT)
