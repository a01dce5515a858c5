"""Where a timeline goes, and in which form: `plan --format`, `plan -o`, `render --with`, `render --split`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from cuecast.cli.console import put, usage
from cuecast.cli.find import Found
from cuecast.encode import track_format, track_suffixes
from cuecast.export import export_format, extension_of, format_by_suffix, sidecar_path, to_bytes
from cuecast.files import atomic_write
from cuecast.model.timeline import Timeline
from cuecast.plugins import UnknownPlugin
from cuecast.protocols import PictureFormat, TextFormat

Form = TextFormat | PictureFormat


def form_of(told: str | None, output: str | None) -> tuple[Form, Path | None]:
    """The form, and the file that is told; wrongly told, the command ends before anything is made."""
    if output is None:
        form = _form(told or "table")
        if hasattr(form, "draw"):
            raise usage(f"{form.name} is no text, and goes to a file", f"-o plan{extension_of(form)}")
        return form, None
    target = Path(output)
    if not output or target.is_dir() or output.endswith(("/", os.sep)):
        raise usage("-o needs the name of a file", "for example -o plan.svg")
    if not target.parent.is_dir():
        raise usage(f"there is no folder {target.parent}", f"mkdir -p {shlex.quote(str(target.parent))}")
    known = format_by_suffix(target)
    form = _form(told or known or "table")
    if told is None and known is None:
        raise usage(f"the name {output} does not tell its format", "add --format NAME, or -o plan.svg")
    tracks = tuple(track_suffixes())
    if target.name.lower().endswith(tracks):
        raise usage(f"{output} is the name of a track, not of a timeline", f"-o {target.stem}{extension_of(form)}")
    if target.exists() and known and known != form.name and not _same_kind(target, form):
        raise usage(f"{output} is there, and by its name it is {known}, not {form.name}", "choose another name")
    return form, target


def kind_of(told: str | None, output: str | None, split: bool) -> tuple[str, str]:
    """The kind of track, and how its file's name ends; what can't be made ends the command before anything is.

    Raises SetupError where it needs what is not installed.
    """
    given = Path(output).suffix.lower() if output and not Path(output).is_dir() and not output.endswith(os.sep) else ""
    known = track_suffixes()
    name = told or known.get(given, "mp3")
    if split and name != "mp3":
        raise usage(f"--split makes files of MP3, not of {name}", "leave out --format")
    try:
        suffix = track_format(name).suffix
    except UnknownPlugin as unknown:
        raise usage(str(unknown), unknown.hint) from None
    if output and given and given != suffix and not split:
        if told:
            raise usage(f"--format {name} makes no {given} file", f"-o {Path(output).with_suffix(suffix)}")
        others = ", ".join(known)
        raise usage(
            f"{output} does not end as a track does", f"-o {Path(output).with_suffix(suffix)}, or one of {others}"
        )
    return name, suffix


def forms_beside(told: str | None, split: bool) -> tuple[str, ...]:
    """The names of the forms that are wanted beside each track, each once."""
    if told is None:
        return ()
    names = tuple(dict.fromkeys(name.strip() for name in told.split(",")))
    if split:
        raise usage(
            "--with goes with one track, --split makes many",
            "write the timeline of the whole with cuecast plan -o FILE",
        )
    taken: dict[str, str] = {}
    for name in names:
        suffix = extension_of(_form(name))
        other = taken.setdefault(suffix.lower(), name)
        if other != name:
            raise usage(f"--with: {other} and {name} would both be written to {suffix}", "take one of them")
    return names


def albums(found: Sequence[Found], output: str | None) -> list[Path]:
    """The folder of each track that is split: named as the track would be, in the current folder or in that of `-o`."""
    place = Path(output or ".")
    if output is not None and not place.is_dir():
        raise usage(
            f"there is no folder {output}",
            f"mkdir -p {shlex.quote(output)}; each track gets a folder of its own in it" if output else None,
        )
    folders = [place / routine.stem for routine in found]
    twice = {folder for folder in folders if folders.count(folder) > 1}
    if twice:
        raise usage(f"two routines would both become {min(twice)}", "render them one at a time, with -o")
    for folder in folders:
        if folder.exists() and not folder.is_dir():
            raise usage(f"{folder} is there, and is no folder", "choose another place with -o")
    return folders


def spare(found: Sequence[Found], targets: Sequence[Path], names: Sequence[str]) -> None:
    """See that what is written beside a track is neither a routine that is rendered nor another track."""
    forms = [_form(name) for name in names]
    for target in targets:
        for form in forms:
            path = sidecar_path(target, form)
            if path in targets:
                raise usage(f"--with {form.name} would be written over the track {path}", "leave it out")
            for routine in found:
                spare_source(routine, path)


def spare_source(found: Found, target: Path) -> None:
    """See that the routine is not overwritten with what is made of it."""
    source = Path(found.file.name)
    if source.exists() and target.exists() and source.samefile(target):
        raise usage(f"{target} is the routine itself", "choose another name")


def hand_over(timeline: Timeline, form: Form, target: Path | None) -> None:
    """Write the timeline to the file, or to standard output.

    Raises SetupError.
    """
    if target is not None:
        data = to_bytes(form, timeline)
        with atomic_write(target) as file:
            file.write(data)
    elif hasattr(form, "dump"):
        # A text stream of Windows makes two characters of each line end, also of one that is two already.
        text = form.dump(timeline)
        put(text if os.linesep == "\n" else text.replace("\r\n", "\n"))


def _same_kind(target: Path, form: Form) -> bool:
    """Whether the name ends as the form's last suffix does: `plan.json` is fine for any JSON."""
    return target.suffix.lower() == Path(extension_of(form)).suffix


def _form(name: str) -> Form:
    try:
        return export_format(name)
    except UnknownPlugin as unknown:
        raise usage(str(unknown), unknown.hint) from None
