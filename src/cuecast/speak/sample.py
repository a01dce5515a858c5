"""A sample of a voice: two sentences, or a person's first takes."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Sequence

from msgspec import Struct

from cuecast.cache import Cache
from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE
from cuecast.model.script import Utterance
from cuecast.model.voice import Profile
from cuecast.speak.calibration_text import calibration_text
from cuecast.speak.engines.recorded import takes_folder
from cuecast.speak.recording.takes import list_takes
from cuecast.speak.slug import is_truncated
from cuecast.speak.speakers import Speakers

_MAX_TAKES = 3
_PAUSE = bytes(SAMPLE_RATE // 2 * SAMPLE_BYTES)


class Sample(Struct, frozen=True):
    """16-bit mono PCM, and the name of the voice that spoke: it may be the `otherwise` of the one that was asked."""

    pcm: bytes
    spoken_by: str

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.pcm) / SAMPLE_BYTES / SAMPLE_RATE

    def wav(self) -> bytes:
        """As a WAV file."""
        with io.BytesIO() as sound:
            with wave.open(sound, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(SAMPLE_BYTES)
                file.setframerate(SAMPLE_RATE)
                file.writeframes(self.pcm)
            return sound.getvalue()


def sample_texts(profile: Profile, sentences: int = 2) -> tuple[str, ...]:
    """What lets one hear the voice: the calibration text's first sentences; for a person the first few takes."""
    if profile.engine == "recorded":
        names = [name for name in list_takes(takes_folder(profile)).takes if not is_truncated(name)]
        if names:
            return tuple(name.replace("-", " ") for name in names[:_MAX_TAKES])
    return (" ".join(re.split(r"(?<=[.!?]) ", calibration_text(profile.language))[:sentences]),)


def speak_sample(voices: Sequence[Profile], texts: Sequence[str], cache: Cache) -> Sample:
    """The texts in the first of the voices; the others stand in for it along `otherwise`.

    Raises as `Speakers.speak` does.
    """
    name = voices[0].name
    utterances = [Utterance(text, name, voices[0].language) for text in texts]
    with Speakers(voices, cache) as speakers:
        clips = speakers.speak(utterances, lambda done, total: None)
        others = [voice for each in utterances if (voice := speakers.voice_for(each)) != name]
    return Sample(_PAUSE.join(clips[utterance].read() for utterance in utterances), others[0] if others else name)
