"""What `render` prints of the tracks that it made."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from cuecast import api
from cuecast.cli import report
from cuecast.cli.console import INTERRUPTED, STANDARD_INPUT, print_stderr, program_name
from cuecast.cli.progress import TerminalReporter
from cuecast.cli.sizes import bytes_to_text
from cuecast.library import RoutineSource
from cuecast.model.build import Track, TrackSummary
from cuecast.model.duration import ms_to_clock
from cuecast.options import Options
from cuecast.shell import quote


def render_one(routine: RoutineSource, target: Path, options: Options, quiet: bool) -> Track | None:
    """Make one track and print its diagnostics. None if the routine has errors."""
    try:
        with TerminalReporter(quiet) as reporter:
            result = api.render(routine, target, options, on_progress=reporter.show)
    except KeyboardInterrupt:
        state = f"{target} is as it was" if target.exists() else f"no {target} was made"
        print_stderr(f"cuecast: interrupted; {state}")
        raise typer.Exit(INTERRUPTED) from None
    report.print_report(result.diagnostics, result.sources, quiet)
    return result.value


def to_json(track: Track) -> dict[str, object]:
    """A track as JSON values."""
    summary = track.summary
    lists = {"beside": track.sidecars, "parts": track.parts}
    return {
        "title": summary.title,
        "path": str(track.path),
        "duration": summary.duration / 1000,
        "bytes": summary.size,
        "chapters": summary.chapters,
        "voice": summary.voice,
        "spoken_by": summary.spoken_by.get(summary.voice),
        **{name: [str(path) for path in paths] for name, paths in lists.items() if paths},
    }


def print_closing_lines(tracks: Sequence[tuple[RoutineSource, Track]], advise: bool) -> None:
    """What was made and where, how to hear it, how to get it onto the phone, how to change it."""
    for _, track in tracks:
        summary = track.summary
        chapters = f"{summary.chapters} chapter{'s' if summary.chapters != 1 else ''}"
        size, unchanged = bytes_to_text(summary.size), "" if track.is_new else "; unchanged"
        print_stderr(
            f"{track.path}  {ms_to_clock(summary.duration)}, {chapters}, {size}, {_voices(summary)}{unchanged}"
        )
        for path in track.sidecars:
            print_stderr(str(path))
    routine, first = tracks[0]
    opener = {"darwin": "open", "win32": "explorer"}.get(sys.platform, "xdg-open")
    print_stderr(f"  hear it       {opener} {quote(str(first.path))}")
    if first.parts:
        folder = first.path.parent
        print_stderr(f"  on the phone  copy the folder {folder} to the Music folder; its files are the exercises")
    else:
        print_stderr(
            "  on the phone  send it to yourself, or copy it to the Music folder; the chapters are the exercises"
        )
    print_stderr(f"  change it     {_how_to_change(routine)}")
    new = [track for _, track in tracks if track.is_new]
    if advise and new:
        _advise_human_voice(new)


def _voices(summary: TrackSummary) -> str:
    names = summary.speakers or (summary.voice,)
    titles = [f"{name}: {summary.spoken_by[name]}" if name in summary.spoken_by else f"voice {name}" for name in names]
    return "; ".join(titles)


def _how_to_change(routine: RoutineSource) -> str:
    if routine.name == STANDARD_INPUT:
        return "edit what you piped in, and render again"
    if not routine.packaged:
        return f"edit {quote(routine.name)}, and render again"
    own = f"my-{routine.stem.replace('.', '-')}"
    return f"{program_name()} new {own} --like {routine.stem}, edit {own}.yaml, render it"


def _advise_human_voice(tracks: Sequence[Track]) -> None:
    """A line on how to get a voice that sounds like a person, if none has spoken."""
    from cuecast.cli.neural_hint import human_voice

    voices = {voice for track in tracks for voice in track.summary.speakers}
    if advice := human_voice(voices, tracks[0].summary.language):
        print_stderr(f"  human voice   {advice}")
