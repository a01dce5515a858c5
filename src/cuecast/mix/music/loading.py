"""All musics of a track, made ready to play; every file that can't be played is told, not the first one only."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from msgspec import Struct

from cuecast.cache import Cache
from cuecast.mix.music.decode import BadMusic
from cuecast.mix.music.generated import made_sound
from cuecast.mix.music.layers import Layer
from cuecast.mix.music.pcm_cache import Stored
from cuecast.mix.music.playlist import CROSSFADE_MS, Playlist
from cuecast.mix.music.recordings import probe, recording
from cuecast.model.diagnostics import Diagnostic, error, has_errors, in_order, warning
from cuecast.model.music import Music, Recording
from cuecast.protocols import Progress

LONGEST_MS = 2 * 3_600_000
"""So much of a music is played before it begins anew: two hours take 1.4 GB of disk while a track is made."""


class Gathered(Struct, frozen=True):
    """What plays, and when the clock of each music begins. There are no playlists where there are errors."""

    playlists: Mapping[Music, Playlist] | None
    clocks: Mapping[Music, int]
    faults: tuple[Diagnostic, ...]


def gather(layers: Iterable[Layer], cache: Cache, progress: Progress) -> Gathered:
    """The playlists of all musics that the layers play, each as long as they need it.

    Raises SetupError where there is no room for the sound.
    """
    clocks: dict[Music, int] = {}
    wanted: dict[Music, int] = {}
    for layer in layers:
        clocks.setdefault(layer.music, layer.start)
        wanted[layer.music] = min(layer.end - clocks[layer.music], LONGEST_MS)
    faults: list[Diagnostic] = []
    playlists: dict[Music, Playlist] = {}
    files = sum(max(1, len(music.recordings)) for music in wanted)
    done = 0
    for music, ms in wanted.items():
        if music.made:
            playlists[music] = Playlist([made_sound(music.made, cache)], seamless=True)
            progress(done := done + 1, files)
            continue
        sounds: list[Stored] = []
        for each in _in_order(music):
            # What the track can't come to is not decoded; but that it can't be played is told.
            missing = ms - sum(sound.measures.ms - CROSSFADE_MS for sound in sounds)
            try:
                if missing > 0:
                    sounds.append(recording(each.path, missing + CROSSFADE_MS, cache))
                    faults += _broken(each, sounds[-1], music)
                else:
                    probe(each.path)
            except BadMusic as fault:
                faults.append(error("bad-music", f"`{each.name}` can't be played: {fault}", music.span, fault.hint))
            progress(done := done + 1, files)
        if sounds:
            playlists[music] = Playlist(sounds)
    return Gathered(None if has_errors(faults) else playlists, clocks, in_order(faults))


def _broken(file: Recording, sound: Stored, music: Music) -> list[Diagnostic]:
    if not sound.measures.broken:
        return []
    seconds = sound.measures.ms // 1000
    message = f"`{file.name}` is damaged: it breaks off after {seconds // 60}:{seconds % 60:02d}"
    return [warning("music-breaks-off", message, music.span, "what there is of it is played; copy the file anew")]


def _in_order(music: Music) -> list[Recording]:
    """The recordings as they are played; shuffled, always in the same way."""
    recordings = list(music.recordings)
    if music.shuffle:
        random.Random("\n".join(recording.name for recording in recordings)).shuffle(recordings)
    return recordings
