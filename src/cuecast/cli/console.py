"""What goes to the terminal besides data, and the ways in which a command ends."""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn, ParamSpec, TextIO, TypeVar

import typer

FINE, FAULTY, USAGE, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses: all well; the routine has errors; a wrong call; a broken environment; interrupted."""

P = ParamSpec("P")
R = TypeVar("R")


def tell(words: str) -> None:
    """Say something that is not data."""
    print(words, file=sys.stderr)


def colourful(stream: TextIO) -> bool:
    """Whether what goes there may have colour (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def usage(message: str, hint: str | None = None) -> typer.Exit:
    """Say that the call itself is wrong; raise what this returns."""
    tell(f"cuecast: {message}" + (f"\n  {hint}" if hint else ""))
    return typer.Exit(USAGE)


def command(function: Callable[P, R]) -> Callable[P, R]:
    """A command that ends as the contract says, whatever happens in it."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            return function(*args, **kwargs)
        except KeyboardInterrupt:
            tell("cuecast: interrupted; nothing was changed")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read our output has gone (`cuecast plan … | head`): no fault, and nothing more to say to them.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(FINE) from None
        except Exception as fault:
            from cuecast.ports import EnvironmentFault  # `--help` must not wait for it

            if not isinstance(fault, EnvironmentFault):
                raise
            tell(f"cuecast: {fault.message}" + (f"\n  {fault.remedy}" if fault.remedy else ""))
            raise typer.Exit(ENVIRONMENT) from None

    return guarded


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
