"""A program that speaks, for the engine `command`: a hum as long as the words. Words that begin with ! are faults.

Usage: says.py [--rate N] [--file PATH] [TEXT]. Without TEXT the words are on stdin; without PATH the WAV goes to
stdout.
"""

from __future__ import annotations

import argparse
import math
import os
import struct
import sys
import time
import wave
from io import BytesIO
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=175)
    parser.add_argument("--file", type=Path)
    parser.add_argument("text", nargs="?")
    told = parser.parse_args()
    text = told.text if told.text is not None else sys.stdin.buffer.read().decode().removesuffix("\n")
    if told.file is not None:
        print("speaking", text)  # which nobody wants to see
    with Path("heard.txt").open("a", encoding="utf-8") as file:
        file.write(f"{text!r}\n")
    match text.strip().split(" ")[0]:
        case "!status":
            sys.exit("first line\nno such voice: \x1b[31mbob")
        case "!hangs":
            Path("process").write_text(str(os.getpid()))
            time.sleep(600)
        case "!nothing":
            sys.exit(0)
        case "!half":
            sys.stdout.buffer.write(b"RIFF")
            os.kill(os.getpid(), 11)
    sound = BytesIO()
    with wave.open(sound, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(24_000)
        samples = round((0.2 + sum(map(str.isalnum, text)) * 12 / told.rate) * 24_000)
        pitch = 0.05 + sum(map(ord, text)) % 100 / 2_000
        wav.writeframes(b"".join(struct.pack("<h", round(9_000 * math.sin(n * pitch))) for n in range(samples)))
    if told.file is not None:
        told.file.write_bytes(sound.getvalue())
    else:
        sys.stdout.buffer.write(sound.getvalue())


if __name__ == "__main__":
    main()
