"""Keys of exercises: in a routine, in its `defaults` and variants, and in a file of the library."""

from __future__ import annotations

from cuecast.model import field_types as types
from cuecast.model.keys import KeySet, key

SETTINGS = (
    key(
        "work: 45s",
        types.RANGE,
        "How long the exercise lasts, on each side. It is exact: what is spoken around it never shortens it. "
        "A range leaves the choice to `fit`; without it, its middle is taken.",
    ),
    key(
        "reps: 10",
        types.REPS,
        "How many times, in place of `work`: the work lasts as many times the `pace`. A range such as `8-12` leaves the "
        "choice to `fit`; without it, its middle is taken.",
    ),
    key("sets: 3", types.SETS, "How many times the exercise is done, all sides each time, with a `rest` between."),
    key("rest: 30s", types.OPEN_RANGE, "The rest between two `sets`, in place of the transition."),
    key(
        "pace: [in 4s, hold 4s, out 4s, hold 4s]",
        types.PACE,
        "What leads the breath or the movement: parts, each a word and its length, again and again through the work. "
        "The words are said the first two times, a soft sound goes on leading. A part needs no word: `[4s, 6s]`.",
        default="off",
    ),
    key(
        "transition: 10s",
        types.GAP,
        "The time before the exercise, in which it is announced and you get into position. `auto` is as long as all "
        "the words, `settle` and the countdown need, 8 seconds at least. A time that you write is longer only where the "
        "words of `setup` need it. `0s` means no time at all: the announcement sounds over the work before.",
        default="auto",
    ),
    key(
        "switch: 5s",
        types.GAP,
        "The time to change from one side to the other; `auto` as for `transition`.",
        default="auto",
    ),
    key(
        "settle: 8s",
        types.DURATION,
        "The quiet after the last word of a `setup`, before the countdown: time to get into position.",
        default="5s",
    ),
    key(
        "countdown: 3 spoken",
        types.COUNTDOWN,
        "Beeps on the last seconds before the work starts; `3 spoken` counts aloud, `off` leaves only the start tone.",
        default="3",
    ),
    key(
        "announce: [next, side, last 10s]",
        types.ANNOUNCE,
        "What is said without your writing it: `next` (the name of what comes), `side`, `ready` (both once more, at the "
        "end of a gap with more than 15 seconds of quiet), `length`, `number` (third of eight), `round`, `count` (the "
        "reps aloud; `last 10s` then says how many are left), `halfway`, `last 10s` (any time left), `encourage` (a kind "
        "word, now and then), `total` (title and length, at the start), "
        "`caution` (all cautions once, before the first step) and `finish`. `off` says nothing.",
        default="[next, side, ready]",
    ),
    key(
        "beeps: every 15s",
        types.MOMENTS,
        "Beeps inside the work, at moments such as `every 15s` or `half`. They keep silent where the voice speaks.",
        default="off",
    ),
)

STEP_MUSIC = key(
    "music: -24dB",
    types.MUSIC_HERE,
    "What plays under the voice here, or how loud, where that is otherwise than around it: a file, a folder, a sound "
    "that cuecast makes, a volume such as `-24dB`, `off`; or keys of its own.",
)
"""The music of a step."""

POSITION = (
    key(
        "sides: [left, right]",
        types.SIDES,
        "The sides, in order. Each gets the full work, with a `switch` between. Leave it out where there are none.",
    ),
    key(
        "setup: Sit with your legs straight, hands flat behind you.",
        types.TEXT,
        "How to get into position: spoken once, before the exercise starts.",
    ),
    key(
        "cues:\n  10s: Cross your legs.\n  half: Slowly.\n  -8s: Point your toes.",
        types.CUES,
        "What is said during the work: a moment and its words. The moments count from the start of each side. "
        "A list of `{at, say, side, round}` is for cues of one side or one round only.",
    ),
    STEP_MUSIC,
)
"""What an exercise has that is its own, and what a variant of it can change besides its settings."""

_EXERCISE = (
    *POSITION,
    *SETTINGS,
    key(
        "counted: false",
        types.BOOLEAN,
        "Whether the exercise counts in `{number}` of `{count}`; `false` for a warm-up or a walk between.",
        default="true",
    ),
    key(
        "kind: rolling",
        types.SORT,
        "What sort of exercise it is: `rolling`, `stretch`, `strength`, `cardio` or `breathing`. `check` knows what "
        "each should not be done with.",
    ),
    key(
        "variants:\n  gentle:\n    sides: both\n    work: 30s",
        types.VARIANTS,
        "What is different at a `gentle` or a `deep` level. A key of a variant replaces the whole key.",
    ),
)

DEFAULTS = KeySet("defaults", "`defaults`", "Settings for every exercise of the routine.", SETTINGS)

EXERCISE = KeySet(
    "exercise",
    "an `exercise` step",
    "Something to do for a time, on each of its sides.",
    (key("exercise: Calves", types.TEXT, "Its name, as it is announced.", required=True), *_EXERCISE),
)

USE = KeySet(
    "use",
    "a `use` step",
    "An exercise from the library. Each key written here replaces the library's.",
    (
        key(
            "use: calves",
            types.USE,
            "Which exercise: its name in the library. `cuecast list exercises` lists them.",
            required=True,
        ),
        key("name: Calves once more", types.TEXT, "Another name for it, as it is announced."),
        *_EXERCISE,
    ),
)

CUE = KeySet(
    "cue",
    "an entry of `cues`",
    "One cue in a list of cues.",
    (
        key("at: half", types.MOMENT, "The moment.", required=True),
        key("say: Slowly.", types.TEXT, "The words to speak.", required=True),
        key("side: left", types.SIDE, "Only on this side."),
        key("round: 1", types.INTEGER, "Only in this round."),
    ),
)

VARIANT = KeySet(
    "variant",
    "a variant",
    "The keys of an exercise that are different at one level.",
    (*POSITION, *SETTINGS),
    dict.fromkeys(("exercise", "name"), "an exercise has the same name at every level"),
)

VARIANTS = KeySet(
    "variants",
    "`variants`",
    "What an exercise changes at each level.",
    (
        key("gentle:\n  sides: both", types.VARIANT, "At the gentle level."),
        key("standard:\n  work: 45s", types.VARIANT, "At the standard level."),
        key("deep:\n  work: 1m", types.VARIANT, "At the deep level."),
    ),
    {key.name: f"`{key.name}` belongs below a level such as `gentle`, two spaces further in" for key in VARIANT.keys},
)

LIBRARY = KeySet(
    "library",
    "an exercise of the library",
    "A file in the folder `exercises` of your own folder or of the package: one exercise, for `use`.",
    (
        key("exercise: Calves", types.TEXT, "Its name, as it is announced.", required=True),
        key("language: en", types.LANGUAGE, "The language that it is written in."),
        key("about: The backs of the lower legs, on a roller.", types.WORDS, "One sentence on what it is."),
        key("caution: Stop short of the knee.", types.WORDS, "Who should not do it, and where to stop."),
        key("source: Behm 2020, J Strength Cond Res 34(11)", types.CREDITS, "What it rests on."),
        *_EXERCISE,
    ),
)
