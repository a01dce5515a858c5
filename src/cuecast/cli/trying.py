"""`cuecast voices try`: one sentence in a voice, played or written."""

from __future__ import annotations

import io
import re
import tempfile
import time
import wave
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cuecast.cache import Cache
from cuecast.cli import player
from cuecast.cli.console import take, tell, usage
from cuecast.cli.find import folders, places
from cuecast.cli.looking import look_at
from cuecast.diagnostics import did_you_mean
from cuecast.files import replacing
from cuecast.kinds import MAX_TEXT
from cuecast.ports import EngineUnavailable, EnvironmentFault, Profile
from cuecast.profiles import ProfileError, find_profile, list_profiles
from cuecast.script import Utterance
from cuecast.sound import SAMPLE_BYTES, SAMPLE_RATE, Clip
from cuecast.voices import Speakers
from cuecast.voices.passages import passage

SLOWEST, FASTEST = 80, 400
"""Words a minute, as in a profile."""


def try_(name: str, text: str | None, output: str | None, rate: int | None) -> None:
    """Speak a sentence in the voice `name`; write it to `output`, else play it, else write it beside."""
    target = _target(output)
    if rate is not None and not SLOWEST <= rate <= FASTEST:
        raise usage(f"--rate {rate}: a voice speaks from {SLOWEST} to {FASTEST} words a minute")
    profile = voice_called(name)
    if rate is not None:
        profile = replace(profile, rate=rate)
    words = _words(text, profile)
    (look,) = look_at([profile])
    if not look.speaks:
        raise EngineUnavailable(f"{name} can't speak here: {look.why}", look.remedy)
    begun = time.monotonic()
    clip = _speak(profile, words)
    took = time.monotonic() - begun
    tell(f"{name}  {profile.engine}, {look.voice}  {clip.ms / 1000:.1f} s of sound in {took:.1f} s")
    sound = _wav(clip)
    if target is not None:
        _write(sound, target)
    elif not _played(sound, clip.ms / 1000):
        tell("  there is no player here, or none that works")
        _write(sound, _free(name))


def voice_called(name: str) -> Profile:
    """The voice; where there is none, or a faulty one, the command ends."""
    try:
        return find_profile(name, folders("voices"))
    except ProfileError as fault:
        known = [profile.name for profile in list_profiles(folders("voices"))]
        if any((folder / f"{name}.yaml").is_file() for folder in folders("voices")):
            raise usage(f"the voice {name} is not usable: {fault}") from None
        raise usage(str(fault), did_you_mean(name, known) or f"there are: {', '.join(known)}") from None


def _target(output: str | None) -> Path | None:
    if output is None:
        return None
    target = Path(output)
    if target.suffix.lower() != ".wav":
        raise usage(f"{output} does not end in .wav, the one kind of file that `voices try` writes")
    if not target.parent.is_dir():
        raise usage(f"there is no folder {target.parent}")
    return target


def _words(text: str | None, profile: Profile) -> Utterance:
    if text is None:
        said = _sample(passage(profile.language))
    elif text == "-":
        said = take(4 * MAX_TEXT).decode("utf-8", "replace").strip().removeprefix("\N{BYTE ORDER MARK}")
    else:
        said = text
    said = " ".join(said.split())
    if not re.search(r"\w", said):
        raise usage("there is nothing to say", "for example: cuecast voices try coach 'Lift your right knee.'")
    if len(said) > MAX_TEXT:
        raise usage(f"the text is longer than {MAX_TEXT:,} characters, more than a cue may have")
    return Utterance(said, profile.name, profile.language)


def _sample(text: str) -> str:
    """The first two sentences: an announcement of three words, and one long enough to hear how the voice flows."""
    return " ".join(re.split(r"(?<=[.!?]) ", text)[:2])


def _speak(profile: Profile, words: Utterance) -> Clip:
    try:
        told = places()
        cache = Cache(told.cache, told.cache_limit)
        with Speakers(_with_others(profile), cache) as speakers:
            clip = speakers.speak([words], lambda done, of: None)[words]
        cache.tidy()
    except EnvironmentFault as fault:
        if fault.remedy and "--voice" in fault.remedy:  # there is none here
            raise EnvironmentFault(fault.message, "`cuecast doctor` tells what is missing") from fault
        raise
    return clip


def _with_others(profile: Profile) -> Sequence[Profile]:
    """The voice, and those that say what it has no takes of."""
    found = {profile.name: profile}
    latest = profile
    while isinstance(other := latest.settings.get("otherwise"), str) and other not in found:
        try:
            latest = find_profile(other, folders("voices"))
        except ProfileError as fault:
            raise EnvironmentFault(f"{latest.name} needs another voice: {fault}") from fault
        found[other] = latest
    return tuple(found.values())


def _wav(clip: Clip) -> bytes:
    with io.BytesIO() as sound:
        with wave.open(sound, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(clip.read())
        return sound.getvalue()


def _played(sound: bytes, seconds: float) -> bool:
    with tempfile.TemporaryDirectory(prefix="cuecast-") as folder:
        path = Path(folder) / "voice.wav"
        path.write_bytes(sound)
        return player.play(path, seconds)


def _write(sound: bytes, target: Path) -> None:
    with replacing(target) as file:
        file.write(sound)
    tell(f"  written to {target}")


def _free(name: str) -> Path:
    """NAME.wav here, or NAME-2.wav where that is taken: nobody asked for either."""
    for number in range(1, 1000):
        path = Path(f"{name}.wav" if number == 1 else f"{name}-{number}.wav")
        if not path.exists():
            return path
    raise usage("there are a thousand samples here already", "name the file: -o FILE.wav")
