"""Gathering what the report of a backtest is made of."""

from datetime import timedelta

import numpy as np
import pytest

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest
from backtests.plots import plots_of
from backtests.reporting import CHANGED, report_data
from backtests.reports import render_report
from backtests.tests.factories import completed, walk, walk_series
from marketdata.models import Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import write_candles
from strategies.services import strategy_create

CROSS = {"library": "ma_cross", "parameters": {"fast": 3, "slow": 10}}
CODE = """
mean = ema(close, 10)
enter_long = crossover(close, mean)
exit_long = crossunder(close, mean)
plot("mean", mean)
plot("distance", close - mean, pane="own")
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def done(alice: User, series: Series) -> Backtest:
    return completed(alice, series, **CROSS)


def changed(candles: Ohlcv, bar: int) -> Ohlcv:
    """Return the candle at ``bar`` alone, with a higher close."""
    one = candles.slice(bar, bar + 1)
    close = one.close * 1.001
    high = np.maximum(one.high, close)
    return Ohlcv(one.time, one.open, high, one.low, close, one.volume)


def test_it_holds_the_candles_the_trades_and_the_lines_of_the_run(
    done: Backtest,
) -> None:
    data = report_data(done)

    assert data.candles is not None
    np.testing.assert_array_equal(data.candles.close, walk(400).close)
    assert list(data.plots) == ["time", "price:fast", "price:slow"]
    assert data.metrics["trades"] == len(data.trades["side"]) > 3
    assert data.subject.number == done.pk
    assert data.notices == ()


def test_a_window_has_the_lines_of_its_own_bars(alice: User, series: Series) -> None:
    assert series.first is not None
    start = series.first + timedelta(hours=100)
    backtest = completed(alice, series, start=start, **CROSS)

    data = report_data(backtest)

    fast = data.plots["price:fast"]
    assert len(fast) == 300
    # The average of the window's first bar reaches back before it.
    assert fast[0] == pytest.approx(walk(400).close[98:101].mean())


def test_candles_that_changed_are_not_drawn(done: Backtest, series: Series) -> None:
    write_candles(series, changed(walk(400), 200))

    data = report_data(Backtest.objects.get(pk=done.pk))

    assert data.candles is None
    assert data.notices == (CHANGED,)
    assert "have changed since this run" in render_report(data)


def test_candles_that_changed_elsewhere_still_are(alice: User, series: Series) -> None:
    assert series.first is not None
    end = series.first + timedelta(hours=300)
    backtest = completed(alice, series, end=end, **CROSS)
    write_candles(series, changed(walk(400), 350))

    data = report_data(Backtest.objects.get(pk=backtest.pk))

    assert data.candles is not None
    assert len(data.candles) == 300
    assert data.notices == ()


def test_an_own_strategy_is_told_by_its_name_and_version(
    alice: User, series: Series
) -> None:
    strategy = strategy_create(owner=alice, name="Mine", code=CODE)
    backtest = completed(alice, series, library=None, strategy=strategy.pk)

    data = report_data(backtest)

    assert data.subject.strategy == "Mine"
    assert data.subject.origin == "own strategy, version 1"
    assert list(data.plots) == ["time", "price:mean", "own:distance"]
    assert "distance" in render_report(data)


def test_a_built_in_strategy_that_was_removed_keeps_its_name(done: Backtest) -> None:
    done.library = "gone_since"

    data = report_data(done)

    assert data.subject.strategy == "gone_since"
    assert render_report(data)


def test_a_result_from_before_plots_were_stored_has_none(done: Backtest) -> None:
    done.result.plots = b""

    assert plots_of(done.result) == {}


def test_the_same_result_is_the_same_page(done: Backtest) -> None:
    first = render_report(report_data(done))
    again = render_report(report_data(Backtest.objects.get(pk=done.pk)))

    assert first == again
    assert "Moving-average cross" in first
