"""What speaks through pyttsx3: eSpeak as it is here, macOS's and Windows' drivers with stand-ins for the platform."""

from __future__ import annotations

import ctypes
import multiprocessing
import re
import sys
import types
import warnings
import wave
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import pytest

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable
from cuecast.model.script import Utterance
from cuecast.model.voice import Phonemes, Profile, SpokenParts
from cuecast.read.profiles import find_profile
from cuecast.speak import Speakers
from cuecast.speak.calibration_text import TEXTS as CALIBRATION_TEXTS
from cuecast.speak.engines import espeak, system_speech
from cuecast.speak.engines.espeak import EspeakEngine, Installation, find_espeak, to_markup
from cuecast.speak.engines.espeak_ipa import MAX_LENGTH, mnemonics
from cuecast.speak.engines.espeak_library import Espeak, load_binding
from cuecast.speak.engines.system_speech import SystemEngine
from cuecast.speak.sanitise import sanitise_text
from tests.builds import voices_in
from tests.patience import PATIENCE_S
from tests.speak.conftest import VOICES, no_progress

T = TypeVar("T")

linux = pytest.mark.skipif(not sys.platform.startswith("linux") or find_espeak() is None, reason="eSpeak")

TEXTS = [
    sentence.strip()
    for language in ("en", "de", "es")
    for sentence in re.split(r"(?<=[.!?])\s", CALIBRATION_TEXTS[language])
    if sentence.strip()
]


def profile(language: str, *names: str, system: str = "linux", rate: int = 165) -> Profile:
    return Profile("any", "pyttsx3", language, rate=rate, names={system: names} if names else {})


def said(engine: EspeakEngine, words: SpokenParts, target: Path) -> bytes:
    engine.speak(words, target)
    with wave.open(str(target)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        return bytes(file.readframes(file.getnframes()))


def apart(work: Callable[[], T]) -> T:
    """What it gives, done in a process of its own, as the engine always works: started a dozen times in one process,
    eSpeak crashes now and then.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=lambda: theirs.send(work()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # there is a thread, that of xdist
        child.start()
    theirs.close()
    with ours:
        assert ours.poll(PATIENCE_S), "a lock that another thread had at the fork is never free again"
        made: T = ours.recv()
    child.join()
    return made


# eSpeak


@linux
def test_a_binding_that_has_changed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    where = find_espeak()
    assert where is not None
    monkeypatch.delattr(load_binding(where), "Synth")
    with pytest.raises(EngineUnavailable, match="has changed: Synth") as caught:
        EspeakEngine(profile("en")).prepare()
    assert "pyttsx3==" in (caught.value.hint or "")


@linux
@pytest.mark.parametrize("name", ["machine", "machine-de", "machine-es"])
def test_packaged_voices_sound_the_same_in_any_order(name: str, tmp_path: Path) -> None:
    """Those with a memory say so, and get a process of their own for each utterance."""
    voice = find_profile(name, voices_in(VOICES))
    utterances = [Utterance(text, name, voice.language) for text in TEXTS[:4]]
    heard = []
    for turn in (1, -1):
        with Speakers([voice], Cache(tmp_path / str(turn)), jobs=1) as speakers:
            clips = speakers.speak(utterances[::turn], no_progress)
            heard.append({utterance: clips[utterance].read() for utterance in utterances})
    assert heard[0] == heard[1]


@linux
def test_a_voice_with_a_memory_says_so_and_so_does_a_library_that_cannot_be_seeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert EspeakEngine(profile("de", "de+f5")).one_process_per_utterance
    assert not EspeakEngine(profile("en", "en+klatt6")).one_process_per_utterance
    where = find_espeak()
    assert where is not None
    old = tmp_path / espeak.LIBRARY
    old.write_bytes(where.library.read_bytes().replace(b"espeak_ng_SetRandSeed", b"espeak_ng_SetRandNone"))
    monkeypatch.setattr(espeak, "find_espeak", lambda: Installation(old, where.data))
    assert EspeakEngine(profile("en", "en+klatt6")).one_process_per_utterance


@linux
def test_rate_and_pitch_change_the_sound(tmp_path: Path) -> None:
    def one(rate: int, pitch: int) -> bytes:
        engine = EspeakEngine(Profile("any", "pyttsx3", "en", rate=rate, pitch=pitch))
        engine.prepare()
        return said(engine, (TEXTS[0],), tmp_path / "take.wav")

    assert len(apart(lambda: one(120, 50))) > 1.5 * len(apart(lambda: one(240, 50)))
    assert apart(lambda: one(120, 20)) != apart(lambda: one(120, 80))


@linux
@pytest.mark.parametrize(
    ("language", "names", "taken"),
    [
        ("en", (), "en"),
        ("en-GB", (), "en"),
        ("de-AT", (), "de"),
        ("es-MX", (), "es-419"),
        ("no", (), "nb"),
        ("en", ("en-us+adam",), "en-us+adam"),
        ("en", ("gmw/en-US",), "en-us"),
        ("en", ("English (America)",), "en-us"),
        ("en", ("nobody", "en+nobody", "en+f3", "en+adam"), "en+f3"),
        ("de", ("nobody", "any"), "de"),
        ("de", ("any+f5",), "de+f5"),
    ],
)
def test_the_first_voice_that_is_there(language: str, names: tuple[str, ...], taken: str, tmp_path: Path) -> None:
    engine = EspeakEngine(profile(language, *names))
    engine.check()
    assert engine.voice() == taken

    def hold() -> bytes:
        engine.prepare()
        return said(engine, ("Hold",), tmp_path / "take.wav")

    assert len(apart(hold)) > 8_000


@linux
@pytest.mark.parametrize(
    ("language", "names", "message", "hint"),
    [
        ("en", ("nobody",), "espeak has no voice called nobody", "for en there are: en, "),
        ("en", ("en+adm",), r"espeak has no voice called en\+adm", "did you mean `en+adam`?"),
        ("en", ("en-uss",), "espeak has no voice called en-uss", "did you mean `en-us`?"),
        ("en", ("no-one", "nobody"), "espeak has none of these voices: no-one, nobody", "for en there are: en, "),
        ("tlh", ("nobody", "any"), "none of these voices: nobody and none for the language tlh", "name another one"),
        ("tlh", (), "espeak has no voice for the language tlh", "name one under `names`"),
        ("en", ("../../../../etc/passwd",), "espeak has no voice called", "for en"),
        ("en", ("en+../../lang/gmw/de",), "espeak has no voice called", "for en"),
        ("en", ("en" + "n" * 200,), "espeak has no voice called", "for en"),
    ],
)
def test_voices_that_are_not_there(language: str, names: tuple[str, ...], message: str, hint: str) -> None:
    assert_missing(EspeakEngine(profile(language, *names)), message, hint)


def assert_missing(engine: EspeakEngine | SystemEngine, message: str, hint: str) -> None:
    for ask in (engine.voice, engine.check, engine.fingerprint, engine.prepare):
        with pytest.raises(EngineUnavailable, match=message) as caught:
            ask()
        assert hint in (caught.value.hint or "")


@linux
def test_data_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = find_espeak()
    assert where is not None
    (tmp_path / "lang" / "gmw").mkdir(parents=True)
    (tmp_path / "lang" / "gmw" / "en").write_text("name English\nlanguage en\n")
    monkeypatch.setattr(espeak, "find_espeak", lambda: Installation(where.library, tmp_path))
    engine = EspeakEngine(profile("en"))
    engine.check()
    with pytest.raises(EngineUnavailable, match=r"data in .* lack phontab, phonindex"):
        engine.prepare()


# words told by their sounds


def ipa_of(voice: str, *texts: str) -> list[str]:
    """eSpeak's own IPA for each text; with `[[…]]` in it, for its mnemonics."""
    return apart(lambda: ipa_here(voice, texts))


def ipa_here(voice: str, texts: Sequence[str]) -> list[str]:
    where = find_espeak()
    assert where is not None
    api = load_binding(where)
    to_phonemes = api.dll.espeak_TextToPhonemes
    to_phonemes.restype = ctypes.c_char_p
    to_phonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]

    Espeak(where, voice)

    def convert(text: str) -> str:
        # It keeps the flag of the last synthesis.
        api.Synth("x", flags=api.CHARS_UTF8 | (api.PHONEMES if "[[" in text else 0))
        rest, found = ctypes.c_char_p(text.encode()), []
        while rest.value:
            found.append((to_phonemes(ctypes.byref(rest), api.CHARS_UTF8, 2) or b"").decode())
        return " ".join(found).strip()

    return list(map(convert, texts))


WORDS = {
    "gmw/en": "gluteus quadriceps thoracic calves shoulder breathe church judge singing button happy fire water "
    "nurse thought lot father hold boy mouth choice goat tour vision yoga",
    "gmw/en-US": "gluteus thoracic water letter calves fire bird",
    "gmw/de": "rechts Wechsel schön Bach Pfanne Zeit Deutsch heute singen Mädchen müssen Übung Journal",
    "roa/es": "izquierda cuádriceps rodilla español chico huevo guerra perro pero lluvia zapato aire causa peine",
}


@linux
@pytest.mark.parametrize("voice", WORDS)
def test_sounds_come_through(voice: str) -> None:
    """What eSpeak says for a word, told to it as IPA, is said again."""
    language = voice.rpartition("/")[2]
    words = WORDS[voice].split()
    said = dict(zip(words, ipa_of(voice, *words), strict=True))
    sounds = [mnemonics(ipa, language) for ipa in said.values()]
    assert None not in sounds
    assert dict(zip(words, ipa_of(voice, *(f"[[{each}]]" for each in sounds)), strict=True)) == said


@linux
@pytest.mark.parametrize(
    ("voice", "ipa", "heard"),
    [
        # as dictionaries write them: stress before the syllable, dots, ties, slashes, r for ɹ, no stress at all
        ("gmw/en", "/ˈɡluː.ti.əs/", "ɡlˈuːtiəs"),
        ("gmw/en", "kwɒdrɪsɛps", "kwˈɒdɹɪsɛps"),
        ("gmw/en", "t͡ʃɜːt͡ʃ", "tʃˈɜːtʃ"),
        ("gmw/en", "'ka:vz", None),
        ("gmw/en", "kɑ:vz", "kˈɑːvz"),
        ("gmw/en", "ˌɪliəʊˈtɪbiəl ˈbænd", "ˌɪliəʊtˈɪbiəl bˈand"),
        ("gmw/de", "ˈɡluːteʊs", "ɡlˈuːteːʊs"),
        ("gmw/de", "ˈrɛçts", "rˈɛçts"),
        ("gmw/de", "ʁɛçts", "rˈɛçts"),
        ("gmw/de", "ˈbaʊ̯x", "bˈaʊx"),
        ("gmw/de", "ˈlaʊ̯fn̩", "lˈaʊfən"),
        ("roa/es", "ɡluteo", "ɡlutˈeo"),
        ("roa/es", "ɾoˈðiʎa", "ɾoðˈiʎa"),
    ],
)
def test_ipa_as_people_write_it(voice: str, ipa: str, heard: str | None) -> None:
    sounds = mnemonics(ipa, voice.rpartition("/")[2])
    assert (None if sounds is None else ipa_of(voice, f"[[{sounds}]]")[0]) == heard


@pytest.mark.parametrize(
    ("ipa", "language"),
    [
        ("ʘǃ", "en"),
        ("ˈyːbʊŋ", "en"),
        ("", "en"),
        (" / ", "en"),
        ("ˈ", "en"),
        ("kɑːvz", "fr"),
        ("kɑːvz", "es"),
        ("]] [[h@l'oU", "en"),
        ("ə" * (MAX_LENGTH + 1), "en"),
        ("ˈɡluː " * 12, "en"),
    ],
)
def test_what_cannot_be_told_by_sounds(ipa: str, language: str) -> None:
    assert mnemonics(ipa, language) is None


@pytest.mark.parametrize("text", ["[[h@l'oU]]", "[", "[[", "[[[h@l'oU]]]", "x [ [", "[\u200b[h@l'oU]]"])
def test_brackets_of_the_text_are_no_phonemes(text: str) -> None:
    calves = Phonemes("kɑːvz", "calves")
    for words in ((text, calves), (sanitise_text(text), calves), (calves, text), (text, text, calves, text)):
        marked, phonemes = to_markup(words, "en")
        assert phonemes
        assert marked.count("[[") == 1
        assert re.findall(r"\[\[(.*?)\]\]", marked) == ["k|'A:|v|z"]


@linux
def test_phonemes_are_heard_and_only_they(tmp_path: Path) -> None:
    apart(lambda: phonemes_are_heard(tmp_path))


def phonemes_are_heard(tmp_path: Path) -> None:
    engine = EspeakEngine(profile("en", "en+adam"))
    engine.prepare()
    target = tmp_path / "take.wav"
    calves = Phonemes("kˈɑːvz", "calves")
    assert said(engine, ("Roll your ", calves), target) == said(engine, ("Roll your calves",), target)
    other = Phonemes("bˈəʊt", "calves")
    assert said(engine, ("Roll your ", other), target) == said(engine, ("Roll your boat",), target)
    # the flag does not stay: brackets are read as words again
    spelt = said(engine, ("Roll [[b'oUt]]",), target)
    assert abs(len(spelt) - len(said(engine, ("Roll boat",), target))) > 10_000


# macOS and Windows, with stand-ins for their drivers


class StandIn:
    """A driver: says that it is done as the real ones do, at once or from its loop."""

    def __init__(self, proxy: Any, voices: tuple[str, ...], late: bool) -> None:
        self.proxy, self.voices, self.late = proxy, voices, late
        self.calls: list[tuple[str, Any]] = []
        self.looping = False

    def knows(self, voice: str) -> bool:
        return voice in self.voices

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        if name == "voice" and not self.knows(value):
            raise ValueError("unknown voice id %s", value)
        self.calls.append((name, value))

    def save_to_file(self, text: str, filename: str) -> None:
        Path(filename).write_bytes(b"FORM" if self.late else b"RIFF")
        self.calls.append(("say", text))
        if self.late:
            self.proxy.setBusy(True)

    def startLoop(self) -> None:  # noqa: N802
        self.looping = True
        while self.looping:
            self.proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802
        self.looping = False

    def stop(self) -> None: ...

    destroy = stop


APPLE = [
    ("com.apple.speech.synthesis.voice.Bells", "Bells", "en_US"),
    ("com.apple.eloquence.de-DE.Eddy", "Eddy", "de_DE"),
    ("com.apple.eloquence.en-US.Eddy", "Eddy", "en_US"),
    ("com.apple.voice.compact.en-US.Samantha", "Samantha", "en_US"),
    ("com.apple.voice.compact.en-GB.Daniel", "Daniel", "en_GB"),
    ("com.apple.voice.compact.de-DE.Anna", "Anna", "de_DE"),
    ("com.apple.voice.premium.en-US.Zoe", "Zoe (Premium)", "en_US"),
]
TOKENS = r"SOFTWARE\Microsoft\Speech\Voices\Tokens"
SAPI = {
    rf"{TOKENS}\TTS_MS_EN-US_ZIRA_11.0": ("Microsoft Zira Desktop - English (United States)", "409;9"),
    rf"{TOKENS}\TTS_MS_EN-GB_HAZEL_11.0": ("Microsoft Hazel Desktop - English (Great Britain)", "809"),
    rf"{TOKENS}\TTS_MS_DE-DE_HEDDA_11.0": ("Microsoft Hedda Desktop - German", "407"),
    rf"{TOKENS}\Odd": ("", "what?"),
}


class FakeRegistry(types.ModuleType):
    HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER = "machine", "user"

    def __init__(self, chosen: str) -> None:
        super().__init__("winreg")
        self.chosen = chosen

    def OpenKey(self, root: str, path: str) -> Any:  # noqa: N802
        return nullcontext(path)

    def QueryInfoKey(self, key: str) -> tuple[int]:  # noqa: N802
        return (len(self._names(key)),)

    def EnumKey(self, key: str, number: int) -> str:  # noqa: N802
        return self._names(key)[number]

    def _names(self, key: str) -> list[str]:
        return [path.rpartition("\\")[2] for path in SAPI if path.rpartition("\\")[0] == key]

    def QueryValueEx(self, key: str, name: str) -> tuple[str, int]:  # noqa: N802
        if name == "DefaultTokenId" and self.chosen:
            return self.chosen, 1
        path, _, last = key.rpartition("\\")
        told = SAPI.get(path if last == "Attributes" else key)
        value = told and {"": told[0], "Name": told[0].partition(" - ")[0], "Language": told[1]}.get(name)
        if not value:
            raise FileNotFoundError(name)
        return value, 1


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> list[StandIn]:
    """Both platforms, as far as the engine sees them; the drivers that were started."""
    started: list[StandIn] = []

    def install(name: str, voices: tuple[str, ...], late: bool) -> None:
        module = types.ModuleType(f"pyttsx3.drivers.{name}")

        def build(proxy: Any) -> StandIn:
            started.append(StandIn(proxy, voices, late))
            return started[-1]

        module.buildDriver = build  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)

    install("nsss", tuple(identifier for identifier, _, _ in APPLE), True)
    install("sapi5", tuple(rf"HKEY_LOCAL_MACHINE\{path}" for path in SAPI if TOKENS in path), False)
    apple = types.ModuleType("AppKit")
    told = {i: {"VoiceName": name, "VoiceLocaleIdentifier": tag} for i, name, tag in APPLE}
    apple.NSSpeechSynthesizer = types.SimpleNamespace(  # type: ignore[attr-defined]
        availableVoices=lambda: list(told), attributesForVoice_=told.__getitem__, defaultVoice=lambda: APPLE[3][0]
    )
    monkeypatch.setitem(sys.modules, "AppKit", apple)
    monkeypatch.setitem(sys.modules, "comtypes", types.ModuleType("comtypes"))
    monkeypatch.setitem(sys.modules, "winreg", FakeRegistry(rf"HKEY_LOCAL_MACHINE\{list(SAPI)[1]}"))
    return started


def on(monkeypatch: pytest.MonkeyPatch, system: str, language: str, *names: str) -> SystemEngine:
    monkeypatch.setattr(system_speech, "SYSTEM", system)
    return SystemEngine(profile(language, *names, system=system))


@pytest.mark.parametrize(
    ("system", "language", "names", "taken"),
    [
        ("darwin", "en", ("com.apple.voice.compact.en-US.Samantha",), "Samantha"),
        ("darwin", "en", ("Ava (Premium)", "Zoe (Premium)", "Samantha"), "Zoe (Premium)"),
        ("darwin", "en", ("zoe",), "Zoe (Premium)"),
        ("darwin", "en", (), "Samantha"),  # the user's own choice
        ("darwin", "en-GB", (), "Daniel"),
        ("darwin", "de", (), "Anna"),
        ("darwin", "de", ("Petra", "any"), "Anna"),
        ("win32", "en", ("Zira",), "Microsoft Zira Desktop"),
        ("win32", "en", (r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Speech\Voices\Tokens\TTS_MS_EN-US_ZIRA_11.0",), None),
        ("win32", "en", ("TTS_MS_EN-US_ZIRA_11.0",), "Microsoft Zira Desktop"),
        ("win32", "en", (), "Microsoft Hazel Desktop"),  # the user's own choice
        ("win32", "en-US", (), "Microsoft Zira Desktop"),
        ("win32", "de", ("Katja", "Hedda"), "Microsoft Hedda Desktop"),
    ],
)
def test_voices_of_macos_and_windows(
    system: str,
    language: str,
    names: tuple[str, ...],
    taken: str | None,
    stand_ins: list[StandIn],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = on(monkeypatch, system, language, *names)
    engine.check()
    assert engine.voice() == taken or (taken is None and engine.voice() == "Microsoft Zira Desktop")
    assert not stand_ins, "looking up a voice starts no driver"


@pytest.mark.parametrize(
    ("system", "language", "names", "message", "hint"),
    [
        ("darwin", "en", ("Samanta",), "nsss has no voice called Samanta", "did you mean `Samantha`?"),
        ("darwin", "fr", (), "nsss has no voice for the language fr", "add one to the system"),
        ("darwin", "fr", ("Thomas", "any"), "Thomas and none for the language fr", "name another one"),
        ("win32", "de", ("Stefan",), "sapi5 has no voice called Stefan", "there are: Microsoft Hedda Desktop"),
    ],
)
def test_voices_that_macos_and_windows_have_not(
    system: str,
    language: str,
    names: tuple[str, ...],
    message: str,
    hint: str,
    stand_ins: list[StandIn],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert_missing(on(monkeypatch, system, language, *names), message, hint)


@pytest.mark.parametrize(("system", "begins"), [("darwin", b"FORM"), ("win32", b"RIFF")])
def test_what_the_driver_is_told(
    system: str, begins: bytes, stand_ins: list[StandIn], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = on(monkeypatch, system, "en-US")
    engine.prepare()
    assert engine.one_process_per_utterance
    engine.speak(("Roll your ", Phonemes("ɡluːts", "glutes")), tmp_path / "take")
    assert (tmp_path / "take").read_bytes() == begins
    (driver,) = stand_ins
    # the voice before the rate: SAPI reckons the rate from the voice, NSSpeechSynthesizer forgets it with the voice
    assert [name for name, _ in driver.calls] == ["voice", "rate", "volume", "say"]
    assert dict(driver.calls)["rate"] == 165
    assert dict(driver.calls)["volume"] == 1.0
    assert dict(driver.calls)["say"] == "Roll your glutes"
    monkeypatch.setattr(StandIn, "knows", lambda *_: False)  # removed since it was looked up
    with pytest.raises(EngineUnavailable, match="has no voice called"):
        engine.speak(("Hold",), tmp_path / "take")
