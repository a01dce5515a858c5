"""Installs the templates of `docs/templates`, as anybody would, into a folder. No network."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "docs" / "templates"


def install_templates(folder: Path, *names: str) -> Path:
    """Where they are then: a folder for the import path."""
    for needed in ("pip", "hatchling"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is missing, which installs a package")
    target = folder / "installed"
    sources = [shutil.copytree(TEMPLATES / name, folder / "source" / name) for name in names]
    flags = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *flags, "--target", target, *sources], check=True, capture_output=True
    )
    return target
