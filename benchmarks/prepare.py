"""For the peers: `prepare.py ROUTINE.yaml FOLDER FFMPEG` writes the track as WAV, and each sound with its time.

Made by cuecast, so that all work on the same timeline. A track with a bed is stereo, and its bed is in the WAV alone.
"""

from __future__ import annotations

import json
import sys
import wave
from pathlib import Path

from cuecast.cache import Cache
from cuecast.files import data_dir
from cuecast.library import Library
from cuecast.mix import music as bed
from cuecast.mix.mixer import mix
from cuecast.mix.tones import render_tone
from cuecast.model.timeline import SpeechEvent
from cuecast.model.tones import TONES
from cuecast.options import BuildFolders, Options, ProgressListener, RoutineFile
from cuecast.pipeline import plan


def main(routine: str, folder_name: str, ffmpeg: str) -> None:
    path, folder = Path(routine), Path(folder_name)
    library = Library(path.parent, [data_dir("routines") / "exercises"])
    places = BuildFolders((data_dir("voices"),), folder / "cache")
    planned = plan(
        RoutineFile(path.name, path.read_bytes(), library), Options(jobs=2), places, ProgressListener()
    ).value
    assert planned is not None
    timeline, clips = planned.timeline, planned.clips
    music = None
    if timeline.bed:
        music, _ = bed.prepare(timeline, Cache(places.cache), lambda done, total: None)
        assert music is not None
    with wave.open(str(folder / "track.wav"), "wb") as file:
        window = mix(timeline, clips, music)
        file.setnchannels(window.channels)
        file.setsampwidth(2)
        file.setframerate(48_000)
        for start in range(0, timeline.duration, 10_000):
            file.writeframes(window(start, min(start + 10_000, timeline.duration)))
    events = []
    for event in timeline.events:
        if isinstance(event, SpeechEvent):
            name, pcm = clips[event.utterance].mark, clips[event.utterance].read()
            more: dict[str, object] = {"text": event.utterance.spoken}
        else:
            name, pcm = event.name, render_tone(TONES[event.name])
            more = {"hz": event.hz}
        sound = folder / f"{name}.wav"
        if not sound.exists():
            with wave.open(str(sound), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(48_000)
                file.writeframes(pcm)
        events.append({"start": event.start, "ms": event.end - event.start, "wav": str(sound), **more})
    job = {"duration": timeline.duration, "ffmpeg": ffmpeg, "events": events}
    (folder / "events.json").write_text(json.dumps(job))
    distinct = len({event.utterance for event in timeline.events if isinstance(event, SpeechEvent)})
    facts = {"seconds": timeline.duration / 1000, "events": len(events), "distinct": distinct}
    print(json.dumps({**facts, "channels": window.channels}))


if __name__ == "__main__":
    main(*sys.argv[1:])
