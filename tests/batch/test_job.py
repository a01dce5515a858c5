"""A track as a function of values: the same bytes if the worker sees none of the user's files."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cuecast.batch.job import FailureKind, Job, JobResult, build, voice_pools
from cuecast.cache import recipe_key
from cuecast.library import Folders, Library, digest_of
from cuecast.options import Options
from cuecast.pipeline import prepare
from tests.builds import EXERCISES, VOICES, source
from tests.music.music_files import noise, write

ROUTINE = b"""\
title: Of many files
voice: silent
defaults: {work: 8s, transition: 4s}
music: {file: songs/one.wav, volume: -20dB}
steps:
  - use: calves
    work: 8s
    cues: {half: Slowly.}
  - include: parts/more.yaml
"""
KEY = recipe_key({"this": "one"})
MORE = "title: More\nsteps:\n  - {exercise: Shins, music: {folder: ../songs}}\n"


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    folder = tmp_path / "here"
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "more.yaml").write_text(MORE)
    (folder / "songs").mkdir()
    for seed, name in enumerate(("one", "two")):
        write(folder / "songs" / f"{name}.wav", noise(6.0, seed=seed))
    library = Library(folder, Folders(voices=(VOICES,), exercises=(EXERCISES,)))
    prepared = prepare(source("here/legs.yaml", ROUTINE, folder), library, Options()).value
    assert prepared is not None
    assert prepared.bundle is not None
    music = {path: digest_of(path) for path in library.music_files}
    bundle = prepared.bundle.with_music_digests({str(path): digest for path, digest in music.items()})
    yield Job(replace(prepared, bundle=bundle), Options(cache=tmp_path / "cache"), tmp_path / "track.mp3", KEY, music)
    voice_pools.close()


def sent(job: Job) -> JobResult:
    """The result of a worker that gets the job."""
    result = build(pickle.loads(pickle.dumps(job)))
    assert set(result.stages) <= {"arranging", "speaking", "music", "encoding"}
    assert result.worker
    return pickle.loads(pickle.dumps(result))  # type: ignore[no-any-return]


def test_the_same_track_if_no_file_is_visible(job: Job, tmp_path: Path) -> None:
    near = sent(job)
    assert near.record is not None, near
    assert (near.data, set(near.stages) >= {"arranging", "music", "encoding"}) == (None, True)
    assert {"one.wav", "two.wav"} <= {Path(path).name for path in near.record.inputs}

    shutil.move(tmp_path / "here", tmp_path / "gone")
    away = replace(job, options=Options(cache=tmp_path / "other"), key=None)
    first = sent(away)
    assert (sorted(path.name for path in first.missing_music), first.record) == (["one.wav", "two.wav"], None)
    files = {digest: (tmp_path / "gone" / "songs" / path.name).read_bytes() for path, digest in job.music.items()}
    far = sent(replace(away, files=files, target=tmp_path / "nowhere" / "track.mp3"))
    assert far.record is not None, far
    assert far.data == job.target.read_bytes()
    assert not (tmp_path / "nowhere").exists()


def test_an_error_is_a_value(job: Job, tmp_path: Path) -> None:
    def failure(job: Job) -> tuple[FailureKind, str]:
        failure = build(job).failure
        assert failure is not None
        assert (failure.kind is FailureKind.BUG) == ("Traceback" in (failure.detail or ""))
        return failure.kind, failure.message

    kind, message = failure(replace(job, target=tmp_path / "not" / "there.mp3"))
    assert (kind, "not there" in message) == (FailureKind.ENVIRONMENT, True)
    tape = replace(job, options=replace(job.options, format="tape"))
    assert failure(tape) == (FailureKind.ENVIRONMENT, "there is no format `tape`")
    broken = replace(job, prepared=replace(job.prepared, routine=None))
    assert failure(broken)[0] is FailureKind.BUG
