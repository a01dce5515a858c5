"""What a person does with the page of a track, and what they see and hear."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def opened(page: Page, url: str) -> Page:
    """The page, ready to be used."""
    page.goto(url)
    until(page, "!document.getElementById('play').disabled")
    return page


def until(page: Page, condition: str, arg: object = None, timeout: float = 10) -> None:
    """Wait until it holds. Playwright's own way needs `eval`, which the page's policy forbids."""
    end = time.monotonic() + timeout
    while not page.evaluate(condition, arg):
        assert time.monotonic() < end, f"still not: {condition} {arg}"
        page.wait_for_timeout(20)


def play(page: Page) -> None:
    page.get_by_role("button", name="Play").tap()
    until(page, "!heard.paused && heard.currentTime > 0.05")


def at(page: Page) -> float:
    """The sound's own clock (s)."""
    return float(page.evaluate("window.heard.currentTime"))


def is_playing(page: Page) -> bool:
    return bool(page.evaluate("!window.heard.paused"))


def arrive(page: Page, seconds: float, within: float = 0.75) -> None:
    """Wait until the sound is there."""
    until(
        page,
        "([to, by]) => !heard.seeking && heard.currentTime >= to - 0.05 && heard.currentTime < to + by",
        [seconds, within],
    )


def seek(page: Page, seconds: int) -> None:
    """Move the slider; the page shows that moment, whether it plays or not."""
    page.evaluate(
        "s => { const i = document.getElementById('position'); i.value = s; i.dispatchEvent(new Event('input')); }",
        seconds,
    )
    until(page, "s => Number(document.getElementById('position').value) >= s", seconds)
