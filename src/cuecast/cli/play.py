"""`play`: a routine or a track through the loudspeaker."""

from __future__ import annotations

import contextlib
from pathlib import Path

import typer

from cuecast.cli import report
from cuecast.cli.console import FAULTY, usage
from cuecast.cli.find import find_routine, is_named, places
from cuecast.cli.options import Told, options_of
from cuecast.cli.player import follow
from cuecast.cli.progress import TerminalReporter
from cuecast.encode import track_suffixes
from cuecast.model.duration import FORMS, DurationError, text_to_ms
from cuecast.play import NotPlayableError, TrackOutline, outline_of, read_outline
from cuecast.play.device import Mp3Sound, loudspeaker
from cuecast.play.transport import Sound, Transport


def play(source: str, start: str | None, silent: bool, told: Told) -> None:
    """Play it to its end, or until the user stops it."""
    track, sound, channels = _open_track(Path(source)) if _is_track(source) else _open_routine(source, told)
    transport = Transport(sound, channels, track.duration, _parse_start(start, track))
    with loudspeaker(transport, channels, silent):
        follow(track, transport, told.quiet)


def _is_track(source: str) -> bool:
    suffix = Path(source).suffix.lower()
    if suffix != ".mp3" and suffix in track_suffixes():
        raise usage(f"{source} is not an MP3", "play takes routines and MP3 files")
    return suffix == ".mp3" and not (is_named(source) and not Path(source).is_file())


def _open_track(path: Path) -> tuple[TrackOutline, Sound, int]:
    try:
        return read_outline(path), Mp3Sound(path), Mp3Sound.channels
    except NotPlayableError as fault:
        raise usage(str(fault), "play takes routines and MP3 files") from None
    except OSError as fault:
        raise usage(f"can't read {path}: {fault.strerror}") from None


def _open_routine(name: str, told: Told) -> tuple[TrackOutline, Sound, int]:
    """Take the sound from the mixer: nothing is encoded."""
    from cuecast.cache import Cache
    from cuecast.cli.find import cache_dir, cache_limit
    from cuecast.pipeline import plan, sound_of

    found = find_routine(name, told.language)
    with TerminalReporter(told.quiet) as reporter:
        result = plan(found.file, options_of(told), places(), reporter)
        sound = None
        diagnostics = list(result.diagnostics)
        if result.value is not None:
            sound, more = sound_of(result.value, Cache(cache_dir(), cache_limit()), reporter)
            diagnostics += more
    report.tell(tuple(diagnostics), result.sources, told.quiet)
    if result.value is None or sound is None:
        raise typer.Exit(FAULTY)
    return outline_of(result.value.timeline), sound, sound.channels


def _parse_start(text: str | None, track: TrackOutline) -> int:
    """Take a time, or the beginning of a chapter's title."""
    if text is None:
        return 0
    with contextlib.suppress(DurationError):
        ms = text_to_ms(text)
        if ms >= track.duration:
            raise usage(f"--from {text}: it lasts {track.duration / 1_000:g} s only")
        return ms
    for chapter in track.chapters:
        if chapter.title.casefold().startswith(text.casefold()):
            return chapter.start
    titles = ", ".join(dict.fromkeys(chapter.title for chapter in track.chapters))
    raise usage(f"--from {text}: this is neither a time ({FORMS}) nor a chapter", f"there are: {titles[:300]}")
