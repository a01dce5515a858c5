"""The table of keys of a manifest."""

from __future__ import annotations

from cuecast.model import field_types as types
from cuecast.model.keys import KeySet, key

EXCLUSION = KeySet(
    "exclusion",
    "an entry of `exclude`",
    "Tracks that are left out: those for which all of these are true. A value, or a list of values.",
    (
        key("routine: evening-*", types.ROUTINES, "Names of routines, or patterns."),
        key("language: de", types.LANGUAGES, "Languages."),
        key("voice: [joe, calm]", types.VOICES, "Voices."),
        key("level: deep", types.LEVELS, "Levels."),
        key("length: 10m", types.LENGTHS, "Lengths, as in `lengths`."),
        key("format: opus", types.FORMATS, "Formats."),
    ),
)

MANIFEST = KeySet(
    "manifest",
    "a manifest",
    "A file for `cuecast batch`: which tracks there are. Each routine is made in each language, voice, level, length "
    "and format; without one of these keys it is as the routine says.",
    (
        key(
            "routines: [runners-rollout, legs/*.yaml]",
            types.ROUTINES,
            "Routines: names, paths as seen from the manifest, and patterns such as `legs/*.yaml`.",
            required=True,
        ),
        key(
            "languages: [en, de]",
            types.LANGUAGES,
            "Languages. Of a routine NAME.yaml, that in German is NAME.de.yaml beside it.",
        ),
        key("voices: [coach, joe, coach-de]", types.VOICES, "Voices. Each goes with the routines of its own language."),
        key("levels: [gentle, standard]", types.LEVELS, "Levels."),
        key(
            "lengths: [as written, 10m, 20m]",
            types.LENGTHS,
            "How long the whole track lasts, as `fit` does; `as written` leaves that to the routine.",
        ),
        key("formats: [mp3, opus]", types.FORMATS, "Kinds of track, as for `render --format`.", default="mp3"),
        key(
            "exclude:\n  - {routine: evening, language: de}",
            types.EXCLUSIONS,
            "Tracks that are left out: a list, each entry with what must hold of a track together.",
        ),
        key(
            "output: '{language}/{routine}-{level}'",
            types.OUTPUT,
            "Where a track goes, as seen from the manifest: a path with `{routine}`, `{language}`, `{voice}`, "
            "`{level}`, `{length}` and `{format}` in it. Its ending comes from the format. Without it, the routine's "
            "name and all that differs.",
        ),
    ),
)

MANIFESTS = (MANIFEST, EXCLUSION)
"""Every place in a manifest."""
