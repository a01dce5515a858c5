"""A voice that any program speaks, as long as it writes a WAV: the profile's `command` says how it is called.

No shell is ever between: the program gets its arguments as they stand in the profile's list, and the words as one
argument or on its standard input. Words are text: whatever they hold, they are no option and no command.
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

from cuecast.errors import EngineUnavailable
from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.protocols import Profile, SpokenParts, spelling_of

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PLACEHOLDERS = ("file", "text", "rate", "pitch", "language")

_UNIX_SHELLS = ("sh", "ash", "bash", "dash", "zsh", "ksh", "csh", "tcsh", "fish", "busybox")
_SHELLS = frozenset(
    (*_UNIX_SHELLS, "cmd", "powershell", "pwsh", "ssh", "su", "eval", "xargs", "parallel", "script"),
)
"""Programs that take arguments for commands: words handed to one would be executed."""

_CODE = re.compile(r"-\w{0,3}[ceE]|--eval|--exec|--execute|--command")
"""Options of interpreters after which an argument is a program."""

_BATCH = (".bat", ".cmd")  # Windows runs them through its shell

_ON_STDIN = "leave {text} out of it: the words then come on the program's standard input"
_WORDY = 200  # characters of a program's last words that are passed on
_PR_SET_PDEATHSIG = 1


class CommandEngine:
    """Has a program speak. Only a profile can name one, and profiles are the user's own."""

    audible: ClassVar[bool] = True
    takes_ipa: ClassVar[bool] = False
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
        Key(
            "repeatable",
            types.BOOLEAN,
            "Whether the program says the same words the same way every time.",
            "repeatable: true",
            default="false",
        ),
    )

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._die_with_parent: Callable[[], object] | None = None

    @property
    def repeatable(self) -> bool:
        """As the profile says: nobody else can know."""
        return self._profile.settings.get("repeatable") is True

    def fingerprint(self) -> str:
        """The command, with the size and time of the program and of each file that it names.

        Raises EngineUnavailable where there is no such program.
        """
        program, *arguments = self._command()
        files = [_mark(self._program(program))]
        for argument in arguments:
            named = argument.partition("=")[2] if argument.startswith("-") else argument
            path = self._folder() / named
            if named and path.is_file():
                files.append(_mark(path))
        return " ".join((repr(self._command()), *files))

    def check(self) -> None:
        """Raise EngineUnavailable where the program is not there, or where words could become commands."""
        self._program(self._command()[0])

    def prepare(self) -> None:
        """See to it that the program ends with the process that waits for it."""
        self.check()
        if sys.platform.startswith("linux"):
            prctl = ctypes.CDLL(None).prctl
            self._die_with_parent = lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    @property
    def one_process_per_utterance(self) -> bool:
        """Every utterance is a process of its own in any case."""
        return False

    def voice(self) -> str:
        """The program's name."""
        return self._program(self._command()[0]).name

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Have the program write `target`.

        Raises RuntimeError with its status and last words where it fails.
        """
        program, *arguments = self._command()
        text = spelling_of(words)
        # Programs go by a file's name: `say` writes a WAV only where it ends so.
        wav = Path(f"{target.absolute()}.wav")
        values = {
            "file": str(wav),
            "text": text if text[:1].isalnum() else f" {text}",  # so it is no option (-x), no list of them (@x)
            "rate": str(self._profile.rate),
            "pitch": str(self._profile.pitch),
            "language": self._profile.language,
        }
        filled = [_PLACEHOLDER.sub(lambda match: values[match[1]], argument) for argument in arguments]
        heard = b"" if "{text}" in "".join(arguments) else f"{text}\n".encode()
        try:
            with ExitStack() as stack:
                errors = stack.enter_context(tempfile.TemporaryFile(dir=wav.parent))
                output = None if "{file}" in "".join(arguments) else stack.enter_context(wav.open("wb"))
                self._run([str(self._program(program)), *filled], heard, output, errors)
            with suppress(FileNotFoundError):  # whoever reads the target sees that nothing was written
                wav.replace(target)
        finally:
            wav.unlink(missing_ok=True)

    def _run(self, command: list[str], heard: bytes, output: BinaryIO | None, errors: BinaryIO) -> None:
        name = PurePath(command[0]).name
        # The helper's own import path is no business of a program that happens to be written in Python.
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        try:
            # Without a limit of time: the process that this is in has one, and the program ends with its group.
            done = subprocess.run(
                command,
                input=heard,
                stdout=subprocess.DEVNULL if output is None else output,
                stderr=errors,
                cwd=self._folder(),
                env=environment,
                preexec_fn=self._die_with_parent,
                check=False,
            )
        except OSError as fault:
            raise EngineUnavailable(
                f"the program {name} can't be started: {fault.strerror}", "see to `command` in the profile"
            ) from fault
        if done.returncode:
            words = _last_words(errors)
            raise RuntimeError(f"{name} {_how_it_ended(done.returncode)}{f': {words}' if words else ''}")

    def _command(self) -> tuple[str, ...]:
        """The profile's list.

        Raises EngineUnavailable where it can't be used.
        """
        told = self._profile.settings.get("command")
        command = tuple(map(str, told)) if isinstance(told, list | tuple) else ()
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
        if fault := _danger(command):
            raise EngineUnavailable(f"`command` would let words be executed: {fault}", _ON_STDIN)
        return command

    def _program(self, name: str) -> Path:
        """Where the program is. Raises EngineUnavailable where it is not there."""
        own = self._folder() / Path(name).expanduser()
        found = shutil.which(name) if PurePath(name).name == name else None
        found = found or shutil.which(own)
        if found is None:
            if own.is_file():
                raise EngineUnavailable(f"the program {own} is no program", f"make it one: chmod +x '{own}'")
            raise EngineUnavailable(
                f"the program {name} is not there", "install it, or write its whole path under `command` in the profile"
            )
        return Path(found).absolute()

    def _folder(self) -> Path:
        return (self._profile.folder or Path()).absolute()


def _danger(command: tuple[str, ...]) -> str | None:
    """How words would become commands; None where they can't."""
    if _PLACEHOLDER.search(command[0]):
        return "the program itself has to be told"
    for place, argument in enumerate(command):
        if "{text}" not in argument:
            continue
        before = command[:place]
        shell = next((name for name in before if _stem(name) in _SHELLS or name.lower().endswith(_BATCH)), None)
        if shell is not None:
            return f"{PurePath(shell).name} takes its arguments for commands"
        if _CODE.fullmatch(before[-1]):
            return f"what follows {before[-1]} is a program"
        if not re.fullmatch(r"(--?[\w-]+=)?\{text\}", argument):
            return (
                f"{{text}} has to be an argument by itself, or all that follows `--option=`; here it is in `{argument}`"
            )
    return None


def _stem(name: str) -> str:
    return PurePath(name.replace("\\", "/")).name.lower().removesuffix(".exe")


def _mark(path: Path) -> str:
    status = path.stat()
    return f"{path}:{status.st_size}:{status.st_mtime_ns}"


def _how_it_ended(status: int) -> str:
    if status > 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"


def _last_words(errors: BinaryIO) -> str:
    """The last line that a program wrote to stderr."""
    errors.seek(0, os.SEEK_END)
    errors.seek(max(0, errors.tell() - 10 * _WORDY))
    lines = [line for line in errors.read().decode("utf-8", "replace").splitlines() if line.strip()]
    printable = "".join(c if c.isprintable() else " " for c in (lines or [""])[-1])
    return printable.strip()[:_WORDY]
