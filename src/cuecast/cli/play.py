"""`play`: a routine or a track through the loudspeaker, with a live view in the terminal, and keys."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from cuecast.cli import report
from cuecast.cli.console import FAULTY, colourful, is_dumb, tell, usage
from cuecast.cli.find import find_routine, is_named, places
from cuecast.cli.options import Told, options_of
from cuecast.cli.progress import TerminalReporter
from cuecast.encode import track_suffixes
from cuecast.model.duration import FORMS, DurationError, text_to_ms
from cuecast.play import NoTrack, Score, score_in, score_of
from cuecast.play.device import Mp3Sound, loudspeaker, miniaudio
from cuecast.play.transport import Sound, Transport
from cuecast.play.view import LINES, line, view

_EVERY_S = 0.1
_TAIL_S = 0.3
"""After the last sound was handed out, until it was heard."""

_KEYS = {" ": "pause", "q": "quit", "n": "next", "p": "previous", "\x1b[C": "next", "\x1b[D": "previous"}
_BOLD, _FAINT, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"

Keys = Callable[[], str]
"""What was pressed since the last call; an empty text for nothing."""


def play(what: str, start: str | None, silent: bool, told: Told) -> None:
    """Play it to its end, or until somebody has had enough."""
    miniaudio()  # before anything is made
    score, sound, channels = _track(Path(what)) if _is_track(what) else _routine(what, told)
    transport = Transport(sound, channels, score.duration, _start(start, score))
    with loudspeaker(transport, channels, silent):
        if sys.stderr.isatty() and not is_dumb() and not told.quiet:
            with _pressed() as keys:
                _show(score, transport, keys)
        else:
            _list(score, transport, told.quiet)
        if transport.done:
            time.sleep(_TAIL_S)


def _is_track(what: str) -> bool:
    suffix = Path(what).suffix.lower()
    if suffix != ".mp3" and suffix in track_suffixes():
        raise usage(f"{what} is no MP3", "play takes routines and MP3 files")
    return what.lower().endswith(".mp3") and not (is_named(what) and not Path(what).is_file())


def _track(path: Path) -> tuple[Score, Sound, int]:
    try:
        return score_in(path), Mp3Sound(path), Mp3Sound.channels
    except NoTrack as fault:
        raise usage(str(fault), "play takes routines and MP3 files") from None
    except OSError as fault:
        raise usage(f"can't read {path}: {fault.strerror}") from None


def _routine(what: str, told: Told) -> tuple[Score, Sound, int]:
    """From the mixer: nothing needs to be encoded to be heard."""
    from cuecast.cache import Cache
    from cuecast.cli.find import cache_dir, cache_limit
    from cuecast.pipeline import plan, sound_of

    found = find_routine(what, told.language)
    options = options_of(told)
    with TerminalReporter(told.quiet) as reporter:
        result = plan(found.file, options, places(), reporter)
        windows = None
        diagnostics = list(result.diagnostics)
        if result.value is not None:
            windows, more = sound_of(result.value, Cache(cache_dir(), cache_limit()), reporter)
            diagnostics += more
    report.tell(tuple(diagnostics), result.sources, told.quiet)
    if result.value is None or windows is None:
        raise typer.Exit(FAULTY)
    return score_of(result.value.timeline), windows, windows.channels


def _start(told: str | None, score: Score) -> int:
    """A time, or a chapter by how its title begins."""
    if told is None:
        return 0
    with contextlib.suppress(DurationError):
        ms = text_to_ms(told)
        if ms >= score.duration:
            raise usage(f"--from {told}: it lasts {score.duration / 1_000:g} s only")
        return ms
    for chapter in score.chapters:
        if chapter.title.casefold().startswith(told.casefold()):
            return chapter.start
    titles = ", ".join(dict.fromkeys(chapter.title for chapter in score.chapters))
    raise usage(f"--from {told}: this is neither a time ({FORMS}) nor a chapter", f"there are: {titles[:300]}")


def _show(score: Score, transport: Transport, keys: Keys) -> None:
    """Redraw the view where it stands, ten times a second."""
    tell("space: pause   ← →: exercise before, next   q: quit")
    bold, faint, plain = (_BOLD, _FAINT, _PLAIN) if colourful(sys.stderr) else ("", "", "")
    styles = (bold, "", "", faint)
    drawn = False
    try:
        sys.stderr.write("\x1b[?25l")
        while not transport.done:
            for name in _named(keys()):
                if name == "quit":
                    return
                if name == "pause":
                    transport.toggle()
                else:
                    transport.seek(score.skipped(transport.ms, 1 if name == "next" else -1))
            width = shutil.get_terminal_size().columns - 1
            lines = view(score, transport.ms, width, transport.paused)
            up = f"\x1b[{LINES}A" if drawn else ""
            text = "".join(f"\r\x1b[K{style}{each}{plain}\n" for style, each in zip(styles, lines, strict=True))
            sys.stderr.write(up + text)
            sys.stderr.flush()
            drawn = True
            time.sleep(_EVERY_S)
    finally:
        sys.stderr.write("\x1b[?25h")
        sys.stderr.flush()


def _list(score: Score, transport: Transport, quiet: bool) -> None:
    """A line for each interval as it begins, where lines stay. One that is over before it was looked at has its own."""
    shown = score.interval(transport.ms).start - 1
    while not transport.done:
        ms = transport.ms
        for begun in score.intervals:
            if shown < begun.start <= ms and not quiet:
                tell(line(score, begun.start))
        shown = ms
        time.sleep(_EVERY_S)


def _named(pressed: str) -> Iterator[str]:
    """What the keys mean, in their order; others mean nothing."""
    while pressed:
        size = 3 if pressed[:2] == "\x1b[" else 1
        if name := _KEYS.get(pressed[:size]):
            yield name
        pressed = pressed[size:]


@contextlib.contextmanager
def _pressed() -> Iterator[Keys]:
    """Keys as they are pressed, without being shown; the terminal is as it was afterwards."""
    if not sys.stdin or not sys.stdin.isatty():
        yield lambda: ""
    elif sys.platform == "win32":
        import msvcrt

        yield lambda: msvcrt.getwch() if msvcrt.kbhit() else ""
    else:
        import select
        import termios
        import tty

        stdin = sys.stdin.fileno()
        before = termios.tcgetattr(stdin)
        try:
            tty.setcbreak(stdin)
            yield lambda: os.read(stdin, 64).decode("utf-8", "replace") if select.select([stdin], [], [], 0)[0] else ""
        finally:
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)
