"""A real browser on a page that was saved to disk."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# CI sets it: there, a test that cannot run has failed.
REQUIRED = "BROWSER_TESTS_REQUIRED"


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start the machine's own Chromium; skip the test where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        reason = "no Chromium on this machine: run `make browser`"
        if os.environ.get(REQUIRED):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as driver:
        # Inside a container its own sandbox has nothing to stand on.
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page in the browser, and all that it complained of or asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def go(self, path: Path) -> None:
        self.page.goto(path.as_uri())

    def look_at_everything(self) -> None:
        """Scroll through the page until every chart has been drawn."""
        for figure in self.page.locator("figure").all():
            figure.scroll_into_view_if_needed()
        self.page.wait_for_function(
            "document.querySelectorAll('figure:not(.mounted)').length === 0"
        )

    def look_at(self, chart: str) -> None:
        """Scroll to one chart and wait until it has been drawn."""
        self.page.locator(chart).scroll_into_view_if_needed()
        self.page.wait_for_selector(f"{chart}.mounted")

    def place_of(self, selector: str) -> tuple[float, float, float, float]:
        """Return left, top, width and height of an element that is in sight now."""
        element = self.page.locator(selector)
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        assert box is not None
        return box["x"], box["y"], box["width"], box["height"]

    @property
    def elsewhere(self) -> list[str]:
        """Return what was asked for besides the page and what it carries itself."""
        return [url for url in self.requests[1:] if not url.startswith("data:")]


@contextmanager
def visiting(browser: Browser, path: Path, **context: Any) -> Iterator[Visit]:
    """Open the page in a context of its own."""
    opened = browser.new_context(**context)
    opened.set_default_timeout(30_000)
    visit = Visit(opened.new_page())
    visit.go(path)
    yield visit
    opened.close()
