"""The pictures of docs/sharing.md: `python -m tools.screenshots`. Look at them before you commit them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.browser.conftest import CHROMIUM, WATCHED, Host
from tests.browser.doing import arrive, opened, seek, until
from tests.cli.running import Home

from cuecast.share import share

DOCS = Path(__file__).parent.parent / "docs"
ROUTINES = ("runners-rollout", "bedtime-stretch", "tabata", "box-breathing", "seven-minute-circuit", "desk-break")
MAX_BYTES = 80_000


def main() -> None:
    """Take them all, in the system's own Chromium."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Home(Path(folder))
        home.here.mkdir()
        told = home.cuecast("render", *ROUTINES)
        assert told.returncode == 0, told.stderr
        share([home.here / f"{name}.mp3" for name in ROUTINES], home.root / "site", url="https://example.org/")
        host = Host(home.root / "site").start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        for name, page_name, moment, scheme in (
            ("sharing-work", "runners-rollout.html", 117, "dark"),
            ("sharing-gap", "runners-rollout.html", 90, "light"),
            ("sharing-collection", "index.html", 0, "light"),
        ):
            page = browser.new_page(
                viewport={"width": 360, "height": 720},
                color_scheme="dark" if scheme == "dark" else "light",
                device_scale_factor=1.25 if moment else 1,
            )
            page.add_init_script(WATCHED)
            opened(page, host.url(page_name)) if moment else page.goto(host.url(page_name))
            if moment:
                page.get_by_role("button", name="Play").click()
                until(page, "heard.currentTime > 0.05")
                seek(page, moment)
                arrive(page, moment + 1)
            target = DOCS / f"{name}.png"
            page.screenshot(path=target)
            print(target.name, target.stat().st_size)
            assert target.stat().st_size < MAX_BYTES
        browser.close()
        host.stop()


if __name__ == "__main__":
    main()
