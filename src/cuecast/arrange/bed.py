"""The bed of a timeline: segments of one music at one gain, each interval under its own, equal neighbours joined."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic, warning
from cuecast.model.music import MAX_MUSIC_DB, Bed
from cuecast.model.source import Span
from cuecast.model.timeline import BedSegment, Kind

SOFTEST_DB = -60.0
"""The lowest gain of a bed, in dB against the voice. Nobody hears a softer one."""


class BedBuilder(Struct):
    """The segments so far. `volume` is the gain of the whole lane in dB; None turns it off."""

    volume: float | None
    segments: list[BedSegment] = field(default_factory=list)
    _too_loud: dict[tuple[Span | None, str], float] = field(default_factory=dict)

    def add(self, start: int, end: int, kind: Kind, bed: Bed | None) -> None:
        """Add what plays under an interval, which follows the interval before."""
        if bed is None or self.volume is None:
            return
        wanted = bed.work_gain if kind is Kind.WORK else bed.gain
        wanted = round(wanted + self.volume, 3)  # gains have three decimals, but the sum of two floats has more
        if wanted > MAX_MUSIC_DB:
            where = (bed.music.span, bed.music.name)
            self._too_loud[where] = max(wanted, self._too_loud.get(where, wanted))
        gain = max(SOFTEST_DB, min(wanted, MAX_MUSIC_DB))
        last = self.segments[-1] if self.segments else None
        if last and last.end == start and last.gain == gain and last.music == bed.music:
            self.segments[-1] = replace(last, end=end)
        else:
            self.segments.append(BedSegment(start, end, bed.music, gain))

    def faults(self) -> Iterator[Diagnostic]:
        """A warning for each music that is louder than a bed can be, with its highest gain."""
        for (span, name), wanted in self._too_loud.items():
            yield warning(
                "music-too-loud",
                f"with the `volume` of all music, {name} comes to {wanted:+g} dB against the voice; it plays at "
                f"{MAX_MUSIC_DB:g} dB",
                span,
                "make it softer, here or in `volume`: louder music leaves the voice no room",
            )
