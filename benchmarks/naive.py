"""The script that one would write first: pyttsx3 for the words, pydub for the rest. `naive.py EVENTS.json OUT.mp3`.

Every sound of the timeline is laid over one long silence, and the whole is exported. As quick as such a script gets
without thinking about speed, and correct: each text is spoken once, by an interpreter of its own, because pyttsx3 loses
files that are queued in one process. No levelling, no chapters.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SPEAK = """
import ctypes, importlib.util, os, sys
from pathlib import Path
spec = importlib.util.find_spec("espeakng_loader")
if spec is not None:
    folder = Path(spec.origin).parent
    os.environ["ESPEAK_DATA_PATH"] = str(folder / "espeak-ng-data")
    ctypes.CDLL(str(folder / "libespeak-ng.so.1"), ctypes.RTLD_GLOBAL)
import pyttsx3
engine = pyttsx3.init()
engine.setProperty("rate", 175)
engine.save_to_file(sys.argv[1], sys.argv[2])
engine.runAndWait()
"""


def main(events_file: str, target: str) -> None:
    from pydub import AudioSegment
    from pydub.generators import Sine

    job = json.loads(Path(events_file).read_text())
    AudioSegment.converter = job["ffmpeg"]
    clips: dict[str, AudioSegment] = {}
    track = AudioSegment.silent(duration=job["duration"], frame_rate=48_000)
    with tempfile.TemporaryDirectory() as folder:
        for number, event in enumerate(job["events"]):
            if (text := event.get("text")) is not None:
                if text not in clips:
                    path = Path(folder) / f"{number}.wav"
                    for _ in range(5):  # it can return before the file is there
                        subprocess.run([sys.executable, "-c", SPEAK, text, str(path)], stdout=subprocess.DEVNULL)
                        if path.exists() and path.stat().st_size > 1_000:
                            break
                    clips[text] = AudioSegment.from_wav(path).set_frame_rate(48_000)
                sound = clips[text]
            else:
                sound = Sine(event["hz"], sample_rate=48_000).to_audio_segment(event["ms"], volume=-12.0)
            track = track.overlay(sound, position=event["start"])
        track.export(target, format="mp3", parameters=["-b:a", "64k", "-compression_level", "5"])


if __name__ == "__main__":
    main(*sys.argv[1:])
