"""A track to make, as values, and what became of it: what goes to a worker and what comes back."""

from __future__ import annotations

import atexit
import os
import platform
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
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

_MUSIC = "music"


class Shared(Struct, frozen=True):
    """How a worker finds out whether it sees the folders of who asks: a file there that only that one can have made."""

    path: Path
    content: bytes

    def is_seen(self) -> bool:
        """Whether it is seen here."""
        try:
            return self.path.read_bytes() == self.content
        except OSError:
            return False


class Job(Struct, frozen=True):
    """A track to make at `target`, as values: everything that was read for it.

    The record of the track is stored under `key` in the cache of `options`; None leaves that to the caller, and
    `options.cache` None means the worker's own cache. `music` has the SHA-256 of each music file that may be played,
    by path; a worker that can't see a file gets its content in `files`, by SHA-256. Without `shared` it sees all files.
    """

    prepared: PreparedRoutine
    options: Options
    target: Path
    key: str | None = None
    music: Mapping[Path, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    shared: Shared | None = None


class Failure(StrEnum):
    """Why there is no track though its routine is sound."""

    ENVIRONMENT = "environment"
    INTERRUPTED = "interrupted"
    LOST = "lost"
    BUG = "bug"


class Fault(Struct, frozen=True):
    """A failure, for people. `detail` is the trace of a bug."""

    kind: Failure
    message: str
    hint: str | None = None
    detail: str | None = None


class Outcome(Struct, frozen=True):
    """What became of a job.

    There is a `record` where there is a track; `data` is the track itself where the worker could not put it in its
    place. `wanted` is the music that it does not see and that it would have needed: nothing was made then. `stages` has
    the seconds of each stage, `worker` says who worked.
    """

    record: BuildRecord | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()
    fault: Fault | None = None
    data: bytes | None = None
    wanted: tuple[Path, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict)
    worker: str = ""


voice_pools = VoicePools()
"""The processes of the voices, which stay for the next track of this process."""

atexit.register(voice_pools.close)

_cache_of = lru_cache(1)(Cache)


class Stages(ProgressListener):
    """Measures how long each stage lasts: from its beginning to that of the next one."""

    def __init__(self, first: str) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._since = first, time.perf_counter()

    def stage(self, name: str) -> Progress:
        """Another stage begins."""
        self.end()
        self._name = name
        return lambda done, total: None

    def end(self) -> None:
        """The last stage ends, or goes on as one that is counted anew."""
        now = time.perf_counter()
        self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._since
        self._since = now


def build(job: Job, home: Path | None = None) -> Outcome:
    """Make the track; nothing that goes wrong is raised. `home` is the worker's own cache."""
    stages = Stages("arranging")
    limit = job.options.cache_limit
    cache = _cache_of(job.options.cache or home, DEFAULT_LIMIT if limit is None else limit)
    try:
        outcome = _built(job, cache, stages)
    except KeyboardInterrupt:
        outcome = Outcome(fault=Fault(Failure.INTERRUPTED, "interrupted"))
    except SetupError as fault:
        outcome = Outcome(fault=Fault(Failure.ENVIRONMENT, fault.message, fault.hint))
    except UnknownPlugin as fault:
        outcome = Outcome(fault=Fault(Failure.ENVIRONMENT, str(fault), fault.hint))
    except Exception as fault:
        detail = traceback.format_exc()
        outcome = Outcome(fault=Fault(Failure.BUG, f"{type(fault).__name__}: {fault}", detail=detail))
    finally:
        stages.end()
    return replace(outcome, stages=stages.seconds, worker=f"{platform.node()}-{os.getpid()}")


def _built(job: Job, cache: Cache, stages: Stages) -> Outcome:
    if job.shared is None or job.shared.is_seen():
        return _made(job, job.target, cache, stages, {})
    missing = [path for path, sum_ in job.music.items() if sum_ not in job.files and not _is_there(path, sum_)]
    if missing:
        return Outcome(wanted=tuple(missing))
    with _scratch() as scratch:
        places = dict(_put(job, scratch))
        outcome = _made(job, scratch / job.target.name, cache, stages, places)
        if outcome.record is None:
            return outcome
        # What was seen of music is of other places than who asked knows; that one has looked at it before.
        known_there = replace(outcome.record, inputs=job.prepared.inputs)
        return replace(outcome, record=known_there, data=(scratch / job.target.name).read_bytes())


def _made(job: Job, target: Path, cache: Cache, stages: Stages, moved_music: Mapping[Path, Path]) -> Outcome:
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
        stages,
        Library(None),
        start_speakers=partial(Speakers, pools=voice_pools),
        moved_music=moved_music,
        on_complete=save,
    )
    return Outcome(record, result.diagnostics, result.sources)


def _is_there(path: Path, sum_: str) -> bool:
    try:
        return digest_of(path) == sum_
    except OSError:
        return False


def _put(job: Job, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Write the music that came along into a folder: where each is looked for, and where it is now."""
    for path, sum_ in job.music.items():
        if sum_ in job.files:
            # The ending says what kind of sound it is; the name itself could be any.
            place = folder / f"{_MUSIC}-{sum_}{path.suffix.lower()}"
            place.write_bytes(job.files[sum_])
            yield path, place


@contextmanager
def _scratch() -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix="cuecast-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as fault:
        raise SetupError(f"the track can't be written: {fault.strerror}", "make room on the disk") from fault
