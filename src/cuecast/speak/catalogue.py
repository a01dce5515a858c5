"""The voices that publishers offer: Kokoro's from `voices/catalogue.json`, Piper's from the publisher's `voices.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from cuecast.errors import SetupError
from cuecast.files import atomic_write, data_dir
from cuecast.model.diagnostics import did_you_mean
from cuecast.model.progress import ProgressListener
from cuecast.speak.download import RemoteFile, fetch, read_text

GOT = "# Got by `cuecast voices get`; `cuecast voices remove` removes it with its files.\n"
"""The first line of a profile that `get_voice` writes."""

_FILE = re.compile(r"[A-Za-z0-9][\w.+-]{0,120}", re.ASCII)
_KOKORO_MODEL = "kokoro/model_quantized.onnx"
_QUALITIES = ("medium", "high", "low", "x_low")
"""Of Piper's models. `high` is a little better than `medium`, and takes four times as long to speak."""


class OfferedVoice(Struct, frozen=True):
    """A voice that can be got: the files, and the profile that speaks with them."""

    name: str
    language: str
    about: str
    files: tuple[RemoteFile, ...]
    profile: str
    licence: str = ""
    card: str = ""
    """The address of a text that names the licence."""

    @property
    def size(self) -> int | None:
        """Bytes of all files; None if unknown."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size or 0 for size in sizes)


def read_catalogue(path: Path | None = None) -> Mapping[str, Any]:
    """The addresses and digests, from the packaged catalogue or another one of its form. Raises SetupError."""
    path = path or data_dir("voices") / "catalogue.json"
    try:
        catalogue: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if catalogue["kokoro"]["voices"] is not None and catalogue["piper"]["address"]:
            return catalogue
    except OSError as fault:
        raise SetupError(f"can't read {path}: {fault.strerror}") from fault
    except (ValueError, LookupError, TypeError):
        pass
    raise SetupError(f"{path} is not a catalogue of voices", f"it has the form of {data_dir('voices')}/catalogue.json")


def kokoro_voices(catalogue: Mapping[str, Any]) -> tuple[OfferedVoice, ...]:
    """Kokoro's voices. Nothing is fetched."""
    kokoro = catalogue["kokoro"]
    address, model = kokoro["address"], kokoro["model"]
    file = RemoteFile(address + model["path"], _KOKORO_MODEL, f"sha256:{model['sha256']}", model.get("size"))
    voices = []
    for name, voice in kokoro["voices"].items():
        style = voice["style"]
        vector = RemoteFile(f"{address}voices/{style}.bin", f"kokoro/{style}.bin", f"sha256:{voice['sha256']}", 522_240)
        keys = f"engine: kokoro\nlanguage: {voice['language']}\nmodel: {_KOKORO_MODEL}\nstyle: {style}\n"
        voices.append(OfferedVoice(name, voice["language"], "Kokoro", (file, vector), keys, kokoro["licence"]))
    return tuple(voices)


def piper_voices(catalogue: Mapping[str, Any]) -> tuple[OfferedVoice, ...]:
    """Piper's voices, read from the publisher. Raises SetupError."""
    address, names = catalogue["piper"]["address"], catalogue["piper"]["names"]
    short = {key: name for name, key in names.items()}
    try:
        entries = json.loads(read_text(f"{address}voices.json"))
        found = [_piper_voice(address, short.get(key), entry) for key, entry in entries.items() if _FILE.fullmatch(key)]
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        raise SetupError(
            f"{address}voices.json is not a list of Piper's voices", "a newer cuecast may know it"
        ) from fault
    return tuple(
        sorted(found, key=lambda voice: (voice.language, voice.name, _QUALITIES.index(voice.about.split()[-1])))
    )


def _piper_voice(address: str, short: str | None, entry: Mapping[str, Any]) -> OfferedVoice:
    code, quality = entry["language"]["code"].replace("_", "-"), entry["quality"]
    paths = {path.rpartition("/")[2]: path for path in entry["files"] if path.endswith((".onnx", ".onnx.json"))}
    if len(paths) != 2 or quality not in _QUALITIES or not all(map(_FILE.fullmatch, paths)):
        raise ValueError(entry["key"])
    about_file = entry["files"]
    files = tuple(
        RemoteFile(
            address + path,
            f"piper/{name}",
            f"md5:{about_file[path]['md5_digest']}",
            about_file[path]["size_bytes"],
        )
        for name, path in paths.items()
    )
    model = next(name for name in paths if name.endswith(".onnx"))
    name = short or re.sub(r"[^a-z0-9_-]+", "-", str(entry["name"]).casefold())
    keys = f"engine: piper\nlanguage: {code}\nmodel: piper/{model}\n"
    card = address + next((path for path in entry["files"] if path.endswith("MODEL_CARD")), "")
    about = f"{entry['language']['name_english']}, {model.removesuffix('.onnx')}, Piper {quality}"
    return OfferedVoice(name, code, about, files, keys, card=card)


def find_voice(wanted: str, voices: Iterable[OfferedVoice], preferred: Iterable[str] = ()) -> OfferedVoice | None:
    """The voice with a name, of a model (`en_GB-alba-medium`), or the best one of a language (`de`).

    Of a language, the first of the `preferred` names wins.
    """
    voices = tuple(voices)
    for voice in voices:
        if wanted == voice.name or any(wanted == Path(file.path).stem for file in voice.files):
            return voice
    spoken = [voice for voice in voices if wanted.casefold() in (voice.language.casefold(), voice.language[:2])]
    by_name = {voice.name: voice for voice in reversed(spoken)}
    return next((by_name[name] for name in preferred if name in by_name), spoken[0] if spoken else None)


def unknown_voice(wanted: str, voices: Iterable[OfferedVoice]) -> SetupError:
    """The error for a name that no voice has."""
    hint = did_you_mean(wanted, sorted({voice.name for voice in voices}))
    return SetupError(f"there is no voice `{wanted}` to get", hint or "`cuecast voices get` lists those that there are")


def licence_of(voice: OfferedVoice) -> str:
    """The licence, if need be from the publisher's text about the voice."""
    if voice.licence or not voice.card:
        return voice.licence
    match = re.search(r"licen[cs]e[:*\s]+([^\n]+)", read_text(voice.card), re.IGNORECASE)
    return match[1].strip() if match else f"see {voice.card}"


def get_voice(voice: OfferedVoice, folder: Path, listener: ProgressListener) -> Path:
    """Fetch the files of a voice into the user's `folder` of voices, and write its profile there.

    If a packaged profile has its name, the new one is built on it. Raises SetupError.
    """
    for file in voice.files:
        if not (folder / file.path).is_file():
            fetch(file, folder / file.path, listener.stage("getting"))
    keys, name = voice.profile, voice.name
    packaged = data_dir("voices") / f"{name}.yaml"
    if packaged.is_file():
        if keys.splitlines()[0] in packaged.read_text("utf-8"):
            keys = f"like: {name}\n" + "".join(re.findall(r"^(?:model|style): .*\n", keys, re.MULTILINE))
        else:  # another voice has that name
            name = Path(voice.files[0].path).name.partition(".")[0].casefold()
    path = folder / f"{name}.yaml"
    if path.is_file() and not is_got(path):
        raise SetupError(f"you have a voice {name} of your own, {path}", "rename it, and run this again")
    with atomic_write(path) as output:
        output.write((GOT + keys).encode())
    return path


def is_got(path: Path) -> bool:
    """Whether the profile at `path` was written by `get_voice`."""
    return path.is_file() and path.read_bytes().startswith(GOT.encode())


def remove_voice(profile: Path) -> list[Path]:
    """Remove a voice that was got, with those of its files that no other voice of the folder names; all are returned."""
    keys = dict(re.findall(r"^(model|style): (.*)$", profile.read_text("utf-8"), re.MULTILINE))
    model = profile.parent / keys["model"]
    others = "".join(path.read_text("utf-8", "replace") for path in profile.parent.glob("*.yaml") if path != profile)
    files = [profile]
    if f"model: {keys['model']}\n" not in others:
        files += [model, model.with_name(f"{model.name}.json")]
    if "style" in keys and f"style: {keys['style']}\n" not in others:
        files.append(model.with_name(f"{keys['style']}.bin"))
    removed = [path for path in files if path.is_file()]
    for path in removed:
        path.unlink()
    return removed
