"""What the texts that are hardest to say cost with each engine, and the largest files with each reader.

`python -m benchmarks.bounds [ENGINE…]` prints the tables of docs/security.md. For Kokoro, CUECAST_KOKORO is the folder of its model. Linux.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from pathlib import Path

from tests.importers.test_growth import FILES
from tests.speak.hard import engine_profile, hard_texts, speak_hard, with_takes

from cuecast.errors import EngineUnavailable
from cuecast.importers import convert
from cuecast.plugins import ENGINES
from cuecast.speak.engines import make_engine

LARGE = {
    "`.zwo` of 4,000 steps": FILES["zwo"][0](4_000),
    "hand-out of 1 MB": FILES["hand-out"][0](15_300),
    "hand-out, the longest that is read": FILES["hand-out"][0](3_800),
    "CSV of 20,000 rows": FILES["CSV"][0](20_000),
    "CSV, the longest that is read": FILES["CSV"][0](7_990).replace(",45,15", ",9,0"),
}


def spoken_rows(engines: list[str]) -> None:
    """Each cell is measured in processes of its own: the model is loaded for each."""
    print("| engine | text | | seconds | MB |\n|---|---|---|--:|--:|")
    for engine in engines:
        with tempfile.TemporaryDirectory() as name:
            folder, texts = Path(name), hard_texts(engine)
            profile = with_takes(engine_profile(engine, folder), texts.values(), folder)
            try:
                make_engine(profile).check()
            except EngineUnavailable as fault:
                print(f"| {engine} | not here: {fault} |", flush=True)
                continue
            for text in texts:
                begun = time.monotonic()
                result = speak_hard(profile, {text: texts[text]}, folder)
                seconds, outcome = time.monotonic() - begun, result.outcomes[text]
                said = (
                    outcome
                    if outcome == "spoken"
                    else f"refused: {outcome.rpartition(': ')[2].partition('; ')[0].partition(' for ')[0]}"
                )
                print(f"| {engine} | {text} | {said} | {seconds:.1f} | {math.ceil(result.peak / 1e6)} |", flush=True)


def read_rows() -> None:
    print("\n| file | kB | | seconds of the processor |\n|---|--:|---|--:|")
    for name, text in LARGE.items():
        begun = time.process_time()
        imported = convert("a.txt", text.encode())
        seconds = time.process_time() - begun
        print(f"| {name} | {len(text.encode()) // 1000:,} | {'read' if imported.yaml else 'refused'} | {seconds:.1f} |")


if __name__ == "__main__":
    spoken_rows(sys.argv[1:] or list(ENGINES.builtin))
    read_rows()
