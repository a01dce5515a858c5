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
        signal.signal(signal.SIGINT, _leave)  # until a command begins, which has more to say
    gc.set_threshold(20_000)  # imports make many objects, and hardly any garbage
    from cuecast.cli.app import app, leave_out_others
    from cuecast.cli.console import ends_well, prepare_streams

    prepare_streams()
    leave_out_others(sys.argv[1:])
    try:
        with ends_well():
            app(prog_name="cuecast")
    finally:
        gc.freeze()  # Python looks through all objects once more when it ends: a fortieth of a second for nothing


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    os._exit(130)  # no exception: it could come amid an import, where somebody else would catch it
