"""The bed: music or noise under the voice, which ducks while the voice speaks and never stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cuecast.cache import Cache
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.timeline import SpeechEvent, Timeline
from cuecast.protocols import MixedSound, Progress

if TYPE_CHECKING:
    from cuecast.mix.music.ducking import Ducking


def prepare(timeline: Timeline, cache: Cache, progress: Progress) -> tuple[MixedSound | None, tuple[Diagnostic, ...]]:
    """The sound of the timeline's bed, in stereo, ducked where its voice speaks.

    What is made of music files is kept in `cache`. A file that nothing can be made of is an error where it is told;
    then there is no sound. One that breaks off is a warning, and what there is of it is played.

    Raises SetupError where there is no room for the sound.
    """
    # Here, because what works with samples takes as long to import as a short track takes to be checked.
    from cuecast.mix.music.layers import layers_of
    from cuecast.mix.music.loading import gather
    from cuecast.mix.music.sound import BedWindows

    layers = layers_of(timeline.bed)
    gathered = gather(layers, cache, progress)
    if gathered.playlists is None:
        return None, gathered.faults
    return BedWindows(layers, gathered.playlists, gathered.clocks, _ducking(timeline)), gathered.faults


def _ducking(timeline: Timeline) -> Ducking:
    from cuecast.mix.music.ducking import Ducking

    if timeline.volume.voice is None:
        return Ducking(())
    return Ducking((event.start, event.end) for event in timeline.events if isinstance(event, SpeechEvent))
