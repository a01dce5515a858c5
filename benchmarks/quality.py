"""How close tracks are to the mix that they were made from: `quality.py MIX.wav TRACK…` prints a row for each track.

PESQ (wide band, at most 4.64) judges the speech, Zimtohrli (at most 5) all that is heard. Both are means over pieces of
the track. Needs ffmpeg, and `pip install pesq zimtohrli`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pesq
import zimtohrli
from measure import find_ffmpeg

SECONDS = 8
PIECES = 24
QUIET = 0.003
"""The RMS level under which a piece is left out as silence."""


def decode(path: str, rate: int) -> np.ndarray:
    command = [find_ffmpeg(), "-v", "error", "-i", path, "-f", "f32le", "-ac", "1", "-ar", str(rate), "-"]
    return np.frombuffer(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout, np.float32)


def pieces(mix: np.ndarray, rate: int) -> list[slice]:
    """At most `PIECES` of those that are not silent, spread over the track."""
    size = SECONDS * rate
    cuts = [slice(i, i + size) for i in range(0, len(mix) - size, size)]
    loud = [cut for cut in cuts if np.sqrt(np.mean(np.square(mix[cut]))) > QUIET]
    return loud[:: -(-len(loud) // PIECES)]


def judge_speech(mix: np.ndarray, track: np.ndarray) -> float:
    """PESQ; negative if there is no speech, only tones."""
    return float(pesq.pesq(16_000, mix, track, "wb", on_error=pesq.PesqError.RETURN_VALUES))


def main() -> None:
    mix_path, *tracks = sys.argv[1:]
    narrow, wide = decode(mix_path, 16_000), decode(mix_path, 48_000)
    print("| track | MB | PESQ | least | Zimtohrli | least |\n|---|--:|--:|--:|--:|--:|")
    for path in tracks:
        track = decode(path, 16_000)
        speech = [judge_speech(narrow[cut], track[cut]) for cut in pieces(narrow, 16_000)]
        speech = [figure for figure in speech if figure > 0]
        track = decode(path, 48_000)
        hearing = [zimtohrli.mos_from_signals(wide[cut], track[cut]) for cut in pieces(wide, 48_000)]
        figures = np.mean(speech), np.min(speech), np.mean(hearing), np.min(hearing)
        cells = " | ".join(f"{figure:.2f}" for figure in figures)
        print(f"| {Path(path).name} | {Path(path).stat().st_size / 1e6:.1f} | {cells} |")


if __name__ == "__main__":
    main()
