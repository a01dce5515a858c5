"""The part of the table of keys (`cuecast.read.schema.routine`) for what is heard besides the voice, and for how loud all is."""

from __future__ import annotations

from cuecast.model import field_types as types
from cuecast.model.keys import KeySet, key
from cuecast.model.music import GeneratedSound

VOLUME = KeySet(
    "volume",
    "`volume`",
    "Gains against the normal level, in decibels; `off` is silence.",
    (
        key("voice: +2dB", types.GAIN, "The spoken words.", default="0dB"),
        key("tones: -3dB", types.GAIN, "All beeps and tones.", default="0dB"),
        key("music: -3dB", types.GAIN, "All music, against what its own `volume` says.", default="0dB"),
    ),
)

NOISES = (GeneratedSound.BROWN, GeneratedSound.PINK, GeneratedSound.WHITE)
GENERATED_NAMES = {**{str(sound): sound for sound in GeneratedSound}, **{f"{noise} noise": noise for noise in NOISES}}
"""The names of generated sounds as a plain value of `music`."""


def as_key(sound: GeneratedSound) -> str:
    """The key and value for a generated sound."""
    return f"{'noise' if sound in NOISES else 'sound'}: {sound}"


MUSIC = KeySet(
    "music",
    "`music`",
    "What plays under the voice, and how loud. One of `file`, `folder`, `noise` and `sound`; in a step it may be none, "
    "where only the volume changes.",
    (
        key(
            "file: calm.mp3",
            types.MUSIC_FILE,
            "A sound file: MP3, FLAC, Ogg, Opus, WAV, AIFF or M4A. It is looked for in the folder of the file that it "
            "is written in, then in your own folder `music`.",
        ),
        key(
            "folder: songs",
            types.MUSIC_FOLDER,
            "A folder of sound files, which play one after the other, in the order of their names.",
        ),
        key("noise: brown", types.NOISE, "Noise that cuecast makes: `brown` (deep), `pink` or `white` (bright)."),
        key("sound: ocean", types.SOUND, "A sound that cuecast makes: a `drone`, or the `ocean`."),
        key(
            "shuffle: true",
            types.BOOLEAN,
            "Whether the files of a folder play in an order of their own, which `--seed` chooses.",
            default="false",
        ),
        key(
            "volume: -18dB",
            types.BED_GAIN,
            "How loud, in decibels against the voice, from -40 to -6. While the voice speaks it is softer by itself.",
            default="-18dB",
        ),
        key("work: -14dB", types.BED_GAIN, "How loud in the work intervals, where that differs."),
    ),
    {name: f"write `{as_key(sound)}`" for name, sound in GENERATED_NAMES.items()},
)

TONES = KeySet(
    "tones",
    "`tones`",
    "A sound file of up to 30 s in place of a tone, or `off` for none. It begins with its first sound, and is brought to "
    "that tone's own level. Words wait for its first second; the rest rings on under them.",
    (
        key("countdown: tick.wav", types.TONE_FILE, "On the last seconds before the work."),
        key("start: whistle.wav", types.TONE_FILE, "At the start of the work."),
        key("interval: bowl.wav", types.TONE_FILE, "Inside the work, where `beeps` are asked for."),
        key("halfway: bowl-twice.wav", types.TONE_FILE, "At `half`, where `beeps` ask for it."),
        key("end: gong.mp3", types.TONE_FILE, "At the end of the work."),
        key("finish: fanfare.wav", types.TONE_FILE, "At the end of the last work."),
    ),
    {
        "pace": "`pace` can't be replaced: it is as long as the part that it leads",
        "wake": "`wake` can't be replaced: it is for headphones, not for ears",
    },
)
