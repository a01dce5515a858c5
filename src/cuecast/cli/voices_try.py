"""`cuecast voices try`: one sentence in a voice, played or written."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from cuecast import api
from cuecast.cli import report
from cuecast.cli.console import FAULTY, print_stderr, program_name, read_stdin, usage_error, use_colour
from cuecast.cli.environment import build_options, user_library
from cuecast.cli.params import VoiceArgument
from cuecast.errors import EngineUnavailable, SetupError
from cuecast.files import atomic_write
from cuecast.model.diagnostics import did_you_mean
from cuecast.model.limits import MAX_RATE, MAX_TEXT, MIN_RATE
from cuecast.model.voice import Profile
from cuecast.read.profiles import ProfileError, find_profile, list_profiles
from cuecast.read.voice_selection import with_fallbacks
from cuecast.speak.sample import Sample, sample_texts, speak_sample
from cuecast.speak.slug import slug
from cuecast.speak.voice_status import check_voices


def voices_try(
    voice: VoiceArgument,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to say; - takes it from standard input.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to this WAV file, and play nothing.")
    ] = None,
    rate: Annotated[
        int | None,
        typer.Option(metavar="N", help="Words a minute, from 80 to 400, in place of the voice's own speed."),
    ] = None,
) -> None:
    """Hear a voice, as loud as it is in a track."""
    target = _target(output)
    if rate is not None and not MIN_RATE <= rate <= MAX_RATE:
        raise usage_error(f"--rate {rate}: a voice speaks from {MIN_RATE} to {MAX_RATE} words a minute")
    profile = voice_called(voice)
    if rate is not None:
        profile = replace(profile, rate=rate)
    given = None if text is None else _clean(text)
    (status,) = check_voices([profile])
    if not status.speaks:
        raise EngineUnavailable(f"{voice} can't speak here: {status.problem}", status.hint)
    texts = sample_texts(profile) if given is None else (given,)
    started = time.monotonic()
    sample = _speak(with_fallbacks(profile, user_library()), texts)
    took = time.monotonic() - started
    print_stderr(f"{voice}  {profile.engine}, {status.voice}  {sample.seconds:.1f} s of sound in {took:.1f} s")
    if sample.spoken_by != voice:
        print_stderr(f"  spoken by {sample.spoken_by}: {voice} has no take of it")
    elif profile.engine == "recorded":
        takes = ", ".join(map(slug, texts))
        print_stderr(f"  spoken by {voice}, from the take{'' if len(texts) == 1 else 's'} {takes}")
    if target is not None:
        _write(sample, target)
    elif not _play(sample):
        _write(sample, _free_name(voice))


def voice_called(name: str) -> Profile:
    """The voice. If there is none, or its file has errors, the command ends."""
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


def _clean(text: str) -> str:
    if text == "-":
        text = read_stdin(4 * MAX_TEXT).decode("utf-8", "replace").strip().removeprefix("\N{BYTE ORDER MARK}")
    text = " ".join(text.split())
    if not re.search(r"\w", text):
        raise usage_error("there is nothing to say", "for example: cuecast voices try coach 'Lift your right knee.'")
    if len(text) > MAX_TEXT:
        raise usage_error(f"the text is longer than {MAX_TEXT:,} characters, more than a cue may have")
    return text


def _speak(voices: Sequence[Profile], texts: Sequence[str]) -> Sample:
    cache = api.open_cache(build_options())
    try:
        sample = speak_sample(voices, texts, cache)
    except SetupError as fault:
        if fault.hint and "--voice" in fault.hint:  # this command has no such option
            file = f"{voices[0].folder / voices[0].name if voices[0].folder else voices[0].name}.yaml"
            hint = f"look at its file, {file}; `{program_name()} voices` lists those that can speak"
            raise SetupError(fault.message, hint) from fault
        raise
    cache.prune()
    return sample


def _play(sample: Sample) -> bool:
    """Play it; False if nothing here plays sound."""
    from cuecast.play.device import play_pcm

    try:
        play_pcm(sample.pcm)
    except SetupError as fault:
        print_stderr(f"  {fault}")
        return False
    return True


def _write(sample: Sample, target: Path) -> None:
    with atomic_write(target) as file:
        file.write(sample.wav())
    print_stderr(f"  written to {target}")


def _free_name(name: str) -> Path:
    """NAME.wav in the current folder, or NAME-2.wav if that exists."""
    for number in range(1, 1000):
        path = Path(f"{name}.wav" if number == 1 else f"{name}-{number}.wav")
        if not path.exists():
            return path
    raise usage_error("there are a thousand samples here already", "name the file: -o FILE.wav")
