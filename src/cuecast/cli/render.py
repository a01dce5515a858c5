"""`render`: the tracks, each made where it is not there already as it would be made."""

from __future__ import annotations

import hashlib
import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer
from msgspec import Struct

from cuecast import build_record as record
from cuecast.build_record import BuildResult
from cuecast.cache import Cache
from cuecast.cli import report
from cuecast.cli.console import FAULTY, INTERRUPTED, STANDARD_INPUT, USAGE, myself, put_json, tell, usage
from cuecast.cli.find import Found, cache_dir, cache_limit, find_routines, folders
from cuecast.cli.options import Told, options_of
from cuecast.cli.sizes import bytes_to_text
from cuecast.files import is_safe_to_overwrite
from cuecast.model.duration import ms_to_clock

if TYPE_CHECKING:
    from cuecast.inputs import InputTracker
    from cuecast.options import EmbedOptions, PreparedRoutine, Result, Track
    from cuecast.protocols import Picture

KINDS = ("voices", "exercises", "music", "tones")


class _Made(Struct, frozen=True):
    """A track at its place; `now` where it was not there before.

    What was written `beside` it, and where it was split its `parts`.
    """

    routine: Found
    path: Path
    finished: BuildResult
    now: bool
    beside: tuple[Path, ...] = ()
    parts: tuple[Path, ...] = ()


class Wanted(Struct, frozen=True):
    """The kind of track, and how its files end; what is to be made besides it, in forms of these names, or in its
    place: a file for each chapter.
    """

    kind: str = "mp3"
    suffix: str = ".mp3"
    forms: tuple[str, ...] = ()
    split: bool = False


def render(
    routines: Sequence[str],
    output: str | None,
    told: Told,
    as_json: bool,
    force: bool = False,
    beside: str | None = None,
    split: bool = False,
) -> None:
    """Make the tracks that are not up to date, or all. One that fails does not stop the others."""
    wanted = wanted_of(told.form, output, beside, split)
    folder_or_file = output_of(output, len(routines), wanted)
    found = find_routines(routines, told.language)
    targets = _albums(found, output) if split else targets_of(found, folder_or_file, wanted.suffix)
    if wanted.forms or split:
        from cuecast.cli import plan_output as planned

        planned.spare(found, targets, wanted.forms)
    _spare_inputs(found, targets, told)
    made = []
    for routine, target in zip(found, targets, strict=True):
        try:
            track = _track(routine, target, told, wanted, force)
        except KeyboardInterrupt:
            _interrupted(target)
        if track is None:
            tell(f"cuecast: {target} was not made")
        else:
            made.append(track)
    if as_json:
        put_json({"tracks": [_plain(track) for track in made]})
    if made and not told.quiet:
        _closing_lines(made)
        if not as_json:
            _human_voice([track for track in made if track.now])
    if len(found) < len(routines):
        raise typer.Exit(USAGE)
    if len(made) < len(found):
        raise typer.Exit(FAULTY)


def _spare_inputs(found: Sequence[Found], targets: Sequence[Path], told: Told) -> None:
    """See that no track takes the place of a routine, nor of what another one is made from; else the command ends.

    Only where something lies in a track's place that is no track, all routines are read beforehand.
    """
    routines = {os.path.realpath(routine.path) for routine in found}
    if taken := next((target for target in targets if os.path.realpath(target) in routines), None):
        raise usage(f"{taken} is a routine", "choose another name with -o")
    if len(found) < 2 or all(map(is_safe_to_overwrite, targets)):
        return
    from cuecast import pipeline
    from cuecast.batch.music import music_of
    from cuecast.cli.find import places
    from cuecast.inputs import InputTracker, input_files

    looks = InputTracker()
    ready = [pipeline.ready(routine.noting(looks), options_of(told), places(looks)).value for routine in found]
    music = music_of(*(each.routine for each in ready if each))
    inputs = input_files(looks.seen) | set(map(os.path.realpath, music))
    for target in targets:
        if os.path.realpath(target) in inputs:
            raise pipeline.overwrites_input(target)


def _track(routine: Found, target: Path, told: Told, wanted: Wanted, force: bool) -> _Made | None:
    """The track, from the record of its build where nothing has changed since, else built; None where it has errors.

    A record knows of the track alone: where more is wanted, all is built.
    """
    # All that could change meanwhile is looked at before anything is built.
    cache, key = Cache(cache_dir(), cache_limit()), record.key_of(said_of(routine, target, told))
    known = None if force or wanted.forms or wanted.split else record.load(cache, key)
    if known is not None and record.is_up_to_date(known, target):
        report.tell(known.diagnostics, known.sources, told.quiet)
        return _Made(routine, target, known.finished, now=False)
    if known is None:  # something is new, so there will be something to say
        from cuecast.speak.pool import prestart

        prestart()
    return _built(routine, target, told, wanted, cache, key)


def _built(routine: Found, target: Path, told: Told, wanted: Wanted, cache: Cache, key: str) -> _Made | None:
    # Imported here: what compiles takes longer to import than to see that there is nothing to do.
    from cuecast import pipeline
    from cuecast.inputs import InputTracker

    looks = InputTracker()

    def whole(result: Result[Track]) -> None:
        record.save(cache, key, pipeline.record_of(result, looks))

    track = build(routine, target, told, wanted, looks, whole).value
    if track is None:
        return None
    return _Made(routine, track.path, track.finished, now=True, beside=track.beside, parts=track.parts)


def build(
    routine: Found,
    target: Path,
    told: Told,
    wanted: Wanted,
    looks: InputTracker,
    whole: Callable[[Result[Track]], None] = lambda result: None,
) -> Result[Track]:
    """Make the track, and say what there is to say of it. In `looks` is noted all that was read for it.

    `whole` is told of a track in one file a moment before that has its name.
    """
    from cuecast import pipeline
    from cuecast.cli.find import places
    from cuecast.cli.progress import TerminalReporter
    from cuecast.options import Result

    options, where = options_of(told), places(looks)
    for path in music_places(told):
        looks.at(path)
    picture = picture_of(told, looks)
    ready = pipeline.ready(routine.noting(looks), options, where)
    result: Result[Track] = Result(None, ready.diagnostics, ready.sources)
    if ready.value is not None:
        packaging = packaging_of(routine, told, wanted, picture, looks.seen, ready.value)
        with TerminalReporter(told.quiet) as reporter:
            if wanted.split:
                result = pipeline.split_ready(ready.value, target, options, where.store, reporter, packaging, looks)
            else:
                result = pipeline.render_ready(
                    ready.value, target, options, where.store, reporter, packaging, looks, whole=whole
                )
    report.tell(result.diagnostics, result.sources, told.quiet)
    return result


def music_places(told: Told) -> list[Path]:
    """Where `--music` looks: what appears at the first of them would be played in place of the other."""
    return [place / told.music for place in (Path(), folders("music")[0])] if told.music else []


def picture_of(told: Told, looks: InputTracker) -> Picture | None:
    """The picture that is told; one that can't be used ends the command with exit status 2."""
    if told.cover in (None, "off"):
        return None
    from cuecast.cli.picture import own_picture

    looks.at(Path(told.cover))
    return own_picture(told.cover)


def packaging_of(
    routine: Found, told: Told, wanted: Wanted, picture: Picture | None, seen: Mapping[str, str], ready: PreparedRoutine
) -> EmbedOptions:
    """What the track carries, of a routine for which `seen` was read."""
    from cuecast.options import EmbedOptions
    from cuecast.tags.bundling import Bundling

    source = None
    if told.source:
        places = {kind: folders(kind) for kind in KINDS}
        bundling = Bundling(routine.stem, routine.data, routine.folder, places, told.said())
        source = bundling.packed(seen, ready.profiles)
    return EmbedOptions(wanted.forms, wanted.kind, told.cover != "off", picture, source)


def wanted_of(kind: str | None, output: str | None, beside: str | None, split: bool) -> Wanted:
    """What is told; told wrongly, the command ends before anything is made."""
    usual = kind is None and (output is None or Path(output).suffix.lower() == ".mp3")
    if usual and beside is None and not split:
        return Wanted()
    from cuecast.cli import plan_output as planned

    name, suffix = planned.kind_of(kind, output, split)
    return Wanted(name, suffix, planned.forms_beside(beside, split), split)


def _albums(found: Sequence[Found], output: str | None) -> list[Path]:
    from cuecast.cli import plan_output as planned

    return planned.albums(found, output)


def said_of(routine: Found, target: Path, told: Told) -> dict[str, object]:
    """All that this call says, and where it looks: what a record is kept under."""
    return {
        "routine": [routine.name, os.path.realpath(routine.folder), hashlib.sha256(routine.data).hexdigest()],
        "options": told.plain(),
        "folders": [os.path.realpath(folder) for kind in KINDS for folder in folders(kind)],
        "from": str(Path.cwd()),
        "target": os.path.abspath(target),  # noqa: PTH100
    }


def output_of(told: str | None, tracks: int, wanted: Wanted) -> tuple[Path, bool] | None:
    """Where to, and whether that is a folder; told wrongly, the command ends before anything is made."""
    if told is None:
        return None
    if not told:
        raise usage("-o needs the name of a track or of a folder", "for example -o my-track.mp3")
    output = Path(told)
    if output.is_dir() or told.endswith(("/", os.sep)):
        return output, True
    if tracks > 1 and output.suffix.lower() == wanted.suffix:
        raise usage("several routines need a folder for -o", f"mkdir -p tracks, then -o tracks, not -o {told}")
    return output, tracks > 1


def targets_of(found: list[Found], told: tuple[Path, bool] | None, suffix: str) -> list[Path]:
    """Where each track goes; told wrongly, the command ends before anything is made."""
    output, is_folder = told or (Path(), True)
    if not is_folder:
        if output.suffix.lower() != suffix:
            raise usage(f"{output} does not end in {suffix}", f"-o {output.with_suffix(suffix)}")
        if not output.parent.is_dir():
            raise _no_folder(output.parent)
        return [output]
    if not output.is_dir():
        raise _no_folder(output)
    targets = [output / f"{routine.stem}{suffix}" for routine in found]
    twice = {target for target in targets if targets.count(target) > 1}
    if twice:
        raise usage(f"two routines would both become {min(twice)}", "render them one at a time, with -o")
    return targets


def _no_folder(folder: Path) -> typer.Exit:
    return usage(f"there is no folder {folder}", f"mkdir -p {shlex.quote(str(folder))}")


def _interrupted(target: Path) -> NoReturn:
    state = f"{target} is as it was" if target.exists() else f"no {target} was made"
    tell(f"cuecast: interrupted; {state}")
    raise typer.Exit(INTERRUPTED)


def _plain(track: _Made) -> dict[str, object]:
    of = track.finished
    more = {"beside": track.beside, "parts": track.parts}
    return {
        "title": of.title,
        "path": str(track.path),
        "duration": of.duration / 1000,
        "bytes": of.size,
        "chapters": of.chapters,
        "voice": of.voice,
        **{name: [str(path) for path in paths] for name, paths in more.items() if paths},
    }


def _who_speaks(of: BuildResult) -> str:
    if len(of.speakers) > 1:
        return f"voices {', '.join(of.speakers)}"
    return f"voice {of.speakers[0] if of.speakers else of.voice}"


def _human_voice(made: Sequence[_Made]) -> None:
    """A line on how to get a voice that sounds like a person, where none has spoken."""
    if made:
        from cuecast.cli.neural_hint import human_voice

        spoken = {voice for track in made for voice in track.finished.speakers}
        if advice := human_voice(spoken, made[0].finished.language):
            tell(f"  human voice   {advice}")


def _closing_lines(made: Sequence[_Made]) -> None:
    for track in made:
        of = track.finished
        tell(
            f"{track.path}  {ms_to_clock(of.duration)}, {of.chapters} chapter{'s' if of.chapters != 1 else ''}, "
            f"{bytes_to_text(of.size)}, {_who_speaks(of)}{'' if track.now else '; unchanged'}"
        )
        for path in track.beside:
            tell(f"{path}")
    first = made[0]
    routine = first.routine
    opener = {"darwin": "open", "win32": "start"}.get(sys.platform, "xdg-open")
    tell(f"  hear it       {opener} {shlex.quote(str(first.path))}")
    if first.parts:
        tell(f"  on the phone  copy the folder {first.path.parent} to the Music folder; its files are the exercises")
    else:
        tell("  on the phone  send it to yourself, or copy it to the Music folder; the chapters are the exercises")
    if routine.name == STANDARD_INPUT:
        tell("  change it     edit what you piped in, and render again")
    elif not routine.packaged:
        tell(f"  change it     edit {shlex.quote(routine.name)}, and render again")
    else:
        own = f"my-{routine.stem.replace('.', '-')}"
        tell(f"  change it     {myself()} new {own} --like {routine.stem}, edit {own}.yaml, render it")
