"""Installs the package of `tests/packages/cuecast-chirp`, as anybody would, into a folder. No network."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "packages" / "cuecast-chirp"


def install_chirp(folder: Path) -> Path:
    """Where it is then: a folder for the import path."""
    for needed in ("pip", "hatchling"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is missing, which installs a package")
    source, target = folder / "source", folder / "installed"
    shutil.copytree(PACKAGE, source)
    flags = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *flags, "--target", target, source], check=True, capture_output=True
    )
    return target
