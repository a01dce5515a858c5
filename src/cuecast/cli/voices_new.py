"""`cuecast voices new`: a voice of one's own, as a file to change."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from cuecast.cli import completion
from cuecast.cli.console import print_stderr, program_name, usage_error
from cuecast.cli.environment import user_folders, user_library
from cuecast.cli.voices_try import voice_called
from cuecast.errors import EngineUnavailable
from cuecast.files import atomic_write
from cuecast.library import Folders, Library
from cuecast.library.routines import read_bytes
from cuecast.model.limits import MAX_BYTES
from cuecast.phrases import languages
from cuecast.read.profiles import NAME_RULE, ProfileError, find_profile, is_name, list_profiles, normalise_name
from cuecast.read.voice_selection import default_voice
from cuecast.speak.new_profile import KEYS, is_language, like_profile, piper_profile, recorded_profile
from cuecast.speak.voice_status import check_voices

_FIRST_WORDS = "# A voice for cuecast."


class NewVoice(Struct, frozen=True):
    """What the voice is made of, as it was typed: at most one of the first three."""

    like: str | None = None
    model: str | None = None
    takes: str | None = None
    otherwise: str | None = None
    language: str | None = None


def voices_new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it, for example anna.")],
    like: Annotated[
        str | None,
        typer.Option(metavar="VOICE", help="Start from a copy of this one.", autocompletion=completion.voices),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A neural voice for Piper: FILE.onnx, with FILE.onnx.json beside it."),
    ] = None,
    takes: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Your own recordings; `cuecast voices script` says which.")
    ] = None,
    otherwise: Annotated[
        str | None,
        typer.Option(
            metavar="VOICE", help="With --takes: who says what you did not record.", autocompletion=completion.voices
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="The language that it speaks: en, de, es.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a voice of yours that is there.")] = False,
) -> None:
    """Start a voice of your own: a file to change, in your own folder."""
    name, typed = name.removesuffix(".yaml"), NewVoice(like, model, takes, otherwise, language)
    _check_options(name, typed)
    target = user_folders().voices[0] / f"{name}.yaml"
    if target.exists() and not force:
        raise usage_error(f"{target} is there already", "choose another name, or add --force to overwrite it")
    text = f"{_FIRST_WORDS} Hear it:  cuecast voices try {name}\n".encode() + _body(name, typed)
    _check_readable(name, text)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise usage_error(f"can't make the folder {target.parent}: {fault.strerror}") from None
    with atomic_write(target) as file:
        file.write(text)
    print_stderr(f"{target}")
    (status,) = check_voices([voice_called(name)])
    if not status.speaks:
        print_stderr(f"  it can't speak here yet: {status.problem}" + (f"\n  {status.hint}" if status.hint else ""))
    print_stderr(f"  change it    open it in any editor\n  hear it      {program_name()} voices try {name}")
    print_stderr(f"  use it       `--voice {name}`, or in a routine `voice: {name}`")
    if _is_packaged(name):
        print_stderr(f"cuecast: {name} now means this one, for you: it replaces the one that comes with cuecast")
        print_stderr(f"  to have that back, remove {target}")


def _check_options(name: str, typed: NewVoice) -> None:
    if not is_name(name):
        suggestion = normalise_name(name)
        hint = f"did you mean `{suggestion}`? " if suggestion else "for example anna: "
        raise usage_error(f"{name!r} is no name for a voice", f"{hint}{NAME_RULE}")
    sources = [f"--{each}" for each in ("like", "model", "takes") if getattr(typed, each) is not None]
    if len(sources) > 1:
        raise usage_error(f"{' and '.join(sources)} do not go together", "a voice has one engine: say one of them")
    if typed.otherwise is not None and typed.takes is None:
        raise usage_error("--otherwise goes with --takes: it says what has not been recorded")
    if typed.like is not None and typed.language is not None:
        raise usage_error("--like copies the language too", f"leave out --language {typed.language}")
    if typed.language is not None and not is_language(typed.language):
        raise usage_error(f"--language {typed.language}: this is no language code", "for example en, de or pt-BR")


def _body(name: str, typed: NewVoice) -> bytes:
    if typed.model is not None:
        try:
            return piper_profile(Path(typed.model).expanduser(), typed.language).encode()
        except EngineUnavailable as fault:
            raise usage_error(str(fault), fault.hint) from None
    if typed.takes is not None:
        return _recorded(name, typed.takes, typed.otherwise, typed.language or "en").encode()
    if typed.like is None and typed.language is None and _is_packaged(name):
        return like_profile(name).encode()
    return _copy(typed.like or _default_voice(typed.language or "en"))


def _is_packaged(name: str) -> bool:
    return (user_folders().voices[-1] / f"{name}.yaml").is_file()


def _default_voice(language: str) -> str:
    """The voice of routines in the language that name none."""
    short = language.partition("-")[0]
    if short not in languages():
        raise usage_error(
            f"no voice for {language} comes with cuecast", "say --model FILE.onnx, or --like VOICE and change it"
        )
    return default_voice(short)


def _copy(name: str) -> bytes:
    """Another voice's file with its comments, without the line that names it."""
    voice_called(name)
    path = next(path for folder in user_folders().voices if (path := folder / f"{name}.yaml").is_file())
    lines = read_bytes(path, MAX_BYTES).removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    copied = b"".join(line for line in lines if not line.startswith(_FIRST_WORDS.encode()))
    return copied if b"#" in copied else KEYS.encode() + copied


def _recorded(name: str, folder: str, otherwise: str | None, language: str) -> str:
    takes = Path(folder).expanduser()
    if not takes.is_dir():
        raise usage_error(
            f"there is no folder {folder}",
            f"`{program_name()} voices script ROUTINE -o {folder}` makes it and says what to record",
        )
    other = otherwise or _default_voice(language)
    if other == name:
        raise usage_error("a voice can't stand in for itself", "--otherwise takes another one")
    voice, short = voice_called(other), language.partition("-")[0]
    if voice.language.partition("-")[0] != short:
        known = [p.name for p in list_profiles(user_library()) if p.language.partition("-")[0] == short]
        hint = f"these do: {', '.join(known)}" if known else None
        raise usage_error(f"--otherwise {other} speaks {voice.language}, not {language}", hint)
    return recorded_profile(name, takes, other, language)


def _check_readable(name: str, text: bytes) -> None:
    """Read the file in a folder of its own. It may build on the user's other voices."""
    with tempfile.TemporaryDirectory(prefix="cuecast-") as folder:
        (Path(folder) / f"{name}.yaml").write_bytes(text)
        try:
            find_profile(name, Library(None, Folders(voices=(Path(folder), *user_folders().voices))))
        except ProfileError as fault:
            problem = str(fault).removeprefix(f"{Path(folder) / name}.yaml:")
            raise usage_error(f"this would be no voice: {problem}") from None
