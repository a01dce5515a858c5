"""The helper process on Linux: loads libraries once, then forks itself into children that speak.

A fork is as fresh as a new process and starts in a fraction of the time. Where the engine needs that, each job gets
a child of its own; else a child does job after job until one fails. The first children are forked before what makes
clips of takes is loaded: they speak meanwhile, and so do others while the voice's loudness is not measured yet; what
they have spoken is made into clips afterwards. One on standby loads all that before it knows what it is for. The
helper has one thread. It takes an order and
then jobs from stdin, answers with outcomes on stdout, in any order, and ends with its children as soon as stdin
does: so nothing outlives the build, however that ends.
"""

from __future__ import annotations

import gc
import os
import select
import shutil
import sys
from pathlib import Path

from cuecast.errors import EngineUnavailable
from cuecast.speak.children import Children
from cuecast.speak.perform import BEGUN, load_shaping, own_stdout, put
from cuecast.speak.work import ERRORS, Fault, Order, Outcome


def main(standby: bool = False) -> None:
    """Serve the order on stdin, which on standby is still to be told."""
    gc.disable()  # nothing that is made here goes away before the end
    replies = own_stdout()
    shapes = standby and _prepared()
    # Read without a buffer: what follows the order's line belongs to the selector.
    line = bytearray()
    while not line.endswith(b"\n"):
        if not (byte := os.read(0, 1)):
            return
        line += byte
    order = Order.of(bytes(line))
    if standby:
        _print_to(Path(order.scratch) / ERRORS)
    try:
        engine = order.make()
        engine.prepare()
    except EngineUnavailable as fault:
        put(replies, Outcome(BEGUN, None, Fault.ENGINE, fault.message, fault.hint).line())
        return
    try:
        Children(order, engine, replies, shapes).run()
    except BrokenPipeError:
        pass  # the build is gone
    finally:
        shutil.rmtree(order.scratch, ignore_errors=True)
        sys.stderr.flush()
        os._exit(0)


def _prepared() -> bool:
    """Import what most voices need; False where the order comes before what makes clips is loaded."""

    if select.select([0], [], [], 0)[0]:
        return False
    load_shaping()
    return True


def _print_to(file: Path) -> None:
    """Have what engines print kept there."""
    errors = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(errors, descriptor)
    os.close(errors)


if __name__ == "__main__":
    main()
