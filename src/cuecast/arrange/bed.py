"""The bed as it is laid: stretches of one music at one gain, each interval under its own, neighbours joined."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic, warning
from cuecast.model.music import MAX_MUSIC_DB, Bed
from cuecast.model.source import Span
from cuecast.model.timeline import BedSegment, Kind

SOFTEST_DB = -60.0
"""The softest that a bed is made, in dB against the voice: nobody hears a softer one."""


class Under(Struct):
    """The stretches so far. `volume` is the gain of the whole lane in dB; None is no bed at all."""

    volume: float | None
    stretches: list[BedSegment] = field(default_factory=list)
    _too_loud: dict[tuple[Span | None, str], float] = field(default_factory=dict)

    def lay(self, start: int, end: int, kind: Kind, bed: Bed | None) -> None:
        """What plays under an interval of that kind from `start` to `end`, which follows the one before."""
        if bed is None or self.volume is None:
            return
        told = bed.work_gain if kind is Kind.WORK else bed.gain
        wanted = round(told + self.volume, 3)  # three decimals are told, and the sum of two floats has more
        if wanted > MAX_MUSIC_DB:
            where = (bed.music.span, bed.music.name)
            self._too_loud[where] = max(wanted, self._too_loud.get(where, wanted))
        gain = max(SOFTEST_DB, min(wanted, MAX_MUSIC_DB))
        last = self.stretches[-1] if self.stretches else None
        if last and last.end == start and last.gain == gain and last.music == bed.music:
            self.stretches[-1] = replace(last, end=end)
        else:
            self.stretches.append(BedSegment(start, end, bed.music, gain))

    def faults(self) -> Iterator[Diagnostic]:
        """Each music that is louder than a bed can be, once, as it is worst."""
        for (span, name), wanted in self._too_loud.items():
            yield warning(
                "music-too-loud",
                f"with the `volume` of all music, {name} comes to {wanted:+g} dB against the voice; it plays at "
                f"{MAX_MUSIC_DB:g} dB",
                span,
                "make it softer, here or in `volume`: louder music leaves the voice no room",
            )
