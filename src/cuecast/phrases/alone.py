"""Modules of a library without the rest of it."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from types import ModuleType


def module_alone(package: str, name: str) -> ModuleType:
    """The module `name` of a package, and what it imports itself, but not what the package does when it is imported.

    num2words reads sixty languages then, and Babel all that it knows of dates: a third of the time that a build takes
    of which one cue has changed. Raises ImportError.
    """
    shell = f"{__package__}._{package}"
    if shell not in sys.modules:
        found = find_spec(package)
        if found is None or not found.submodule_search_locations:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        spec = ModuleSpec(shell, None, is_package=True)
        spec.submodule_search_locations = list(found.submodule_search_locations)
        sys.modules[shell] = module_from_spec(spec)
    return import_module(f"{shell}.{name}")
