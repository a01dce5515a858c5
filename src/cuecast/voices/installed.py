"""What is installed here, found out without importing it: for fingerprints, and for a quick look around."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def is_installed(module: str) -> bool:
    """Whether the top-level `module` can be imported here. Nothing is imported."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def folder_of(package: str) -> Path | None:
    """The folder of a top-level package; None where it is not installed, or is a single file."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def version(distribution: str, package: str) -> str:
    """What `distribution`, which brings `package`, calls itself: `piper_tts-1.8.0`.

    Read off the name of its metadata folder: importlib.metadata takes 25 ms to import.
    """
    stem = distribution.replace("-", "_")
    if folder := folder_of(package):
        for metadata in sorted(folder.parent.glob(f"{stem}-*.dist-info")):
            return metadata.name.removesuffix(".dist-info")
    return f"{stem}-unknown"
