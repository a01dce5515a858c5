"""The files of one routine: its own, the ones that it includes, and the exercises that it uses.

Each is opened through the opener, read once however often it is wanted, and all of them together are bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from cuecast.errors import FileRefused
from cuecast.model.custom_tone import CustomTone
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.music import Recording
from cuecast.model.routine import Rounds, Section, Step
from cuecast.model.source import Fix, Source, Span
from cuecast.protocols import FileLoader, LoadedFile
from cuecast.read.grammar import ROUTINE_FILE, Grammar
from cuecast.read.yaml.compose import compose
from cuecast.read.yaml.decode import decode
from cuecast.read.yaml.nodes import Node
from cuecast.read.yaml.patched_source import MAX_FAULTS, PatchedSource, TooManyFaults
from cuecast.read.yaml.pitfalls import shown

MAX_FILES = 200
"""Files that one routine opens at most."""

MAX_TOTAL_BYTES = 4_000_000
"""Bytes that it reads from them at most."""

MAX_STEPS = 20_000
"""Steps in all files together at most."""

MAX_NESTING = 20
"""How deep included files and `rounds` can be nested."""


_SAVE_FIRST = "save the routine to a file beside it first"

Opened = TypeVar("Opened", LoadedFile, tuple[Recording, ...])


class Files:
    """The files of a routine while it is read, with their diagnostics."""

    def __init__(self, opener: FileLoader | None, grammar: Grammar = ROUTINE_FILE) -> None:
        self.faults: list[Diagnostic] = []
        self.fixes: list[Fix] = []
        self.sources: dict[str, Source] = {}
        self.cut: set[str] = set()
        """The files with lines that can't be read."""
        self.language: str | None = None
        """The routine's language; None if it is not valid."""
        self.chain: list[str] = []
        """The files that are being read, from the routine inwards."""
        self.depth = 0
        self.steps = 0
        self.done: dict[tuple[str, str], object] = {}
        """The value of each file, by its use and name."""
        self.sounds: dict[tuple[str, str, str], CustomTone] = {}
        """The sounds, by their tone, path and the file that names them."""
        self.grammar = grammar
        self._opener = opener
        self._opened: dict[tuple[str, ...], LoadedFile | tuple[Recording, ...] | FileRefused] = {}
        self._include_depths: dict[int, int] = {}  # by id of the steps; `done` keeps them alive
        self._bytes = 0
        self.is_full = False
        """Whether a limit is reached, which is reported."""

    def tree(self, name: str, data: bytes) -> tuple[Source, Node | None]:
        """The nodes of a file; None if it has none. Its faults are reported."""
        source, is_readable, faults = decode(name, data, self.grammar)
        self.sources[name] = source
        for fault in faults:
            self.report(fault)
        if not is_readable:
            return source, None
        patched = PatchedSource(source, self.grammar)
        try:
            root = compose(patched)
        finally:
            self.faults += patched.diagnostics()
            self.fixes += patched.fixes
            self.cut |= {name} if patched.is_cut else set()
        if root is None and not faults and not patched.has_faults:
            message = "there is nothing in this file but comments"
            self.report(error("empty-file", message, Span(name, 1, 1, 1, 1), self.grammar.new))
        return source, root

    def report(self, fault: Diagnostic) -> None:
        """Add a diagnostic. Raises TooManyFaults."""
        if len(self.faults) >= MAX_FAULTS:
            raise TooManyFaults
        self.faults.append(fault)

    def stop(self) -> None:
        """Report that there are more faults than are shown."""
        del self.faults[MAX_FAULTS:]
        message = "there are more faults than these"
        last = max((fault.span for fault in self.faults if fault.span), default=None)
        self.faults.append(error("too-many-faults", message, last, "correct the ones above, and check again"))

    def include(self, path: str, from_file: str) -> LoadedFile:
        """The file at a path. Raises FileRefused."""
        loader = self._loader("missing-file", f"folder to look for `{shown(path)}` in", _SAVE_FIRST)
        return self._open(("include", path, from_file), lambda: loader.include(path, from_file))

    def exercise(self, name: str, language: str) -> LoadedFile:
        """The exercise with that name. Raises FileRefused."""
        hint = "write the exercise out: `- exercise: …`"
        loader = self._loader("unknown-exercise", f"library to look for `{shown(name)}` in", hint)
        return self._open(("use", name), lambda: loader.exercise(name, language))

    def music(self, path: str, from_file: str, folder: bool) -> tuple[Recording, ...]:
        """The sound files at a path. Raises FileRefused."""
        loader = self._loader("missing-music", f"folder to look for `{shown(path)}` in", _SAVE_FIRST)
        kind = "folder" if folder else "file"
        return self._open((kind, path, from_file), lambda: loader.music(path, from_file, folder))

    def tone(self, path: str, from_file: str) -> LoadedFile:
        """The sound file at a path. Raises FileRefused."""
        return self._loader("missing-file", f"folder to look for `{shown(path)}` in").tone(path, from_file)

    def limit(self) -> FileRefused | None:
        """The limit that is reached, if one is."""
        if self.steps > MAX_STEPS:
            message = f"with what is included, there are more than {MAX_STEPS:,} steps"
            return FileRefused("too-many-steps", message, "the same step many times over is written with `rounds`")
        if len(self._opened) >= MAX_FILES:
            return FileRefused(
                "too-many-files", f"{MAX_FILES} files are the most for one routine", "put several into one"
            )
        if self._bytes > MAX_TOTAL_BYTES:
            message = f"with this file, there is more than {MAX_TOTAL_BYTES // 1_000_000} MB to read"
            return FileRefused("too-many-files", message, "make it smaller")
        return None

    def include_depth(self, steps: tuple[Step, ...]) -> int:
        """How deep the steps of an included file are nested, with the files that it includes itself.

        Aliases can repeat the same steps many times, so each is visited once.
        """
        if id(steps) not in self._include_depths:
            self._include_depths[id(steps)] = _include_depth(steps, dict(self._include_depths))
        return self._include_depths[id(steps)]

    def _loader(self, code: str, missing: str, hint: str | None = None) -> FileLoader:
        if self._opener is None:
            raise FileRefused(code, f"there is no {missing}", hint)
        return self._opener

    def _open(self, use: tuple[str, ...], open_: Callable[[], Opened]) -> Opened:
        if use not in self._opened:
            try:
                opened = open_()
                self._bytes += len(opened.data) if isinstance(opened, LoadedFile) else 0
                self._opened[use] = opened
            except FileRefused as refused:
                self._opened[use] = refused
        result = self._opened[use]
        if isinstance(result, FileRefused):
            raise result
        return cast(Opened, result)


def _include_depth(steps: tuple[Step, ...], known: dict[int, int]) -> int:
    if id(steps) not in known:
        known[id(steps)] = 1 + max(
            (_include_depth(s.steps, known) for s in steps if isinstance(s, Rounds | Section)), default=0
        )
    return known[id(steps)]
