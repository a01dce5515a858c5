"""Chromium and Firefox: a page skips, records what is heard, and sends it back."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from tests.players.conftest import COARSE, Hold, needed
from tests.players.landing import Samples, Track, decode_raw

HERE = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium")
TIMEOUT = 240

FIREFOX_SETTINGS = """\
user_pref("media.autoplay.default", 0);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
"""


class Site:
    """Serves the page and the track, and collects what the page sends."""

    def __init__(self, track: Track) -> None:
        self.sent: dict[str, bytes] = {}
        self.ended = threading.Event()
        files = {"/": HERE / "skips.html", "/tap.js": HERE / "tap.js", "/track.mp3": track.path}
        routes = [Route(path, lambda request: FileResponse(files[request.url.path])) for path in files]
        self.app = Starlette(routes=[*routes, Route("/{path:path}", self._receive, methods=["POST"])])

    async def _receive(self, request: Request) -> Response:
        path = request.url.path
        self.sent[path] = await request.body()
        if path in ("/done", "/failed"):
            self.ended.set()
        return Response()

    @contextmanager
    def serve(self) -> Iterator[str]:
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(self.app, lifespan="off", log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        server.should_exit = True
        thread.join()


@contextmanager
def running(command: list[str], home: Path, **environment: str) -> Iterator[None]:
    with (home / "output.txt").open("wb") as output:
        env = os.environ | {"HOME": str(home)} | environment
        process = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def listen(track: Track, command: list[str], home: Path, **environment: str) -> list[Samples]:
    """What is heard after each skip, without the wait before the first sound."""
    site = Site(track)
    with site.serve() as url:
        page = f"{url}#{','.join(map(str, track.moments))}"
        with running([*command, page], home, **environment):
            assert site.ended.wait(TIMEOUT), f"only {sorted(site.sent)} came back"
    assert "/failed" not in site.sent, site.sent["/failed"]
    return [decode_raw(from_first_sound(site.sent[f"/heard/{i}"])) for i in range(len(track.moments))]


def from_first_sound(data: bytes) -> bytes:
    samples = np.frombuffer(data, np.int16)
    return samples[int(np.argmax(np.abs(samples) > 3)) :].tobytes()


def test_chromium(track: Track, hold: Hold, tmp_path: Path) -> None:
    needed(CHROMIUM, "chromium")
    options = ["--headless=new", "--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
    heard = listen(track, [CHROMIUM, *options, f"--user-data-dir={tmp_path}"], tmp_path)
    hold("Chromium", heard, track.moments, limit=COARSE)


@pytest.fixture
def silent_device(tmp_path: Path) -> Iterator[str]:
    """The address of a sound device that nobody hears. Without any device, Firefox does not play to a page."""
    needed("pulseaudio", "pulseaudio")
    home = tmp_path / "device"
    home.mkdir()
    modules = ["-L", "module-null-sink rate=48000", "-L", f"module-native-protocol-unix socket={home}/socket"]
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", *modules]
    with running(command, home, PULSE_RUNTIME_PATH=str(home)):
        yield f"unix:{home}/socket"


def test_firefox(track: Track, hold: Hold, tmp_path: Path, silent_device: str) -> None:
    firefox = shutil.which("firefox-esr") or "firefox"
    needed(firefox, "firefox-esr")
    (tmp_path / "user.js").write_text(FIREFOX_SETTINGS)
    command = [firefox, "--headless", "--no-remote", "--profile", str(tmp_path)]
    hold("Firefox", listen(track, command, tmp_path, PULSE_SERVER=silent_device), track.moments)
