"""`cuecast batch`, as a person uses it: what is due is made, what fails stops nothing, what is interrupted goes on."""

from __future__ import annotations

import itertools
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

from cuecast.batch import pool
from cuecast.errors import SetupError
from tests.cli.running import Home
from tests.music.music_files import noise, write
from tests.patience import PATIENCE_S, comes
from tests.workers import workers_of

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


def report(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


def states(told: Any) -> dict[str, str]:
    return {track["path"]: track["state"] for track in told["tracks"]}


def batch(home: Home, *options: str, status: int = 0) -> Any:
    done = home.cuecast("batch", "all.yaml", "--json", "--jobs", "2", *options)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr  # nor when workers end
    return report(done)


def test_what_is_due_is_made_once(studio: Home) -> None:
    dry = batch(studio, "--dry-run")
    assert (dry["due"], dry["made"]) == (4, 0)
    assert tracks(studio) == {}
    first = batch(studio)
    assert states(first) == dict.fromkeys(TRACKS, "made") and list(tracks(studio)) == TRACKS  # noqa: PT018
    sizes = {track["path"]: len(tracks(studio)[track["path"]]) for track in first["tracks"]}
    assert {track["path"]: track["bytes"] for track in first["tracks"]} == sizes
    assert all(track["duration"] > 20 for track in first["tracks"])
    before = tracks(studio)
    again = batch(studio)
    assert (again["made"], again["unchanged"]) == (0, 4)
    assert tracks(studio) == before


def test_a_track_is_that_of_render(studio: Home) -> None:
    batch(studio)
    done = studio.anew("render", "b.yaml", "--level", "gentle", "-o", "alone.mp3")
    assert done.returncode == 0, done.stderr
    assert (studio.here / "alone.mp3").read_bytes() == (studio.here / "out/gentle/b.mp3").read_bytes()


def test_a_phrase_that_changed_makes_the_tracks_anew_that_say_it(studio: Home) -> None:
    batch(studio)
    before = tracks(studio)
    path = studio.root / "home" / "exercises" / "own-one.yaml"
    path.write_text(OWN.replace("Words", "Other words"))
    told = batch(studio)
    says_it = {"out/gentle/a.mp3", "out/standard/a.mp3"}
    assert {path for path, state in states(told).items() if state == "made"} == says_it
    assert {path for path, data in tracks(studio).items() if data != before[path]} == says_it


def test_one_that_fails_stops_no_other(studio: Home) -> None:
    studio.write("b.yaml", "title: b\nsteps:\n  - exercise: Calves\n    wrok: 10s\n")
    done = studio.cuecast("batch", "all.yaml", "--json")
    assert done.returncode == 1
    assert done.stderr.count("b.yaml:4:5: error[unknown-key]") == 1
    told = report(done)
    assert (told["made"], told["failed"]) == (2, 2)
    assert list(tracks(studio)) == [path for path in TRACKS if "a.mp3" in path]
    failed = [track for track in told["tracks"] if track["state"] == "failed"]
    assert {message["code"] for track in failed for message in track["messages"]} == {"unknown-key"}
    studio.write("b.yaml", ROUTINE.format(name="b").replace("  - use: own-one\n", ""))
    assert states(batch(studio)) == {path: "made" if "b.mp3" in path else "unchanged" for path in TRACKS}


def test_a_manifest_with_errors_makes_nothing(studio: Home) -> None:
    studio.write("all.yaml", "routine: a\nlevels: hard\n")
    done = studio.cuecast("batch", "all.yaml")
    assert done.returncode == 1
    assert "all.yaml:2:9: error[bad-value]" in done.stderr
    assert tracks(studio) == {}


@pytest.mark.parametrize(
    "wrong", [["none.yaml"], ["-"], ["."], ["all.yaml", "-o", "b.yaml"], ["all.yaml", "--jobs", "0"]]
)
def test_wrong_calls(studio: Home, wrong: list[str]) -> None:
    done = studio.cuecast("batch", *wrong)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_what_a_pattern_finds_is_not_the_manifest(studio: Home) -> None:
    studio.write("all.yaml", "routines: '*.yaml'\n")
    assert list(states(batch(studio))) == ["b.mp3"]


def test_another_folder(studio: Home) -> None:
    told = batch(studio, "-o", "elsewhere")
    assert {Path(path).parts[0] for path in states(told)} == {"elsewhere"}
    assert len(tracks(studio)) == 4


def test_a_place_that_takes_no_track(studio: Home) -> None:
    (studio.here / "out" / "gentle" / "a.mp3").mkdir(parents=True)
    done = studio.cuecast("batch", "all.yaml", "--json")
    assert done.returncode == 3
    assert "it is a folder" in done.stderr
    assert report(done)["made"] == 3


def test_the_table_and_the_log(studio: Home) -> None:
    done = studio.cuecast("batch", "all.yaml", "--timings", "--log", "log.jsonl")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["track", "state", "length", "size"]
    assert [line.split()[:2] for line in lines[1:]] == [
        ["out/gentle/a.mp3", "made"],
        ["out/standard/a.mp3", "made"],
        ["out/gentle/b.mp3", "made"],
        ["out/standard/b.mp3", "made"],
    ]
    assert "encoding" in done.stderr and "4 made" in done.stderr  # noqa: PT018
    events = [json.loads(line) for line in (studio.here / "log.jsonl").read_text().splitlines()]
    assert [event["event"] for event in events] == ["began", "made", "made", "made", "made", "ended"]
    assert all(event["time"].endswith("+00:00") for event in events)


def test_no_track_takes_the_place_of_what_another_is_made_from(studio: Home) -> None:
    studio.write("m.yaml", ROUTINE.format(name="m").replace("  - use: own-one\n", "music: out/b.mp3\n"))
    studio.write("all.yaml", "routines: [b.yaml, m.yaml, a]\noutput: 'out/{routine}'\n")
    (studio.here / "out").mkdir()
    song = studio.here / "out" / "b.mp3"
    write(song.with_suffix(".wav"), noise(2)).path.rename(song)  # a WAV file, whatever it is called
    (studio.here / "out" / "a.mp3").symlink_to(studio.here / "b.yaml")
    mine = song.read_bytes(), (studio.here / "b.yaml").read_bytes()
    for more in (["--dry-run"], [], ["--force"]):
        done = studio.cuecast("batch", "all.yaml", "--json", *more)
        assert done.returncode == 3, done.stderr
        assert done.stderr.count("a track is made from this very file") == 2
        told = states(report(done))
        assert (told["out/b.mp3"], told["out/a.mp3"]) == ("failed", "failed")
        assert told["out/m.mp3"] != "failed"
        assert (song.read_bytes(), (studio.here / "b.yaml").read_bytes()) == mine
    shutil.copy(song, studio.here / "b.mp3")
    studio.write("m.yaml", (studio.here / "m.yaml").read_text().replace("out/b.mp3", "b.mp3"))
    done = studio.cuecast("render", "b.yaml", "m.yaml")
    assert done.returncode == 3
    assert "cannot write b.mp3: a track is made from this very file" in done.stderr
    assert ((studio.here / "b.mp3").read_bytes(), (studio.here / "m.mp3").exists()) == (mine[0], False)


def test_what_is_wrong_with_the_music_told_is_told_once_and_not_of_a_length(studio: Home) -> None:
    studio.write("empty.mp3", "")
    studio.write("all.yaml", "routines: [a, b.yaml]\nlengths: [50s, 60s]\noutput: 'out/{length}/{routine}'\n")
    done = studio.cuecast("batch", "all.yaml", "--music", "empty.mp3")
    assert done.returncode == 1
    assert done.stderr.count("error[bad-music]") == 1
    assert "all.yaml" not in done.stderr
    studio.write("all.yaml", "routines: b.yaml\nlengths: [9h, 50s]\noutput: 'out/{length}/{routine}'\n")
    done = studio.cuecast("batch", "all.yaml")
    assert "all.yaml:2:11: error[cannot-fit]: out/9h/b.mp3: the track can't last" in done.stderr


def test_the_report_has_what_is_said_of_the_manifest(studio: Home) -> None:
    studio.write("all.yaml", "routines: [a, none]\n")
    told = batch(studio, status=1)
    assert [message["code"] for message in told["messages"]] == ["unknown-routine"]
    assert (told["made"], told["failed"]) == (1, 0)
    studio.write("all.yaml", "routine: a\n")
    told = batch(studio, status=1)
    assert "unknown-key" in {message["code"] for message in told["messages"]}
    assert told["tracks"] == []


def test_a_log_spoils_nothing_that_is_there(studio: Home) -> None:
    for name in ("all.yaml", "b.yaml"):
        before = (studio.here / name).read_bytes()
        done = studio.cuecast("batch", "all.yaml", "--log", name)
        assert done.returncode == 2
        assert f"--log {name} is there already, and is no log" in done.stderr
        assert (studio.here / name).read_bytes() == before
    for _ in range(2):
        assert studio.cuecast("batch", "all.yaml", "--log", "log.jsonl").returncode == 0
    assert len((studio.here / "log.jsonl").read_text().splitlines()) == 6 + 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_log_that_takes_no_more_stops_nothing(studio: Home) -> None:
    done = studio.cuecast("batch", "all.yaml", "--log", "/dev/full")
    assert done.returncode == 3
    assert done.stderr.count("--log /dev/full takes no more") == 1
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


def test_workers_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(pool, "ProcessPoolExecutor", fails)
    with pytest.raises(SetupError, match="no worker process can be started: Permission denied"):
        pool.Pool(1)


def start(home: Home, *options: str, deaf: bool = False) -> subprocess.Popen[str]:
    command = home.command("batch", "all.yaml", "--jobs", "2", *options)
    return subprocess.Popen(
        ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *command] if deaf else command,
        cwd=home.here,
        env=home.env(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_a_track(home: Home) -> None:
    assert comes(lambda: tracks(home))


def nobody_of(session: int) -> bool:
    """Whether all processes of a session end, some time after they were told to."""

    def ended() -> bool:
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return True
        return False

    return comes(ended)


LARGE = 40


@pytest.fixture
def large(studio: Home) -> Home:
    """With enough to do for a while: so many tracks."""
    lengths = ", ".join(f"{n}s" for n in range(70, 70 + LARGE // 2))
    studio.write("all.yaml", f"routines: [a, b.yaml]\nlengths: [{lengths}]\n")
    return studio


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_what_was_interrupted_goes_on(large: Home, how: signal.Signals) -> None:
    process = start(large, "-q")
    wait_for_a_track(large)
    if how is signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does
    else:
        process.send_signal(how)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == (-9 if how is signal.SIGKILL else 130), stderr
    assert "Traceback" not in stderr
    assert nobody_of(process.pid)
    left = [path for path in large.here.rglob(".*") if path.is_file()]
    assert how is signal.SIGKILL or not left
    made = tracks(large)
    assert 0 < len(made) < LARGE
    told = batch(large)
    assert told["made"] + told["unchanged"] == LARGE
    assert told["unchanged"] == len(made)  # a track that has its name has its record, whoever was killed when
    assert {path: tracks(large)[path] for path in made} == made
    assert not [path for path in large.here.rglob(".*") if path.is_file()]


def test_a_worker_that_has_made_many_tracks_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "TRACKS_A_PROCESS", 2)
    processes = []
    with pool.Pool(1) as workers:
        waiting = [workers.submit(os.getpid), workers.submit(os.getpid)]
        while waiting:
            processes.append(waiting.pop(0).result(PATIENCE_S))
            if len(processes) < 4:
                waiting.append(workers.submit(os.getpid))
    assert [len(list(group)) for _, group in itertools.groupby(processes)] == [2, 2, 1]


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
    time.sleep(1.5)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_interrupted_while_a_worker_starts(large: Home, how: signal.Signals) -> None:
    (large.root / "sitecustomize.py").write_text(LATE)
    late = Home(large.root, {"PYTHONPATH": f"{large.root}:{os.environ.get('PYTHONPATH', '')}"})
    process = start(late, "-q")
    assert comes((large.root / "late").exists)
    os.killpg(process.pid, how)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert nobody_of(process.pid)
    assert len(tracks(large)) <= 2  # a worker that is told so may have done with its first one


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_who_is_deaf_to_ctrl_c_makes_all(large: Home) -> None:
    """What a shell starts with `&` hears none: it is for what it does itself."""
    process = start(large, "-q", deaf=True)
    for made in range(1, 6):
        assert comes(lambda: len(tracks(large)) >= made * 3)  # noqa: B023
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


def test_two_at_once(large: Home) -> None:
    processes = [start(large, "-q") for _ in range(2)]
    for process in processes:
        _, stderr = process.communicate(timeout=100)
        assert process.returncode == 0, stderr
    assert len(tracks(large)) == LARGE
    assert batch(large)["unchanged"] == LARGE
