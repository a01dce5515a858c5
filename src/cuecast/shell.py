"""Commands that a hint shows, as one types them into the shell of this system."""

from __future__ import annotations

import os


def quote(text: str) -> str:
    """An argument, quoted if it needs quotes. `cmd.exe` knows double ones only."""
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline([text])
    import shlex

    return shlex.quote(text)


def make_folder(path: object) -> str:
    """The command that makes a folder and those above it. On Windows, `-p` would be the name of another one."""
    return f"{'mkdir' if os.name == 'nt' else 'mkdir -p'} {quote(str(path))}"
