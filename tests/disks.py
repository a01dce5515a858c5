"""Disks of a size, which only root may make, on Linux."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A file system of that size (`200k`), mounted at `place`; where that can't be, the test is skipped."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root on Linux can make a small disk")
    try:
        if shutil.disk_usage(place).total > 64 << 20:
            pytest.skip("this machine makes no small disks")
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
