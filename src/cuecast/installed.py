"""What is installed here, found out without importing it: for recipes and fingerprints, and for a quick look around."""

from __future__ import annotations

import importlib.util
from functools import cache
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


@cache
def version(distribution: str, module: str) -> str:
    """What `distribution`, which brings the top-level `module`, calls itself: `lameenc-1.9.0`.

    Read off the name of its metadata folder: importlib.metadata takes 25 ms to import.
    """
    stem = distribution.replace("-", "_")
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if spec is not None and spec.origin is not None:
        origin = Path(spec.origin)
        folder = origin.parent.parent if spec.submodule_search_locations else origin.parent
        for metadata in sorted(folder.glob(f"{stem}-*.dist-info")):
            return metadata.name.removesuffix(".dist-info")
    return f"{stem}-unknown"
