"""How a batch goes on and how it went: a line on the terminal, a table, JSON, a log."""

from __future__ import annotations

import contextlib
import datetime
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from cuecast.batch.row import Row, State
from cuecast.cli import report
from cuecast.cli.console import ignore_broken_pipe, print_stderr, usage_error, write_json, write_stdout
from cuecast.cli.progress import ProgressLine
from cuecast.cli.sizes import bytes_to_text
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.duration import ms_to_clock

_LOG = b'{"time": '
"""How a log begins."""


class Line(ProgressLine):
    """How many tracks are done, how fast, how long still. Without a terminal, a line for each track."""

    def __init__(self, total: int, quiet: bool) -> None:
        super().__init__(quiet)
        self._total = total
        self._lines = not quiet and not self.visible
        self._begun = time.monotonic()
        self._done = self._failed = 0

    def __enter__(self) -> Self:
        self._draw()
        return self

    def count(self, row: Row) -> None:
        """A track is done, or failed."""
        self._done += 1
        self._failed += row.state is State.FAILED
        if self._lines and row.summary is not None:
            print_stderr(f"[{self._done}/{self._total}] {row.path}  {ms_to_clock(row.summary.duration)}")
        self._draw()

    def _draw(self) -> None:
        words = f"{self._done}/{self._total}"
        if self._done:
            rate = self._done / (time.monotonic() - self._begun)
            left = round((self._total - self._done) / rate)
            words += f"  {rate:.1f} a second  {ms_to_clock(left * 1_000)} left"
        if self._failed:
            words += f"  {self._failed} failed"
        self.draw(self._done, self._total, after=words)


class Journal:
    """A log for programs: a JSON object on each line, added to what is there."""

    def __init__(self, path: str | None) -> None:
        """Raises what `usage` does where the file can't be written, or is something else than a log."""
        self.is_whole = True
        """Whether all went into it so far. Where it takes no more, that is told once, and the work goes on."""
        self._file: TextIO | None = None
        self._path = path
        if path is not None:
            try:
                if not _may_be_log(Path(path)):
                    raise usage_error(f"--log {path} is there already, and is no log", "choose another name")
                # A name that is no UTF-8 is in there with what JSON has for such bytes.
                self._file = Path(path).open("a", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
            except OSError as fault:
                raise usage_error(f"--log {path}: {fault.strerror}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, event: str, **what: object) -> None:
        """Write what happens now."""
        if self._file is None:
            return
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        try:
            print(json.dumps({"time": now, "event": event, **what}, ensure_ascii=False), file=self._file, flush=True)
        except OSError as fault:
            print_stderr(f"cuecast: --log {self._path} takes no more: {fault.strerror}; the tracks are made without it")
            with contextlib.suppress(OSError):
                self._file.close()
            self._file, self.is_whole = None, False


def _may_be_log(path: Path) -> bool:
    """Whether nothing is there that a line of a log would spoil. Raises OSError."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        return file.read(len(_LOG)) in (b"", _LOG)


def plain(row: Row) -> dict[str, object]:
    """A track as JSON values. Times in seconds."""
    of, fault = row.summary, row.fault
    return {
        "path": str(row.path),
        "routine": row.routine,
        "language": row.language,
        "voice": row.voice or (of.voice if of else None),
        "level": row.level,
        "length": row.length,
        "format": row.form,
        "state": row.state.value,
        "duration": of.duration / 1000 if of else None,
        "bytes": of.size if of else None,
        "messages": [report.to_json(diagnostic) for diagnostic in row.diagnostics],
        "fault": {"kind": fault.kind.value, "message": fault.message, "hint": fault.hint} if fault else None,
        "stages": {name: round(seconds, 4) for name, seconds in row.stages.items()},
        "worker": row.worker or None,
    }


@ignore_broken_pipe()
def put_report(rows: Sequence[Row], excluded: int, messages: Sequence[Diagnostic]) -> None:
    """All tracks as JSON on standard output; `messages` are those about the manifest itself."""
    told = [report.to_json(diagnostic) for diagnostic in messages]
    write_json({**counts(rows), "excluded": excluded, "messages": told, "tracks": [plain(row) for row in rows]})


@ignore_broken_pipe()
def put_table(rows: Sequence[Row]) -> None:
    """A line a track on standard output."""
    cells = [("track", "state", "length", "size")]
    for row in rows:
        of = row.summary
        cells.append(
            (
                str(row.path),
                row.state.value,
                ms_to_clock(of.duration) if of else "",
                bytes_to_text(of.size) if of else "",
            )
        )
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = (
        f"{path:<{widths[0]}}  {state:<{widths[1]}}  {long:>{widths[2]}}  {size:>{widths[3]}}"
        for path, state, long, size in cells
    )
    write_stdout("\n".join(line.rstrip() for line in lines) + "\n")


def put_timings(rows: Sequence[Row]) -> None:
    """What the stages of all tracks that were made took together, and what a track took on the average."""
    spent = Counter[str]()
    for row in rows:
        spent.update(row.stages)
    made = sum(bool(row.stages) for row in rows)
    total = sum(spent.values())
    print_stderr(f"{'stage':<12} {'seconds':>9} {'a track':>9} {'share':>6}")
    for name, seconds in spent.most_common():
        print_stderr(f"{name:<12} {seconds:>9.2f} {seconds / made:>9.3f} {seconds / total:>6.0%}")


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many tracks there are in each state."""
    found = Counter(row.state for row in rows)
    return {state.value: found[state] for state in State}


def summary(rows: Sequence[Row], excluded: int, took: float) -> str:
    """How it went, on one line."""
    found = counts(rows)
    words = [f"{number} {name}" for name, number in found.items() if number] or ["no tracks"]
    if excluded:
        words.append(f"{excluded} excluded")
    return f"{', '.join(words)}; {took:.1f} s"
