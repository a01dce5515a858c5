"""Voices as data: a profile is a YAML file in the user's folder `voices/` or the packaged one. Never code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from cuecast.diagnostics import did_you_mean
from cuecast.ports import Profile

LARGEST = 64 * 1024
"""Bytes of a profile's file at most."""

PLATFORMS = ("linux", "darwin", "win32")
"""What `names` can hold a voice for: Linux, macOS, Windows."""


class ProfileError(Exception):
    """A profile that is not there or can't be used. The message says where and what to do."""


def find_profile(name: str, folders: Sequence[Path]) -> Profile:
    """The voice `name`: the file `name`.yaml in the first of `folders` that has it.

    Raises ProfileError where none has, or where the file is faulty.
    """
    if not _is_name(name):
        raise ProfileError(f"{name!r} is no name of a voice: letters, digits, - and _ only")
    for folder in folders:
        path = folder / f"{name}.yaml"
        if path.is_file():
            return read_profile(path)
    raise ProfileError(f"there is no voice called {name}")


def list_profiles(folders: Sequence[Path]) -> tuple[Profile, ...]:
    """All voices, by name; of two with one name the first folder's.

    Faulty files are left out: `faulty_profiles` tells of them.
    """
    return tuple(profile for _, profile in _read_all(folders) if isinstance(profile, Profile))


def faulty_profiles(folders: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    """The names of the files that `list_profiles` leaves out, each with what is wrong with it, and where."""
    return tuple((name, str(fault)) for name, fault in _read_all(folders) if isinstance(fault, ProfileError))


def _read_all(folders: Sequence[Path]) -> Iterator[tuple[str, Profile | ProfileError]]:
    paths: dict[str, Path] = {}
    for folder in folders:
        if folder.is_dir():
            for path in sorted(folder.glob("*.yaml")):
                paths.setdefault(path.stem, path)
    for name, path in sorted(paths.items()):
        try:
            yield name, read_profile(path)
        except ProfileError as fault:
            yield name, fault


def read_profile(path: Path) -> Profile:
    """Read the profile in the file `path`.

    Raises ProfileError, with file and line, where it is faulty.
    """
    if not _is_name(path.stem):
        raise ProfileError(f"{path}: a voice is called as its file: letters, digits, - and _ only")
    reader = _Reader(path)
    entries = reader.entries(reader.compose(), KEYS, "a voice's key")
    values = {key: KEYS[key](reader, node) for key, node in entries.items()}
    for key in ("engine", "language"):
        if key not in values:
            raise ProfileError(f"{path}: `{key}` is missing")
    return Profile(name=path.stem, **values)


class _Reader:
    """Nodes of one file to values. Nodes, because plain values have lost their lines and their duplicate keys."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def compose(self) -> yaml.Node:
        try:
            with self._path.open("rb") as file:
                content = file.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise ProfileError(f"{self._path}: larger than {LARGEST // 1024} KB, which no voice needs")
            node = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
        except OSError as fault:
            raise ProfileError(f"{self._path}: {fault.strerror}") from fault
        except UnicodeDecodeError as fault:
            raise ProfileError(f"{self._path}: not text in UTF-8; save it as that") from fault
        except yaml.MarkedYAMLError as fault:
            mark = fault.problem_mark
            place = f"{self._path}:{mark.line + 1}:{mark.column + 1}" if mark else f"{self._path}"
            raise ProfileError(f"{place}: not YAML: {fault.problem}") from fault
        except yaml.YAMLError as fault:
            raise ProfileError(f"{self._path}: not YAML: {fault}") from fault
        except RecursionError as fault:
            raise ProfileError(f"{self._path}: nested too deeply") from fault
        if node is None:
            raise ProfileError(f"{self._path}: empty; a voice needs at least `engine` and `language`")
        return node

    def entries(self, node: yaml.Node, known: Iterable[str], what: str) -> dict[str, yaml.Node]:
        """A mapping's entries, each key known and there once."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(node, "lines of the form `key: value` belong here")
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            if key not in known:
                hint = did_you_mean(key, known) or f"there are: {', '.join(known)}"
                raise self.fault(key_node, f"`{key}` is not {what}; {hint}")
            if key in found:
                raise self.fault(key_node, f"`{key}` is there twice; remove one")
            found[key] = value
        return found

    def text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.fault(node, "text belongs here")
        return str(node.value).strip()

    def language(self, node: yaml.Node) -> str:
        text = self.text(node)
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
            raise self.fault(node, f"{text!r} is no language tag; write it like `en`, `en-GB` or `de`")
        return text

    def number(self, node: yaml.Node, low: float, high: float, unit: str) -> float:
        text = self.text(node).removesuffix(unit).strip()
        if not re.fullmatch(r"[+-]?\d{1,6}(\.\d{1,6})?", text) or not low <= float(text) <= high:
            raise self.fault(node, f"a number from {low:g} to {high:g} belongs here")
        return float(text)

    def names(self, node: yaml.Node) -> Mapping[str, tuple[str, ...]]:
        return {key: (self.text(value),) for key, value in self.entries(node, PLATFORMS, "a platform").items()}

    def fault(self, node: yaml.Node, message: str) -> ProfileError:
        mark = node.start_mark
        return ProfileError(f"{self._path}:{mark.line + 1}:{mark.column + 1}: {message}")


KEYS: dict[str, Callable[[_Reader, yaml.Node], Any]] = {
    "engine": _Reader.text,
    "language": _Reader.language,
    "description": _Reader.text,
    "rate": lambda reader, node: int(reader.number(node, 80, 400, "wpm")),
    "pitch": lambda reader, node: int(reader.number(node, 0, 99, "")),
    "gain": lambda reader, node: reader.number(node, -20, 6, "dB"),
    "names": _Reader.names,
}
"""The keys of a profile, and what reads each: rate in words a minute, pitch from 0 to 99, gain in dB."""


def _is_name(name: str) -> bool:
    return re.fullmatch(r"[\w-]{1,64}", name) is not None
