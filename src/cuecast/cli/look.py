"""`list`, `show`, `new`, `voices` and `doctor`: look around, start a routine, see whether all is well."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import typer

from cuecast import __version__
from cuecast.cli.console import ENVIRONMENT, tell, usage
from cuecast.cli.doctor import findings
from cuecast.cli.find import find_routine, folders, routine_files
from cuecast.ports import EngineUnavailable, Profile
from cuecast.read import read
from cuecast.voices import check as check_voice
from cuecast.voices.profiles import list_profiles

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


def list_routines(as_json: bool) -> None:
    """List the routines that have a name: yours, then the packaged ones."""
    rows = []
    for name, path in sorted(routine_files().items()):
        routine = read(path.name, path.read_bytes()).routine
        title, language = (routine.title, routine.language) if routine else ("(has errors)", None)
        rows.append({"name": name, "kind": "routine", "title": title, "language": language})
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max((len(row["name"] or "") for row in rows), default=0)
    for row in rows:
        print(f"{row['name']:<{width}}  {row['title']}")


def show(reference: str) -> None:
    """Print a routine as it is written."""
    found = find_routine(reference)
    sys.stdout.flush()
    sys.stdout.buffer.write(found.file.data)


def new(name: str, like: str | None, force: bool) -> None:
    """Start a routine of your own: NAME.yaml in the current folder."""
    stem = name.removesuffix(".yaml").removesuffix(".yml")
    if not re.fullmatch(r"\w[\w-]*", stem):
        raise usage(f"{name!r} is no name for a routine", "letters, digits, - and _, for example evening-hips")
    target = Path(f"{stem}.yaml")
    if like is not None:
        content = find_routine(like).file.data
    else:
        content = STARTER.format(name=stem, title=stem.replace("-", " ").replace("_", " ").capitalize()).encode()
    try:
        with target.open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError:
        raise usage(f"{target} is there already", "choose another name, or add --force to overwrite it") from None
    except OSError as fault:
        raise usage(f"can't write {target}: {fault.strerror}") from None
    tell(f"{target}\n  change it    open it in any editor\n  hear it      cuecast render {target}")


def voices(as_json: bool) -> None:
    """List the voices, and whether they can speak here."""
    profiles = list_profiles(folders("voices"))
    rows = [(profile, _why_not(profile)) for profile in profiles]
    if as_json:
        plain = [
            {"name": p.name, "engine": p.engine, "language": p.language, "available": why is None} for p, why in rows
        ]
        print(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    width = max((len(p.name) for p, _ in rows), default=0)
    for profile, why in rows:
        state = profile.description if why is None else f"can't speak here: {why}"
        print(f"{profile.name:<{width}}  {profile.language:<5}  {profile.engine:<8}  {state}")


def doctor(as_json: bool) -> None:
    """See whether everything that a build needs works here, and say what to do where it doesn't."""
    found = findings()
    if as_json:
        plain = [{"check": f.name, "ok": f.ok, "found": f.found, "remedy": f.remedy} for f in found]
        print(json.dumps({"version": __version__, "checks": plain}, ensure_ascii=False, indent=2))
    else:
        width = max(len(finding.name) for finding in found)
        for finding in found:
            print(f"{'ok ' if finding.ok else 'NOT'}  {finding.name:<{width}}  {finding.found}")
            if finding.remedy:
                print(f"     {'':<{width}}  {finding.remedy}")
    if not all(finding.ok for finding in found):
        raise typer.Exit(ENVIRONMENT)


def _why_not(profile: Profile) -> str | None:
    try:
        check_voice(profile)
    except EngineUnavailable as fault:
        return fault.message
    return None
