"""The musics of a track, made ready to play. All files that can't be played are reported, not only the first one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from cuecast.cache import Cache, recipe_key
from cuecast.errors import SetupError
from cuecast.library.decode import BadSound, head_of, is_aac, opened
from cuecast.mix.music.generated import generated_sound
from cuecast.mix.music.layers import Layer
from cuecast.mix.music.loudness_meter import Measures
from cuecast.mix.music.pcm_cache import CachedSound, load_measures, save_measures, write_sound
from cuecast.mix.music.playlist import CROSSFADE_MS, Playlist
from cuecast.model.diagnostics import Diagnostic, error, in_order, warning
from cuecast.model.music import Music, Recording
from cuecast.model.progress import Progress
from cuecast.versions import version

DECODE_VERSION = 2
"""Raise it if the same file comes to be decoded, trimmed or measured differently."""

STEP_MS = 600_000
"""A multiple of this is decoded of a long file, so that a slightly longer track finds it in the cache."""

LONGEST_MS = 2 * 3_600_000
"""A music begins again after this: two hours take 1.4 GB of disk while the track is built."""

_OTHER_MUSIC = "another file, or what cuecast makes itself: `music: ocean`"

LEAST_MS = 1_000
LEAST_BROKEN_MS = 5_000
"""The shortest file that can be music, and the shortest rest of a file that breaks off."""


def load_playlists(
    layers: Iterable[Layer], cache: Cache, progress: Progress
) -> tuple[dict[Music, Playlist], tuple[Diagnostic, ...]]:
    """The playlist of each music, as long as the layers need it, and what is wrong with its files.

    Raises SetupError if there is no room for the sound.
    """
    wanted = {layer.music: min(layer.end - layer.origin, LONGEST_MS) for layer in layers}
    total = sum(max(1, len(music.recordings)) for music in wanted)
    playlists: dict[Music, Playlist] = {}
    faults: list[Diagnostic] = []
    done = 0
    for music, wanted_ms in wanted.items():
        sounds: list[CachedSound] = []
        if music.generated:
            sounds.append(generated_sound(music.generated, cache))
            progress(done := done + 1, total)
        for recording in music.recordings:
            missing_ms = wanted_ms - sum(sound.measures.ms - CROSSFADE_MS for sound in sounds)
            try:
                if missing_ms > 0:
                    sounds.append(load_recording(recording.path, missing_ms + CROSSFADE_MS, cache))
                    faults += _breaks_off(recording, sounds[-1].measures, music)
                else:  # the track ends before its turn; it is still an error if it can't be played
                    _check_playable(recording.path)
            except BadSound as fault:
                message = f"`{recording.name}` can't be played: {fault}"
                faults.append(error("bad-music", message, music.span, fault.hint or _OTHER_MUSIC))
            progress(done := done + 1, total)
        if sounds:
            playlists[music] = Playlist(sounds, seamless=music.generated is not None)
    return playlists, in_order(faults)


def load_recording(path: Path, wanted_ms: int, cache: Cache) -> CachedSound:
    """At least `wanted_ms` of the file at `path`, or all of it. Its loudness is that of the part that is decoded.

    Raises BadSound, and SetupError if there is no room for it.
    """
    head = head_of(path)
    try:
        content = _content_digest(path, cache)
    except OSError as fault:
        raise BadSound(f"it can't be read: {fault.strerror or fault}") from None
    libraries = [version("soundfile", "soundfile"), version("soxr", "soxr")]
    if is_aac(head):
        libraries.append(version("av", "av"))
    recipe: dict[str, object] = {"music": content, "version": DECODE_VERSION, "with": libraries}
    key = recipe_key(recipe)
    max_ms = -(-wanted_ms // STEP_MS) * STEP_MS
    measures = load_measures(cache, {**recipe, "most": None}) or load_measures(cache, {**recipe, "most": max_ms})
    if measures is None:
        measures = _decode(path, key, max_ms, cache)
        save_measures(cache, {**recipe, "most": None if measures.whole else max_ms}, measures)
    return CachedSound(key, measures, cache, partial(_decode_again, path, content, key, max_ms, cache))


def _check_playable(path: Path) -> None:
    """Read the first samples of a file. Raises BadSound."""
    with opened(path) as decoder:
        if next(iter(decoder.blocks()), None) is None:
            raise BadSound("there is no sound in it")


def _decode(path: Path, key: str, max_ms: int, cache: Cache) -> Measures:
    with opened(path) as decoder:
        measures = replace(write_sound(cache, key, decoder.blocks(), max_ms), broken=decoder.broken)
    if measures.ms == 0:
        raise BadSound("it is damaged: nothing of it can be played" if measures.broken else "it is silent")
    if measures.broken and measures.ms < LEAST_BROKEN_MS:
        raise BadSound(f"it is damaged: it breaks off after {measures.ms / 1000:.1f} s")
    if measures.ms < LEAST_MS:
        raise BadSound(f"it is only {measures.ms / 1000:.1f} s long; a bed needs at least {LEAST_MS // 1000} s")
    return measures


def _decode_again(path: Path, content: str, key: str, max_ms: int, cache: Cache) -> None:
    try:
        if _digest(path) != content:
            raise BadSound("it has changed")
        _decode(path, key, max_ms, cache)
    except (BadSound, OSError) as fault:
        message = f"{path.name} can't be read any more: {fault}"
        raise SetupError(message, "leave the music as it is while a track is built, and render again") from fault


def _content_digest(path: Path, cache: Cache) -> str:
    """The digest of a file; not computed again if the file was not touched since."""
    stat = path.stat()
    touched = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
    key = recipe_key({"digest of": str(path), "touched": touched})
    if cached := cache.get(key):
        return cached.decode()
    digest = _digest(path)
    cache.put(key, digest.encode())
    return digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _breaks_off(recording: Recording, measures: Measures, music: Music) -> list[Diagnostic]:
    if not measures.broken:
        return []
    seconds = measures.ms // 1000
    message = f"`{recording.name}` is damaged: it breaks off after {seconds // 60}:{seconds % 60:02d}"
    return [warning("music-breaks-off", message, music.span, "it plays as far as it goes; copy the file again")]
