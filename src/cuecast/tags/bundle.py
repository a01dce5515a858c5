"""The routine that a track carries, with all that its sound depends on, so that a friend can change it.

Texts are included as they are, short sounds in base64. Music is not included, because it is large and often somebody
else's: only its path and SHA-256 are. All paths are relative to the routine's folder, or to one
above it if it needs files from there. Files from the user's own folders
or the package's lie below `home/`, so that `--home` finds them. When it is read, it is a stranger's data: every name
and value is checked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from cuecast.model.limits import SOUND_SUFFIXES

DESCRIPTION = "cuecast routine"
ATTACHMENT = ("application/json", "routine.json", DESCRIPTION)
"""MIME type, file name and description of the attached file."""

SCHEMA = "cuecast/bundle@1"

HOME = "home"
KINDS = {"voices": (".yaml",), "exercises": (".yaml",), "tones": SOUND_SUFFIXES}
"""The folders in `home/`, and the suffixes of their files."""

MUSIC = "music"

OWN_COVER = "own"
"""The option `cover` if the track has the user's picture."""

ROUTINES, SOUNDS = (".yaml", ".yml"), SOUND_SUFFIXES

MAX_SOUND_BYTES = 600_000
"""A larger tone is only named, with its SHA-256. Half a minute as MP3 at 160 kbit/s is as large."""

MAX_BYTES = 8 << 20
"""Of a bundle, and of the files in it."""

MAX_FILES, MAX_DEPTH, MAX_NAME_BYTES = 2_000, 8, 120
_MAX_OPTION = 300
_RESERVED = frozenset({"con", "prn", "aux", "nul"} | {f"{name}{n}" for name in ("com", "lpt") for n in range(10)})
_FORBIDDEN = re.compile(
    r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]'
)

Option = str | int | list[str]


class Bundle(Struct, frozen=True):
    """A routine to take away. `routine` is the path of its own file among `files`.

    `options` are those given to `cuecast render`, by name. `elsewhere` has the SHA-256 of files that are not included,
    by the path where they belong. `cuecast` is the version that made it.
    """

    cuecast: str
    routine: str
    options: Mapping[str, Option] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)


class NotABundle(ValueError):
    """Data that is not a bundle, or could do harm; the message says why, for people."""


_OptionText = Annotated[str, Meta(min_length=1, max_length=_MAX_OPTION)]
_OptionTexts = Annotated[list[_OptionText], Meta(max_length=10)]


class _Options(Struct, forbid_unknown_fields=True):
    """The options that a bundle can have."""

    voice: _OptionTexts | UnsetType = UNSET
    level: _OptionText | UnsetType = UNSET
    fit: _OptionText | UnsetType = UNSET
    seed: Annotated[int, Meta(gt=0, le=(1 << 63) - 1)] | UnsetType = UNSET
    volume: _OptionTexts | UnsetType = UNSET
    wake: Literal["off"] | UnsetType = UNSET
    music: _OptionText | UnsetType = UNSET
    cover: Literal["off", "own"] | UnsetType = UNSET
    id3: Literal["2.3"] | UnsetType = UNSET


class _Base64(Struct):
    base64: bytes


class _Schema(Struct):
    schema: str = ""


class _Plain(Struct):
    """A bundle as JSON."""

    schema: str
    cuecast: str | None
    routine: str
    options: _Options
    files: dict[str, str | _Base64]
    elsewhere: dict[str, Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]]


def encode_bundle(bundle: Bundle) -> bytes:
    """The bundle as the tag holds it. Equal bundles give equal bytes."""
    return msgspec.json.encode(
        {
            "schema": SCHEMA,
            "cuecast": bundle.cuecast,
            "routine": bundle.routine,
            "options": dict(sorted(bundle.options.items())),
            "files": {path: _text_or_base64(bundle.files[path]) for path in sorted(bundle.files)},
            "elsewhere": dict(sorted(bundle.elsewhere.items())),
        }
    )


def read_bundle(data: bytes) -> Bundle:
    """The bundle in such JSON, whoever wrote it. Raises NotABundle."""
    if len(data) > MAX_BYTES:
        raise NotABundle(f"its routine has {len(data):,} bytes, more than any routine needs")
    try:
        is_known = msgspec.json.decode(data, type=_Schema).schema == SCHEMA
        plain = msgspec.json.decode(data, type=_Plain) if is_known else None
    except msgspec.ValidationError as fault:
        raise NotABundle(f"its routine is of another form: {fault}") from None
    except (ValueError, RecursionError):
        raise NotABundle("its routine is not JSON") from None
    if plain is None:
        raise NotABundle(f"its routine is not of the form {SCHEMA}: a newer cuecast may know it")
    files = {path: each.encode() if isinstance(each, str) else each.base64 for path, each in plain.files.items()}
    if plain.routine not in files or plain.routine.startswith(f"{HOME}/"):
        raise NotABundle("it does not say which of its files is the routine")
    if sum(map(len, files.values())) > MAX_BYTES:
        raise NotABundle("its files come to more than any routine needs")
    _check_paths([*files, *plain.elsewhere])
    for path in files:
        _check_kind(path)
    version = plain.cuecast or ""
    version = " ".join(version.split())[:_MAX_OPTION] if version.isprintable() else ""
    return Bundle(version, plain.routine, dict(_checked_options(plain.options)), files, plain.elsewhere)


def is_portable_path(path: str) -> bool:
    """Whether every system accepts this relative path, and it stays inside its folder."""
    parts = path.split("/")
    return len(path) <= MAX_NAME_BYTES * 2 and len(parts) <= MAX_DEPTH and all(map(_is_portable_name, parts))


def _is_portable_name(part: str) -> bool:
    return (
        0 < len(part.encode("utf-8", "replace")) <= MAX_NAME_BYTES
        and not _FORBIDDEN.search(part)
        and not part.startswith((".", "~", "-", " "))
        and not part.endswith((".", " "))
        and part.partition(".")[0].strip().casefold() not in _RESERVED
    )


def _check_paths(paths: list[str]) -> None:
    """Check that no two are the same file on a system that ignores case, and that none is both a file and a folder."""
    if len(paths) > MAX_FILES:
        raise NotABundle(f"it has {len(paths):,} files, more than any routine needs")
    for path in paths:
        if not is_portable_path(path):
            raise NotABundle(f"it has a file whose name leads elsewhere, or is not possible everywhere: {path!a:.80}")
    folded = {unicodedata.normalize("NFC", path).casefold() for path in paths}
    folders = {path.rpartition("/")[0] for path in folded}
    if len(folded) < len(paths) or folded & {*folders, *(f.rpartition("/")[0] for f in folders), HOME}:
        raise NotABundle("it has two files of one name")


def _check_kind(path: str) -> None:
    folder, *rest = path.split("/")
    suffixes: tuple[str, ...] = (*ROUTINES, *SOUNDS)
    if folder == HOME:
        suffixes = KINDS.get(rest[0], ()) if len(rest) == 2 else ()
    if not suffixes or not path.lower().endswith(suffixes):
        raise NotABundle(f"it has a file that belongs to no routine: {path}")


def _checked_options(options: _Options) -> Iterator[tuple[str, Option]]:
    for name, value in msgspec.structs.asdict(options).items():
        if value is UNSET:
            continue
        texts = value if isinstance(value, list) else [str(value)]
        if any(text.startswith("-") or not text.isprintable() for text in texts):
            raise NotABundle(f"its option {name} is not possible")
        if name == MUSIC and not is_portable_path(value):
            raise NotABundle(f"its option {name} is not possible")
        yield name, value


def _text_or_base64(content: bytes) -> str | _Base64:
    try:
        return content.decode("utf-8")
    except ValueError:
        return _Base64(content)
