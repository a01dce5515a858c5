"""The worker processes of a batch, as the kernel lists them."""

from __future__ import annotations

from pathlib import Path


def workers_of(pid: int) -> list[int]:
    """Those that a process has started and that are still there; Linux only."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except OSError:
        return []
