"""`cuecast voices samples`: a page to compare the voices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cuecast import api
from cuecast.cli.console import FAULTY, print_stderr, usage_error, write_json
from cuecast.cli.environment import build_options, user_library
from cuecast.cli.params import JsonOption, QuietOption
from cuecast.errors import SetupError
from cuecast.share import CannotShareError
from cuecast.share.voice_samples import VoiceSample, make_voice_samples


def voices_samples(
    directory: Annotated[
        str, typer.Argument(metavar="DIR", help="The folder; samples that were made there before are replaced.")
    ],
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only voices of this language: en, de, es.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files there that cuecast did not write.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make a page to compare the voices: the same three sentences by each one that can speak here."""
    folder = Path(directory)
    if not directory or (folder.exists() and not folder.is_dir()):
        raise usage_error(f"{directory or 'DIR'}: this is not a folder", "name a folder; it need not exist")

    def show(name: str, sample: VoiceSample | SetupError) -> None:
        if isinstance(sample, SetupError):
            print_stderr(f"{name}: warning: it is left out: {sample}{f'; {sample.hint}' if sample.hint else ''}")
        elif not quiet:
            print_stderr(f"{name}  {sample.spoken_by}  {sample.seconds:.1f} s")

    cache = api.open_cache(build_options())
    try:
        samples = make_voice_samples(folder, user_library(), cache, show, language, force)
    except CannotShareError as fault:
        raise usage_error(str(fault), fault.hint) from None
    cache.prune()
    if as_json:
        write_json(msgspec.to_builtins(samples))
    if not samples:
        of_language = f" of the language {language}" if language else ""
        print_stderr(f"cuecast: no voice{of_language} can speak here; `cuecast voices` says why")
        raise typer.Exit(FAULTY)
    if not quiet:
        print_stderr(f"{folder}\n  hear them   open {folder / 'index.html'} in a browser")
