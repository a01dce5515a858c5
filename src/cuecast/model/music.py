"""Music under the voice, as a routine sets it: what plays, and how loud. Gains are in dB against the voice."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cuecast.model.source import Span

MUSIC_DB = -18.0
"""The gain of the bed if the routine sets none."""

MIN_MUSIC_DB, MAX_MUSIC_DB = -40.0, -6.0
"""The softest and the loudest bed. A louder one would leave the voice no room below full scale."""


class GeneratedSound(StrEnum):
    """The sounds that cuecast makes itself. Anyone may share them."""

    BROWN = "brown"
    PINK = "pink"
    WHITE = "white"
    DRONE = "drone"
    OCEAN = "ocean"


NOISES = (GeneratedSound.BROWN, GeneratedSound.PINK, GeneratedSound.WHITE)
GENERATED_NAMES = {**{str(sound): sound for sound in GeneratedSound}, **{f"{noise} noise": noise for noise in NOISES}}
"""The names of generated sounds as a plain value of `music`."""


def as_key(sound: GeneratedSound) -> str:
    """The key and value for a generated sound."""
    return f"{'noise' if sound in NOISES else 'sound'}: {sound}"


class Recording(Struct, frozen=True):
    """A file of music: its name in messages and in the timeline, and where it is."""

    name: str
    path: Path


class Music(Struct, frozen=True):
    """What plays in a loop: a generated sound, or recordings one after the other.

    `span` is where it is set, None for the command line. It does not count in comparisons.
    """

    generated: GeneratedSound | None = None
    recordings: tuple[Recording, ...] = ()
    shuffle: bool = False
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Music) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def _content(self) -> tuple[object, ...]:
        return self.generated, self.recordings, self.shuffle

    @property
    def name(self) -> str:
        """Its name in a timeline: `ocean`, `calm.mp3`, or the first of several and how many more."""
        if self.generated:
            return str(self.generated)
        more = len(self.recordings) - 1
        return self.recordings[0].name + (f" and {more} more" if more else "")


class MusicSetting(Struct, frozen=True):
    """What one `music` key sets; None is not set there. `off` is silence.

    `work` is the gain in work intervals; `volume` is the gain elsewhere, and in work intervals if `work` is not set.
    `span` does not count in comparisons.
    """

    music: Music | None = None
    off: bool = False
    volume: float | None = None
    work: float | None = None
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MusicSetting) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def _content(self) -> tuple[object, ...]:
        return self.music, self.off, self.volume, self.work

    def merged_with(self, outer: MusicSetting | None) -> MusicSetting:
        """This setting, and what it leaves open from the one around it.

        Under an `off` the outer music and gains are kept: an inner music, or a volume alone, turns them on again.
        A `volume` counts for the work, too.
        """
        if outer is None:
            return self
        if self.off:
            return replace(outer, off=True, span=self.span)
        work = outer.work if self.volume is None and self.work is None else self.work
        return replace(
            self,
            music=self.music or outer.music,
            volume=outer.volume if self.volume is None else self.volume,
            work=work,
        )


class Bed(Struct, frozen=True):
    """What plays under an item of a script: the music, its gain, and its gain in the work."""

    music: Music
    gain: float = MUSIC_DB
    work_gain: float = MUSIC_DB
