"""A neural voice, through Kokoro-82M: one model for all voices, and a style vector for each. No network.

`cuecast voices get heart` gets both. The extra `cuecast[neural]` installs the runtime, kokoro-onnx.
"""

from __future__ import annotations

import platform
import re
import tempfile
import unicodedata
import wave
from pathlib import Path
from typing import Any, ClassVar

from msgspec.structs import replace

from cuecast.errors import EngineUnavailable, SilentAudioError
from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.voice import Phonemes, Profile, SpokenParts
from cuecast.speak.engines.piper_model import install_hint, load_error, sample_digest
from cuecast.speak.speech_length import check_length
from cuecast.versions import is_installed, version

SAMPLE_RATE = 24_000
_STYLE_BYTES = 510 * 256 * 4
"""A style is a vector of 256 floats for each number of phonemes up to 510."""

_RATE_AT_SPEED_1 = 175
"""Measured: words a minute of `heart` in the English calibration text."""

_PHONEME_S = 0.053
"""Measured: how long a phoneme lasts at speed 1."""

_MAX_PHONEMES, _PAUSE_S = 150, 0.25
"""A longer text is spoken in parts, with a pause after each: the model's memory grows with the length of a part."""

_SPEEDS = (0.5, 2.0)

_LANGUAGES = {
    "en": "en-us",
    "en-gb": "en-gb",
    "en-us": "en-us",
    "es": "es",
    "fr": "fr-fr",
    "hi": "hi",
    "it": "it",
    "pt": "pt-br",
}
"""eSpeak's name of each language that Kokoro speaks from eSpeak's phonemes. Japanese and Chinese need others."""

_IPA_AS_TYPED = str.maketrans({"'": "ˈ", ":": "ː", "g": "ɡ", "[": "", "]": "", ".": ""})
_EDGES = re.compile(r"([\s.,;:!?…]*)(.*?)([\s.,;:!?…]*)", re.DOTALL)


class KokoroEngine:
    """Speaks with one style. A process loads the model once; the same words always sound the same."""

    audible: ClassVar[bool] = True
    takes_ipa: ClassVar[bool] = True
    one_process_per_utterance: ClassVar[bool] = False
    fork_safe: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = (
        Key(
            "model",
            types.FILE,
            "Kokoro's model, an `.onnx` file. `cuecast voices get` gets it and writes this key.",
            "model: kokoro/model_quantized.onnx",
        ),
        Key(
            "style",
            types.WORDS,
            "Whose voice: the name of a style vector beside the model, such as `af_heart`, or the path of one, a "
            "`.bin` file.",
            "style: af_heart",
            default="af_heart",
        ),
    )

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def voice(self) -> str:
        """The name of the style."""
        return self._style().stem

    def fingerprint(self) -> str:
        """The versions of the runtime and of eSpeak, the model and the style."""
        packages = ("kokoro-onnx", "onnxruntime", "phonemizer", "espeakng-loader")
        versions = [version(package, package.replace("-", "_")) for package in packages]
        files = [sample_digest(path) for path in (self._model(), self._style())]
        return " ".join([*versions, *files, platform.machine()])

    def check(self) -> None:
        """Raise EngineUnavailable if the runtime, the model or the style is missing, or for an unknown language."""
        for module, package in (("kokoro_onnx", "kokoro-onnx"), ("onnxruntime", "onnxruntime")):
            if not is_installed(module):
                raise EngineUnavailable(f"the Python package {package} is missing", install_hint())
        self._model(), self._style(), self._language()

    def prepare(self) -> None:
        """Load the model, which takes one to two seconds."""
        self.check()
        try:
            import numpy
            import onnxruntime
            from kokoro_onnx import Kokoro
            from kokoro_onnx.chunker import split_phonemes

            onnxruntime.set_default_logger_severity(3)  # only errors; it warns if there is no graphics card
            options = onnxruntime.SessionOptions()
            # One thread, because a process for each core speaks; and more threads round otherwise.
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.enable_mem_pattern = False  # it keeps one for each length: 140 MB after a minute, and no faster
            model, style = str(self._model()), self._style()
            session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            with tempfile.TemporaryDirectory() as folder:
                none = Path(folder) / "none.npz"  # it wants a file of all voices, but takes each style as an array
                numpy.savez(none)
                self._kokoro: Any = Kokoro.from_session(session, str(none))
            self._split_phonemes = split_phonemes
            self._vector = numpy.fromfile(style, "<f4").reshape(-1, 1, 256)
        except Exception as fault:  # a broken library or file raises anything
            raise load_error("Kokoro", fault, self._get_again()) from fault

    def set_rate(self, rate: int) -> None:
        """Speak at `rate` words a minute from now on."""
        self._profile = replace(self._profile, rate=rate)

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write 16 bits at 24 kHz."""
        import numpy

        phonemes = "".join(map(self._phonemes, words)).strip()
        if not phonemes.strip(" .,;:!?…"):
            raise SilentAudioError(f"the voice {self.voice()} has no sounds for these words")
        slowest, fastest = _SPEEDS
        speed = min(max(self._profile.rate / _RATE_AT_SPEED_1, slowest), fastest)
        check_length(phonemes, _PHONEME_S / speed, _MAX_PHONEMES)
        with wave.open(str(target), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            for part in self._split_phonemes(" ".join(phonemes.split()), _MAX_PHONEMES):
                samples, _ = self._kokoro.create(part, self._vector, speed, is_phonemes=True)
                file.writeframes((numpy.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
                file.writeframes(bytes(2 * int(_PAUSE_S * SAMPLE_RATE)))

    def _phonemes(self, part: str | Phonemes) -> str:
        """The part in the model's signs. The text between spelled-out words keeps its spaces and punctuation."""
        if isinstance(part, Phonemes):
            return self._model_signs(part.ipa) or self._phonemes(part.word)
        before, text, after = _EDGES.fullmatch(part).groups()  # type: ignore[union-attr]  # it matches any text
        spoken = self._kokoro.tokenizer.phonemize(text, self._language()) if text else ""
        return f"{before}{spoken}{after}"

    def _model_signs(self, ipa: str) -> str | None:
        """Phonemes in the model's signs; None if it lacks one."""
        vocabulary = self._kokoro.tokenizer.vocab
        signs = unicodedata.normalize("NFC", " ".join(ipa.translate(_IPA_AS_TYPED).split()))
        if any(sign not in vocabulary and unicodedata.category(sign).startswith("L") for sign in signs):
            return None
        return "".join(sign for sign in signs if sign in vocabulary).strip() or None

    def _language(self) -> str:
        tag = self._profile.language.lower()
        language = _LANGUAGES.get(tag) or _LANGUAGES.get(tag.partition("-")[0])
        if language is None:
            known = ", ".join(sorted({name.partition("-")[0] for name in _LANGUAGES}))
            raise EngineUnavailable(
                f"Kokoro does not speak the language {self._profile.language}", f"it speaks {known}"
            )
        return language

    def _model(self) -> Path:
        named = self._profile.settings.get("model")
        if named is None:
            raise EngineUnavailable("it is not on this machine yet", self._get_again())
        path = self._path(str(named))
        if not path.is_file():
            raise EngineUnavailable(f"there is no model {path}", self._get_again())
        return path

    def _style(self) -> Path:
        named = str(self._profile.settings.get("style") or "af_heart")
        is_name = re.fullmatch(r"[a-z0-9_]+", named) is not None
        path = self._model().with_name(f"{named}.bin") if is_name else self._path(named)
        if not path.is_file():
            raise EngineUnavailable(f"there is no style {path}", self._get_again())
        if path.stat().st_size != _STYLE_BYTES:
            raise EngineUnavailable(f"{path} is not a style vector of Kokoro", f"it has {_STYLE_BYTES:,} bytes")
        return path

    def _path(self, named: str) -> Path:
        return (self._profile.folder or Path()) / Path(named).expanduser()

    def _get_again(self) -> str:
        return f"cuecast voices get {self._profile.name}"
