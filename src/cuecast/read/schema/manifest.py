"""The table of keys of a manifest."""

from __future__ import annotations

from cuecast.model import field_types as types
from cuecast.model.keys import Key, KeySet

EXCLUSION = KeySet(
    "exclusion",
    "an entry of `exclude`",
    "Tracks that are left out: those for which all of these are true. A value, or a list of values.",
    (
        Key("routine", types.ROUTINES, "Names of routines, or patterns.", "routine: evening-*"),
        Key("language", types.LANGUAGES, "Languages.", "language: de"),
        Key("voice", types.VOICES, "Voices.", "voice: [joe, calm]"),
        Key("level", types.LEVELS, "Levels.", "level: deep"),
        Key("length", types.LENGTHS, "Lengths, as in `lengths`.", "length: 10m"),
        Key("format", types.FORMATS, "Formats.", "format: opus"),
    ),
)

MANIFEST = KeySet(
    "manifest",
    "a manifest",
    "A file for `cuecast batch`: which tracks there are. Each routine is made in each language, voice, level, length "
    "and format; without one of these keys it is as the routine says.",
    (
        Key(
            "routines",
            types.ROUTINES,
            "Routines: names, paths as seen from the manifest, and patterns such as `legs/*.yaml`.",
            "routines: [runners-rollout, legs/*.yaml]",
            required=True,
        ),
        Key(
            "languages",
            types.LANGUAGES,
            "Languages. Of a routine NAME.yaml, that in German is NAME.de.yaml beside it.",
            "languages: [en, de]",
        ),
        Key(
            "voices",
            types.VOICES,
            "Voices. Each goes with the routines of its own language.",
            "voices: [coach, joe, coach-de]",
        ),
        Key("levels", types.LEVELS, "Levels.", "levels: [gentle, standard]"),
        Key(
            "lengths",
            types.LENGTHS,
            "How long the whole track lasts, as `fit` does; `as written` leaves that to the routine.",
            "lengths: [as written, 10m, 20m]",
        ),
        Key("formats", types.FORMATS, "Kinds of track, as for `render --format`.", "formats: [mp3, opus]", "mp3"),
        Key(
            "exclude",
            types.EXCLUSIONS,
            "Tracks that are left out: a list, each entry with what must hold of a track together.",
            "exclude:\n  - {routine: evening, language: de}",
        ),
        Key(
            "output",
            types.OUTPUT,
            "Where a track goes, as seen from the manifest: a path with `{routine}`, `{language}`, `{voice}`, "
            "`{level}`, `{length}` and `{format}` in it. Its ending comes from the format. Without it, the routine's "
            "name and all that differs.",
            "output: '{language}/{routine}-{level}'",
        ),
    ),
)

MANIFESTS = (MANIFEST, EXCLUSION)
"""Every place in a manifest."""
