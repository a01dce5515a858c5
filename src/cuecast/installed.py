"""What a package calls itself, found out without importing it: for recipes of what it makes."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path


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
