"""What people do at the command line, and what they then see and have: the sessions in `sessions/*.txt`.

Each begins with `== ` and what it shows, in a folder with `short.yaml`, and goes on with

    + NAME     a file that they write; what is in it follows, indented
    $ CALL     `cuecast …`, with variables before it and `< FILE` after it; `2$` ends with 2
    out, err   what the call writes there, parts of it in their order; none: nothing
    not, once  what it writes nowhere, or just once
    has NAME   what a file has in it
    all        the files that there are, also below folders

`{here}`, `{own}` and `{cache}` are the folders of the person.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.running import SILENT, Home

SESSIONS = [
    pytest.param(session, id=f"{path.stem}: {session.partition(chr(10))[0]}")
    for path in sorted(Path(__file__).with_name("sessions").glob("*.txt"))
    for session in path.read_text(encoding="utf-8").removeprefix("== ").split("\n== ")
]


def call(home: Home, words: list[str], status: int) -> dict[str, str]:
    """What it writes to each stream."""
    start = words.index("cuecast")
    there = Home(home.root, dict(word.split("=", 1) for word in words[:start]))
    stdin = ""
    if "<" in words:
        *words, _, name = words
        stdin = (home.here / name).read_text(encoding="utf-8")
    done = there.cuecast(*words[start + 1 :], stdin=stdin)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return {"out": done.stdout, "err": done.stderr, "not": done.stdout + done.stderr}


@pytest.mark.parametrize("session", SESSIONS)
def test_session(home: Home, session: str) -> None:
    home.write("short.yaml", SILENT)
    folders = {"{here}": home.here, "{own}": home.root / "home", "{cache}": home.root / "cache"}
    written: dict[str, str] = {}
    for key, text in re.findall(r"^(\S+) ?(.*(?:\n(?:    .*)?)*)$", session.partition("\n")[2], re.MULTILINE):
        for name, folder in folders.items():
            text = text.replace(name, str(folder))
        part = text.replace("\n    ", "\n").rstrip("\n")
        first, _, rest = part.partition("\n")
        if key == "+":
            (home.here / first).parent.mkdir(parents=True, exist_ok=True)
            (home.here / first).write_text(rest and f"{rest}\n", encoding="utf-8")
        elif key.endswith("$"):
            written = call(home, shlex.split(part), int(key[:-1] or 0))
        elif key == "has":
            assert rest in (home.here / first).read_text(encoding="utf-8")
        elif key == "all":
            paths = [path.relative_to(home.here).as_posix() for path in home.here.rglob("*") if path.is_file()]
            assert sorted(paths) == sorted(shlex.split(part))
        elif key == "not":
            assert part not in written[key]
        elif key == "once":
            assert written["not"].count(part) == 1
        elif part:
            assert part in written[key]
            written[key] = written[key].partition(part)[2]
        else:
            assert written[key] == ""
