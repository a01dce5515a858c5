"""Run `cuecast` as a person does: a process of its own, folders of its own, no terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.forking import can_fork, forks

SILENT = """\
title: Short and silent
voice: silent
steps:
  - exercise: Calves
    sides: [left, right]
    work: 12s
"""
"""A routine that renders in a moment."""


@dataclass(frozen=True)
class Home:
    """A person's machine: the folder they are in, their own routines and voices, their cache."""

    root: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def here(self) -> Path:
        return self.root / "here"

    def cuecast(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """In a process that is forked where that comes to the same (`tests.cli.forking`)."""
        if not can_fork(self.environment, stdin):
            return self.anew(*arguments, stdin=stdin)
        return forks().run(arguments, self.here, self.env(), stdin, 120)

    def anew(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """In a new interpreter, whose hashes have another seed."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.here,
            env=self.env(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, *arguments: str, new_session: bool = False, ignores_ctrl_c: bool = False) -> subprocess.Popen[str]:
        """In a session of its own, if all its processes are to be killed at once."""
        command = self.command(*arguments)
        return subprocess.Popen(
            ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *command] if ignores_ctrl_c else command,
            start_new_session=new_session,
            cwd=self.here,
            env=self.env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def write(self, name: str, text: str) -> Path:
        path = self.here / name
        path.write_text(text, encoding="utf-8")
        return path

    def files(self) -> list[str]:
        """All that is in the folder, hidden files too."""
        return sorted(path.name for path in self.here.iterdir())

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "cuecast", *arguments]

    def env(self) -> dict[str, str]:
        folders = {"CUECAST_HOME": str(self.root / "home"), "CUECAST_CACHE": str(self.root / "cache")}
        return {**os.environ, **folders, "COLUMNS": "100", **self.environment}
