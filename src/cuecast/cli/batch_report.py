"""What `batch` prints: a progress line, a table, JSON, a log."""

from __future__ import annotations

import contextlib
import datetime
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from cuecast.batch.items import TrackReport, TrackState
from cuecast.batch.run import BatchListener, BatchReport
from cuecast.cli import report
from cuecast.cli.console import ignore_broken_pipe, print_stderr, usage_error, write_json, write_stdout
from cuecast.cli.progress import ProgressLine
from cuecast.cli.sizes import bytes_to_text
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.duration import ms_to_clock
from cuecast.model.source import Source

_LOG_START = b'{"time": '


class JsonLog:
    """A file of JSON objects, one a line, for programs. New lines are added to an existing log."""

    def __init__(self, path: str | None) -> None:
        """Ends the command if the file can't be written, or is not a log."""
        self.is_complete = True
        """Whether all events could be written. If the disk is full, the batch goes on without the log."""
        self._file: TextIO | None = None
        self._path = path
        if path is not None:
            try:
                if not _is_log_or_new(Path(path)):
                    raise usage_error(f"--log {path} exists and is not a log", "choose another name")
                # JSON escapes the bytes of a file name that are not UTF-8.
                self._file = Path(path).open("a", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
            except OSError as error:
                raise usage_error(f"--log {path}: {error.strerror}") from None

    def write(self, event: str, **values: object) -> None:
        """Add an event, with the time."""
        if self._file is None:
            return
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        try:
            print(json.dumps({"time": now, "event": event, **values}, ensure_ascii=False), file=self._file, flush=True)
        except OSError as error:
            print_stderr(f"cuecast: can't write to --log {self._path}: {error.strerror}; the batch goes on without it")
            self.is_complete = False
            self.close()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        self._file = None


class BatchReporter(BatchListener, ProgressLine):
    """Prints how far a batch is and writes the log. Each diagnostic is printed once, however many tracks have it."""

    def __init__(self, quiet: bool, log: str | None) -> None:
        super().__init__(quiet)
        self.has_started = self.has_errors = False
        self.log = JsonLog(log)
        self._quiet = quiet
        self._printed: set[Diagnostic] = set()
        self._sources: tuple[Source, ...] = ()
        self._total = self._done = self._failed = 0
        self._began = time.monotonic()
        self._build_began = self._began

    @property
    def seconds(self) -> float:
        """The time since the batch began."""
        return time.monotonic() - self._began

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()
        if self.has_started and error is None:
            self.log.write("ended", done=self._done)
        self.log.close()

    def read(self, diagnostics: Sequence[Diagnostic], sources: Sequence[Source]) -> None:
        """Print the diagnostics of the manifest."""
        self._sources = tuple(sources)
        self._print_diagnostics(diagnostics)

    def checked(self, tracks: Sequence[TrackReport]) -> None:
        """Print what is known about tracks without building them."""
        for track in tracks:
            self._print_track(track)

    def started(self, tracks: int, pending: int, workers: int) -> None:
        """Draw the progress line."""
        self.has_started, self._total, self._build_began = True, pending, time.monotonic()
        self.log.write("began", **{"tracks": tracks, "due": pending, "workers": workers})
        self._draw()

    def finished(self, track: TrackReport) -> None:
        """Print and log a track. Without a terminal, each track has its line."""
        self._done += 1
        self._failed += track.state is TrackState.FAILED
        self.clear()
        self._print_track(track)
        if track.summary is not None and not self._quiet and not self.visible:
            duration = ms_to_clock(track.summary.duration)
            print_stderr(f"[{self._done}/{self._total}] {track.item.target}  {duration}")
        self._draw()
        self.log.write(track.state.value, **to_json(track))

    def lost_worker(self, reason: str) -> None:
        """Log the loss."""
        self.log.write("lost a worker", why=reason)

    def print_interruption(self) -> None:
        """Print and log how much was done when the batch was interrupted."""
        self.log.write("interrupted", done=self._done)
        self.clear()
        print_stderr(
            f"cuecast: interrupted; {self._done} of {self._total} were done. Call it again, and it goes on from there"
        )

    def _print_track(self, track: TrackReport) -> None:
        self._print_diagnostics(track.result.diagnostics, track.result.sources)
        if failure := track.result.failure:
            print_stderr(f"cuecast: {track.item.target} was not made: {failure.message}")
            if more := failure.hint or failure.detail:
                print_stderr(f"  {more}".rstrip())

    def _print_diagnostics(self, diagnostics: Sequence[Diagnostic], sources: Sequence[Source] = ()) -> None:
        new = [each for each in dict.fromkeys(diagnostics) if each not in self._printed]
        self._printed.update(new)
        self.has_errors = self.has_errors or has_errors(new)
        report.print_report(new, (*sources, *self._sources), self._quiet)

    def _draw(self) -> None:
        words = f"{self._done}/{self._total}"
        if self._done:
            rate = self._done / (time.monotonic() - self._build_began)
            words += f"  {rate:.1f} a second  {ms_to_clock(round((self._total - self._done) / rate) * 1_000)} left"
        if self._failed:
            words += f"  {self._failed} failed"
        self.draw(self._done, self._total, after=words)


def _is_log_or_new(path: Path) -> bool:
    """Whether new lines spoil nothing. Raises OSError."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        return file.read(len(_LOG_START)) in (b"", _LOG_START)


def to_json(track: TrackReport) -> dict[str, object]:
    """A track as JSON values. Times in seconds."""
    spec, summary, failure = track.item.spec, track.summary, track.result.failure
    return {
        "path": str(track.item.target),
        "routine": spec.routine.stem,
        "language": spec.routine.language,
        "voice": spec.voice or (summary.voice if summary else None),
        "level": spec.level,
        "length": spec.length.text if spec.length else None,
        "format": spec.format,
        "state": track.state.value,
        "duration": summary.duration / 1000 if summary else None,
        "bytes": summary.size if summary else None,
        "messages": [report.to_json(diagnostic) for diagnostic in track.result.diagnostics],
        "fault": {"kind": failure.kind, "message": failure.message, "hint": failure.hint} if failure else None,
        "stages": {name: round(seconds, 4) for name, seconds in track.result.stages.items()},
        "worker": track.result.worker or None,
    }


def print_batch(batch: BatchReport, as_json: bool, timings: bool, quiet: bool, seconds: float) -> None:
    """Print the report: JSON or a table on standard output, the rest on standard error."""
    states = Counter(track.state for track in batch.tracks)
    with ignore_broken_pipe():
        if as_json:
            counts = {state.value: states[state] for state in TrackState}
            messages = [report.to_json(diagnostic) for diagnostic in batch.diagnostics]
            tracks = [to_json(track) for track in batch.tracks]
            write_json({**counts, "excluded": batch.excluded, "messages": messages, "tracks": tracks})
        elif batch.tracks and not quiet:
            _print_table(batch.tracks)
    if timings:
        _print_timings(batch.tracks)
    if not quiet:
        words = [f"{states[state]} {state}" for state in TrackState if states[state]] or ["no tracks"]
        words += [f"{batch.excluded} excluded"] if batch.excluded else []
        print_stderr(f"{', '.join(words)}; {seconds:.1f} s")


def _print_table(tracks: Sequence[TrackReport]) -> None:
    rows = [("track", "state", "length", "size")]
    for track in tracks:
        summary = track.summary
        facts = (ms_to_clock(summary.duration), bytes_to_text(summary.size)) if summary else ("", "")
        rows.append((str(track.item.target), track.state.value, *facts))
    width, state_width, length_width, size_width = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = (
        f"{path:<{width}}  {state:<{state_width}}  {length:>{length_width}}  {size:>{size_width}}".rstrip()
        for path, state, length, size in rows
    )
    write_stdout("\n".join(lines) + "\n")


def _print_timings(tracks: Sequence[TrackReport]) -> None:
    """The seconds of each stage: in all, and for a track on average."""
    seconds = Counter[str]()
    for track in tracks:
        seconds.update(track.result.stages)
    built = sum(bool(track.result.stages) for track in tracks)
    print_stderr(f"{'stage':<12} {'seconds':>9} {'a track':>9} {'share':>6}")
    for name, time_ in seconds.most_common():
        print_stderr(f"{name:<12} {time_:>9.2f} {time_ / built:>9.3f} {time_ / seconds.total():>6.0%}")
