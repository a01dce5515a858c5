"""The bed: music or noise under the voice, which ducks while the voice speaks and never stops."""

from __future__ import annotations

from cuecast.cache import Cache
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.progress import Progress
from cuecast.model.timeline import SpeechEvent, Timeline
from cuecast.protocols import MixedSound


def prepare(timeline: Timeline, cache: Cache, progress: Progress) -> tuple[MixedSound | None, tuple[Diagnostic, ...]]:
    """The sound of the timeline's bed in stereo, ducked under its speech; None if a file of it can't be played.

    Decoded files are kept in `cache`. A file that can't be played is an error at the line that names it; one that
    breaks off is a warning, and plays as far as it goes. Raises SetupError if there is no room for the sound.
    """
    # Imported here: numpy takes as long as to check a short track.
    from cuecast.mix.music.bed import BedSound
    from cuecast.mix.music.curves import DuckingCurve
    from cuecast.mix.music.layers import layers_of
    from cuecast.mix.music.loading import load_playlists

    layers = layers_of(timeline.bed)
    playlists, faults = load_playlists(layers, cache, progress)
    if has_errors(faults):
        return None, faults
    speech = [event for event in timeline.events if isinstance(event, SpeechEvent)]
    if timeline.volume.voice is None:
        speech = []
    return BedSound(layers, playlists, DuckingCurve((event.start, event.end) for event in speech)), faults
