"""What plays under each step: its own `music`, over that of the rounds around it, over the routine's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.music import MUSIC_DB, Bed, Music, MusicSetting
from cuecast.model.source import Span


class Playing(Struct):
    """Finds the bed of every place. `own` is the routine's music, `file` the name of its file.

    `seed` decides the order of recordings that are shuffled: the same wherever in the track they play.
    """

    own: MusicSetting | None
    file: str
    seed: int
    _ordered: dict[int, Music] = field(default_factory=dict)
    _played: set[int] = field(default_factory=set)
    _idle: dict[int, Span | None] = field(default_factory=dict)

    def bed(self, told: Sequence[MusicSetting] = ()) -> Bed | None:
        """What plays where `told` holds, outermost first; where nothing is told, what the routine plays.

        Things told are known by their identity, which stays their own: they live as long as the routine does.
        """
        here = self.own
        for each in told:
            here = each.over(here)
        if here is None:
            return None
        if here.music is None:
            self._idle |= {id(each): each.span for each in told if not each.off}
            return None
        self._played.update(map(id, told))
        if here.off:
            return None
        gain = MUSIC_DB if here.volume is None else here.volume
        return Bed(self._in_order(here.music), gain, gain if here.work is None else here.work)

    def faults(self) -> Iterator[Diagnostic]:
        """Volumes that are told, and nowhere is anything that could be softer or louder.

        Only those of the routine's own file: an exercise of the library and a file that is included may say how loud
        they want the music, whoever plays none.
        """
        for told, span in self._idle.items():
            if told not in self._played and span is not None and span.file == self.file:
                hint = "say what plays: `music: ocean` at the top, or `sound: ocean` beside the volume"
                yield error("no-music", "this says how loud, and no music plays here", span, hint)

    def _in_order(self, music: Music) -> Music:
        """The same music, shuffled where that is wanted: once, however many steps it plays under."""
        if not music.shuffle:
            return music
        if id(music) not in self._ordered:
            recordings = list(music.recordings)
            Random(self.seed).shuffle(recordings)
            self._ordered[id(music)] = replace(music, recordings=tuple(recordings), shuffle=False)
        return self._ordered[id(music)]
