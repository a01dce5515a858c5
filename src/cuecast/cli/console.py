"""Output to the terminal and to standard output, and how a command ends."""

from __future__ import annotations

import codecs
import contextlib
import errno
import functools
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, ParamSpec, TextIO, TypeVar

import typer
from typer.core import TyperCommand

from cuecast.shell import quote

FINE, FAULTY, USAGE, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses: fine; the routine has errors; a wrong call; a broken environment; interrupted."""

STANDARD_INPUT = "<stdin>"
"""The name of standard input in messages."""

_PLAIN = str.maketrans({"…": "...", "·": "-", "•": "*", "–": "-", "—": "-", "→": "->"} | dict.fromkeys("“”‘’", "'"))
"""What stands in place of signs that a terminal lacks. No double quotes, so that JSON stays valid."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

P = ParamSpec("P")
R = TypeVar("R")


def prepare_streams() -> None:
    """Open the standard streams that the caller closed, and write letters that the terminal lacks as escapes.

    On Windows, what goes to a file or a program is UTF-8, as elsewhere (and as PEP 686 has it), and consoles take colours.
    """
    codecs.register_error("cuecast-escape", _escaped)
    for descriptor in range(3):
        with contextlib.suppress(OSError):
            os.fstat(descriptor)
            continue
        os.open(os.devnull, os.O_RDWR)  # takes the free number: else a socket would, and be taken for a stream
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="cuecast-escape")
            if sys.platform == "win32" and not stream.isatty() and "PYTHONIOENCODING" not in os.environ:
                stream.reconfigure(encoding="utf-8")
    if sys.platform == "win32":
        import colorama

        colorama.just_fix_windows_console()


@contextlib.contextmanager
def main_guard() -> Iterator[None]:
    """Report a full disk also for output that no command of ours writes, such as help."""
    try:
        try:
            yield
        finally:  # `--version` leaves by an exception
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as fault:
        if fault.filename is not None or fault.errno not in _NO_ROOM:
            raise
        _close_stream(sys.stdout)
        print_stderr(f"cuecast: can't write to standard output: {fault.strerror}")
        sys.exit(ENVIRONMENT)


def print_stderr(words: str) -> None:
    """Print a line on standard error."""
    write_stderr(f"{words}\n")


def write_stderr(text: str) -> None:
    """Write to standard error. If its reader is gone, the work goes on."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except BrokenPipeError:
        _close_stream(sys.stderr)


def write_stdout(data: str | bytes) -> None:
    """Write data to standard output. Raises SetupError if it is closed or full."""
    from cuecast.errors import SetupError

    if sys.stdout is None:
        raise SetupError("can't write to standard output: it is closed")
    try:
        if isinstance(data, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        else:
            sys.stdout.write(data)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as fault:
        _close_stream(sys.stdout)
        if sys.platform == "win32" and fault.errno == errno.EINVAL:  # what Windows says of a pipe without a reader
            raise BrokenPipeError from fault
        raise SetupError(f"can't write to standard output: {fault.strerror}") from fault


@contextlib.contextmanager
def ignore_broken_pipe() -> Iterator[None]:
    """Ignore a reader of standard output that is gone, because the command has more to do."""
    try:
        yield
    except BrokenPipeError:
        _close_stream(sys.stdout)


@contextlib.contextmanager
def silent_stdout() -> Iterator[None]:
    """Drop what engines and libraries print in this process: standard output is for data."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def write_json(value: object) -> None:
    """Write a value as JSON to standard output."""
    write_stdout(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def read_stdin(limit: int) -> bytes:
    """Standard input, up to one byte more than the limit. Raises SetupError if it can't be read."""
    from cuecast.errors import SetupError

    if sys.stdin is None:
        raise SetupError("can't read standard input: it is closed")
    try:
        return sys.stdin.buffer.read(limit + 1)
    except OSError as fault:
        raise SetupError(f"can't read standard input: {fault.strerror}") from fault


def use_colour(stream: TextIO | None) -> bool:
    """Whether to write in colour there (https://no-color.org)."""
    return stream is not None and stream.isatty() and not os.environ.get("NO_COLOR") and not is_dumb_terminal()


def is_dumb_terminal() -> bool:
    """Whether the terminal can't move its cursor."""
    return os.environ.get("TERM") == "dumb"


def usage_error(message: str, hint: str | None = None) -> typer.Exit:
    """Report a wrong call. Raise what this returns."""
    print_stderr(f"cuecast: {message}" + (f"\n  {hint}" if hint else ""))
    return typer.Exit(USAGE)


def program_name() -> str:
    """How the user calls cuecast: after `make track` it is not in a folder of the PATH."""
    if shutil.which("cuecast"):
        return "cuecast"
    script = Path(sys.argv[0])
    return "python -m cuecast" if script.name == "__main__.py" else quote(str(script))


class Command(TyperCommand):
    """A command whose usage line shows its arguments by their names, without braces."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The words after the command's name: `ROUTINE...` for several routines."""
        several = {each.make_metavar(ctx) for each in self.get_params(ctx) if each.nargs == -1}
        pieces = super().collect_usage_pieces(ctx)
        return [piece.strip("{}") + ("..." if piece.strip("{}[]") in several else "") for piece in pieces]


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Give a command the exit statuses and messages for everything that can go wrong."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        signal.signal(signal.SIGTERM, _interrupt)
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return function(*args, **kwargs)
        except KeyboardInterrupt:
            print_stderr("cuecast: interrupted; nothing was changed")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # The reader of our output is gone (`cuecast plan … | head`), which is not an error.
            _close_stream(sys.stdout)
            raise typer.Exit(FINE) from None
        except Exception as fault:
            from cuecast.errors import ExtractError, SetupError
            from cuecast.library.routines import RoutineNotFound
            from cuecast.options import OptionError
            from cuecast.plugins import UnknownPlugin

            if isinstance(fault, OptionError | RoutineNotFound | UnknownPlugin | ExtractError):
                raise usage_error(str(fault), fault.hint) from None
            if not isinstance(fault, SetupError):
                raise
            print_stderr(f"cuecast: {fault.message}" + (f"\n  {fault.hint}" if fault.hint else ""))
            raise typer.Exit(ENVIRONMENT) from None

    return guarded


def _close_stream(stream: TextIO) -> None:
    """Close a stream and drop what is still to be written: Python would try again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _escaped(fault: UnicodeError) -> tuple[str, int]:
    """Letters that can't be written: plain signs, else as JSON escapes them, so that JSON stays valid."""
    assert isinstance(fault, UnicodeEncodeError)
    letters = fault.object[fault.start : fault.end].translate(_PLAIN)
    return json.dumps(letters)[1:-1], fault.end


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
