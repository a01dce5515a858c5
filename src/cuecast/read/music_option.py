"""The option `--music`: what plays in place of the routine's own music."""

from __future__ import annotations

import re
import shlex

from cuecast.errors import FileRefused
from cuecast.library import Library
from cuecast.model.limits import SOUND_SUFFIXES
from cuecast.model.music import GeneratedSound, Music, MusicSetting
from cuecast.options import OFF, OptionError
from cuecast.read.generated_sound import NAMES, suggestion

_WRITTEN_AS_KEY = re.compile(r"(?:music:\s*)?\{?\s*(?:(?:noise|sound|file|folder):\s*)?([^{}:,]+?)\s*\}?")
"""The form that a routine has: with keys, which the option does not take."""


def music_option(typed: str, library: Library) -> MusicSetting:
    """The music that `typed` names: a generated sound, a file or a folder. Raises OptionError."""
    if typed == OFF:
        return MusicSetting(off=True)
    if generated := NAMES.get(typed):
        return MusicSetting(Music(generated))
    try:
        if not typed:
            raise FileRefused("missing-music", "nothing is named", "for example --music ocean, or --music off")
        if "://" in typed:
            hint = "download it first, then name the file"
            raise FileRefused("not-music", "cuecast builds without the internet, and takes music from files only", hint)
        return MusicSetting(Music(recordings=library.chosen_music(typed)))
    except FileRefused as refused:
        raise OptionError(f"--music {typed}: {refused.message}", _hint(typed, refused)) from None


def _hint(typed: str, refused: FileRefused) -> str:
    if refused.code == "missing-music":
        written = _WRITTEN_AS_KEY.fullmatch(typed)
        if written and written[1] != typed:
            return f"did you mean --music {shlex.quote(written[1])}?"
        near = suggestion(typed)
        if near and not typed.lower().endswith(SOUND_SUFFIXES):
            return f"did you mean --music {NAMES.get(near, near)}?"
    return refused.hint or f"a file, a folder, {', '.join(GeneratedSound)} or {OFF}"
