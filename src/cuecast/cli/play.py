"""`cuecast play`: a routine or a track through the loudspeaker."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from cuecast import api
from cuecast.cli import completion, report
from cuecast.cli.console import FAULTY, usage_error
from cuecast.cli.environment import user_folders
from cuecast.cli.params import QuietOption, with_build_options
from cuecast.cli.player import follow
from cuecast.cli.progress import TerminalReporter
from cuecast.cli.routine_argument import find_routine
from cuecast.encode import track_suffixes
from cuecast.library.routines import routine_files
from cuecast.model.duration import FORMS, DurationError
from cuecast.options import Options
from cuecast.phrases.lengths import text_to_ms
from cuecast.play import NotPlayableError, TrackOutline, outline_of, read_outline
from cuecast.play.device import Mp3Sound, loudspeaker
from cuecast.play.transport import Sound, Transport


@with_build_options("voice", "level", "fit", "seed", "language", "music", "volume", "wake", "jobs")
def play(
    options: Options,
    what: Annotated[
        str,
        typer.Argument(
            metavar="ROUTINE", help="A routine, as for render; or an MP3.", autocompletion=completion.routines
        ),
    ],
    start: Annotated[
        str | None, typer.Option("--from", metavar="TIME|CHAPTER", help="Begin there: 2m30s, or how a title begins.")
    ] = None,
    silent: Annotated[bool, typer.Option("--silent", help="Only the view, in real time, without a device.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Play it here, and show what is on. Keys: space, arrows, q."""

    track, sound, channels = _open_track(Path(what)) if _is_track(what) else _open_routine(what, options, quiet)
    transport = Transport(sound, channels, track.duration, _parse_start(start, track))
    with loudspeaker(transport, channels, silent):
        follow(track, transport, quiet)


def _is_track(source: str) -> bool:
    suffix = Path(source).suffix.lower()
    if suffix != ".mp3" and suffix in track_suffixes():
        raise usage_error(f"{source} is not an MP3", "play takes routines and MP3 files")
    return suffix == ".mp3" and (Path(source).is_file() or source not in routine_files(user_folders()))


def _open_track(path: Path) -> tuple[TrackOutline, Sound, int]:
    try:
        return read_outline(path), Mp3Sound(path), Mp3Sound.channels
    except NotPlayableError as fault:
        raise usage_error(str(fault), "play takes routines and MP3 files") from None
    except OSError as fault:
        raise usage_error(f"can't read {path}: {fault.strerror}") from None


def _open_routine(name: str, options: Options, quiet: bool) -> tuple[TrackOutline, Sound, int]:
    """Take the sound from the mixer: nothing is encoded."""
    routine = find_routine(name, options)
    with TerminalReporter(quiet) as reporter:
        result = api.mix(routine, options, on_progress=reporter.show)
    report.print_report(result.diagnostics, result.sources, quiet)
    if result.value is None:
        raise typer.Exit(FAULTY)
    timeline, sound = result.value
    return outline_of(timeline), sound, sound.channels


def _parse_start(text: str | None, track: TrackOutline) -> int:
    """Take a time, or the beginning of a chapter's title."""
    if text is None:
        return 0
    with contextlib.suppress(DurationError):
        ms = text_to_ms(text)
        if ms >= track.duration:
            raise usage_error(f"--from {text}: it lasts {track.duration / 1_000:g} s only")
        return ms
    for chapter in track.chapters:
        if chapter.title.casefold().startswith(text.casefold()):
            return chapter.start
    titles = ", ".join(dict.fromkeys(chapter.title for chapter in track.chapters))
    raise usage_error(f"--from {text}: this is neither a time ({FORMS}) nor a chapter", f"there are: {titles[:300]}")
