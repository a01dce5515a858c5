"""Music under the voice, as it is told: what plays, and how loud. Gains are in dB against the voice."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cuecast.model.source import Span

MUSIC_DB = -18.0
"""How loud the bed is where nothing else is told (design.md, section 6)."""

MIN_MUSIC_DB, MAX_MUSIC_DB = -40.0, -6.0
"""The softest and the loudest bed. A louder one would leave the voice no room below full scale."""


class GeneratedSound(StrEnum):
    """The sounds that cuecast makes itself, and that anyone may share."""

    BROWN = "brown"
    PINK = "pink"
    WHITE = "white"
    DRONE = "drone"
    OCEAN = "ocean"


class Recording(Struct, frozen=True):
    """A file of music: what messages and the timeline call it, and where it is."""

    name: str
    path: Path


class Music(Struct, frozen=True):
    """What plays: a sound of our own, or recordings one after the other; again and again, as long as it is wanted.

    `span` is where it is told, None for the command line; the same music told elsewhere is the same.
    """

    made: GeneratedSound | None = None
    recordings: tuple[Recording, ...] = ()
    shuffle: bool = False
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Music) and self._plays == other._plays

    def __hash__(self) -> int:
        return hash(self._plays)

    @property
    def _plays(self) -> tuple[object, ...]:
        return self.made, self.recordings, self.shuffle

    @property
    def name(self) -> str:
        """What it is called in a timeline: `ocean`, `calm.mp3`, or the first of several and how many more."""
        if self.made:
            return str(self.made)
        more = len(self.recordings) - 1
        return self.recordings[0].name + (f" and {more} more" if more else "")


class MusicSetting(Struct, frozen=True):
    """What one `music` key says; None is not written there, and is as it was around it. `off` is silence.

    `work` is the gain in work intervals, where that is told apart; `volume` that of all else, and of both where not.
    The same told elsewhere is the same.
    """

    music: Music | None = None
    off: bool = False
    volume: float | None = None
    work: float | None = None
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MusicSetting) and self._says == other._says

    def __hash__(self) -> int:
        return hash(self._says)

    @property
    def _says(self) -> tuple[object, ...]:
        return self.music, self.off, self.volume, self.work

    def over(self, around: MusicSetting | None) -> MusicSetting:
        """This, where it is written, and what is around it elsewhere.

        Who tells a music anew, or a volume alone, takes silence back: so what is around it is kept under an `off`, too.
        Who tells a `volume` tells it for the work too.
        """
        if around is None:
            return self
        if self.off:
            return replace(around, off=True, span=self.span)
        work = around.work if self.volume is None and self.work is None else self.work
        return replace(
            self,
            music=self.music or around.music,
            volume=around.volume if self.volume is None else self.volume,
            work=work,
        )


class Bed(Struct, frozen=True):
    """What plays under an item of a script: the music, its gain, and its gain in the work."""

    music: Music
    gain: float = MUSIC_DB
    work_gain: float = MUSIC_DB
