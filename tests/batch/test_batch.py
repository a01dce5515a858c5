"""`cuecast batch`: tracks that are not up to date are made, a failure stops no other, an interrupted batch goes on."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Home
from tests.mix.wav_files import write_tone
from tests.music.music_files import noise, write
from tests.patience import PATIENCE_S, comes
from tests.workers import all_end, workers_of

ROUTINE = """\
title: Routine {name}
voice: silent
defaults: {{work: 8s-60s, transition: 3s, switch: 3s}}
steps:
  - exercise: Calves
    sides: [left, right]
    cues: {{half: This is {name}.}}
    variants: {{gentle: {{cues: {{half: Softly.}}}}}}
  - use: own-one
"""
OWN = "exercise: Shins\nlanguage: en\ncues: {half: Words of the exercise.}\n"
MANIFEST = """\
routines: [a, b.yaml]
levels: [gentle, standard]
output: 'out/{level}/{routine}'
"""
TRACKS = ["out/gentle/a.mp3", "out/gentle/b.mp3", "out/standard/a.mp3", "out/standard/b.mp3"]


@pytest.fixture
def studio(home: Home) -> Home:
    """A person with two routines, one of them with a name, an exercise of their own, and a manifest."""
    own = home.root / "home"
    (own / "routines").mkdir(parents=True)
    (own / "exercises").mkdir()
    (own / "routines" / "a.yaml").write_text(ROUTINE.format(name="a"))
    (own / "exercises" / "own-one.yaml").write_text(OWN)
    home.write("b.yaml", ROUTINE.format(name="b").replace("  - use: own-one\n", ""))
    home.write("all.yaml", MANIFEST)
    return home


def tracks(home: Home) -> dict[str, bytes]:
    return {str(path.relative_to(home.here)): path.read_bytes() for path in sorted(home.here.rglob("*.mp3"))}


def states(report: Any) -> dict[str, str]:
    return {track["path"]: track["state"] for track in report["tracks"]}


def batch(home: Home, *options: str, status: int = 0, stderr: str = "") -> Any:
    """The report of a batch that ends with this status and prints these words."""
    done = home.cuecast("batch", "all.yaml", "--json", "--jobs", "2", *options)
    assert done.returncode == status, done.stderr
    assert stderr in done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def test_tracks_are_made_once_and_are_those_of_render(studio: Home) -> None:
    dry = batch(studio, "--dry-run")
    assert (dry["due"], dry["made"], tracks(studio)) == (4, 0, {})
    first = batch(studio)
    assert states(first) == dict.fromkeys(TRACKS, "made")
    before = tracks(studio)
    assert list(before) == TRACKS
    assert {track["path"]: track["bytes"] for track in first["tracks"]} == {p: len(data) for p, data in before.items()}
    assert all(track["duration"] > 20 for track in first["tracks"])
    again = batch(studio)
    assert (again["made"], again["unchanged"], tracks(studio)) == (0, 4, before)
    done = studio.anew("render", "b.yaml", "--level", "gentle", "-o", "alone.mp3")
    assert done.returncode == 0, done.stderr
    assert (studio.here / "alone.mp3").read_bytes() == before["out/gentle/b.mp3"]


def test_a_changed_phrase_makes_the_tracks_again_that_say_it(studio: Home) -> None:
    batch(studio)
    before = tracks(studio)
    path = studio.root / "home" / "exercises" / "own-one.yaml"
    path.write_text(OWN.replace("Words", "Other words"))
    report = batch(studio)
    changed = {"out/gentle/a.mp3", "out/standard/a.mp3"}
    assert {path for path, state in states(report).items() if state == "made"} == changed
    assert {path for path, data in tracks(studio).items() if data != before[path]} == changed


def test_routines_share_files_below_the_folder_of_the_manifest(studio: Home) -> None:
    (studio.here / "legs").mkdir()
    (studio.here / "shared").mkdir()
    write_tone(studio.here / "shared" / "gong.wav", 1.5)
    write(studio.here / "shared" / "calm.wav", noise(3))
    studio.write("shared/warm-up.yaml", "title: Warm-up\nsteps:\n  - sound: gong.wav\n  - say: Stand up.\n")
    shared = "tones: {end: ../shared/gong.wav}\nmusic: ../shared/calm.wav\n"
    text = ROUTINE.format(name="legs").replace("steps:\n", f"{shared}steps:\n  - include: ../shared/warm-up.yaml\n")
    studio.write("legs/legs.yaml", text)
    studio.write("all.yaml", "routines: ['legs/*.yaml']\n")
    report = batch(studio)
    assert states(report) == {"legs.mp3": "made"}
    refused = studio.cuecast("render", "legs/legs.yaml", "-o", "alone.mp3")
    assert refused.returncode == 1
    assert "`../shared/warm-up.yaml` lies outside the routine's folder" in refused.stderr
    assert studio.cuecast("render", "legs/legs.yaml", "--root", ".", "-o", "alone.mp3").returncode == 0
    made = (studio.here / "legs.mp3").read_bytes()
    assert (studio.here / "alone.mp3").read_bytes() == made

    taken = studio.cuecast("extract", "legs.mp3", "--json", "-o", "out")
    assert taken.returncode == 0, taken.stderr
    command = json.loads(taken.stdout)["render"]
    shutil.copy(studio.here / "shared" / "calm.wav", studio.here / "out" / "shared" / "calm.wav")
    assert studio.cuecast(*command, "-o", "again.mp3").returncode == 0
    assert (studio.here / "again.mp3").read_bytes() == made

    (studio.here / "sub").mkdir()
    studio.write("sub/all.yaml", "routines: [../legs/legs.yaml]\n")
    outside = studio.cuecast("batch", "sub/all.yaml")
    assert outside.returncode == 1
    assert "lies outside the routine's folder" in outside.stderr


@pytest.mark.parametrize("file", ["batch.py", "-"])
def test_a_script_without_a_guard_is_not_run_by_the_workers(studio: Home, file: str) -> None:
    script = "import cuecast\nprint('once')\nprint(cuecast.batch('all.yaml', jobs=2).is_complete)\n"
    studio.write("batch.py", script)
    done = subprocess.run(
        [sys.executable, file], cwd=studio.here, env=studio.env(), input=script, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("once\nTrue\n", "")


def test_the_table_and_the_log(studio: Home) -> None:
    done = studio.cuecast("batch", "all.yaml", "--timings", "--log", "log.jsonl")
    rows = [line.split()[:2] for line in done.stdout.splitlines()]
    order = ["out/gentle/a.mp3", "out/standard/a.mp3", "out/gentle/b.mp3", "out/standard/b.mp3"]
    assert rows == [["track", "state"], *([path, "made"] for path in order)]
    assert "encoding" in done.stderr
    assert "4 made" in done.stderr
    events = [json.loads(line) for line in (studio.here / "log.jsonl").read_text().splitlines()]
    assert [event["event"] for event in events] == ["began", "made", "made", "made", "made", "ended"]
    assert all(event["time"].endswith("+00:00") for event in events)
    studio.cuecast("batch", "all.yaml", "--log", "log.jsonl")
    assert len((studio.here / "log.jsonl").read_text().splitlines()) == len(events) + 2


def test_no_track_overwrites_an_input(studio: Home) -> None:
    studio.write("m.yaml", ROUTINE.format(name="m").replace("  - use: own-one\n", "music: out/b.mp3\n"))
    studio.write("all.yaml", "routines: [b.yaml, m.yaml, a]\noutput: 'out/{routine}'\n")
    (studio.here / "out").mkdir()
    song = studio.here / "out" / "b.mp3"
    write(song.with_suffix(".wav"), noise(2)).path.rename(song)  # a WAV file, whatever it is called
    (studio.here / "out" / "a.mp3").symlink_to(studio.here / "b.yaml")
    mine = song.read_bytes(), (studio.here / "b.yaml").read_bytes()
    for more in (["--dry-run"], [], ["--force"]):
        report = batch(studio, *more, status=3, stderr="a track is made from this very file")
        failed = {path for path, state in states(report).items() if state == "failed"}
        assert failed == {"out/b.mp3", "out/a.mp3"}
        assert (song.read_bytes(), (studio.here / "b.yaml").read_bytes()) == mine
    shutil.copy(song, studio.here / "b.mp3")
    studio.write("m.yaml", (studio.here / "m.yaml").read_text().replace("out/b.mp3", "b.mp3"))
    done = studio.cuecast("render", "b.yaml", "m.yaml")
    assert done.returncode == 3
    assert "cannot write b.mp3: a track is made from this very file" in done.stderr
    assert ((studio.here / "b.mp3").read_bytes(), (studio.here / "m.mp3").exists()) == (mine[0], False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_log_that_takes_no_more_stops_nothing(studio: Home) -> None:
    done = studio.cuecast("batch", "all.yaml", "--log", "/dev/full")
    assert done.returncode == 3
    assert done.stderr.count("can't write to --log /dev/full") == 1
    assert list(tracks(studio)) == TRACKS


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8")
def test_a_name_that_is_no_utf_8(studio: Home) -> None:
    folder = Path(os.fsdecode(os.fsencode(studio.here) + b"/umla\xe4ut"))
    folder.mkdir()
    shutil.copy(studio.here / "b.yaml", folder / "b.yaml")
    (folder / "all.yaml").write_text("routines: b.yaml\n")
    done = studio.cuecast("batch", str(folder / "all.yaml"), "--log", "log.jsonl")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in (studio.here / "log.jsonl").read_text("utf-8").splitlines()]
    assert events[1]["path"] == str(folder / "b.mp3")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's pipe")
def test_who_reads_along_may_leave(studio: Home) -> None:
    studio.write("all.yaml", MANIFEST.replace("b.yaml", "b.yaml, none"))
    command = shlex.join(studio.command("batch", "all.yaml"))
    line = f"{{ {command} 2>&1; echo $? >status; }} | true"
    subprocess.run(["sh", "-c", line], cwd=studio.here, env=studio.env(), check=True, timeout=120)
    assert list(tracks(studio)) == TRACKS
    assert (studio.here / "status").read_text() == "1\n"
    studio.write("all.yaml", "routine: a\n")
    line = f"{{ sleep 0.2; {command} --json; echo $? >status; }} | true"
    subprocess.run(["sh", "-c", line], cwd=studio.here, env=studio.env(), check=True, timeout=120)
    assert (studio.here / "status").read_text() == "1\n"


def start(home: Home, *options: str, background: bool = False) -> subprocess.Popen[str]:
    call = ("batch", "all.yaml", "--jobs", "2", *options)
    return home.start(*call, new_session=True, ignores_ctrl_c=background)


def wait_for_a_track(home: Home) -> None:
    assert comes(lambda: tracks(home))


LARGE = 24


@pytest.fixture
def large(studio: Home) -> Home:
    """A manifest with this many tracks."""
    lengths = ", ".join(f"{n}s" for n in range(70, 70 + LARGE // 2))
    studio.write("all.yaml", f"routines: [a, b.yaml]\nlengths: [{lengths}]\n")
    return studio


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_what_was_interrupted_goes_on(large: Home) -> None:
    """`tests/faults` kills it."""
    process = start(large, "-q")
    wait_for_a_track(large)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert all_end(process.pid)
    assert not [path for path in large.here.rglob(".*") if path.is_file()]
    made = tracks(large)
    assert 0 < len(made) < LARGE
    report = batch(large)
    assert report["made"] + report["unchanged"] == LARGE
    assert report["unchanged"] == len(made)  # a track that has its name has its record, whoever was killed when
    assert {path: tracks(large)[path] for path in made} == made
    assert not [path for path in large.here.rglob(".*") if path.is_file()]


LONG = """\
title: Long
voice: silent
music: brown noise
defaults: {work: 10s-2h, announce: off}
steps:
  - rounds: 10
    steps: [exercise: Calves]
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_no_track_is_begun_after_an_interruption(home: Home) -> None:
    home.write("long.yaml", LONG)
    home.write("all.yaml", f"routines: [long.yaml]\nlengths: [{', '.join(f'{n}m' for n in range(500, 506))}]\n")
    process = start(home, "-q")
    assert comes(lambda: len(list(home.here.glob(".*"))) == 2)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, stderr
    assert home.files() == ["all.yaml", "long.yaml"]


LATE = """\
import pathlib, sys, time
if any("spawn_main" in word for word in sys.orig_argv):
    pathlib.Path(__file__).with_name("late").touch()
    time.sleep(0.8)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_terminated_while_a_worker_starts(large: Home) -> None:
    (large.root / "sitecustomize.py").write_text(LATE)
    late = Home(large.root, {"PYTHONPATH": f"{large.root}:{os.environ.get('PYTHONPATH', '')}"})
    process = start(late, "-q")
    assert comes((large.root / "late").exists)
    os.killpg(process.pid, signal.SIGTERM)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert all_end(process.pid)
    assert len(tracks(large)) <= 2  # a worker may finish its first one


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_background_job_ignores_ctrl_c(large: Home) -> None:
    """A shell starts it with SIGINT ignored."""
    process = start(large, "-q", background=True)
    for made in (1, 5, 10):
        assert comes(lambda: len(tracks(large)) >= made)  # noqa: B023
        os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, stderr) == (0, "")
    assert len(tracks(large)) == LARGE


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_that_dies_costs_nothing(large: Home) -> None:
    process = start(large, "-q", "--log", "log.jsonl")
    wait_for_a_track(large)
    workers = workers_of(process.pid)
    assert workers
    os.kill(workers[0], signal.SIGKILL)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, stderr
    assert len(tracks(large)) == LARGE
    events = [json.loads(line)["event"] for line in (large.here / "log.jsonl").read_text().splitlines()]
    assert "lost a worker" in events
    assert not [path for path in large.here.rglob(".*") if path.is_file()]
