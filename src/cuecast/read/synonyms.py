"""Words that people use for keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("repeat", "repeats", "times", "laps", "lap", "circuits", "cycles"), ("rounds", "reps")),
        **dict.fromkeys(("sets", "series"), ("rounds", "sets")),
        **dict.fromkeys(("repetitions", "rep", "count"), ("reps", "announce")),
        **dict.fromkeys(("duration", "time", "length", "seconds", "secs", "hold"), ("work", "for", "fit", "lengths")),
        **dict.fromkeys(("description", "about", "desc", "subtitle"), ("summary", "about", "setup")),
        **dict.fromkeys(("instructions", "instruction", "position", "how", "setup-text"), ("setup",)),
        **dict.fromkeys(("tips", "notes", "prompts", "cue"), ("cues",)),
        **dict.fromkeys(("exercises", "workout", "program", "items", "routine"), ("steps",)),
        **dict.fromkeys(("lang", "locale"), ("language",)),
        **dict.fromkeys(("break", "breaks", "recovery", "between"), ("rest", "transition")),
        **dict.fromkeys(("prepare", "prep", "get-ready"), ("transition",)),
        **dict.fromkeys(("change", "changeover"), ("switch",)),
        **dict.fromkeys(("side",), ("sides",)),
        **dict.fromkeys(("name", "title"), ("exercise", "name", "title")),
        **dict.fromkeys(("song", "track", "mp3", "audio", "path"), ("music", "file")),
        **dict.fromkeys(("playlist", "songs", "tracks", "album", "directory", "dir"), ("music", "folder")),
        **dict.fromkeys(("background", "bed", "soundtrack", "ambience", "ambient"), ("music", "sound")),
        **dict.fromkeys(("noise",), ("music", "noise", "sound")),
        **dict.fromkeys(("random", "randomize", "shuffled"), ("shuffle",)),
        **dict.fromkeys(("level", "db", "gain"), ("volume",)),
        **dict.fromkeys(("sound",), ("music", "sound", "noise", "tones")),
        **dict.fromkeys(("sounds",), ("tones", "beeps", "sound", "noise")),
        **dict.fromkeys(("bell", "gong", "chime", "bowl"), ("sound", "tones")),
        **dict.fromkeys(("beep",), ("tones", "beeps")),
        **dict.fromkeys(("speed", "wpm", "tempo"), ("rate",)),
        **dict.fromkeys(("volume", "loudness"), ("gain", "volume")),
        **dict.fromkeys(("extends", "base", "from", "based-on"), ("like",)),
        **dict.fromkeys(("macos", "mac", "osx"), ("darwin",)),
        **dict.fromkeys(("windows", "win"), ("win32",)),
        **dict.fromkeys(("voice", "voices"), ("names", "voices", "voice")),
        **dict.fromkeys(("fit", "durations", "minutes"), ("lengths", "length")),
        **dict.fromkeys(("skip", "without", "except", "excluding"), ("exclude",)),
        **dict.fromkeys(("names", "target", "template", "outputs"), ("output",)),
    }
)
"""Words that people use for keys, and the keys that they may mean."""
