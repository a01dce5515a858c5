"""`cuecast voices get` and `remove`: voices from their publishers, and away again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from cuecast.cli.console import print_stderr, program_name, usage_error, write_stdout
from cuecast.cli.environment import user_folders, user_library
from cuecast.cli.params import VoiceArgument
from cuecast.cli.progress import TerminalReporter
from cuecast.cli.sizes import bytes_to_text
from cuecast.errors import SetupError
from cuecast.read.profiles import ProfileError, find_profile
from cuecast.read.voice_selection import default_voice
from cuecast.speak import catalogue
from cuecast.speak.catalogue import OfferedVoice


def voices_get(
    wanted: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A voice, such as heart or thorsten, or a language, such as de."),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--catalogue", metavar="FILE", help="Other addresses and digests: of a mirror.")
    ] = None,
) -> None:
    """Get a voice from its publisher, once. Without a name, list those that there are.

    This is the only command that opens a connection to elsewhere. What is cut off goes on where it ended.
    """
    offered = catalogue.read_catalogue(Path(source) if source else None)
    kokoro = catalogue.kokoro_voices(offered)
    if wanted is None:
        _list(kokoro, _piper_or_none(offered))
        return
    preferred = _preferred(wanted)
    voice = catalogue.find_voice(wanted, kokoro, preferred)
    if voice is None or (preferred and voice.name not in preferred):
        voice = catalogue.find_voice(wanted, (*catalogue.piper_voices(offered), *kokoro), preferred)
    if voice is None:
        raise catalogue.unknown_voice(wanted, (*kokoro, *catalogue.piper_voices(offered)))
    size = f", {bytes_to_text(voice.size)}" if voice.size else ", about 93 MB"
    print_stderr(f"{voice.name}  {voice.about} ({voice.language}){size}, licence {catalogue.licence_of(voice)}")
    with TerminalReporter(quiet=False) as listener:
        path = catalogue.get_voice(voice, user_folders().voices[0], listener)
    print_stderr(f"{path}\n  hear it   {program_name()} voices try {path.stem}\n  use it    --voice {path.stem}")


def voices_remove(voice: VoiceArgument) -> None:
    """Remove a voice that `get` got, with its files."""
    path = user_folders().voices[0] / f"{voice}.yaml"
    if not catalogue.is_got(path):
        own = f"{path} is a voice of your own: delete it yourself" if path.is_file() else None
        raise usage_error(f"{voice} was not got by `{program_name()} voices get`", own)
    for removed in catalogue.remove_voice(path):
        print_stderr(f"removed {removed}")


def _preferred(language: str) -> Sequence[str]:
    """The voices that a routine in the language takes, the best one first; none if it is not a language."""
    try:
        return find_profile(default_voice(language), user_library()).choices
    except ProfileError:
        return ()


def _piper_or_none(offered: Mapping[str, Any]) -> Sequence[OfferedVoice]:
    try:
        return catalogue.piper_voices(offered)
    except SetupError as fault:
        print_stderr(f"cuecast: Piper's voices can't be listed: {fault}")
        return ()


def _list(kokoro: Sequence[OfferedVoice], piper: Sequence[OfferedVoice]) -> None:
    """One line for each voice, by language."""
    voices = sorted((*kokoro, *piper), key=lambda voice: voice.language)
    folder = user_folders().voices[0]
    for number, (_, spoken) in enumerate(groupby(voices, key=lambda voice: voice.language[:2])):
        lines = [
            f"{voice.name:<20}  {voice.language:<5}  {voice.about}"
            + (f", {bytes_to_text(voice.size)}" if voice.size else "")
            + (" (here)" if catalogue.is_got(folder / f"{voice.name}.yaml") else "")
            for voice in spoken
        ]
        write_stdout(("\n" if number else "") + "\n".join(lines) + "\n")
