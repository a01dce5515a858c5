"""The command line: it alone prints, exits, and reads the environment."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType
from typing import NoReturn


def main() -> None:
    """Run `cuecast` with the arguments of this process, and exit."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _exit_interrupted)  # until a command begins, which says more
    gc.set_threshold(20_000)  # imports create many objects and hardly any garbage
    from cuecast.cli.app import make_app
    from cuecast.cli.console import main_guard, prepare_streams

    prepare_streams()
    try:
        with main_guard():
            make_app(sys.argv[1:])(prog_name="cuecast")
    finally:
        gc.freeze()  # skips the collection at exit, which takes 25 ms


def _exit_interrupted(signum: int, frame: FrameType | None) -> NoReturn:
    os._exit(130)  # not an exception: during an import other code could catch it
