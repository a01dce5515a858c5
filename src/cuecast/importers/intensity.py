"""Words for how hard: what a coach would call it, for a number that only a meter can show."""

from __future__ import annotations

_WORDS = ((65, "Easy"), (76, "Steady"), (91, "Tempo"), (106, "Threshold"), (150, "Hard"))
_ZONES = {1: "Easy", 2: "Steady", 3: "Tempo", 4: "Threshold"}


def effort(percent: float) -> str:
    """The word for a share of what one can hold for an hour."""
    return next((word for most, word in _WORDS if percent < most), "Sprint")


def zone_effort(zone: int) -> str:
    """The word for a training zone."""
    return _ZONES.get(zone, "Hard")


def span_words(low: str, high: str | None, unit: str) -> str:
    """A target or a range of it: `95 to 105%`, `90 rpm`."""
    return f"{low} to {high}{unit}" if high and high != low else f"{low}{unit}"
