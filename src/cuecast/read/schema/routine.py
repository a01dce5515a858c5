"""Keys of a routine and of its steps; with it all key sets of all kinds of files.

These tables drive the reader, the JSON Schemas and the reference pages. A new key is an entry here (or in `exercise`,
`sound`, `voice`, `manifest`) and a field in `cuecast.model.routine`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cuecast.model import field_types as types
from cuecast.model.keys import KeySet, key
from cuecast.read.schema.exercise import CUE, DEFAULTS, EXERCISE, LIBRARY, STEP_MUSIC, USE, VARIANT, VARIANTS
from cuecast.read.schema.manifest import MANIFESTS
from cuecast.read.schema.sound import MUSIC, TONES, VOLUME
from cuecast.read.schema.voice import CAST, NAMES, PROFILE, PRONUNCIATION

ROUTINE = KeySet(
    "routine",
    "a routine",
    "The file as a whole. `title` and `steps` are needed; all else has a default.",
    (
        key(
            "title: Runners' rollout",
            types.WORDS,
            "What the routine is called: the title of the track in a player.",
            required=True,
        ),
        key(
            "like: clinic.yaml",
            types.PATH,
            "Another file, from the folder of this one: whatever this file does not write itself is as there, such as "
            "the voice, the tones, the lexicon and the `defaults` of twenty routines.",
        ),
        key(
            "summary: The four big muscles of the legs, after a hard run.",
            types.WORDS,
            "One sentence on what it is for; lists of routines show it.",
        ),
        key(
            "caution: Not in pregnancy.",
            types.WORDS,
            "Who should not do it, and what to mind. The cue sheet prints it, with the cautions of the library's exercises; "
            "the announcement `caution` says them at the start.",
        ),
        key(
            "language: en",
            types.LANGUAGE,
            "The language that the routine is written in. Announcements and the voice follow it.",
            default="en",
        ),
        key(
            "voice: coach",
            types.CAST,
            "Who speaks: the name of a voice, or one for each role, such as `{main: coach, countdown: brisk}`. "
            "`cuecast voices` lists them.",
        ),
        key(
            "lexicon:\n  psoas: so-ass\n  gluteus: {say: gloo-tee-us, ipa: ˈɡluːtiəs}",
            types.LEXICON,
            "How to say words that a voice says wrong: beside each a spelling that it says right, or `{say, ipa}`.",
        ),
        key(
            "level: gentle",
            types.LEVEL,
            "How hard: it chooses among the `variants` of each exercise. `--level` overrides it.",
            default="standard",
        ),
        key(
            "fit: 10m",
            types.LENGTH,
            "How long the whole track is to be, exactly. Works that have a range are chosen so that it is. "
            "`--fit` overrides it.",
        ),
        key(
            "music: {file: calm.mp3, volume: -18dB}",
            types.MUSIC,
            "What plays under the voice: a file, a folder, or a sound that cuecast makes (`ocean`, `drone`, `brown "
            "noise`); or keys of its own. `--music` overrides it.",
            default="off",
        ),
        key(
            "volume: {tones: -3dB}",
            types.VOLUME,
            "How loud the voice, the tones and the music are, against their normal level.",
        ),
        key(
            "tones: {end: gong.mp3}",
            types.TONES,
            "Sounds of your own in place of tones: sound files of up to 30 s beside the routine, or in the folder `tones` "
            "of your own folder; `off` for none. docs/tones.md shows all tones.",
        ),
        key(
            "defaults:\n  work: 45s\n  transition: 10s",
            types.SETTINGS,
            "Settings for every exercise below; each exercise can override them.",
        ),
        key(
            "steps:\n  - say: Find a bit of floor.\n  - exercise: Calves\n    work: 45s",
            types.STEPS,
            "What is done, in order.",
            required=True,
        ),
    ),
)

SAY = KeySet(
    "say",
    "a `say` step",
    "Words in a time of their own.",
    (
        key("say: Find a bit of floor.", types.TEXT, "The words to speak.", required=True),
        key(
            "for: 10s",
            types.OPEN_RANGE,
            "How long the step lasts, at least; it is never shorter than the words. A range leaves the choice to `fit`.",
            default="0s",
        ),
        STEP_MUSIC,
    ),
)

SOUND = KeySet(
    "sound",
    "a `sound` step",
    "A sound of your own at this place, such as a bell. Words wait for its first second; the rest rings on under them.",
    (
        key(
            "sound: bell.wav",
            types.TONE_FILE,
            "A sound file of up to 30 s, from the folder of the file that it is written in, else from the folder `tones` of "
            "your own folder.",
            required=True,
        ),
        key(
            "for: 2m",
            types.OPEN_RANGE,
            "How long the step lasts, at least; by default the first second of the sound. A range leaves the choice to `fit`.",
            default="0s",
        ),
        STEP_MUSIC,
    ),
)

REST = KeySet(
    "rest",
    "a `rest` step",
    "Time to rest before the next exercise. It replaces the transition, it is not added to it.",
    (key("rest: 30s", types.OPEN_RANGE, "How long; a range leaves the choice to `fit`.", required=True),),
)

PAUSE = KeySet(
    "pause",
    "a `pause` step",
    "Quiet, between two steps. The next exercise still has its own transition.",
    (key("pause: 20s", types.OPEN_RANGE, "How long; a range leaves the choice to `fit`.", required=True), STEP_MUSIC),
)

ROUNDS = KeySet(
    "rounds",
    "a `rounds` step",
    "Steps that are done several times over: a circuit.",
    (
        key("rounds: 3", types.INTEGER, "How many times.", required=True),
        key("rest: 20s", types.OPEN_RANGE, "The rest between two rounds, in place of the transition."),
        key("steps:\n  - exercise: Quads\n    work: 40s", types.STEPS, "The steps of one round.", required=True),
        key(
            "shuffle: true",
            types.BOOLEAN,
            "Whether each round has an order of its own, which `--seed` chooses.",
            default="false",
        ),
        STEP_MUSIC,
    ),
)

INCLUDE = KeySet(
    "include",
    "an `include` step",
    "The steps of another routine, with its `defaults`.",
    (key("include: cool-down.yaml", types.PATH, "The file, from the folder of the one that names it.", required=True),),
)

STEPS: Mapping[str, KeySet] = MappingProxyType(
    {p.name: p for p in (SAY, SOUND, EXERCISE, USE, REST, PAUSE, ROUNDS, INCLUDE)}
)
"""The kinds of step. The name of each is also the key that makes an entry of `steps` that step."""

ROUTINES = (
    ROUTINE,
    DEFAULTS,
    *STEPS.values(),
    CUE,
    VOLUME,
    MUSIC,
    TONES,
    CAST,
    PRONUNCIATION,
    VARIANTS,
    VARIANT,
    LIBRARY,
)
"""All in a routine, or in an exercise of the library."""

VOICES = (PROFILE, NAMES, PRONUNCIATION)
"""All in a voice, without the keys of single engines (`Engine.keys`)."""

KEY_SETS = tuple(dict.fromkeys((*ROUTINES, *VOICES, *MANIFESTS)))
"""All."""
