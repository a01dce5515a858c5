"""The part of the table of keys (`cuecast.read.schema.routine`) for voices: a voice, who says what, and how words are said.

Keys that only one engine has are that engine's own (`Engine.keys`).
"""

from __future__ import annotations

from cuecast.model import field_types as types
from cuecast.model.keys import KeySet, key

PROFILE = KeySet(
    "profile",
    "a voice",
    "A file in the folder `voices` of your own folder or of the package: one voice. Its engine may have keys besides.",
    (
        key(
            "like: coach",
            types.BASES,
            "Another voice that this one is built on: what is not written here is as it is there. In a file of the "
            "same name, the voice that it hides. Of a list, the first voice that can speak on this machine.",
        ),
        key(
            "engine: pyttsx3",
            types.ENGINE,
            "What speaks. `cuecast voices` says which engines work here.",
            required=True,
        ),
        key("language: en-GB", types.LANGUAGE, "The language that it speaks.", required=True),
        key(
            "description: Clear and steady, as a coach beside you",
            types.WORDS,
            "How it sounds and what it is for; `cuecast voices` shows it.",
        ),
        key("rate: 165 wpm", types.RATE, "How fast: words a minute, from 80 to 400.", default="175"),
        key(
            "pitch: 45",
            types.PITCH,
            "How high: from 0 to 99. Only eSpeak, the voice of Linux, can change it.",
            default="50",
        ),
        key(
            "gain: -2dB",
            types.TRIM,
            "How loud, from -20 to 6 dB: all voices are made equally loud, and this comes on top.",
            default="0dB",
        ),
        key(
            "names:\n  linux: en+adam\n  darwin: [com.apple.voice.premium.en-US.Zoe, any]",
            types.PLATFORMS,
            "Which of the engine's voices it takes on each system.",
        ),
        key(
            "lexicon:\n  psoas: so-ass",
            types.LEXICON,
            "How it is to say words that it says wrong: beside each a spelling that it says right, or `{say, ipa}`. "
            "A routine's own `lexicon` comes first.",
        ),
    ),
)

NAMES = KeySet(
    "names",
    "`names`",
    "The engine's own names for its voices. In a list, the first that is there is taken; `any` is any one of the "
    "voice's language.",
    (
        key("linux: en+adam", types.ALTERNATIVES, "On Linux."),
        key(
            "darwin: [com.apple.voice.premium.en-US.Zoe, com.apple.voice.compact.en-US.Samantha, any]",
            types.ALTERNATIVES,
            "On macOS.",
        ),
        key("win32: [TTS_MS_EN-US_ZIRA_11.0, any]", types.ALTERNATIVES, "On Windows."),
    ),
)

CAST = KeySet(
    "voice",
    "`voice`",
    "A voice for each role.",
    (
        key(
            "main: coach",
            types.NAME,
            "Who says what you wrote: `say`, `setup` and cues; and all that no other voice is named for. "
            "Where it is left out, the voice of the language.",
        ),
        key(
            "announcements: brisk",
            types.NAME,
            "Who says what the compiler writes: what comes next, the side, how much is left, the words of a pace.",
        ),
        key(
            "countdown: brisk",
            types.NAME,
            "Who counts, where a countdown is `spoken`. Where it is left out, whoever announces.",
        ),
    ),
)

PRONUNCIATION = KeySet(
    "pronunciation",
    "an entry of `lexicon`",
    "How to say a word. One of the two is needed.",
    (
        key("say: gloo-tee-us", types.SPELLING, "Another spelling, which a voice says as the word should sound."),
        key(
            "ipa: ˈɡluːtiəs",
            types.IPA,
            "Its sounds in the International Phonetic Alphabet, for the voices that take them; others take `say`.",
        ),
    ),
)
