"""For the other programs: `prepare.py ROUTINE.yaml FOLDER FFMPEG` writes the track as WAV, and each sound with its time.

cuecast makes them, so that all work on the same timeline. A track with a bed is stereo, and its bed is only in the WAV.
"""

from __future__ import annotations

import json
import sys
import wave
from pathlib import Path

from cuecast import api, pipeline
from cuecast.mix.tones import render_tone
from cuecast.model.progress import ProgressListener
from cuecast.model.timeline import SpeechEvent
from cuecast.model.tones import TONES
from cuecast.options import Options


def main(routine: str, folder_name: str, ffmpeg: str) -> None:
    folder = Path(folder_name)
    options = Options(jobs=2, cache=folder / "cache", home=folder / "home", source=False)
    source, cache = api.find_routine(Path(routine), options), api.open_cache(options)
    library = api.open_library(source, options)
    prepared = pipeline.prepare(source, library, options).value
    assert prepared is not None
    plan = pipeline.plan(prepared, options, cache, ProgressListener()).value
    assert plan is not None
    mixed = pipeline.mix(plan, library, cache, ProgressListener()).value
    assert mixed is not None
    timeline = plan.timeline
    write_wav(
        folder / "track.wav",
        mixed.channels,
        *(mixed(start, min(start + 10_000, timeline.duration)) for start in range(0, timeline.duration, 10_000)),
    )
    events = []
    for event in timeline.events:
        if isinstance(event, SpeechEvent):
            name, pcm = plan.clips[event.utterance].mark, plan.clips[event.utterance].read()
            more: dict[str, object] = {"text": event.utterance.spoken}
        else:
            name, pcm = event.name, render_tone(TONES[event.name])
            more = {"hz": event.hz}
        sound = folder / f"{name}.wav"
        if not sound.exists():
            write_wav(sound, 1, pcm)
        events.append({"start": event.start, "ms": event.end - event.start, "wav": str(sound), **more})
    job = {"duration": timeline.duration, "ffmpeg": ffmpeg, "events": events}
    (folder / "events.json").write_text(json.dumps(job))
    distinct = len({event.utterance for event in timeline.events if isinstance(event, SpeechEvent)})
    facts = {"seconds": timeline.duration / 1000, "events": len(events), "distinct": distinct}
    print(json.dumps({**facts, "channels": mixed.channels}))


def write_wav(path: Path, channels: int, *pcm: bytes) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(48_000)
        for part in pcm:
            file.writeframes(part)


if __name__ == "__main__":
    main(*sys.argv[1:])
