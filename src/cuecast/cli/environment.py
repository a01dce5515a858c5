"""The options of a command: as they were typed, with what the environment adds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cuecast.cli.console import usage_error
from cuecast.files import CACHE_VARIABLE
from cuecast.library import Folders, Library, folders
from cuecast.options import OptionError, Options, parse_options

CACHE_LIMIT_VARIABLE = "CUECAST_CACHE_MAX"
"""How much may stay in the cache: 500M; 0 keeps nothing."""

HOME_VARIABLE = "CUECAST_HOME"
"""The user's own folder. `--home` sets it for one command, so that shell completion follows it, too."""


def build_options(**typed: Any) -> Options:
    """The options of a build. A wrong one ends the command with exit status 2."""
    cache = os.environ.get(CACHE_VARIABLE)
    places: dict[str, Any] = {
        "home": user_home(),
        "cache": Path(cache) if cache else None,
        "cache_limit": cache_limit(),
    }
    try:
        return parse_options(**{**places, **typed})
    except OptionError as fault:
        raise usage_error(str(fault), fault.hint) from None


def user_home() -> Path | None:
    """The user's own folder, if the environment names it."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) if home else None


def user_folders() -> Folders:
    """The user's and the package's folders."""
    return folders(user_home())


def user_library() -> Library:
    """The library without any routine: exercises and voices."""
    return Library(None, user_folders())


def cache_limit() -> int | None:
    """Bytes that may stay in the cache. A wrong value ends the command with exit status 2."""
    typed = os.environ.get(CACHE_LIMIT_VARIABLE)
    if not typed:
        return None
    from cuecast.cli.sizes import text_to_bytes

    try:
        return text_to_bytes(typed)
    except ValueError as fault:
        raise usage_error(f"{CACHE_LIMIT_VARIABLE}: {fault}") from None
