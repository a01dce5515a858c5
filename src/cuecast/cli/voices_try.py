"""`cuecast voices try`: one sentence in a voice, played or written."""

from __future__ import annotations

import io
import re
import sys
import time
import wave
from collections.abc import Sequence
from pathlib import Path

import typer
from msgspec.structs import replace

from cuecast import api
from cuecast.cli import report
from cuecast.cli.console import FAULTY, print_stderr, program_name, read_stdin, usage_error, use_colour
from cuecast.cli.environment import build_options, user_library
from cuecast.cli.voice_status import look_at
from cuecast.errors import EngineUnavailable, SetupError
from cuecast.files import atomic_write
from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE, Clip
from cuecast.model.diagnostics import did_you_mean
from cuecast.model.limits import MAX_TEXT
from cuecast.model.script import Utterance
from cuecast.protocols import Profile, RecordedTakes
from cuecast.read.profiles import ProfileError, find_profile, list_profiles
from cuecast.speak import Speakers
from cuecast.speak.calibration_text import calibration_text
from cuecast.speak.engines import make_engine
from cuecast.speak.engines.recorded import takes_folder
from cuecast.speak.recording.takes import recordings
from cuecast.speak.slug import is_truncated, slug

_TAKES = 3
"""Takes that are played of a voice that is recorded, and between them so much silence:"""
_PAUSE_MS = 500

SLOWEST, FASTEST = 80, 400
"""Words a minute, as in a profile."""


def try_(name: str, text: str | None, output: str | None, rate: int | None) -> None:
    """Speak a sentence in the voice `name`; write it to `output`, else play it, else write it beside."""
    target = _target(output)
    if rate is not None and not SLOWEST <= rate <= FASTEST:
        raise usage_error(f"--rate {rate}: a voice speaks from {SLOWEST} to {FASTEST} words a minute")
    profile = voice_called(name)
    if rate is not None:
        profile = replace(profile, rate=rate)
    said = None if text is None else _words(text, profile)
    (look,) = look_at([profile])
    if not look.speaks:
        raise EngineUnavailable(f"{name} can't speak here: {look.why}", look.hint)
    voices = _with_others(profile)
    words = _samples(profile) if said is None else (said,)
    begun = time.monotonic()
    pcm = _joined(_speak(voices, words))
    took = time.monotonic() - begun
    seconds = len(pcm) / SAMPLE_BYTES / SAMPLE_RATE
    print_stderr(f"{name}  {profile.engine}, {look.voice}  {seconds:.1f} s of sound in {took:.1f} s")
    if isinstance(make_engine(profile), RecordedTakes):
        print_stderr(f"  {_who_spoke(voices, words)}")
    if target is not None:
        _write(_wav(pcm), target)
    elif not _play(pcm):
        _write(_wav(pcm), _free(name))


def voice_called(name: str) -> Profile:
    """The voice; where there is none, or a faulty one, the command ends."""
    try:
        return find_profile(name, user_library())
    except ProfileError as fault:
        if fault.diagnostics:
            print_stderr(f"cuecast: the voice {name} can't be used: its file has errors")
            print_stderr(report.as_text(fault.diagnostics, fault.sources, use_colour(sys.stderr)).removesuffix("\n"))
        else:
            known = [profile.name for profile in list_profiles(user_library())]
            hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
            print_stderr(f"cuecast: {fault}\n  {hint}")
        raise typer.Exit(FAULTY) from None


def _target(output: str | None) -> Path | None:
    if output is None:
        return None
    target = Path(output)
    if target.suffix.lower() != ".wav":
        raise usage_error(f"{output} does not end in .wav, the one kind of file that `voices try` writes")
    if not target.parent.is_dir():
        raise usage_error(f"there is no folder {target.parent}")
    return target


def _words(text: str, profile: Profile) -> Utterance:
    if text == "-":
        text = read_stdin(4 * MAX_TEXT).decode("utf-8", "replace").strip().removeprefix("\N{BYTE ORDER MARK}")
    said = " ".join(text.split())
    if not re.search(r"\w", said):
        raise usage_error("there is nothing to say", "for example: cuecast voices try coach 'Lift your right knee.'")
    if len(said) > MAX_TEXT:
        raise usage_error(f"the text is longer than {MAX_TEXT:,} characters, more than a cue may have")
    return Utterance(said, profile.name, profile.language)


def _samples(profile: Profile) -> tuple[Utterance, ...]:
    """What lets one hear the voice: of a person with takes the first few, of all others two sentences."""
    if profile.engine == "recorded":
        takes = [name for name in recordings(takes_folder(profile)).takes if not is_truncated(name)]
        names = [name.replace("-", " ") for name in takes[:_TAKES]]
        if names:
            return tuple(Utterance(name, profile.name, profile.language) for name in names)
    return (Utterance(_sample(calibration_text(profile.language)), profile.name, profile.language),)


def _sample(text: str) -> str:
    """The first two sentences: an announcement of three words, and one long enough to hear how the voice flows."""
    return " ".join(re.split(r"(?<=[.!?]) ", text)[:2])


def _who_spoke(voices: Sequence[Profile], words: Sequence[Utterance]) -> str:
    """Whose takes these were, or who has stood in for them."""
    for profile in voices:
        engine = make_engine(profile)
        if not isinstance(engine, RecordedTakes) or all(engine.has(said.spoken) for said in words):
            break
    if profile is not voices[0]:
        return f"spoken by {profile.name}: {voices[0].name} has no take of it"
    takes = ", ".join(slug(said.spoken) for said in words)
    return f"spoken by {profile.name}, from the take{'' if len(words) == 1 else 's'} {takes}"


def _speak(voices: Sequence[Profile], words: Sequence[Utterance]) -> list[Clip]:
    try:
        cache = api.open_cache(build_options())
        with Speakers(voices, cache) as speakers:
            clips = speakers.speak(words, lambda done, of: None)
        cache.prune()
    except SetupError as fault:
        if fault.hint and "--voice" in fault.hint:  # there is none here
            hint = f"look at its file, {_file(voices[0])}; `{program_name()} voices` lists those that can speak"
            raise SetupError(fault.message, hint) from fault
        raise
    return [clips[said] for said in words]


def _file(profile: Profile) -> str:
    return f"{profile.folder / profile.name if profile.folder else profile.name}.yaml"


def _joined(clips: Sequence[Clip]) -> bytes:
    pause = bytes(_PAUSE_MS * SAMPLE_RATE // 1000 * SAMPLE_BYTES)
    return pause.join(clip.read() for clip in clips)


def _with_others(profile: Profile) -> Sequence[Profile]:
    """The voice, and those that say what it has no takes of."""
    found = {profile.name: profile}
    latest = profile
    while isinstance(other := latest.settings.get("otherwise"), str) and other not in found:
        try:
            latest = find_profile(other, user_library())
        except ProfileError as fault:
            raise SetupError(f"{latest.name} needs another voice: {fault}") from fault
        found[other] = latest
    return tuple(found.values())


def _wav(pcm: bytes) -> bytes:
    with io.BytesIO() as sound:
        with wave.open(sound, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(pcm)
        return sound.getvalue()


def _play(pcm: bytes) -> bool:
    """Play the samples; return False if nothing here plays sound."""
    from cuecast.play.device import play_pcm

    try:
        play_pcm(pcm)
    except SetupError as fault:
        print_stderr(f"  {fault}")
        return False
    return True


def _write(sound: bytes, target: Path) -> None:
    with atomic_write(target) as file:
        file.write(sound)
    print_stderr(f"  written to {target}")


def _free(name: str) -> Path:
    """NAME.wav here, or NAME-2.wav where that is taken: nobody asked for either."""
    for number in range(1, 1000):
        path = Path(f"{name}.wav" if number == 1 else f"{name}-{number}.wav")
        if not path.exists():
            return path
    raise usage_error("there are a thousand samples here already", "name the file: -o FILE.wav")
