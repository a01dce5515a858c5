"""What plays under each step: its own `music`, over that of the rounds around it, over the routine's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.music import MUSIC_DB, Bed, Music, MusicSetting
from cuecast.model.routine import Routine
from cuecast.model.source import Span


class MusicState:
    """Finds the bed of each step.

    Music that the caller chose (`Routine.other_music`) plays in place of all music that the routine names. How loud,
    and where it is off, stays as the routine says; if the caller chose `off`, nothing plays.
    """

    def __init__(self, routine: Routine, seed: int) -> None:
        """`seed` decides the order of shuffled recordings, which is the same in the whole track."""
        self._base, self._other = routine.music, routine.other_music
        if self._other is not None and self._base is not None:
            self._base = replace(self._base, music=self._other.music, off=False)
        self._file = routine.source.name
        self._seed = seed
        self._shuffled: dict[int, Music] = {}
        self._used: set[int] = set()
        self._unused: dict[int, Span | None] = {}

    def bed(self, settings: Sequence[MusicSetting] = ()) -> Bed | None:
        """What plays where these settings hold, the outermost first; without any, what the routine plays.

        Settings are compared by identity; the routine keeps them alive.
        """
        if self._other is not None and self._other.off:
            return None
        setting = self._base or self._other
        for each in settings:
            setting = each.merged_with(setting)
        if setting is None:
            return None
        if setting.music is None:
            self._unused |= {id(each): each.span for each in settings if not each.off}
            return None
        self._used.update(map(id, settings))
        if setting.off:
            return None
        music = setting.music if self._other is None or self._other.music is None else self._other.music
        gain = MUSIC_DB if setting.volume is None else setting.volume
        return Bed(self._in_order(music), gain, gain if setting.work is None else setting.work)

    def faults(self) -> Iterator[Diagnostic]:
        """Volumes under which no music plays, if the routine's own file sets them.

        A library exercise and an included file may say how loud they want the music even if none plays.
        """
        for setting, span in self._unused.items():
            if setting not in self._used and span is not None and span.file == self._file:
                hint = "say what plays: `music: ocean` at the top, or `sound: ocean` beside the volume"
                yield error("no-music", "`volume` is set, but no music plays here", span, hint)

    def _in_order(self, music: Music) -> Music:
        """The music with its recordings shuffled if it asks for that: once, however many steps it plays under."""
        if not music.shuffle:
            return music
        if id(music) not in self._shuffled:
            recordings = list(music.recordings)
            Random(self._seed).shuffle(recordings)
            self._shuffled[id(music)] = replace(music, recordings=tuple(recordings), shuffle=False)
        return self._shuffled[id(music)]
