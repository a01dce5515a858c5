"""Short ways to the public API for tests that build a routine from its text."""

from __future__ import annotations

from pathlib import Path

from cuecast import api
from cuecast.files import data_dir
from cuecast.library import Folders, Library, RoutineSource
from cuecast.model.build import Result, Track
from cuecast.model.timeline import Timeline
from cuecast.options import Options

EXERCISES = data_dir("routines") / "exercises"
VOICES = data_dir("voices")


def source(name: str, data: bytes | str, folder: Path = Path("/nowhere")) -> RoutineSource:
    """A routine that is not read from a file."""
    text = data.encode() if isinstance(data, str) else data
    return RoutineSource(name, text, folder, Path(name).stem)


def check(
    name: str, data: bytes | str, options: Options | None = None, folder: Path = Path("/nowhere")
) -> Result[Timeline]:
    """What `cuecast check` finds, with the packaged exercises and voices."""
    return api.check(source(name, data, folder), options or Options(home=Path("/nowhere")))


def render(
    name: str,
    data: bytes | str,
    target: Path,
    options: Options,
    folder: Path = Path("/nowhere"),
    on_progress: api.OnProgress | None = None,
) -> Track:
    """A track, with the packaged exercises and voices."""
    result = api.render(source(name, data, folder), target, options, on_progress=on_progress)
    assert result.value is not None, result.diagnostics
    return result.value


def voices_in(*folders: Path) -> Library:
    """A library that has these folders of voices, the first one first."""
    return Library(None, Folders(voices=folders))


def timeline_of(track: Track) -> Timeline:
    """The timeline of a track that was built."""
    assert track.timeline is not None
    return track.timeline
