"""Kept for offline, safe when shared again; and the same folder over plain http, where none of that exists."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cuecast.share import share
from tests.browser.conftest import Host
from tests.browser.doing import arrive, opened, until
from tests.share.tracks import legs, track

if TYPE_CHECKING:
    from playwright.sync_api import Page

KEYS = """async (part) => {
  const found = [];
  for (const name of (await caches.keys()).filter((each) => each.includes(part))) {
    for (const each of await (await caches.open(name)).keys()) found.push(new URL(each.url).pathname);
  }
  return found.sort();
}"""
CONTROLLED = "navigator.serviceWorker.controller !== null"


def keep(page: Page) -> None:
    page.get_by_role("button", name="Keep for offline").tap()
    page.get_by_role("button", name="Kept for offline").wait_for()


def test_with_the_server_gone(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    keep(page)
    until(page, CONTROLLED)
    assert page.evaluate(KEYS, "kept") == ["/legs.html", "/legs.mp3", "/legs.png"]  # and none of the others
    host.stop()
    page.reload()
    page.get_by_role("button", name="Kept for offline").wait_for()
    page.get_by_role("button", name="Play").tap()
    until(page, "heard.currentTime > 0.3")
    page.get_by_role("button", name="Skip to the next exercise").tap()
    arrive(page, 22)
    page.get_by_role("link", name="All tracks").tap()
    page.get_by_text("offline ✓").wait_for()
    assert "offline ✓" in page.inner_text("li:first-child")
    assert "offline ✓" not in page.inner_text("li:last-child")
    assert page.evaluate("fetch('runners-rollout.html').then(() => 'there', () => 'not there')") == "not there"


def test_ranges_of_a_kept_track(page: Page, host: Host, site: Path, complaints: list[str]) -> None:
    opened(page, host.url("legs.html"))
    keep(page)
    until(page, CONTROLLED)
    host.stop()
    data = (site / "legs.mp3").read_bytes()
    size = len(data)
    asked = """async (range) => {
      const file = JSON.parse(document.getElementById("track").textContent).file;
      const answer = await fetch(file, { headers: range ? { Range: range } : {} });
      const bytes = Array.from(new Uint8Array(await answer.arrayBuffer()));
      return [answer.status, answer.headers.get("Content-Range"), bytes];
    }"""
    for range_, status, told, part in (
        ("bytes=0-1", 206, f"bytes 0-1/{size}", data[:2]),  # how an iPhone begins
        ("bytes=10-19", 206, f"bytes 10-19/{size}", data[10:20]),
        (f"bytes={size - 5}-", 206, f"bytes {size - 5}-{size - 1}/{size}", data[-5:]),
        ("bytes=-7", 206, f"bytes {size - 7}-{size - 1}/{size}", data[-7:]),
        (f"bytes=9-{size * 2}", 206, f"bytes 9-{size - 1}/{size}", data[9:]),
        (f"bytes={size}-", 416, f"bytes */{size}", b""),
        ("", 200, None, data),
    ):
        assert page.evaluate(asked, range_) == [status, told, list(part)], range_
    complaints.clear()  # Chromium logs the 416


def test_forgotten_again(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    keep(page)
    page.get_by_role("button", name="Kept for offline").tap()
    page.get_by_role("button", name="Keep for offline").wait_for()
    assert page.evaluate(KEYS, "kept") == []


def test_shared_again(page: Page, host: Host, site: Path, tmp_path: Path) -> None:
    """The next visit shows and keeps the new track, whole; old caches go, and another folder's on the host stay."""
    opened(page, host.url("legs.html"))
    keep(page)
    until(page, CONTROLLED)
    page.evaluate("caches.open('cuecast-shell /elsewhere/ 1').then(() => 0)")
    before = page.evaluate("caches.keys()")
    share([track(tmp_path / "legs.mp3", legs("Stronger legs"))], site)
    page.reload()
    assert page.inner_text("h1") == "Stronger legs"
    page.get_by_role("button", name="Kept for offline").wait_for()
    until(page, "old => caches.keys().then(now => now.length === 3 && now.join() !== old)", ",".join(before))
    assert page.evaluate(KEYS, "kept") == ["/legs.html", "/legs.mp3"]
    assert page.evaluate("caches.has('cuecast-shell /elsewhere/ 1')")
    host.stop()
    page.reload()
    assert page.inner_text("h1") == "Stronger legs"
    until(page, "!document.getElementById('play').disabled")
    page.get_by_role("button", name="Play").tap()
    until(page, "heard.currentTime > 0.3")
    page.goto(host.url("index.html"))
    assert "Stronger legs" in page.inner_text("main")


def test_it_can_be_installed(page: Page, host: Host) -> None:
    page.goto(host.url("index.html"))
    until(page, "navigator.serviceWorker.ready.then(() => true)")
    session = page.context.new_cdp_session(page)
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],  # Playwright's contexts are
    )
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []


def test_plain_http_saves_the_track_and_shows_nothing_that_fails(
    page: Page, site: Path, own_address: str, tmp_path: Path
) -> None:
    host = Host(site, own_address).start()
    try:
        opened(page, host.url("legs.html"))
        assert page.evaluate("[isSecureContext, 'serviceWorker' in navigator, 'caches' in window]") == [False] * 3
        with page.expect_download() as saving:
            page.get_by_role("link", name="Save the track (").tap()
        assert saving.value.suggested_filename == "legs.mp3"
        saving.value.save_as(tmp_path / "saved.mp3")
        assert (tmp_path / "saved.mp3").read_bytes() == (site / "legs.mp3").read_bytes()
        assert not page.is_visible("#store")
        page.get_by_role("button", name="Play").tap()
        page.get_by_role("button", name="Skip to the next exercise").tap()
        arrive(page, 22)
        assert page.evaluate("navigator.mediaSession.metadata.title") == "Calves, right"
        page.goto(host.url("index.html"))
        with page.expect_download() as saving:
            page.get_by_role("link", name="Save Legs & more").tap()
        assert saving.value.suggested_filename == "legs.mp3"
    finally:
        host.stop()
