"""The tracks in which the players skip, and the table of their landings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from tests.players.landing import Samples, Track

LIMIT = 0.048
"""Seconds: two frames."""

COARSE = 0.100
"""For a player that computes the place from a length without delay and padding, and starts with silent frames."""


class Hold(Protocol):
    def __call__(
        self, player: str, heard: Sequence[Samples], moments: Sequence[float], limit: float = LIMIT
    ) -> None: ...


LENGTHS = {"8 min": 8, "60 min": 60, "3 h": 180}
BEDS = {"": "off", ", bed": "ocean"}
worst: dict[str, dict[str, float]] = {}
"""The worst landing (s) of each player in each track."""


def routine(minutes: int) -> str:
    """One exercise a minute, each with words of its own."""
    steps = (f"  - {{exercise: Number {i}, cues: {{half: Half of number {i}.}}}}\n" for i in range(1, minutes + 1))
    defaults = "{work: 50s, transition: 10s, announce: [next]}"
    return f"title: {minutes} minutes\ndefaults: {defaults}\nsteps:\n{''.join(steps)}"


def needed(program: str, package: str) -> None:
    """Skip the test if the player is not installed."""
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed; on Debian: apt-get install {package}")


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """For the tracks. Any user can read it: VLC does not run as root."""
    path = Path(tempfile.mkdtemp(prefix="cuecast-players-"))
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session", params=[length + bed for bed in BEDS for length in LENGTHS])
def track(request: pytest.FixtureRequest, folder: Path) -> Track:
    if not os.environ.get("CUECAST_PLAYERS"):
        pytest.skip("skips in real players take long: make test-players")
    needed("ffmpeg", "ffmpeg")
    length, _, bed = request.param.partition(",")
    source, path = folder / f"{LENGTHS[length]}.yaml", folder / f"{LENGTHS[length]}{bed.strip()}.mp3"
    source.write_text(routine(LENGTHS[length]))
    environment = os.environ | {"CUECAST_CACHE": str(folder / "cache"), "CUECAST_HOME": str(folder / "home")}

    def cuecast(*arguments: str) -> str:
        command = [sys.executable, "-m", "cuecast", *arguments, "--music", "ocean" if bed else "off"]
        return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout

    cuecast("render", str(source), "-o", str(path), "-q")
    chapters = json.loads(cuecast("plan", str(source), "--json"))["chapters"]
    return Track(request.param, path, [chapter["start"] for chapter in chapters])


@pytest.fixture
def hold(track: Track) -> Hold:
    """Hold a player to the limit: what was heard after each skip lies in the track where the player went."""

    def hold(player: str, heard: Sequence[Samples], moments: Sequence[float], limit: float = LIMIT) -> None:
        landings = [track.landing(sound, moment) for sound, moment in zip(heard, moments, strict=True)]
        worst.setdefault(player, {})[track.name] = max(landings, key=abs)
        assert max(map(abs, landings)) <= limit, [round(1e3 * landing) for landing in landings]

    return hold


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not worst:
        return
    tracks = [length + bed for bed in BEDS for length in LENGTHS]
    write = terminalreporter.write_line
    write(f"Worst landing in ms of {len(tracks)} tracks; the limit is {LIMIT * 1e3:.0f}.")
    write("| player | " + " | ".join(tracks) + " |")
    write("|---|" + "--:|" * len(tracks))
    for player, landings in sorted(worst.items()):
        cells = (f"{landings[name] * 1e3:+.0f}" if name in landings else "" for name in tracks)
        write(f"| {player} | " + " | ".join(cells) + " |")
