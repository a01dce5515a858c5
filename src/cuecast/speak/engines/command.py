"""A voice that any program speaks, if it writes a sound file: the profile's `command` says how it is called.

No shell is involved: the program gets its arguments as the profile lists them, and the words as one argument or on
its standard input. So words can never be an option or a command.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path, PurePath
from typing import BinaryIO, ClassVar

from msgspec.structs import replace

from cuecast.errors import EngineUnavailable
from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.voice import Profile, SpokenParts, spelling_of

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PLACEHOLDERS = ("file", "text", "rate", "pitch", "language")

_SHELLS = frozenset(
    [
        "sh",
        "ash",
        "bash",
        "dash",
        "zsh",
        "ksh",
        "csh",
        "tcsh",
        "fish",
        "busybox",
        "cmd",
        "powershell",
        "pwsh",
        "ssh",
        "su",
        "eval",
        "xargs",
        "parallel",
        "script",
    ]
)
"""Programs that run their arguments as commands: words given to one would be executed."""

_CODE_OPTION = re.compile(r"-\w{0,3}[ceE]|--eval|--exec|--execute|--command")
"""Options of interpreters that are followed by a program's text."""

_BATCH_FILES = (".bat", ".cmd")  # Windows runs them in its shell

_USE_STDIN = "leave {text} out of it: the words then come on the program's standard input"
_MAX_MESSAGE = 200
_PR_SET_PDEATHSIG = 1


class CommandEngine:
    """Runs a program for each utterance. Only a profile can name one, and profiles are the user's own."""

    audible: ClassVar[bool] = True
    takes_ipa: ClassVar[bool] = False
    one_process_per_utterance: ClassVar[bool] = False
    loads_files: ClassVar[bool] = False  # a program may write into a file that it is given
    memory_mb: ClassVar[int] = 4_000
    """The program is the user's own, and may load a model for each utterance."""
    keys: ClassVar[tuple[Key, ...]] = (
        Key(
            "command",
            types.PROGRAM,
            "The program and its arguments, each an entry of the list. It is searched for in PATH, then in the "
            "profile's folder, where it also runs. `{file}` is the file to write; without it, the sound is taken from "
            "the program's standard output. `{text}` is the words; without it, they come on its standard input. "
            "`{rate}`, `{pitch}` and `{language}` are the profile's.",
            "command: [espeak-ng, -v, '{language}', -s, '{rate}', -w, '{file}', --stdin]",
            required=True,
        ),
        Key("repeatable", types.BOOLEAN, "Not used any more.", "repeatable: true", default="false"),
    )

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._die_with_parent: Callable[[], object] | None = None

    def fingerprint(self) -> str:
        """The command, with the size and time of the program and of each file that it names.

        Raises EngineUnavailable if there is no such program.
        """
        program, *arguments = self._command()
        files = [_file_id(self._find_program(program))]
        for argument in arguments:
            named = argument.partition("=")[2] if argument.startswith("-") else argument
            path = self._folder() / named
            if named and path.is_file():
                files.append(_file_id(path))
        return " ".join((repr(self._command()), *files))

    def check(self) -> None:
        """Raise EngineUnavailable if the program is missing, or if words could become commands."""
        self._find_program(self._command()[0])

    def prepare(self) -> None:
        """Make the kernel end the program if the process that waits for it ends."""
        self.check()
        if sys.platform.startswith("linux"):
            prctl = ctypes.CDLL(None).prctl
            self._die_with_parent = lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    def voice(self) -> str:
        """The program's name."""
        return self._find_program(self._command()[0]).name

    def set_rate(self, rate: int) -> None:
        """Speak at `rate` words a minute from now on."""
        self._profile = replace(self._profile, rate=rate)

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Have the program write `target`.

        Raises RuntimeError with its status and its last line of output if it fails.
        """
        program, *arguments = self._command()
        text = spelling_of(words)
        # Some programs choose the format by the suffix, for example `say`.
        wav = Path(f"{target.absolute()}.wav")
        profile = self._profile
        values = {"rate": str(profile.rate), "pitch": str(profile.pitch), "language": profile.language}
        # A space before what could be an option (-x) or a file of options (@x).
        values |= {"file": str(wav), "text": text if text[:1].isalnum() else f" {text}"}
        filled = [_PLACEHOLDER.sub(lambda match: values[match[1]], argument) for argument in arguments]
        stdin = b"" if "{text}" in "".join(arguments) else f"{text}\n".encode()
        try:
            with ExitStack() as stack:
                errors = stack.enter_context(tempfile.TemporaryFile(dir=wav.parent))
                output = None if "{file}" in "".join(arguments) else stack.enter_context(wav.open("wb"))
                self._run([str(self._find_program(program)), *filled], stdin, output, errors)
            with suppress(FileNotFoundError):  # the missing target is reported by its reader
                wav.replace(target)
        finally:
            wav.unlink(missing_ok=True)

    def _run(self, command: list[str], stdin: bytes, output: BinaryIO | None, errors: BinaryIO) -> None:
        name = PurePath(command[0]).name
        # cuecast's import path must not change a program that is written in Python.
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        try:
            # No timeout: the pool kills this process and its group.
            done = subprocess.run(
                command,
                input=stdin,
                stdout=subprocess.DEVNULL if output is None else output,
                stderr=errors,
                cwd=self._folder(),
                env=environment,
                preexec_fn=self._die_with_parent,
                check=False,
            )
        except OSError as fault:
            message = f"the program {name} can't be started: {fault.strerror}"
            raise EngineUnavailable(message, "correct `command` in the profile") from fault
        if done.returncode:
            status = f"ended with status {done.returncode}"
            if done.returncode < 0:
                from cuecast.speak.processes import signal_name  # only workers come here, which have loaded it

                status = f"was ended by {signal_name(-done.returncode)}"
            raise RuntimeError(": ".join(filter(None, (f"{name} {status}", _last_line(errors)))))

    def _command(self) -> tuple[str, ...]:
        """The profile's list. Raises EngineUnavailable if it can't be used."""
        value = self._profile.settings.get("command")
        command = tuple(map(str, value)) if isinstance(value, list | tuple) else ()
        if not command or not command[0]:
            raise EngineUnavailable(
                f"the voice {self._profile.name} does not say which program speaks",
                f"write it into the profile: {self.keys[0].example}",
            )
        for argument in command:
            for name in _PLACEHOLDER.findall(argument):
                if name not in _PLACEHOLDERS:
                    known = ", ".join(f"{{{known}}}" for known in _PLACEHOLDERS)
                    raise EngineUnavailable(f"`command` has {{{name}}}, which stands for nothing", f"there are {known}")
        if danger := _find_danger(command):
            raise EngineUnavailable(f"`command` would let words be executed: {danger}", _USE_STDIN)
        return command

    def _find_program(self, name: str) -> Path:
        """The path of the program. Raises EngineUnavailable if it is missing."""
        beside = self._folder() / Path(name).expanduser()
        found = shutil.which(name) if PurePath(name).name == name else None
        if path := found or shutil.which(beside):
            return Path(path).absolute()
        if beside.is_file():
            raise EngineUnavailable(f"{beside} is not executable", f"chmod +x '{beside}'")
        hint = "install it, or write its whole path under `command` in the profile"
        raise EngineUnavailable(f"the program {name} is not there", hint)

    def _folder(self) -> Path:
        return (self._profile.folder or Path()).absolute()


def _find_danger(command: tuple[str, ...]) -> str | None:
    """How words could become commands; None if they can't."""
    if _PLACEHOLDER.search(command[0]):
        return "the program itself must be fixed"
    for index, argument in enumerate(command):
        if "{text}" not in argument:
            continue
        before = command[:index]
        shell = next((name for name in before if _stem(name) in _SHELLS or name.lower().endswith(_BATCH_FILES)), None)
        if shell is not None:
            return f"{PurePath(shell).name} runs its arguments as commands"
        if _CODE_OPTION.fullmatch(before[-1]):
            return f"what follows {before[-1]} is run as a program"
        if not re.fullmatch(r"(--?[\w-]+=)?\{text\}", argument):
            return f"{{text}} must be an argument by itself, or all that follows `--option=`; here it is `{argument}`"
    return None


def _stem(name: str) -> str:
    return PurePath(name.replace("\\", "/")).name.lower().removesuffix(".exe")


def _file_id(path: Path) -> str:
    status = path.stat()
    return f"{path}:{status.st_size}:{status.st_mtime_ns}"


def _last_line(errors: BinaryIO) -> str:
    """The last line that a program wrote to stderr."""
    errors.seek(0, os.SEEK_END)
    errors.seek(max(0, errors.tell() - 10 * _MAX_MESSAGE))
    lines = [line for line in errors.read().decode("utf-8", "replace").splitlines() if line.strip()]
    printable = "".join(c if c.isprintable() else " " for c in (lines or [""])[-1])
    return printable.strip()[:_MAX_MESSAGE]
