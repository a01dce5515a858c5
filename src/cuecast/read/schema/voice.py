"""The part of the table of keys (`cuecast.read.schema.routine`) for voices: a voice, who says what, and how words are said.

Keys that only one engine has are that engine's own (`Engine.keys`).
"""

from __future__ import annotations

from cuecast.model.field_types import Key, Kind, Place

PROFILE = Place(
    "profile",
    "a voice",
    "A file in the folder `voices` of your own folder or of the package: one voice. Its engine may have keys besides.",
    (
        Key(
            "like",
            Kind.NAME,
            "Another voice that this one is built on: what is not written here is as it is there. In a file of the "
            "same name, the voice that it stands before.",
            "like: coach",
        ),
        Key(
            "engine",
            Kind.ENGINE,
            "What speaks. `cuecast voices` says which engines work here.",
            "engine: pyttsx3",
            required=True,
        ),
        Key("language", Kind.LANGUAGE, "The language that it speaks.", "language: en-GB", required=True),
        Key(
            "description",
            Kind.WORDS,
            "How it sounds and what it is for; `cuecast voices` shows it.",
            "description: Clear and steady, as a coach beside you",
        ),
        Key("rate", Kind.RATE, "How fast: words a minute, from 80 to 400.", "rate: 165 wpm", default="175"),
        Key(
            "pitch",
            Kind.PITCH,
            "How high: from 0 to 99. Only eSpeak, the voice of Linux, can change it.",
            "pitch: 45",
            default="50",
        ),
        Key(
            "gain",
            Kind.TRIM,
            "How loud, from -20 to 6 dB: all voices are made equally loud, and this comes on top.",
            "gain: -2dB",
            default="0dB",
        ),
        Key(
            "names",
            Kind.PLATFORMS,
            "Which of the engine's voices it takes on each system.",
            "names:\n  linux: en+adam\n  darwin: [com.apple.voice.premium.en-US.Zoe, any]",
        ),
        Key(
            "lexicon",
            Kind.LEXICON,
            "How it is to say words that it says wrong: beside each a spelling that it says right, or `{say, ipa}`. "
            "A routine's own `lexicon` comes first.",
            "lexicon:\n  psoas: so-ass",
        ),
    ),
)

NAMES = Place(
    "names",
    "`names`",
    "The engine's own names for its voices. In a list, the first that is there is taken; `any` is any one of the "
    "voice's language.",
    (
        Key("linux", Kind.ALTERNATIVES, "On Linux.", "linux: en+adam"),
        Key(
            "darwin",
            Kind.ALTERNATIVES,
            "On macOS.",
            "darwin: [com.apple.voice.premium.en-US.Zoe, com.apple.voice.compact.en-US.Samantha, any]",
        ),
        Key("win32", Kind.ALTERNATIVES, "On Windows.", "win32: [TTS_MS_EN-US_ZIRA_11.0, any]"),
    ),
)

CAST = Place(
    "voice",
    "`voice`",
    "A voice for each role.",
    (
        Key(
            "main",
            Kind.NAME,
            "Who says what you wrote: `say`, `setup` and cues; and all that no other voice is named for. "
            "Where it is left out, the voice of the language.",
            "main: coach",
        ),
        Key(
            "announcements",
            Kind.NAME,
            "Who says what the compiler writes: what comes next, the side, how much is left, the words of a pace.",
            "announcements: brisk",
        ),
        Key(
            "countdown",
            Kind.NAME,
            "Who counts, where a countdown is `spoken`. Where it is left out, whoever announces.",
            "countdown: brisk",
        ),
    ),
)

PRONUNCIATION = Place(
    "pronunciation",
    "an entry of `lexicon`",
    "How to say a word. One of the two is needed.",
    (
        Key(
            "say",
            Kind.SPELLING,
            "Another spelling, which a voice says as the word should sound.",
            "say: gloo-tee-us",
        ),
        Key(
            "ipa",
            Kind.IPA,
            "Its sounds in the International Phonetic Alphabet, for the voices that take them; others take `say`.",
            "ipa: ˈɡluːtiəs",
        ),
    ),
)
