"""A file of music as stored sound: decoded once, found again by its content."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

from cuecast.cache import Cache, recipe_key
from cuecast.errors import SetupError
from cuecast.mix.music.decode import BadMusic, head_of, is_aac, opened
from cuecast.mix.music.pcm_cache import Measures, Stored, known, note, store
from cuecast.versions import version

DECODE_VERSION = 2
"""Raise it when the same file comes to be decoded, trimmed or measured otherwise."""

STEP_MS = 600_000
"""So much of a long file is decoded, or a multiple: so a track that gets longer by a bit finds what is there."""

LEAST_MS = 1_000
"""Anything shorter is no music."""

LEAST_BROKEN_MS = 5_000
"""What is left of a file that breaks off has to last as long as this to be played."""

Recipe = dict[str, object]


def recording(path: Path, wanted_ms: int, cache: Cache) -> Stored:
    """The file at `path` as stored sound, of which at least `wanted_ms` is there, or all that it has.

    Its loudness is measured over what is decoded. Raises BadMusic, and SetupError where there is no room for it.
    """
    head = head_of(path)
    try:
        content = _content(path, cache)
    except OSError as fault:
        raise BadMusic(f"it can't be read: {fault.strerror or fault}") from None
    recipe: Recipe = {"music": content, "version": DECODE_VERSION, "with": _libraries(head)}
    mark = recipe_key(recipe)
    most = -(-wanted_ms // STEP_MS) * STEP_MS
    measures = known(cache, {**recipe, "most": None}) or known(cache, {**recipe, "most": most})
    if measures is None:
        measures = _decode(path, mark, most, cache)
        note(cache, {**recipe, "most": None if measures.whole else most}, measures)
    return Stored(mark, measures, cache, partial(_again, path, content, mark, most, cache))


def probe(path: Path) -> None:
    """Look whether there is music in the file at all, without reading much of it. Raises BadMusic."""
    with opened(path) as decoder:
        if next(iter(decoder.blocks()), None) is None:
            raise BadMusic("there is no sound in it")


def _decode(path: Path, mark: str, most: int, cache: Cache) -> Measures:
    with opened(path) as decoder:
        measures = store(cache, mark, decoder.blocks(), most)
        broken = decoder.broken
    if measures.ms == 0:
        raise BadMusic("it is damaged: nothing of it can be played" if broken else "it is silent")
    if broken and measures.ms < LEAST_BROKEN_MS:
        raise BadMusic(f"it is damaged: it breaks off after {measures.ms / 1000:.1f} s")
    if measures.ms < LEAST_MS:
        raise BadMusic(f"it is only {measures.ms / 1000:.1f} s long; a bed needs at least {LEAST_MS // 1000} s")
    return Measures(measures.ms, measures.lufs, measures.peak, measures.offset, measures.whole, broken)


def _again(path: Path, content: str, mark: str, most: int, cache: Cache) -> None:
    """Decode once more what is gone from the cache."""
    try:
        if _digest(path) != content:
            raise BadMusic("it has changed")
        _decode(path, mark, most, cache)
    except (BadMusic, OSError) as fault:
        message = f"{path.name} can't be read any more: {fault}"
        raise SetupError(message, "leave the music as it is while a track is built, and render again") from fault


def _content(path: Path, cache: Cache) -> str:
    """What is in the file, as a digest; one that is remembered of a file that has not been touched since is as good."""
    stat = path.stat()
    touched = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
    key = recipe_key({"digest of": str(path), "touched": touched})
    if remembered := cache.get(key):
        return remembered.decode()
    digest = _digest(path)
    cache.put(key, digest.encode())
    return digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _libraries(head: bytes) -> list[str]:
    """What decodes and resamples, as it calls itself."""
    libraries = [version("soundfile", "soundfile"), version("soxr", "soxr")]
    if is_aac(head):
        libraries.append(version("av", "av"))
    return libraries
