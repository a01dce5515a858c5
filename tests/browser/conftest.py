"""A browser and a host for the shared pages. Where a package or Chromium is missing, all of it is skipped.

Nothing is ever downloaded: the browser is the system's own (`apt-get install chromium`), the packages are the extra
`browser`. Only addresses of this machine are opened.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
import uvicorn
from starlette.staticfiles import StaticFiles

from cuecast.share import share
from tests.cli.running import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

ROUTINE = """\
title: Legs & more
voice: silent
defaults: {transition: 8s, switch: 5s}
steps:
  - exercise: Calves
    sides: [left, right]
    work: 12s
    cues: {2s: Slowly.}
  - exercise: Quads
    work: 12s
"""

WATCHED = """
const RealAudio = window.Audio;
window.Audio = function () { return (window.heard = new RealAudio()); };
window.actions = {};
const media = navigator.mediaSession, real = media.setActionHandler.bind(media);
media.setActionHandler = (name, action) => { window.actions[name] = action; real(name, action); };
"""
"""Gives the tests the sound that the page plays, and the buttons of its lock screen."""


SPARE_ADDRESS = "198.51.100.7"
"""Of a range that is for documentation alone. To the browser it is an address as any phone's host has one, and it is
told to connect to loopback in its place: nothing leaves this machine, or could be reached from outside."""


@dataclass
class Host:
    """A web host of one folder, on loopback; `address` is what the browser calls it."""

    folder: Path
    address: str = "127.0.0.1"
    port: int = 0

    def start(self) -> Host:
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        app = StaticFiles(directory=self.folder)
        self.server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1))
        self.thread = threading.Thread(target=self.server.run, args=([listener],), daemon=True)
        self.thread.start()
        return self

    def stop(self) -> None:
        """Stop, and break off the connections that browsers keep."""
        self.server.should_exit = True
        self.thread.join()

    def url(self, name: str) -> str:
        return f"http://{self.address}:{self.port}/{name}"


def lacking(reason: str) -> NoReturn:
    """Skip what can't be tested here; `make test-browser` wants it tested, and so it fails there."""
    if os.environ.get("CUECAST_BROWSER") == "needed":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        from playwright import sync_api as api
    except ImportError:
        lacking("the extra `browser` is not installed: no playwright")
    if CHROMIUM is None:
        lacking("there is no Chromium on this machine: apt-get install chromium")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--autoplay-policy=no-user-gesture-required",
                "--mute-audio",
                f"--host-resolver-rules=MAP {SPARE_ADDRESS} 127.0.0.1",
            ],
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with real tracks: a short one with tones alone, and one of some minutes with a voice."""
    root = tmp_path_factory.mktemp("person")
    (root / "here").mkdir()
    home = Home(root)
    home.write("legs.yaml", ROUTINE)
    for routine in ("legs.yaml", "runners-rollout"):
        told = home.cuecast("render", routine)
        assert told.returncode == 0, told.stderr
    return home.here


@pytest.fixture
def site(tracks: Path, tmp_path: Path) -> Path:
    share([tracks / "legs.mp3", tracks / "runners-rollout.mp3"], tmp_path / "site")
    for path in (tmp_path / "site").rglob("*"):  # hosts tell by whole seconds whether a file has changed
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return tmp_path / "site"


@pytest.fixture
def host(site: Path) -> Iterator[Host]:
    started = Host(site).start()
    yield started
    started.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, accept_downloads=True)
    made.add_init_script(WATCHED)
    yield made
    made.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page says of itself that it should not have to."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page that must not complain: what it logs as an error fails the test."""
    made = context.new_page()
    made.on("pageerror", lambda fault: complaints.append(str(fault)))
    made.on("console", lambda m: complaints.append(f"{m.text} {m.location}") if m.type == "error" else None)
    made.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    yield made
    assert [each for each in complaints if "net::ERR_" not in each] == []


@pytest.fixture
def own_address() -> str:
    """An address that is not loopback's: there, plain http is no secure context. The browser takes it for loopback."""
    return SPARE_ADDRESS
