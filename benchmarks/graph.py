"""ffmpeg's own mixer: every sound delayed to its place and added, then encoded. `graph.py EVENTS.json OUT.mp3`.

As one would do it: a filter graph for each stretch of 40 sounds, as many processes as there are cores, then all
stretches joined and encoded. The words are given as WAV files: it does not have to speak them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

AT_ONCE = 40
ENCODE = ["-ac", "1", "-ar", "48000", "-c:a", "libmp3lame", "-b:a", "64k", "-compression_level", "5"]


def main(events_file: str, target: str) -> None:
    job = json.loads(Path(events_file).read_text())
    ffmpeg, events = job["ffmpeg"], job["events"]
    cuts = [0]
    for i, event in enumerate(events):  # between two sounds that do not overlap
        if i % AT_ONCE == 0 and i:
            cuts.append((event["start"] + max(e["start"] + e["ms"] for e in events[:i])) // 2)
    cuts.append(job["duration"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = [(folder / f"{i}.wav", start, end) for i, (start, end) in enumerate(pairwise(cuts))]

        def mix(part: tuple[Path, int, int]) -> None:
            path, start, end = part
            inside = [event for event in events if start <= event["start"] < end]
            inputs = [word for event in inside for word in ("-i", event["wav"])]
            delayed = [f"[{i}]adelay={e['start'] - start}[s{i}]" for i, e in enumerate(inside)]
            mixed = "".join(f"[s{i}]" for i in range(len(inside)))
            graph = f"{mixed}amix=inputs={len(inside)}:normalize=0:duration=longest,apad=whole_dur={end - start}ms"
            script = ";".join([*delayed, graph])
            seconds = f"{(end - start) / 1000}"
            run = [ffmpeg, "-v", "error", "-y", *inputs, "-filter_complex", script, "-t", seconds, str(path)]
            subprocess.run(run, check=True, stdin=subprocess.DEVNULL)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(mix, parts))
        listing = folder / "list.txt"
        listing.write_text("".join(f"file '{path}'\n" for path, _, _ in parts))
        run = [ffmpeg, "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", str(listing), *ENCODE, target]
        subprocess.run(run, check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    main(*sys.argv[1:])
