"""The part of the table of keys (`cuecast.read.schema.routine`) for voices: a voice, who says what, and how words are said.

Keys that only one engine has are that engine's own (`Engine.keys`).
"""

from __future__ import annotations

from cuecast.model import field_types as types
from cuecast.model.keys import Key, KeySet

PROFILE = KeySet(
    "profile",
    "a voice",
    "A file in the folder `voices` of your own folder or of the package: one voice. Its engine may have keys besides.",
    (
        Key(
            "like",
            types.NAME,
            "Another voice that this one is built on: what is not written here is as it is there. In a file of the "
            "same name, the voice that it hides.",
            "like: coach",
        ),
        Key(
            "engine",
            types.ENGINE,
            "What speaks. `cuecast voices` says which engines work here.",
            "engine: pyttsx3",
            required=True,
        ),
        Key("language", types.LANGUAGE, "The language that it speaks.", "language: en-GB", required=True),
        Key(
            "description",
            types.WORDS,
            "How it sounds and what it is for; `cuecast voices` shows it.",
            "description: Clear and steady, as a coach beside you",
        ),
        Key("rate", types.RATE, "How fast: words a minute, from 80 to 400.", "rate: 165 wpm", default="175"),
        Key(
            "pitch",
            types.PITCH,
            "How high: from 0 to 99. Only eSpeak, the voice of Linux, can change it.",
            "pitch: 45",
            default="50",
        ),
        Key(
            "gain",
            types.TRIM,
            "How loud, from -20 to 6 dB: all voices are made equally loud, and this comes on top.",
            "gain: -2dB",
            default="0dB",
        ),
        Key(
            "names",
            types.PLATFORMS,
            "Which of the engine's voices it takes on each system.",
            "names:\n  linux: en+adam\n  darwin: [com.apple.voice.premium.en-US.Zoe, any]",
        ),
        Key(
            "lexicon",
            types.LEXICON,
            "How it is to say words that it says wrong: beside each a spelling that it says right, or `{say, ipa}`. "
            "A routine's own `lexicon` comes first.",
            "lexicon:\n  psoas: so-ass",
        ),
    ),
)

NAMES = KeySet(
    "names",
    "`names`",
    "The engine's own names for its voices. In a list, the first that is there is taken; `any` is any one of the "
    "voice's language.",
    (
        Key("linux", types.ALTERNATIVES, "On Linux.", "linux: en+adam"),
        Key(
            "darwin",
            types.ALTERNATIVES,
            "On macOS.",
            "darwin: [com.apple.voice.premium.en-US.Zoe, com.apple.voice.compact.en-US.Samantha, any]",
        ),
        Key("win32", types.ALTERNATIVES, "On Windows.", "win32: [TTS_MS_EN-US_ZIRA_11.0, any]"),
    ),
)

CAST = KeySet(
    "voice",
    "`voice`",
    "A voice for each role.",
    (
        Key(
            "main",
            types.NAME,
            "Who says what you wrote: `say`, `setup` and cues; and all that no other voice is named for. "
            "Where it is left out, the voice of the language.",
            "main: coach",
        ),
        Key(
            "announcements",
            types.NAME,
            "Who says what the compiler writes: what comes next, the side, how much is left, the words of a pace.",
            "announcements: brisk",
        ),
        Key(
            "countdown",
            types.NAME,
            "Who counts, where a countdown is `spoken`. Where it is left out, whoever announces.",
            "countdown: brisk",
        ),
    ),
)

PRONUNCIATION = KeySet(
    "pronunciation",
    "an entry of `lexicon`",
    "How to say a word. One of the two is needed.",
    (
        Key(
            "say", types.SPELLING, "Another spelling, which a voice says as the word should sound.", "say: gloo-tee-us"
        ),
        Key(
            "ipa",
            types.IPA,
            "Its sounds in the International Phonetic Alphabet, for the voices that take them; others take `say`.",
            "ipa: ˈɡluːtiəs",
        ),
    ),
)
