"""A track as a pure function of values: the same bytes where none of the user's files can be seen."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from cuecast.batch.job import Failure, Job, Outcome, Shared, build, voice_pools
from cuecast.cache import Cache, recipe_key
from cuecast.library import Folders, Library, digest_of
from cuecast.library.build_record import is_up_to_date, load_record
from cuecast.options import Options
from cuecast.pipeline import prepare
from cuecast.speak.engines import voice_fingerprint
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
MORE = "title: More\nsteps:\n  - {exercise: Shins, music: {folder: ../songs}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "here"
    (made / "parts").mkdir(parents=True)
    (made / "parts" / "more.yaml").write_text(MORE)
    (made / "songs").mkdir()
    for seed, name in enumerate(("one", "two")):
        write(made / "songs" / f"{name}.wav", noise(6.0, seed=seed))
    return made


@pytest.fixture(autouse=True)
def no_voice_stays() -> Iterator[None]:
    yield
    voice_pools.close()


def job_of(folder: Path, target: Path, cache: Path) -> Job:
    library = Library(folder, Folders(voices=(VOICES,), exercises=(EXERCISES,)))
    prepared = prepare(source("here/legs.yaml", ROUTINE, folder), library, Options()).value
    assert prepared is not None
    assert prepared.bundle is not None
    music = {path: digest_of(path) for path in library.music_files}
    bundle = prepared.bundle.with_music_digests({str(path): digest for path, digest in music.items()})
    return Job(replace(prepared, bundle=bundle), Options(cache=cache), target, music=music)


def sent(job: Job) -> Outcome:
    """As a worker gets it, and gives it back."""
    outcome = build(pickle.loads(pickle.dumps(job)))
    return pickle.loads(pickle.dumps(outcome))  # type: ignore[no-any-return]


def faults(outcome: Outcome) -> Mapping[str, object]:
    return {"fault": outcome.fault, "diagnostics": outcome.diagnostics}


def test_the_same_track_where_nothing_can_be_seen(folder: Path, tmp_path: Path) -> None:
    here = job_of(folder, tmp_path / "here.mp3", tmp_path / "cache")
    near = sent(here)
    assert near.record is not None, faults(near)
    assert near.data is None
    expected = here.target.read_bytes()
    assert {"one.wav", "two.wav"} <= {Path(path).name for path in near.record.inputs}

    shutil.move(folder, tmp_path / "gone")
    away = replace(here, options=Options(cache=tmp_path / "other"), shared=Shared(tmp_path / "no-mark", b"x"))
    asked = sent(away)
    assert sorted(path.name for path in asked.wanted) == ["one.wav", "two.wav"]
    assert asked.record is None
    files = {sum_: (tmp_path / "gone" / "songs" / path.name).read_bytes() for path, sum_ in here.music.items()}
    far = sent(replace(away, files=files, target=tmp_path / "nowhere" / "here.mp3"))
    assert far.record is not None, faults(far)
    assert far.data == expected
    assert not (tmp_path / "nowhere").exists()
    voice_pools.close()


def test_who_sees_the_mark_writes_the_track_itself(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    mark.write_bytes(b"x")
    job = replace(job_of(folder, tmp_path / "t.mp3", tmp_path / "cache"), shared=Shared(mark, b"x"))
    outcome = sent(job)
    assert outcome.data is None
    assert job.target.exists()


def test_the_record_of_a_track_is_stored(folder: Path, tmp_path: Path) -> None:
    key = recipe_key({"this": "one"})
    job = replace(job_of(folder, tmp_path / "t.mp3", tmp_path / "cache"), key=key)
    outcome = sent(job)
    record = load_record(Cache(tmp_path / "cache"), key)
    assert record is not None
    assert outcome.record is not None
    assert (record.inputs, record.digest) == (outcome.record.inputs, outcome.record.digest)
    assert is_up_to_date(record, job.target, voice_fingerprint)


def test_what_goes_wrong_is_a_value(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_of(folder, tmp_path / "not" / "there.mp3", tmp_path / "cache")
    fault = build(job).fault
    assert fault is not None
    assert fault.kind is Failure.ENVIRONMENT
    assert "not there" in fault.message
    fault = build(replace(job, options=Options(cache=tmp_path / "cache", format="tape"))).fault
    assert fault is not None
    assert (fault.kind, fault.message) == (Failure.ENVIRONMENT, "there is no format `tape`")

    def breaks(*args: object, **others: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("cuecast.pipeline.render", breaks)
    fault = build(job).fault
    assert fault is not None
    assert (fault.kind, fault.message) == (Failure.BUG, "ZeroDivisionError: oh")
    assert fault.detail is not None
    assert "Traceback" in fault.detail


def test_stages_are_timed(folder: Path, tmp_path: Path) -> None:
    outcome = build(job_of(folder, tmp_path / "t.mp3", tmp_path / "cache"))
    assert set(outcome.stages) == {"arranging", "music", "encoding"} | ({"speaking"} & set(outcome.stages))
    assert all(seconds >= 0 for seconds in outcome.stages.values())
    assert outcome.worker
