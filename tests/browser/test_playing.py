"""The page of a track, used: play, skip, back, more time, keys, lock screen."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import miniaudio
import numpy as np
import pytest

from cuecast.share import share
from tests.browser.conftest import Host
from tests.browser.doing import arrive, at, is_playing, opened, play, seek, until
from tests.share.tracks import evil, foreign

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Of the short routine: the lead-in, then each gap and its work.
GAPS, WORKS = (0, 22, 39), (10, 27, 47)


def test_the_timeline_is_what_these_tests_take_it_for(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    data = page.evaluate("JSON.parse(document.getElementById('track').textContent)")
    assert tuple(chapter["start"] for chapter in data["chapters"]) == tuple(gap * 1_000 for gap in GAPS)
    works = [each["start"] for each in data["intervals"] if each["kind"] == "work"]
    assert tuple(works) == tuple(work * 1_000 for work in WORKS)


def test_it_plays_and_shows_what_is_going_on(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    assert page.inner_text("h1") == "Legs & more"
    page.get_by_role("button", name="Play").tap()
    until(page, "heard.currentTime > 0.5")
    first = int(page.get_attribute("#arc", "stroke-dashoffset") or 0)
    until(page, "before => document.getElementById('arc').getAttribute('stroke-dashoffset') > before", arg=first)
    seek(page, WORKS[0] + 3)
    arrive(page, WORKS[0] + 3)
    assert page.inner_text("#exercise") == "Calves"
    assert "left" in page.inner_text("#side")
    assert page.inner_text("#cue") == "Slowly."
    assert page.inner_text("#next") == "Then: Calves, right"
    assert page.get_attribute("#stage", "data-kind") == "work"
    assert page.inner_text("#left") in {"9", "8"}
    page.get_by_role("button", name="Pause").tap()
    assert not is_playing(page)


def test_sound_begins_at_once_on_a_slow_network(page: Page, host: Host) -> None:
    opened(page, host.url("runners-rollout.html"))
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    limits = {"downloadThroughput": 100_000, "uploadThroughput": 100_000, "latency": 150}  # bytes a second, ms
    session.send("Network.emulateNetworkConditions", {"offline": False, **limits})
    page.get_by_role("button", name="Play").tap()
    until(page, "heard.currentTime > 0.02", timeout=2)


def test_skip_back_and_more_time(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    page.get_by_role("button", name="Play").tap()
    page.get_by_role("button", name="Skip to the next exercise").tap()
    arrive(page, GAPS[1])
    assert is_playing(page)
    page.get_by_role("button", name="Skip to the next exercise").tap()
    arrive(page, GAPS[2])
    page.get_by_role("button", name="Back").tap()  # within 3 s: the one before
    arrive(page, GAPS[1])
    seek(page, WORKS[1] + 4)
    arrive(page, WORKS[1] + 4)
    page.get_by_role("button", name="I need more time").tap()
    arrive(page, WORKS[1])
    page.get_by_role("button", name="Back").tap()  # later: this one from its start
    arrive(page, GAPS[1])
    page.get_by_role("button", name="I need more time").tap()
    arrive(page, GAPS[1])


def test_it_ends_and_begins_again(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    length = page.evaluate("JSON.parse(document.getElementById('track').textContent).duration / 1000")
    seek(page, int(length) - 1)
    play(page)
    until(page, "heard.ended")
    until(page, "document.getElementById('exercise').textContent === 'Done'")
    page.get_by_role("button", name="Play").tap()
    arrive(page, 0)
    assert is_playing(page)


def test_keys(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    page.keyboard.press("Space")
    until(page, "!heard.paused")
    page.keyboard.press("ArrowRight")
    arrive(page, GAPS[1])
    page.keyboard.press("ArrowLeft")
    arrive(page, GAPS[0])
    seek(page, WORKS[0] + 5)
    page.keyboard.press("r")
    arrive(page, WORKS[0])
    page.focus("#play")
    page.keyboard.press("Space")  # the button's own doing, and not a second time the page's
    until(page, "heard.paused")
    page.focus("#position")
    page.keyboard.press("ArrowRight")  # the slider's own
    arrive(page, WORKS[0] + 1, within=1.5)


def test_the_lock_screen(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    page.get_by_role("button", name="Play").tap()

    def shown() -> list[str]:
        return list(page.evaluate("(m => [m.title, m.artist, m.album])(navigator.mediaSession.metadata)"))

    until(page, "navigator.mediaSession.playbackState === 'playing'")
    assert shown() == ["Calves, left", "Legs & more", "Routines"]
    assert page.evaluate("navigator.mediaSession.metadata.artwork.map(a => new URL(a.src).pathname)") == [
        "/legs.png",
    ]  # fmt: skip
    page.evaluate("actions.nexttrack()")
    arrive(page, GAPS[1])
    until(page, "navigator.mediaSession.metadata.title === 'Calves, right'")
    page.evaluate("actions.nexttrack()")
    arrive(page, GAPS[2])
    assert shown()[0] == "Quads"
    page.evaluate("actions.previoustrack()")
    arrive(page, GAPS[1])
    page.evaluate("actions.seekto({ seekTime: 30 })")
    arrive(page, 30)
    # With these two, iPhones show ±10 s in place of the buttons for the exercises.
    assert page.evaluate("[actions.seekbackward, actions.seekforward]") == [None, None]
    page.evaluate("actions.pause()")
    until(page, "navigator.mediaSession.playbackState === 'paused'")
    page.evaluate("actions.play()")
    until(page, "!heard.paused")


RECORD = """async (seconds) => {
  const context = new AudioContext({ sampleRate: 48000 }), taken = [];
  const listening = context.createScriptProcessor(1024, 1, 1);
  listening.onaudioprocess = (event) => taken.push([heard.currentTime, event.inputBuffer.getChannelData(0).slice()]);
  context.createMediaElementSource(heard).connect(listening);
  listening.connect(context.destination);
  await context.resume();
  window.taken = taken;
}"""


def test_a_seek_lands_where_the_clock_says(page: Page, host: Host, tracks: Path) -> None:
    opened(page, host.url("runners-rollout.html"))
    decoded = miniaudio.decode_file(str(tracks / "runners-rollout.mp3"), nchannels=1, sample_rate=48_000)
    truth = np.array(decoded.samples, dtype=np.float64)
    page.evaluate(RECORD)
    for moment in (329,):
        seek(page, moment)
        page.wait_for_timeout(300)
        page.evaluate("taken.length = 0")
        page.get_by_role("button", name="Play").tap()
        until(page, "taken.filter(([at, s]) => s.some(v => Math.abs(v) > 0.02)).length > 60", timeout=15)
        page.get_by_role("button", name="Pause").tap()
        times, sound = page.evaluate(
            """() => { const all = Int16Array.from(taken.flatMap(([, s]) => Array.from(s, v => v * 32767)));
            let text = ''; for (const byte of new Uint8Array(all.buffer)) text += String.fromCharCode(byte);
            return [taken.map(([at]) => at), btoa(text)]; }"""
        )
        heard = np.frombuffer(base64.b64decode(sound), "<i2").astype(np.float64)
        start = (moment - 15) * 48_000
        part = truth[start : start + 40 * 48_000]
        size = 1 << (len(part) + len(heard)).bit_length()
        lag = np.fft.irfft(np.fft.rfft(part, size) * np.conj(np.fft.rfft(heard, size)), size)
        found = int(np.argmax(lag))
        found = found - size if found > size // 2 else found
        ends = (start + found + len(heard)) / 48_000
        assert ends == pytest.approx(times[-1], abs=0.25)


def test_nothing_is_spoken_by_the_second(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    page.evaluate(
        "window.said = []; new MutationObserver(() => said.push(document.getElementById('spoken').textContent))"
        ".observe(document.getElementById('spoken'), { childList: true, characterData: true, subtree: true })"
    )
    seek(page, WORKS[0] - 2)
    page.get_by_role("button", name="Play").tap()
    until(page, "heard.currentTime > 11.5")
    assert page.evaluate("said") == ["Coming up, Calves, left", "Go, Calves, left"]
    assert page.get_attribute("#spoken", "aria-live") == "polite"


def test_the_screen_stays_on_while_it_plays(page: Page, host: Host) -> None:
    page.add_init_script(
        """window.locks = 0; window.lock = null;
        Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
          window.locks += 1;
          window.lock = new EventTarget();
          window.lock.release = async () => { window.lock.dispatchEvent(new Event("release")); window.lock = null; };
          return window.lock;
        } } });"""
    )
    opened(page, host.url("legs.html"))
    assert page.evaluate("locks") == 0
    page.get_by_role("button", name="Play").tap()
    until(page, "lock !== null")
    # A phone takes it away when the page is hidden; the page is back.
    page.evaluate("lock.release().then(() => document.dispatchEvent(new Event('visibilitychange')))")
    until(page, "locks === 2 && lock !== null")
    page.get_by_role("button", name="Pause").tap()
    until(page, "lock === null")
    assert page.evaluate("locks") == 2


def test_a_foreign_track_and_a_hostile_one(page: Page, site: Path, host: Host, tmp_path: Path) -> None:
    share([foreign(tmp_path / "song.mp3"), evil(tmp_path / "evil.mp3")], site)
    opened(page, host.url("song.html"))
    page.get_by_role("button", name="Play").tap()
    until(page, "heard.currentTime > 0.3")
    assert page.inner_text("#exercise") == "song"
    opened(page, host.url("evil.html"))
    page.get_by_role("button", name="Play").tap()
    page.get_by_role("button", name="Skip").tap()
    until(page, "heard.currentTime > 20")
    assert "<script>alert(1)</script>" in page.inner_text("#exercise")
    assert page.evaluate("document.scripts.length") == 2
    page.goto(host.url("index.html"))
    assert page.evaluate("document.scripts.length") == 2


def test_from_a_disk(page: Page, site: Path, complaints: list[str]) -> None:
    opened(page, (site / "legs.html").as_uri())
    page.get_by_role("button", name="Play").tap()
    until(page, "heard.currentTime > 0.3")
    page.get_by_role("button", name="Skip to the next exercise").tap()
    arrive(page, GAPS[1])
    assert at(page) >= GAPS[1]
    complaints.clear()  # Chromium logs that nothing may be fetched from a disk


def test_before_play_nothing_is_loaded_but_the_page(page: Page, host: Host) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    opened(page, host.url("legs.html"))
    page.wait_for_timeout(500)
    assert [url for url in requests if url.startswith("http")] == [host.url("legs.html")]
    assert (page.inner_text("#left"), page.inner_text("#cue"), page.inner_text("#exercise")) == (
        "1:01", "2 exercises", "Legs & more",
    )  # fmt: skip


def test_the_list_of_exercises(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    play(page)
    page.get_by_role("button", name="Exercises").tap()
    assert page.locator("dialog li").all_inner_texts() == ["Calves, left\n0:00", "Calves, right\n0:22", "Quads\n0:39"]
    page.get_by_role("button", name="Quads").tap()
    arrive(page, GAPS[2])
    assert not page.is_visible("dialog")
    assert is_playing(page)


def test_it_continues_where_it_stopped(page: Page, host: Host, site: Path) -> None:
    opened(page, host.url("legs.html"))
    play(page)
    seek(page, 30)
    arrive(page, 30)
    page.get_by_role("button", name="Pause").tap()
    opened(page, host.url("index.html").replace("index", "legs"))
    assert page.inner_text("#cue").startswith("Continue at 0:3")
    page.get_by_role("button", name="Play").tap()
    arrive(page, 30, within=2)
    seek(page, 55)  # so close to the end, the next time begins at the start
    arrive(page, 55)
    opened(page, host.url("legs.html"))
    assert page.inner_text("#cue") == "2 exercises"


def test_speed(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    button = page.get_by_role("button", name="Speed")
    for speed in (1.25, 0.75, 1):
        button.tap()
        play(page)
        assert page.evaluate("[heard.playbackRate, heard.preservesPitch]") == [speed, True]
        assert button.inner_text() == f"{speed}×"
        page.get_by_role("button", name="Pause").tap()


def test_a_failure_is_shown_and_can_be_tried_again(page: Page, host: Host, complaints: list[str]) -> None:
    opened(page, host.url("legs.html"))
    seek(page, 30)
    host.stop()
    page.get_by_role("button", name="Play").tap()
    failure = page.get_by_role("alert")
    until(page, "document.getElementById('message').textContent !== ''")
    assert failure.inner_text() == "The track can’t be loaded. Try again"
    assert page.inner_text("#exercise") == "Calves"
    host.start()
    page.get_by_role("button", name="Try again").tap()
    arrive(page, 30, within=2)
    assert failure.inner_text() == ""
    complaints.clear()  # Chromium logs what it could not load
