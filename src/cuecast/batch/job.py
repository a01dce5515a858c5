"""A job: one track to make, as values that go to a worker, and the result that comes back."""

from __future__ import annotations

import atexit
import os
import platform
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast import api, pipeline
from cuecast.cache import DEFAULT_LIMIT, Cache
from cuecast.errors import SetupError
from cuecast.library import Library, digest_of
from cuecast.library.build_record import BuildRecord, save_record
from cuecast.model.build import PreparedRoutine, Result, Track
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.progress import Progress, ProgressListener
from cuecast.model.source import Source
from cuecast.options import Options
from cuecast.plugins import UnknownPlugin
from cuecast.speak import Speakers
from cuecast.speak.pool import VoicePools


class Job(Struct, frozen=True):
    """A track to make at `target`, with everything that was read for it.

    The worker writes the track and stores its record under `key` in the cache of `options`. If `key` is None, the
    worker is on another machine: it uses a cache of its own and returns the track. `music` then maps each music file
    that may be played to its SHA-256, and `files` a SHA-256 to the content of a file that the worker lacks.
    """

    prepared: PreparedRoutine
    options: Options
    target: Path
    key: str | None = None
    music: Mapping[Path, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def with_files(self, paths: Iterable[Path]) -> Job:
        """The same job, with the content of these music files. Raises SetupError if one has changed."""
        files = {}
        for path in paths:
            try:
                if digest_of(path) != self.music[path]:
                    raise SetupError(f"{path} has changed during the batch", "call batch again")
                files[self.music[path]] = path.read_bytes()
            except OSError as error:
                raise SetupError(f"{path} can't be read: {error.strerror}") from None
        return replace(self, files=files)


class FailureKind(StrEnum):
    """Why there is no track, although the routine has no errors."""

    ENVIRONMENT = "environment"
    INTERRUPTED = "interrupted"
    LOST = "lost"
    BUG = "bug"


class Failure(Struct, frozen=True):
    """Why a track was not made. `detail` is the traceback of a bug."""

    kind: FailureKind
    message: str
    hint: str | None = None
    detail: str | None = None


class JobResult(Struct, frozen=True):
    """The result of a job. If there is a track, there is its `record`.

    A worker on another machine returns the track as `data`, or nothing but the `missing_music` that it needs. `stages`
    are the seconds of each stage.
    """

    record: BuildRecord | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()
    failure: Failure | None = None
    data: bytes | None = None
    missing_music: tuple[Path, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict)
    worker: str = ""


voice_pools = VoicePools()
"""The voices' processes. They stay for the next track of this process."""

atexit.register(voice_pools.close)

_open_cache = lru_cache(1)(Cache)


class StageTimer(ProgressListener):
    """Measures the seconds that each stage takes."""

    def __init__(self, first: str) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._since = first, time.perf_counter()

    def stage(self, name: str) -> Progress:
        """End the current stage and begin another."""
        self.end()
        self._name = name
        return lambda done, total: None

    def end(self) -> None:
        """Add the time since the last call to the current stage."""
        now = time.perf_counter()
        self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._since
        self._since = now


def failed(error: SetupError) -> JobResult:
    """The result of a job that an error of the environment prevents."""
    return JobResult(failure=Failure(FailureKind.ENVIRONMENT, error.message, error.hint))


def build(job: Job, default_cache: Path | None = None) -> JobResult:
    """Make the track. Every error becomes part of the result."""
    timer = StageTimer("arranging")
    limit = job.options.cache_limit
    cache = _open_cache(job.options.cache or default_cache, DEFAULT_LIMIT if limit is None else limit)
    try:
        result = _build(job, cache, timer)
    except KeyboardInterrupt:
        result = JobResult(failure=Failure(FailureKind.INTERRUPTED, "interrupted"))
    except SetupError as error:
        result = failed(error)
    except UnknownPlugin as error:
        result = failed(SetupError(str(error), error.hint))
    except Exception as error:
        message, detail = f"{type(error).__name__}: {error}", traceback.format_exc()
        result = JobResult(failure=Failure(FailureKind.BUG, message, detail=detail))
    timer.end()
    return replace(result, stages=timer.seconds, worker=f"{platform.node()}-{os.getpid()}")


def _build(job: Job, cache: Cache, timer: StageTimer) -> JobResult:
    if job.key is not None:
        return _render(job, job.target, cache, timer, {})
    missing = [path for path, digest in job.music.items() if digest not in job.files and not _has(path, digest)]
    if missing:
        return JobResult(missing_music=tuple(missing))
    with _temporary_folder() as folder:
        target = folder / job.target.name
        result = _render(job, target, cache, timer, dict(_write_music(job, folder)))
        if result.record is None:
            return result
        # The worker has recorded the states of its own files; the caller knows the states of the user's.
        record = replace(result.record, inputs=job.prepared.inputs)
        return replace(result, record=record, data=target.read_bytes())


def _render(job: Job, target: Path, cache: Cache, timer: StageTimer, moved_music: Mapping[Path, Path]) -> JobResult:
    record: BuildRecord | None = None

    def save(track: Track, diagnostics: tuple[Diagnostic, ...]) -> None:
        nonlocal record
        record = api.record_of(track, Result(track, diagnostics, job.prepared.sources))
        if job.key is not None:
            save_record(cache, job.key, record)

    result = pipeline.render(
        job.prepared,
        target,
        job.options,
        cache,
        timer,
        Library(None),
        start_speakers=partial(Speakers, pools=voice_pools),
        moved_music=moved_music,
        on_complete=save,
    )
    return JobResult(record, result.diagnostics, result.sources)


def _has(path: Path, digest: str) -> bool:
    try:
        return digest_of(path) == digest
    except OSError:
        return False


def _write_music(job: Job, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Write the music that came with the job: the path that the routine names, and the path of the copy."""
    for path, digest in job.music.items():
        if digest in job.files:
            copy = folder / f"music-{digest}{path.suffix.lower()}"
            copy.write_bytes(job.files[digest])
            yield path, copy


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix="cuecast-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        raise SetupError(f"the track can't be written: {error.strerror}", "make room on the disk") from error
