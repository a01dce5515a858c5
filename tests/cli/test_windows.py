"""What a person on Windows meets first, by stand-ins for what Windows has: its consoles, pipes, shells and names."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from cuecast import shell
from cuecast.cli.console import prepare_streams, write_stdout
from tests.cli.running import Home


class Console(io.TextIOWrapper):
    """A stream in the code page of Western Europe."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="cp1252")
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


@pytest.mark.parametrize(("is_terminal", "encoding"), [(True, "cp1252"), (False, "utf-8")])
def test_a_console_takes_colours_and_a_file_is_utf_8(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, encoding: str
) -> None:
    fixed: list[bool] = []
    stream = Console(is_terminal)
    with monkeypatch.context() as patch:
        patch.delenv("PYTHONIOENCODING", raising=False)
        patch.setitem(sys.modules, "colorama", SimpleNamespace(just_fix_windows_console=lambda: fixed.append(True)))
        patch.setattr(sys, "stdout", stream)
        patch.setattr(sys, "platform", "win32")
        prepare_streams()
    assert fixed == [True]
    assert stream.encoding == encoding
    stream.write("“Wade” … 体")
    stream.flush()
    written = stream.buffer.getvalue()  # type: ignore[attr-defined]
    assert written == ("“Wade” … \\u4f53" if is_terminal else "“Wade” … 体").encode(encoding)


def test_a_pipe_without_a_reader_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(Console):
        def write(self, text: str) -> int:
            raise OSError(errno.EINVAL, "Invalid argument")

        def fileno(self) -> int:
            return saved

    with Path(os.devnull).open("wb") as null, monkeypatch.context() as patch:
        saved = null.fileno()
        patch.setattr(sys, "stdout", Pipe(is_terminal=False))
        patch.setattr(sys, "platform", "win32")
        with pytest.raises(BrokenPipeError):
            write_stdout("plan")


def test_commands_are_those_of_its_shells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "os", SimpleNamespace(name="nt"))
    assert shell.quote("my legs.yaml") == '"my legs.yaml"'
    assert shell.quote(r"legs\a.yaml") == r"legs\a.yaml"
    assert shell.make_folder("my tracks") == 'mkdir "my tracks"'


def test_typographic_signs_that_a_console_lacks_are_plain(home: Home) -> None:
    home.write("a.yaml", "title: A\nvoice: silent\nsteps: [{say: Go on — now…}, {exercise: Ünder, work: 5s}]\n")
    plan = Home(home.root, {"PYTHONIOENCODING": "ascii"}).cuecast("plan", "a.yaml").stdout
    assert "'Go on - now...'" in plan
    assert "\\u00dcnder" in plan
