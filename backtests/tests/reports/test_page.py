"""The page: safe, self-contained, small, the same every time."""

import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from backtests.reports import ReportData, render_report, report_policy
from backtests.reports.plots import condensed
from backtests.reports.policy import library, opening_script, script, source_hash
from backtests.reports.trades import DRAWN, ROWS
from backtests.tests.factories import walk
from backtests.tests.reports.scenes import busy, report_on
from strategies.base import Pane, Plot

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`${x}{{ y }}"
VOID = {"meta", "link", "br", "img", "line", "path"}


class Outline(HTMLParser):
    """The elements of a page, and whether each is closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["script"], ["style"]):
            self.text += data


@pytest.fixture(scope="module")
def page() -> str:
    return render_report(busy(name="Busy", notes="First try."))


def test_every_element_is_closed(page: str) -> None:
    assert Outline(page).open == []


def test_every_part_is_there(page: str) -> None:
    headings = re.findall(r"<h2[^>]*>(?:<span[^>]*>)?([^<]+)", page)

    assert headings[1:] == [
        "Configuration",
        "Over time",
        "Months",
        "Deepest drawdowns",
        "Trades",
        "All metrics",
        "Manifest",
    ]
    for text in ("Busy", "First try.", "RSI mean reversion", "WALK/USDT", "0.05%"):
        assert text in page


def test_the_whole_configuration_is_there(page: str) -> None:
    data = busy()
    text = Outline(page).text

    assert data.manifest["data"]["data_hash"] in text
    assert data.manifest["strategy"]["source_hash"] in text
    assert data.manifest["engine_version"] in text
    for name in data.manifest["execution"]:
        assert f'"{name}"' in text


def test_the_same_data_are_the_same_bytes() -> None:
    assert render_report(busy()) == render_report(busy())


@pytest.mark.parametrize("place", ["name", "notes", "tags", "symbol", "parameters"])
def test_what_a_user_wrote_is_text(place: str) -> None:
    data = _with(busy(300), place, EVIL)

    page = render_report(data)

    outline = Outline(page)
    assert [tag for tag, _ in outline.tags].count("script") == 4
    assert "img" not in [tag for tag, _ in outline.tags]
    assert not [a for _, attrs in outline.tags for a in attrs if a.startswith("on")]
    assert EVIL in outline.text


def test_the_name_of_a_plot_is_text() -> None:
    data = busy(300)
    plots = {"time": data.plots["time"], f"own:{EVIL}": data.plots["own:rsi"]}

    outline = Outline(render_report(replace(data, plots=plots)))

    assert [tag for tag, _ in outline.tags].count("script") == 4
    assert EVIL in outline.text


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    for tag, attrs in Outline(page).tags:
        for name in ("src", "href", "data", "action", "srcset", "poster"):
            target = attrs.get(name) or "#"
            assert target.startswith(("#", "data:")), (tag, target)
    assert "@import" not in page
    assert "url(http" not in page


def test_the_policy_names_the_scripts_of_the_page(page: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)

    assert scripts == [opening_script(), library(), script()]
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    for text in scripts:
        assert source_hash(text) in policy.replace("&#x27;", "'")
        assert source_hash(text) in report_policy()
    assert "unsafe" not in policy


def test_the_data_are_one_json_without_a_number_that_json_has_not(page: str) -> None:
    (text,) = re.findall(r'id="report-data">(.*?)</script>', page, re.DOTALL)

    payload = json.loads(text, parse_constant=pytest.fail)

    assert set(payload["candles"]) == {"time", "open", "high", "low", "close"}
    assert len(payload["plots"]["lines"]) == 3  # the index, the stop, the target


def test_a_hundred_thousand_bars_and_trades_make_a_small_page() -> None:
    data = report_on(walk(100_000), "rsi_reversion", {"period": 2}, allow_short=True)
    assert len(data.trades["side"]) > DRAWN

    page = render_report(data)

    assert len(page) - len(library()) < 1_500_000
    outline = Outline(page)
    rows = [attrs for tag, attrs in outline.tags if tag == "tr"]
    assert len(rows) < 2 * ROWS + 120
    assert "trades are left out" in outline.text


def test_the_library_is_not_imported(page: str) -> None:
    assert "bokeh" not in sys.modules


def test_without_candles_there_is_no_price_and_the_page_says_why() -> None:
    data = replace(busy(300), candles=None, notices=("They have changed.",))

    outline = Outline(render_report(data))

    kinds = [attrs.get("data-kind") for tag, attrs in outline.tags if tag == "figure"]
    assert "price" not in kinds
    assert "equity" in kinds
    assert "They have changed." in outline.text


@pytest.mark.parametrize("bars", [2, 3, 10])
def test_the_shortest_runs_have_a_report(bars: int) -> None:
    assert render_report(report_on(walk(bars), "buy_and_hold"))


def test_a_run_without_a_benchmark_has_a_report() -> None:
    data = busy(300)
    nothing = np.full(len(data.equity["time"]), np.nan)
    equity = {**data.equity, "benchmark": nothing}

    assert "Buy and hold</" not in render_report(replace(data, equity=equity))


@pytest.mark.parametrize("size", [1e-320, 1e-12, 1.0, 1e29, 1e300])
@pytest.mark.parametrize("kind", ["price", "own"])
def test_a_plot_may_have_any_size(kind: Pane, size: float) -> None:
    data = busy(300)
    line = size * np.sin(np.arange(300.0))
    plots = condensed(data.equity["time"], [Plot("wild", line, kind)], {})

    assert "wild" in render_report(replace(data, plots=plots))


def _with(data: ReportData, place: str, text: str) -> ReportData:
    """Return the data with a user's text in one place."""
    if place == "symbol":
        said = {**data.manifest["data"], "symbol": text}
        return replace(data, manifest={**data.manifest, "data": said})
    values = {"tags": [text], "parameters": {"mode": text}}
    given: dict[str, Any] = {place: values.get(place, text)}
    return replace(data, subject=replace(data.subject, **given))
