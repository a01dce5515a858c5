"""The routine that a track carries within itself, with all that its sound depends on, so that a friend can change it.

Text goes along as it is, sounds of one's own in base64, music never: only what it is called and its SHA-256, for it is
large and often somebody's. All paths are relative to a folder in which the routine lies; what came from the user's own
folders, or the package's, lies in `home/` there, so that `--home` finds it. It is data from a stranger when it is read:
every name and value is looked at.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field

MIME = "application/json"
FILENAME = "routine.json"
DESCRIPTION = "cuecast routine"
"""By these three, the frame of the tag that holds it is known."""

SCHEMA = "cuecast/bundle@1"

HOME = "home"
KINDS = {"voices": (".yaml",), "exercises": (".yaml",), "tones": (".wav",)}
"""The folders in `home/`, and how the names of files in them end."""

MUSIC = "music"

OWN_COVER = "own"
"""The option `cover` where the track has the user's picture."""

ROUTINES, SOUNDS = (".yaml", ".yml"), (".wav",)

MOST_SOUND = 200_000
"""Bytes of a tone of one's own that goes along; of a larger one only its name and sum do."""

MOST_BYTES = 8 << 20
"""Bytes that are looked at, and that the files in it may come to."""

MOST_FILES, MOST_DEPTH, MOST_NAME = 2_000, 8, 120
_MOST_OPTION = 300
_RESERVED = frozenset({"con", "prn", "aux", "nul"} | {f"{name}{n}" for name in ("com", "lpt") for n in range(10)})
_FORBIDDEN = re.compile(
    r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]'
)
_SUM = re.compile(r"[0-9a-f]{64}")

Option = str | int | list[str]


class Bundle(Struct, frozen=True):
    """A routine to take away. `routine` is the path of its own file among `files`.

    `options` are those of `cuecast render` that were told, by their names. `elsewhere` has the SHA-256 of what does not
    go along: music and large sounds, by the path at which they would lie. `cuecast` is the version that made it.
    """

    cuecast: str
    routine: str
    options: Mapping[str, Option] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)


class NotABundle(ValueError):
    """Data that is none, or that would do harm; the message says why, for people."""


def bundle_json(bundle: Bundle) -> bytes:
    """The bundle as the tag holds it. Equal ones give equal bytes."""
    plain = {
        "schema": SCHEMA,
        "cuecast": bundle.cuecast,
        "routine": bundle.routine,
        "options": dict(sorted(bundle.options.items())),
        "files": {path: _packed(bundle.files[path]) for path in sorted(bundle.files)},
        "elsewhere": dict(sorted(bundle.elsewhere.items())),
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def read_bundle(data: bytes) -> Bundle:
    """The bundle in such JSON, whoever wrote it. Raises NotABundle."""
    if len(data) > MOST_BYTES:
        raise NotABundle(f"its routine has {len(data):,} bytes, more than any routine needs")
    try:
        plain = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotABundle("its routine is no JSON") from None
    if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
        raise NotABundle(f"its routine is not of the form {SCHEMA}: a newer cuecast may know it")
    files = {path: _unpacked(path, told) for path, told in _table(plain, "files").items()}
    elsewhere = {path: _sum(told) for path, told in _table(plain, "elsewhere").items()}
    routine, version = plain.get("routine"), plain.get("cuecast")
    if not isinstance(routine, str) or routine not in files or "/" in routine:
        raise NotABundle("it does not say which of its files is the routine")
    if sum(map(len, files.values())) > MOST_BYTES:
        raise NotABundle("its files come to more than any routine needs")
    _distinct([*files, *elsewhere])
    for path in files:
        _must_be_known(path)
    return Bundle(_line(version), routine, dict(_options(plain)), files, elsewhere)


def fits(path: str) -> bool:
    """Whether a path of ours can be a file's in any folder of any system, and in no other folder."""
    parts = path.split("/")
    return len(path) <= MOST_NAME * 2 and len(parts) <= MOST_DEPTH and all(map(_is_name, parts))


def _is_name(part: str) -> bool:
    return (
        0 < len(part.encode("utf-8", "replace")) <= MOST_NAME
        and not _FORBIDDEN.search(part)
        and not part.startswith((".", "~", "-", " "))
        and not part.endswith((".", " "))
        and part.partition(".")[0].strip().casefold() not in _RESERVED
    )


def _distinct(paths: list[str]) -> None:
    """No two are the same file where letters' cases count for nothing, none is both a file and a folder."""
    if len(paths) > MOST_FILES:
        raise NotABundle(f"it has {len(paths):,} files, more than any routine needs")
    for path in paths:
        if not fits(path):
            raise NotABundle(f"it has a file with a name that leads elsewhere, or not every system has: {path!a:.80}")
    seen = {unicodedata.normalize("NFC", path).casefold() for path in paths}
    folders = {path.rpartition("/")[0] for path in seen}
    if len(seen) < len(paths) or seen & {*folders, *(f.rpartition("/")[0] for f in folders), HOME}:
        raise NotABundle("it has two files of one name")


def _must_be_known(path: str) -> None:
    folder, *rest = path.split("/")
    endings: tuple[str, ...] = (*ROUTINES, *SOUNDS)
    if folder == HOME:
        endings = KINDS.get(rest[0], ()) if len(rest) == 2 else ()
    if not path.lower().endswith(endings) or not endings:
        raise NotABundle(f"it has a file that belongs to no routine: {path}")


def _packed(content: bytes) -> object:
    try:
        return content.decode("utf-8")
    except ValueError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def _unpacked(path: str, told: object) -> bytes:
    if isinstance(told, str):
        return told.encode("utf-8", "replace")
    try:
        if isinstance(told, dict) and isinstance(told.get("base64"), str):
            return base64.b64decode(told["base64"], validate=True)
    except (binascii.Error, ValueError):
        pass
    raise NotABundle(f"its file {path!a:.80} can't be read")


def _table(plain: Mapping[str, object], key: str) -> dict[str, object]:
    found = plain.get(key, {})
    if not isinstance(found, dict):
        raise NotABundle(f"its routine has `{key}` of another form")
    return found


def _sum(told: object) -> str:
    if not isinstance(told, str) or not _SUM.fullmatch(told):
        raise NotABundle("it names music without its SHA-256")
    return told


def _line(told: object) -> str:
    return " ".join(told.split())[:_MOST_OPTION] if isinstance(told, str) and told.isprintable() else ""


def _text(told: object) -> bool:
    return isinstance(told, str) and 0 < len(told) <= _MOST_OPTION and told.isprintable() and not told.startswith("-")


_OPTIONS: Mapping[str, Callable[[object], bool]] = {
    "voice": lambda told: isinstance(told, list) and len(told) <= 10 and all(map(_text, told)),
    "level": _text,
    "fit": _text,
    "seed": lambda told: isinstance(told, int) and not isinstance(told, bool) and 0 < told < 1 << 63,
    "volume": lambda told: isinstance(told, list) and len(told) <= 10 and all(map(_text, told)),
    "wake": lambda told: told == "off",
    "music": lambda told: _text(told) and fits(str(told)),
    "cover": lambda told: told in ("off", OWN_COVER),
}
"""The options that a bundle can tell, and whether a value is one of theirs."""


def _options(plain: Mapping[str, object]) -> Iterator[tuple[str, Option]]:
    for name, told in _table(plain, "options").items():
        is_right = _OPTIONS.get(name)
        if is_right is None or not is_right(told):
            raise NotABundle(f"it tells an option that there is not: {name!a:.40}")
        assert isinstance(told, str | int | list)
        yield name, told
