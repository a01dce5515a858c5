"""What a recogniser understands of a voice, and how fast it speaks: `voices.py VOICE… --language de [--routines | --speed]`.

By default 40 single words of cuecast's own phrases, each spoken as in a track and written down by Whisper base with half
a second of silence around it. Prints the lost ones and what was understood. A word that sounds the same ("for", "four",
"4") counts as understood.

With `--routines` everything that the packaged routines of the language say, several texts at once: prints the word error
rate, and each stretch with an error. With `--speed` how many times faster than real time it speaks on two cores: twice
the seconds of sound for a second of CPU time, so that a busy machine says the same. Linux.

Needs `pip install 'cuecast[neural]' faster-whisper`. `--model` is a folder with Whisper base; without it faster-whisper
downloads it.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import numpy as np
import soxr
from faster_whisper import WhisperModel

from cuecast import api
from cuecast.cache import Cache
from cuecast.cli.environment import build_options, user_library
from cuecast.files import data_dir
from cuecast.model.audio_file import read_audio
from cuecast.model.clip import SAMPLE_RATE
from cuecast.model.script import Utterance
from cuecast.model.timeline import SpeechEvent
from cuecast.read.profiles import find_profile
from cuecast.speak import Speakers
from cuecast.speak.engines import make_engine

WORDS = {
    "en": "One Two Three Four Five Six Seven Eight Nine Ten Fifteen Twenty Thirty First Second Third Last "
    "Left Right Halfway In Out Up Down Hold Back Forward Pause Stay Rest Switch Squeeze Release Lower Inhale Exhale "
    "Top Bottom Round Slowly",
    "de": "Eins Zwei Drei Vier Fünf Sechs Sieben Acht Neun Zehn Fünfzehn Zwanzig Dreißig Erste Zweite Dritte Letzte "
    "Links Rechts Halbzeit Ein Aus Auf Ab Halten Zurück Vor Pause Warten Ruhe Wechsel Spannen Lösen Senken Einatmen "
    "Ausatmen Oben Unten Runde Langsam",
    "es": "Uno Dos Tres Cuatro Cinco Seis Siete Ocho Nueve Diez Quince Veinte Treinta Primero Segundo Tercero Último "
    "Izquierda Derecha Mitad Toma Suelta Arriba Abajo Mantén Atrás Adelante Pausa Quieto Descansa Cambia Aprieta "
    "Relaja Baja Inhala Exhala Lleno Vacío Ronda Despacio",
}
SOUND_ALIKE = {
    "en": "1 one won|2 two to too|3 three|4 four for fore|5 five|6 six|7 seven|8 eight ate|9 nine|10 ten|15 fifteen"
    "|20 twenty|30 thirty|1st first|2nd second|3rd third|in inn|right write rite|pause paws|rest wrest|hold holed",
    "de": "1 eins|2 zwei|3 drei|4 vier|5 fünf|6 sechs|7 sieben|8 acht|9 neun|10 zehn|15 fünfzehn|20 zwanzig|30 dreißig",
    "es": "1 uno|2 dos|3 tres|4 cuatro|5 cinco|6 seis|7 siete|8 ocho|9 nuebe|10 diez|15 quince|20 beinte|30 treinta"
    "|1º primero|2º segundo|3º tercero",
}
"""Words of each group are the same to the ear; figures are how Whisper writes numbers."""

PAUSE = np.zeros(8_000, np.float32)
"""At 16 kHz, around and between texts."""

WINDOW = 24 * 16_000
"""Whisper hears 30 seconds at once."""


class Recogniser:
    """Whisper, without what it does to long recordings."""

    def __init__(self, model: str, language: str) -> None:
        self._model, self._language = WhisperModel(model, device="cpu", compute_type="int8"), language
        groups = SOUND_ALIKE[language].split("|")
        self._alike = {word: group.split()[0] for group in groups for word in group.split()}

    def listen(self, sounds: list[np.ndarray]) -> str:
        """What is said in the sounds, with silence around each."""
        parts = [part for sound in sounds for part in (sound / np.abs(sound).max() * 0.7, PAUSE)]
        segments, _ = self._model.transcribe(
            np.concatenate([PAUSE, *parts]),
            language=self._language,
            temperature=0,
            without_timestamps=True,
            no_speech_threshold=None,
        )
        return " ".join(segment.text.strip() for segment in segments)

    def words(self, text: str) -> list[str]:
        """Letters and figures in lower case; of words that sound alike always the same one."""
        text = unicodedata.normalize("NFC", text).casefold().replace("'", "")
        if self._language == "es":  # silent or the same to the ear: h, b and v, marks of stress
            text = re.sub(r"(?<!c)h", "", text).replace("v", "b").translate(str.maketrans("áéíóú", "aeiou"))
        words = re.findall(r"[^\W_]+", text)
        return [self._alike.get(word, word) for word in words]


def speak(voice: str, texts: list[tuple[str, str]], language: str) -> list[np.ndarray]:
    """The clips of a track, at 16 kHz. A text is as written and as spoken."""
    profile = find_profile(voice, user_library())
    utterances = [Utterance(text, profile.name, language, spoken) for text, spoken in texts]
    with tempfile.TemporaryDirectory() as folder, Speakers([profile], Cache(Path(folder))) as speakers:
        clips = speakers.speak(utterances, lambda done, total: None)
        sounds = [np.frombuffer(clips[each].read(), "<i2").astype(np.float32) / 32_768 for each in utterances]
    return [soxr.resample(sound, SAMPLE_RATE, 16_000) for sound in sounds]


def single_words(voice: str, language: str, recogniser: Recogniser) -> None:
    words = WORDS[language].split()
    lost = []
    for word, sound in zip(words, speak(voice, [(word, word) for word in words], language), strict=True):
        understood = recogniser.listen([sound])
        if "".join(recogniser.words(understood)) != "".join(recogniser.words(word)):
            lost.append(f"{word} ({understood})")
    print(f"{voice}: {len(lost)} of {len(words)} single words lost: {', '.join(lost)}", flush=True)


def routine_texts(language: str) -> list[tuple[str, str]]:
    """Each text of the language's packaged routines once, as written and as spoken."""
    texts: dict[str, str] = {}
    for path in sorted(data_dir("routines").glob("*.yaml")):
        if (path.stem.partition(".")[2] or "en") == language:
            timeline = api.check(path, build_options()).value
            assert timeline is not None
            for event in timeline.events:
                if isinstance(event, SpeechEvent):
                    texts[event.utterance.text] = event.utterance.spoken
    return list(texts.items())


def windows(sounds: list[np.ndarray]) -> Iterator[range]:
    """Runs of sounds that Whisper hears at once."""
    starts, length = [0], 0
    for index, sound in enumerate(sounds):
        if length and length + len(sound) + len(PAUSE) > WINDOW:
            starts.append(index)
            length = 0
        length += len(sound) + len(PAUSE)
    return (range(*pair) for pair in pairwise([*starts, len(sounds)]))


def routines(voice: str, language: str, recogniser: Recogniser) -> None:
    texts = routine_texts(language)
    sounds = speak(voice, texts, language)
    errors = count = 0
    for window in windows(sounds):
        said = recogniser.words(" ".join(texts[index][1] for index in window))
        heard = recogniser.words(recogniser.listen([sounds[index] for index in window]))
        count += len(said)
        for kind, a, b, c, d in SequenceMatcher(None, said, heard, autojunk=False).get_opcodes():
            if kind != "equal" and "".join(said[a:b]) != "".join(heard[c:d]):
                errors += max(b - a, d - c)
                print(f"  {' '.join(said[max(0, a - 3) : b + 3])}: {' '.join(said[a:b])} → {' '.join(heard[c:d])}")
    print(f"{voice}: word error rate {errors / count:.3f} of {count} words, {len(texts)} texts", flush=True)


def speed(voice: str, language: str) -> None:
    """Speak each text in a fork of a process that has loaded the model, as `speak` does."""
    engine = make_engine(find_profile(voice, user_library()))
    engine.prepare()
    sound = cpu = 0.0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text.wav"
        for _, spoken in routine_texts(language)[:40]:
            child = os.fork()
            if child == 0:
                engine.speak((spoken,), file)
                os._exit(0)
            usage = os.wait4(child, 0)[2]
            cpu += usage.ru_utime + usage.ru_stime
            sound += read_audio(file, None).ms / 1000
    print(f"{voice}: {2 * sound / cpu:.1f} times faster than real time on two cores", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("voices", nargs="+", metavar="VOICE")
    parser.add_argument("--language", default="en", choices=WORDS)
    parser.add_argument("--routines", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--model", default="base")
    options = parser.parse_args()
    for voice in options.voices:
        if options.speed:
            speed(voice, options.language)
            continue
        recogniser = Recogniser(options.model, options.language)
        (routines if options.routines else single_words)(voice, options.language, recogniser)


if __name__ == "__main__":
    main()
