"""The part of the table of keys (`cuecast.read.schema.routine`) for what is heard besides the voice, and for how loud all is."""

from __future__ import annotations

from cuecast.model import field_types as types
from cuecast.model.keys import Key, KeySet

VOLUME = KeySet(
    "volume",
    "`volume`",
    "Gains against the normal level, in decibels; `off` is silence.",
    (
        Key("voice", types.GAIN, "The spoken words.", "voice: +2dB", default="0dB"),
        Key("tones", types.GAIN, "All beeps and tones.", "tones: -3dB", default="0dB"),
        Key("music", types.GAIN, "All music, against what its own `volume` says.", "music: -3dB", default="0dB"),
    ),
)

MUSIC = KeySet(
    "music",
    "`music`",
    "What plays under the voice, and how loud. One of `file`, `folder`, `noise` and `sound`; in a step it may be none, "
    "where only the volume changes.",
    (
        Key(
            "file",
            types.MUSIC_FILE,
            "A sound file: MP3, FLAC, Ogg, Opus, WAV, AIFF or M4A. It is looked for in the folder of the file that it "
            "is written in, then in your own folder `music`.",
            "file: calm.mp3",
        ),
        Key(
            "folder",
            types.MUSIC_FOLDER,
            "A folder of sound files, which play one after the other, in the order of their names.",
            "folder: songs",
        ),
        Key(
            "noise",
            types.NOISE,
            "Noise that cuecast makes: `brown` (deep), `pink` or `white` (bright).",
            "noise: brown",
        ),
        Key("sound", types.SOUND, "A sound that cuecast makes: a `drone`, or the `ocean`.", "sound: ocean"),
        Key(
            "shuffle",
            types.BOOLEAN,
            "Whether the files of a folder play in an order of their own, which `--seed` chooses.",
            "shuffle: true",
            default="false",
        ),
        Key(
            "volume",
            types.BED_GAIN,
            "How loud, in decibels against the voice, from -40 to -6. While the voice speaks it is softer by itself.",
            "volume: -18dB",
            default="-18dB",
        ),
        Key("work", types.BED_GAIN, "How loud in the work intervals, where that differs.", "work: -14dB"),
    ),
)

TONES = KeySet(
    "tones",
    "`tones`",
    "A WAV file in place of a tone. It begins with its first sound, and is brought to that tone's own level.",
    (
        Key("countdown", types.TONE_FILE, "On the last seconds before the work; up to 900 ms.", "countdown: tick.wav"),
        Key("start", types.TONE_FILE, "At the start of the work; up to 2.5 s.", "start: whistle.wav"),
        Key(
            "interval",
            types.TONE_FILE,
            "Inside the work, where `beeps` are asked for; up to 2 s.",
            "interval: bowl.wav",
        ),
        Key("halfway", types.TONE_FILE, "At `half`, where `beeps` ask for it; up to 2 s.", "halfway: bowl-twice.wav"),
        Key("end", types.TONE_FILE, "At the end of the work; up to 5 s.", "end: gong.wav"),
        Key("finish", types.TONE_FILE, "At the end of the last work; up to 5 s.", "finish: fanfare.wav"),
    ),
)
