"""Tables in YAML files, in the folder of a package: of words, one for each language, and of keys."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def languages_of(package: str) -> tuple[str, ...]:
    """The codes of the languages that have a file in `package`, in order."""
    names = (each.name for each in resources.files(package).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def load_table(package: str, name: str) -> dict[str, Any]:
    """The table of one language, or another one."""
    text = resources.files(package).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return table


def base_code(tag: str) -> str:
    """The language code in a tag: `de` in `de-AT`."""
    return tag.partition("-")[0].lower()
