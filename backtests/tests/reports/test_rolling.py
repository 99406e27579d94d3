"""The rolling Sharpe ratio."""

import math
import statistics

import numpy as np
import pytest

from backtests.reports.rolling import rolling_sharpe
from marketdata.timeframes import DAY_MS

HOUR_MS = DAY_MS // 24


def test_each_ratio_is_that_of_its_own_days() -> None:
    rng = np.random.default_rng(4)
    days = 200
    equity = 1000 * np.cumprod(1 + rng.normal(0.001, 0.02, days))
    time = np.arange(days) * DAY_MS

    window, ends, ratios = rolling_sharpe(time, equity, 365)

    assert window == 60
    assert len(ends) == len(ratios) == days - 60
    returns = [equity[i] / equity[i - 1] - 1 for i in range(1, days)]
    for place in (0, 77, len(ratios) - 1):
        own = returns[place : place + 60]
        expected = statistics.mean(own) / statistics.stdev(own) * math.sqrt(365)
        assert ratios[place] == pytest.approx(expected, rel=1e-9)
        assert ends[place] == time[place + 60]


def test_bars_inside_a_day_count_by_its_last() -> None:
    rng = np.random.default_rng(5)
    equity = 1000 * np.cumprod(1 + rng.normal(0, 0.01, 24 * 100))
    time = np.arange(24 * 100) * HOUR_MS

    hourly = rolling_sharpe(time, equity, 365)
    daily = rolling_sharpe(time[23::24] // DAY_MS * DAY_MS, equity[23::24], 365)

    np.testing.assert_array_equal(hourly[1], daily[1])
    np.testing.assert_allclose(hourly[2], daily[2], rtol=1e-12)


def test_equity_that_does_not_move_has_no_ratio() -> None:
    _, _, ratios = rolling_sharpe(np.arange(100) * DAY_MS, np.full(100, 1000.0), 365)

    assert np.isnan(ratios).all()


def test_a_short_run_has_none() -> None:
    window, ends, ratios = rolling_sharpe(
        np.arange(60) * DAY_MS, np.linspace(1, 2, 60), 365
    )

    assert window == len(ends) == len(ratios) == 0
