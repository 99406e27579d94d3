"""The report in a real browser, opened from disk."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from backtests.reports import render_report
from backtests.tests.factories import walk
from backtests.tests.reports.browsing import Visit, running_browser, visiting
from backtests.tests.reports.scenes import busy, report_on

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}
# How much of each drawing surface is not empty, looking through the shadow roots.
PAINTED = """
figure => {
  const roots = [figure];
  let painted = 0;
  while (roots.length) {
    for (const element of roots.pop().querySelectorAll("*")) {
      if (element.shadowRoot) roots.push(element.shadowRoot);
      if (!(element instanceof HTMLCanvasElement) || !element.width) continue;
      const context = element.getContext("2d");
      const { data } = context.getImageData(0, 0, element.width, element.height);
      for (let i = 3; i < data.length; i += 4) if (data[i]) painted++;
    }
  }
  return painted;
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    data = busy(name="w" * 150, tags=["t" * 40] * 3, notes="n" * 400)
    path.write_text(render_report(data), encoding="utf-8")
    return path


@pytest.fixture
def visit(browser: Browser, saved: Path) -> Iterator[Visit]:
    with visiting(browser, saved, **DESKTOP) as visit:
        yield visit


def test_every_chart_is_drawn_without_a_complaint_or_a_request(visit: Visit) -> None:
    visit.look_at_everything()

    figures = visit.page.locator("figure").all()
    kinds = [figure.get_attribute("data-kind") for figure in figures]
    assert kinds == [
        "equity",
        "drawdown",
        "price",
        "pane",
        "sharpe",
        "distribution",
        "mae",
        "mfe",
    ]
    for figure in figures:
        assert figure.evaluate(PAINTED) > 500, figure.get_attribute("id")
    assert visit.complaints == []
    assert visit.elsewhere == []


def test_zooming_one_chart_zooms_all(visit: Visit) -> None:
    visit.look_at("#equity")
    whole = visit.page.locator("[data-window]").inner_text()

    visit.page.get_by_role("button", name="Zoom in").click()
    wait_for_window(visit, whole, same=False)

    visit.page.get_by_role("button", name="All", exact=True).click()
    wait_for_window(visit, whole, same=True)
    assert visit.complaints == []


def test_a_chart_out_of_sight_follows_when_it_is_looked_at(visit: Visit) -> None:
    visit.look_at("#sharpe")
    sharpe = visit.page.locator("#sharpe .interactive")
    before = sharpe.screenshot()
    visit.look_at("#equity")
    whole = visit.page.locator("[data-window]").inner_text()

    visit.page.get_by_role("button", name="Zoom in").click()
    wait_for_window(visit, whole, same=False)
    visit.look_at("#sharpe")
    visit.page.wait_for_timeout(300)

    assert sharpe.screenshot() != before


def test_dragging_moves_the_window(visit: Visit) -> None:
    visit.look_at("#equity")
    whole = visit.page.locator("[data-window]").inner_text()
    visit.page.get_by_role("button", name="Zoom in").click()
    wait_for_window(visit, whole, same=False)
    before = visit.page.locator("[data-window]").inner_text()

    left, top, width, height = visit.place_of("#equity .interactive")
    visit.page.mouse.move(left + 0.6 * width, top + height / 2)
    visit.page.mouse.down()
    visit.page.mouse.move(left + 0.3 * width, top + height / 2, steps=5)
    visit.page.mouse.up()

    wait_for_window(visit, before, same=False)
    assert visit.complaints == []


def test_a_wheel_turns_the_page_and_zooms_with_ctrl(visit: Visit) -> None:
    visit.look_at("#equity")
    whole = visit.page.locator("[data-window]").inner_text()
    left, top, width, height = visit.place_of("#equity .interactive")
    visit.page.mouse.move(left + width / 2, top + height / 2)
    before = visit.page.evaluate("scrollY")

    visit.page.mouse.wheel(0, 120)
    visit.page.wait_for_function("before => scrollY > before", arg=before)
    assert visit.page.locator("[data-window]").inner_text() == whole

    visit.page.keyboard.down("Control")
    visit.page.mouse.wheel(0, -120)
    visit.page.keyboard.up("Control")
    wait_for_window(visit, whole, same=False)


def test_the_cursor_tells_the_values_of_every_chart(visit: Visit) -> None:
    visit.look_at_everything()
    at_the_end = readings(visit)
    left, top, width, height = visit.place_of("#equity .interactive")

    visit.page.mouse.move(left + width / 3, top + height / 2)

    assert visit.page.locator("[data-cursor]").inner_text().endswith(" UTC")
    for now, before in zip(readings(visit), at_the_end, strict=True):
        assert now != before


def test_a_logarithmic_scale_can_be_had(visit: Visit) -> None:
    visit.look_at("#equity")
    button = visit.page.locator("#equity button[data-log]")

    button.click()

    assert button.get_attribute("aria-pressed") == "true"
    visit.look_at("#equity")
    assert visit.page.locator("#equity").evaluate(PAINTED) > 500
    assert visit.complaints == []


def test_the_charts_follow_the_switch_to_darkness(visit: Visit) -> None:
    visit.look_at("#equity")

    visit.page.emulate_media(color_scheme="dark")
    visit.page.wait_for_timeout(300)

    assert brightness(visit, "body") < 40
    assert visit.page.locator("#equity").evaluate(PAINTED) > 500
    assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_sticks_out(
    browser: Browser, saved: Path, scheme: str
) -> None:
    with visiting(browser, saved, **PHONE, color_scheme=scheme) as visit:
        visit.look_at_everything()

        assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
        assert visit.complaints == []


def test_without_scripts_everything_can_be_read(browser: Browser, saved: Path) -> None:
    with visiting(browser, saved, **DESKTOP, java_script_enabled=False) as visit:
        page = visit.page
        assert page.locator("figure svg.plot").count() == 8
        assert page.locator("#equity .sketch").is_visible()
        assert not page.get_by_role("button", name="Log scale").first.is_visible()
        assert page.locator(".tiles .figure").first.inner_text().endswith("%")
        assert page.locator(".trades tbody tr").count() > 20


def test_paper_shows_the_static_charts(visit: Visit) -> None:
    visit.look_at("#equity")

    visit.page.emulate_media(media="print")

    assert visit.page.locator("#equity .sketch").is_visible()
    assert not visit.page.locator("#equity .interactive").is_visible()
    assert visit.page.locator(".toolbar").is_hidden()


@pytest.mark.parametrize(
    ("bars", "rules"),
    [
        (2, {}),
        (300, {"min_notional": 1e12}),
        (900, {"leverage": 20, "maint_margin": 0.04}),
    ],
    ids=["two bars", "no trades", "liquidated"],
)
def test_the_smallest_and_the_saddest_results_are_drawn_too(
    browser: Browser, tmp_path: Path, bars: int, rules: dict[str, Any]
) -> None:
    path = tmp_path / "report.html"
    data = report_on(walk(bars), "buy_and_hold", **rules)
    path.write_text(render_report(data), encoding="utf-8")

    with visiting(browser, path, **DESKTOP) as visit:
        visit.look_at_everything()
        assert visit.complaints == []


def wait_for_window(visit: Visit, text: str, *, same: bool) -> None:
    """Wait until the toolbar names this stretch of time, or another one."""
    sign = "===" if same else "!=="
    visit.page.wait_for_function(
        f"text => document.querySelector('[data-window]').textContent {sign} text",
        arg=text,
    )


def readings(visit: Visit) -> list[str]:
    """Return what each chart over time says of its first line."""
    places = visit.page.locator("#charts figure").all()
    return [place.locator("[data-line]").first.inner_text() for place in places]


def brightness(visit: Visit, selector: str) -> float:
    """Return the background's mean of red, green and blue, 0 to 255."""
    text = visit.page.locator(selector).evaluate(
        "element => getComputedStyle(element).backgroundColor"
    )
    parts = [float(part) for part in re.findall(r"\d+", text)[:3]]
    return sum(parts) / 3
