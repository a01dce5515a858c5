"""Versions of what is installed, without importing it: for recipes, fingerprints and checks."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from cuecast.shell import quote

_METADATA = (".dist-info", ".egg-info", ".egg-link")
_NOT_OURS = frozenset({"__pycache__", "_data"})
"""Folders of this package without code of ours: Python's own, and the packaged data."""


def is_installed(module: str) -> bool:
    """Whether the top-level `module` is installed. Nothing is imported."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def folder_of(package: str) -> Path | None:
    """The folder of a top-level package; None if it is not installed or is a single file."""
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


def install_command(requirement: str) -> str:
    """The command that installs `requirement` (`cuecast[neural]`) into the environment that this runs in."""
    import shutil

    python, quoted = _as_typed(Path(sys.executable)), quote(requirement)
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        return f"pipx runpip {quote(Path(sys.prefix).name)} install {quoted}"
    if is_installed("pip"):
        system = " --break-system-packages" if _is_externally_managed() else ""
        return f"{python} -m pip install{system} {quoted}"
    if shutil.which("uv"):
        return f"uv pip install --python {python} {quoted}"
    return f"python3 -m pip --python {python} install {quoted}"


def environment_digest() -> str:
    """A digest of all that runs here: Python, every package that it would find with its version, our own files.

    A package that is installed, removed or upgraded changes it, whatever it is: three milliseconds know no better.
    """
    import hashlib

    marks = [sys.version, sys.platform]
    for place in dict.fromkeys(map(os.path.abspath, sys.path)):
        marks.append(place)
        try:
            marks += sorted(name for name in os.listdir(place) if name.endswith(_METADATA))  # noqa: PTH208
        except OSError:  # not there, or a zip: then its name has to do
            continue
    digest = hashlib.sha256("\0".join(marks).encode("utf-8", "surrogateescape"))
    package = os.path.dirname(__file__)  # noqa: PTH120
    for path in _files(package):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            content = file.readall()
        digest.update(f"\0{path.removeprefix(package)}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


def _is_externally_managed() -> bool:
    """Whether pip refuses to install here (PEP 668): the Python of a Linux distribution or of Homebrew."""
    import sysconfig

    return sys.prefix == sys.base_prefix and (Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED").is_file()


def _as_typed(python: Path) -> str:
    """The interpreter, as one would type it here."""
    import shutil

    here = Path.cwd()
    if python.is_relative_to(here):
        return quote(str(python.relative_to(here)))
    first = shutil.which(python.name)
    return python.name if first and Path(first) == python else quote(str(python))


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name in _NOT_OURS:
                continue
            if entry.is_dir():
                yield from _files(entry.path)
            else:
                yield entry.path
