"""A track as a pure function of values: the same bytes where none of the user's files can be seen."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from cuecast import build_record as record
from cuecast.batch.job import Failure, Job, Outcome, Shared, build, voice_pools
from cuecast.batch.music import music_of
from cuecast.cache import Cache, recipe_key
from cuecast.files import data_dir
from cuecast.inputs import InputTracker, digest_of
from cuecast.library import Library
from cuecast.options import BuildFolders, EmbedOptions, Options, RoutineFile
from cuecast.pipeline import ready
from cuecast.tags.bundling import Bundling
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
    exercises = data_dir("routines") / "exercises"
    looks = InputTracker()
    file = RoutineFile("here/legs.yaml", ROUTINE, Library(folder, [exercises], looks=looks))
    made = ready(file, Options(), BuildFolders((data_dir("voices"),), None, looks=looks))
    assert made.value is not None, made.diagnostics
    folders = {"voices": [data_dir("voices")], "exercises": [exercises], "music": [], "tones": []}
    bundling = Bundling("legs", ROUTINE, folder, folders, {})
    music = {path: digest_of(path) for path in music_of(made.value.routine)}
    sums = {str(path): sum_ for path, sum_ in music.items()}
    source = replace(bundling.packed(looks.seen, made.value.profiles), music=sums)
    return Job(made.value, Options(), EmbedOptions(source=source), target, cache=cache, music=music)


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
    assert {Path(path).name for path in near.record.seen} == {"one.wav", "two.wav"}

    shutil.move(folder, tmp_path / "gone")
    away = replace(here, cache=tmp_path / "other", shared=Shared(tmp_path / "no-mark", b"x"))
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


def test_the_record_is_kept_a_moment_before_the_track_has_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = recipe_key({"this": "one"})
    job = replace(job_of(folder, tmp_path / "t.mp3", tmp_path / "cache"), key=key)
    there: list[bool] = []

    def keep(cache: Cache, key: str, made: record.BuildRecord) -> None:
        there.append(job.target.exists())
        kept(cache, key, made)

    kept = record.save
    monkeypatch.setattr(record, "save", keep)
    outcome = sent(job)
    assert there == [False]
    found = record.load(Cache(tmp_path / "cache"), key)
    assert found is not None
    assert outcome.record is not None
    assert (found.seen, found.digest) == (outcome.record.seen, outcome.record.digest)
    assert record.is_up_to_date(found, job.target)


def test_what_goes_wrong_is_a_value(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_of(folder, tmp_path / "not" / "there.mp3", tmp_path / "cache")
    fault = build(job).fault
    assert fault is not None
    assert fault.kind is Failure.ENVIRONMENT
    assert "not there" in fault.message
    fault = build(replace(job, packaging=EmbedOptions(form="tape"))).fault
    assert fault is not None
    assert (fault.kind, fault.message) == (Failure.ENVIRONMENT, "there is no format `tape`")

    def breaks(*args: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("cuecast.batch.job.render_ready", breaks)
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
