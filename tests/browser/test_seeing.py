"""How the pages look and what stands in the way: small screens, thumbs, dark and light, assistive technology."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.conftest import WATCHED, Host
from tests.browser.doing import opened, seek

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Scheme = Literal["dark", "light"]
SIZES = [(320, 568), (360, 640), (430, 932), (640, 360), (1280, 800)]
TARGETS = """() => Array.from(document.querySelectorAll("button, a, input"), (each) => {
  const box = each.getBoundingClientRect();
  return [each.id || each.textContent.trim() || each.ariaLabel, box.width, box.height];
}).filter(([, width]) => width)"""

CONTROLS = ("position", "play", "skip", "back", "repeat", "speed", "open")


@pytest.fixture(params=[f"{w}x{h}" for w, h in SIZES])
def sized(request: pytest.FixtureRequest, page: Page) -> Page:
    width, height = map(int, request.param.split("x"))
    page.set_viewport_size({"width": width, "height": height})
    return page


@pytest.mark.parametrize("name", ["legs.html", "runners-rollout.html", "index.html"])
def test_no_sideways_scrolling_and_targets_for_a_thumb(sized: Page, host: Host, name: str) -> None:
    sized.goto(host.url(name))
    sized.wait_for_timeout(200)
    width = sized.viewport_size["width"] if sized.viewport_size else 0
    assert sized.evaluate("document.documentElement.scrollWidth") <= width
    for target, wide, high in sized.evaluate(TARGETS):
        assert min(wide, high) >= 47.9, target


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640), (390, 844), (430, 932), (640, 360)])
@pytest.mark.parametrize(
    ("name", "moment", "cue"), [("legs.html", 13, "Slowly."), ("runners-rollout.html", 26, "Sit with")]
)
def test_all_that_is_needed_fits_the_screen(
    page: Page, host: Host, width: int, height: int, name: str, moment: int, cue: str
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    opened(page, host.url(name))
    seek(page, moment)
    assert page.inner_text("#cue").startswith(cue)
    boxes = []
    for id_ in ("exercise", "side", "ring", "cue", "next", *CONTROLS):
        box = page.locator(f"#{id_}").bounding_box()
        assert box is not None
        assert box["y"] >= 0, id_
        assert box["y"] + box["height"] <= height, id_
        boxes.append((id_, box))
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
        apart = apart or a["y"] + a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 1
        assert apart, (one, two)
    play = page.locator("#play").bounding_box()
    assert play is not None
    assert min(play["width"], play["height"]) > 96


@pytest.mark.parametrize("text", ["100%", "200%"])
def test_controls_stay_where_they_are(sized: Page, host: Host, text: str) -> None:
    opened(sized, host.url("runners-rollout.html"))
    sized.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
    size = sized.viewport_size
    assert size is not None

    def boxes() -> list[object]:
        return [sized.locator(f"#{name}").bounding_box() for name in CONTROLS]

    before = boxes()
    for moment in (5, 26, 60, 90, 200, 460):
        seek(sized, moment)
        assert boxes() == before
    sized.evaluate("document.getElementById('exercise').textContent = 'Oberschenkelrückseitenausrollübung '.repeat(6)")
    sized.evaluate("document.getElementById('next').textContent = 'Danach: noch viel mehr '.repeat(20)")
    assert boxes() == before
    for box in before:
        assert isinstance(box, dict)
        assert box["y"] + box["height"] <= size["height"]


def test_a_very_long_name_stays_within(page: Page, host: Host) -> None:
    opened(page, host.url("legs.html"))
    page.evaluate("document.getElementById('exercise').textContent = 'Oberschenkelrückseitenausrollübung'.repeat(6)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("name", ["legs.html", "index.html"])
def test_the_audit_finds_nothing(browser: Browser, host: Host, name: str, scheme: Scheme) -> None:
    audit = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")
    context = browser.new_context(viewport={"width": 360, "height": 640}, color_scheme=scheme)
    context.add_init_script(WATCHED)
    page = context.new_page()
    try:
        page.goto(host.url(name))
        moments = (0, 5, 13, 26, 48, 60) if name == "legs.html" else (0,)
        for moment in moments:  # each colour and each text that there is
            if moment:
                seek(page, moment)
            page.wait_for_timeout(400)
            found = audit.Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
    finally:
        context.close()


def test_dark_and_light_differ(browser: Browser, host: Host) -> None:
    grounds = []
    schemes: tuple[Scheme, ...] = ("dark", "light")
    for scheme in schemes:
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(host.url("legs.html"))
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert grounds == ["rgb(15, 21, 18)", "rgb(247, 245, 240)"]


def test_without_script_there_is_a_plain_player(browser: Browser, host: Host) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(host.url("legs.html"))
    assert page.locator("audio[controls]").is_visible()
    assert page.locator("#save").is_visible()
    context.close()
