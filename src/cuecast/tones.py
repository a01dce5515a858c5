"""The table of tones: each meaning has its own sound. Lengths and levels are what the timeline relies on."""

from __future__ import annotations

from cuecast.sound import Note, Tone

PEAK_DBFS = -12.0
"""Peak of the tones that lead a person (design.md, section 6)."""

TONES: dict[str, Tone] = {
    tone.name: tone
    for tone in (
        Tone("countdown", (Note(660, 0, 100),), 100, PEAK_DBFS),
        Tone("start", (Note(880, 0, 120), Note(1320, 120, 280)), 400, PEAK_DBFS),
        Tone("halfway", (Note(740, 0, 90), Note(740, 140, 90)), 230, PEAK_DBFS - 6),
        Tone("interval", (Note(550, 0, 100),), 100, PEAK_DBFS - 6),
        Tone("end", (Note(587, 0, 180), Note(392, 180, 320)), 500, PEAK_DBFS),
        Tone("finish", (Note(523, 0, 180), Note(659, 180, 180), Note(784, 360, 540)), 900, PEAK_DBFS),
        Tone("wake", (Note(200, 0, 300),), 300, -40.0, attack_ms=50, release_ms=50),
    )
}
