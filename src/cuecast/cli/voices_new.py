"""`cuecast voices new`: a voice of one's own, as a file with comments that say what can be changed."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from msgspec import Struct

from cuecast.cli.console import print_stderr, program_name, usage_error
from cuecast.cli.environment import user_folders, user_library
from cuecast.cli.voice_status import look_at
from cuecast.cli.voices_try import voice_called
from cuecast.files import atomic_write
from cuecast.library import Folders, Library
from cuecast.library.routines import read_bytes
from cuecast.model.limits import MAX_BYTES
from cuecast.phrases import languages
from cuecast.read.profiles import NAME_RULE, ProfileError, find_profile, is_name, list_profiles, normalise_name
from cuecast.read.voice_selection import default_voice

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MARK = "# A voice for cuecast."

_PIPER = """\
engine: piper
language: {language}
description: {description}
# The model's file, with {config} beside it.
model: {model}
{speaker}# How fast, in words a minute; how much softer than other voices, which are all equally loud.
# rate: 165
# gain: -2dB
"""

_SPEAKERS = """\
# Which of the model's {number} speakers: from 0 to {last}.
speaker: 0
"""

_RECORDED = """\
engine: recorded
language: {language}
description: {description}
# A sound file for each phrase: `cuecast voices script ROUTINE` lists them, `cuecast voices check {name}` looks at them.
takes: {takes}
# The voice that says what has no take.
otherwise: {otherwise}
"""


class Wanted(Struct, frozen=True):
    """What the voice is to be made of, as it was typed: at most one of the first three."""

    like: str | None = None
    model: str | None = None
    takes: str | None = None
    otherwise: str | None = None
    language: str | None = None


def new(name: str, wanted: Wanted, force: bool) -> None:
    """Write NAME.yaml to the user's folder of voices, once it is known to be a voice."""
    name = name.removesuffix(".yaml")
    _refuse_nonsense(name, wanted)
    target = user_folders().voices[0] / f"{name}.yaml"
    if target.exists() and not force:
        raise usage_error(f"{target} is there already", "choose another name, or add --force to overwrite it")
    text = _head(name) + _body(name, wanted)
    _refuse_faulty(name, text)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise usage_error(f"can't make the folder {target.parent}: {fault.strerror}") from None
    with atomic_write(target) as file:
        file.write(text)
    print_stderr(f"{target}")
    (look,) = look_at([voice_called(name)])
    if look.why is not None:
        print_stderr(f"  it can't speak here yet: {look.why}" + (f"\n  {look.hint}" if look.hint else ""))
    print_stderr(f"  change it    open it in any editor\n  hear it      {program_name()} voices try {name}")
    print_stderr(f"  use it       `--voice {name}`, or in a routine `voice: {name}`")
    if _is_packaged(name):
        print_stderr(f"cuecast: {name} now means this one, for you: it replaces the one that comes with cuecast")
        print_stderr(f"  to have that back, remove {target}")


def _refuse_nonsense(name: str, wanted: Wanted) -> None:
    if not is_name(name):
        meant = normalise_name(name)
        hint = f"did you mean `{meant}`? " if meant else "for example anna: "
        raise usage_error(f"{name!r} is no name for a voice", f"{hint}{NAME_RULE}")
    told = [f"--{each}" for each in ("like", "model", "takes") if getattr(wanted, each) is not None]
    if len(told) > 1:
        raise usage_error(f"{' and '.join(told)} do not go together", "a voice has one engine: say one of them")
    if wanted.otherwise is not None and wanted.takes is None:
        raise usage_error("--otherwise goes with --takes: it says what has not been recorded")
    if wanted.like is not None and wanted.language is not None:
        raise usage_error("--like copies the language too", f"leave out --language {wanted.language}")
    if wanted.language is not None and not _LANGUAGE.fullmatch(wanted.language):
        raise usage_error(f"--language {wanted.language}: this is no language code", "for example en, de or pt-BR")


_LIKE = """\
# All that is not said here is as in the voice of this name that comes with cuecast.
like: {name}
"""

_KEYS = b"""\
# rate: words a minute, from 80 to 400. pitch: from 0 to 99. gain: how much louder than other voices, such as -2dB.
# names: the engine's voices to take on linux, darwin (macOS) and win32, the best one first.
"""


def _body(name: str, wanted: Wanted) -> bytes:
    if wanted.model is not None:
        return _piper(name, wanted.model, wanted.language).encode()
    if wanted.takes is not None:
        return _recorded(name, wanted.takes, wanted.otherwise, wanted.language or "en").encode()
    if wanted.like is None and wanted.language is None and _is_packaged(name):
        return _LIKE.format(name=name).encode() + _KEYS
    return _copy(wanted.like or _default(wanted.language or "en"))


def _is_packaged(name: str) -> bool:
    return (user_folders().voices[-1] / f"{name}.yaml").is_file()


def _head(name: str) -> bytes:
    return f"{_MARK} Hear it:  cuecast voices try {name}\n".encode()


def _default(language: str) -> str:
    """The voice that routines in the language have, where they name none."""
    short = language.partition("-")[0]
    if short not in languages():
        raise usage_error(
            f"no voice for {language} comes with cuecast", "say --model FILE.onnx, or --like VOICE and change it"
        )
    return default_voice(short)


def _copy(name: str) -> bytes:
    """Another voice's file, with its comments but for the line that says which it is."""
    voice_called(name)
    path = next(path for folder in user_folders().voices if (path := folder / f"{name}.yaml").is_file())
    lines = read_bytes(path, MAX_BYTES).removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    copied = b"".join(line for line in lines if not line.startswith(_MARK.encode()))
    return copied if b"#" in copied else _KEYS + copied


def _piper(name: str, told: str, language: str | None) -> str:
    model = Path(told).expanduser()
    config = model.with_name(f"{model.name}.json")
    if model.suffix != ".onnx":
        raise usage_error(f"{told} is no voice for Piper", "its file ends in .onnx, such as en_GB-alba-medium.onnx")
    for path in (model, config):
        if not path.is_file():
            raise usage_error(
                f"there is no file {path}", "a voice for Piper is two files: VOICE.onnx and VOICE.onnx.json"
            )
    try:
        said = json.loads(read_bytes(config, 10_000_000))
        own = str(said["language"]["code"]).replace("_", "-")
        speakers = int(said.get("num_speakers") or 1)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise usage_error(
            f"{config} does not say what a voice for Piper says", "get it again, from where its .onnx came"
        ) from None
    if language is None:
        language = own if _LANGUAGE.fullmatch(own) else "en"
    elif language.partition("-")[0] != own.partition("-")[0]:
        raise usage_error(f"{model.name} speaks {own}, not {language}", "leave out --language, or take another model")
    choice = _SPEAKERS.format(number=speakers, last=speakers - 1) if speakers > 1 else ""
    return _PIPER.format(
        language=language.partition("-")[0],
        description=_quoted(f"The neural voice {model.stem}"),
        model=_quoted(str(model.resolve())),
        config=config.name,
        speaker=choice,
    )


def _recorded(name: str, told: str, otherwise: str | None, language: str) -> str:
    takes = Path(told).expanduser()
    if not takes.is_dir():
        raise usage_error(
            f"there is no folder {told}",
            f"`{program_name()} voices script ROUTINE -o {told}` makes it and says what to record",
        )
    other = otherwise or _default(language)
    if other == name:
        raise usage_error("a voice can't stand in for itself", "--otherwise takes another one")
    voice = voice_called(other)
    if voice.language.partition("-")[0] != language.partition("-")[0]:
        raise usage_error(f"--otherwise {other} speaks {voice.language}, not {language}", _speaking(language))
    return _RECORDED.format(
        language=language,
        description=_quoted(f"Recorded by {name}"),
        takes=_quoted(str(takes.resolve())),
        otherwise=other,
        name=name,
    )


def _speaking(language: str) -> str | None:
    short = language.partition("-")[0]
    known = [p.name for p in list_profiles(user_library()) if p.language.partition("-")[0] == short]
    return f"these do: {', '.join(known)}" if known else None


def _quoted(text: str) -> str:
    """As YAML takes it, whatever is in it: every JSON text is one."""
    return json.dumps(text, ensure_ascii=False)


def _refuse_faulty(name: str, text: bytes) -> None:
    """Have it read where it does no harm."""
    with tempfile.TemporaryDirectory(prefix="cuecast-") as folder:
        (Path(folder) / f"{name}.yaml").write_bytes(text)
        try:
            find_profile(name, Library(None, Folders(voices=(Path(folder), *user_folders().voices))))
        except ProfileError as fault:
            said = str(fault).removeprefix(f"{Path(folder) / name}.yaml:")
            raise usage_error(f"this would be no voice: {said}") from None
