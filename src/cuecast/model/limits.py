"""The most that files may hold."""

from __future__ import annotations

MAX_BYTES = 1_000_000
"""The largest file that is read. Whoever opens files need not read more than one byte beyond it."""

MAX_TEXT = 1_000
"""The longest text of one cue, `say`, `setup`, name or title, in characters."""

MAX_SPEECH_S = 60
"""The longest that one utterance may last, in seconds; a person's take may be longer."""

MAX_ROUNDS = 20_000
"""The most rounds that can be told; also the most steps of a routine, so more could never be built."""

MAX_SETS = 100
"""The most sets of one exercise."""

MAX_COUNTDOWN = 60
"""The longest countdown, in seconds."""

MAX_LISTED = 2_000
"""The most entries of a list in a manifest."""

MAX_REPS = 1_000
"""The most reps of one work."""

MIN_RATE, MAX_RATE = 80, 400
"""The slowest and the fastest voice, in words a minute."""

MAX_PITCH = 99
"""The highest voice, on a scale that begins at 0."""

MIN_TRIM, MAX_TRIM = -20, 6
"""The softest and the loudest voice, in dB against the even loudness."""

MAX_ALTERNATIVES = 20
"""The most voices that are tried on one platform, and the most arguments of a program."""

MAX_PARTS = 12
"""The most parts that a pace has."""

MAX_LEXICON = 500
"""Words of a lexicon."""

MAX_RECORDINGS = 500
"""The most sound files of a folder of music."""

SOUND_SUFFIXES = (".mp3", ".flac", ".ogg", ".oga", ".opus", ".wav", ".aif", ".aiff", ".m4a")
"""How the names of sound files end, in any case."""

MAX_SPELLING = 100
"""Characters of a word of a lexicon, and of how it is said."""


def is_sound_file(name: str) -> bool:
    """Whether it is the name of a sound file. What begins with a dot is none: macOS leaves such beside others."""
    return name.lower().endswith(SOUND_SUFFIXES) and not name.startswith(".")
