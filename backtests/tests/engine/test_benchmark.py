"""The curve of buying and holding, and the daily view of a curve."""

import numpy as np
import pytest

from backtests.engine import ALWAYS_OPEN, EXCHANGE, ExecutionConfig, measure
from backtests.engine.metrics.benchmark import benchmark_equity
from backtests.engine.metrics.daily import daily_values, track_record
from backtests.tests.engine.scenario import Row, candles, free, play

ROWS: list[Row] = [(90, 110, 90, 100), (105, 130, 105, 120), (120, 120, 80, 90)]
HOUR = 3_600_000


def test_it_buys_at_the_next_open_with_all_the_capital_and_the_costs() -> None:
    costs = ExecutionConfig(fee_rate=0.01, slippage=0.02, fixed_fee=10)

    curve = benchmark_equity(costs, candles(ROWS))

    units = (10_000 - 10) / (105 * 1.02 * 1.01)
    assert curve == pytest.approx([10_000, units * 120, units * 90])


def test_it_buys_at_the_first_close_where_fills_are_at_the_close() -> None:
    costs = ExecutionConfig(fill="same_close", fee_rate=0.01, slippage=0)

    curve = benchmark_equity(costs, candles(ROWS))

    units = 10_000 / (100 * 1.01)
    assert curve == pytest.approx([units * 100, units * 120, units * 90])


def test_it_ends_where_the_metric_says() -> None:
    config = ExecutionConfig()
    metrics = measure(play(ROWS, config), candles(ROWS))

    curve = benchmark_equity(config, candles(ROWS))

    assert curve[-1] / 10_000 - 1 == metrics["benchmark_return"]


def test_chosen_bars_have_the_values_of_the_whole_curve() -> None:
    bars = np.array([0, 2])

    curve = benchmark_equity(free(), candles(ROWS))

    assert (
        benchmark_equity(free(), candles(ROWS), bars).tolist() == curve[bars].tolist()
    )


def test_one_candle_buys_nothing() -> None:
    assert benchmark_equity(ExecutionConfig(), candles(ROWS[:1])).tolist() == [10_000]


def test_a_day_ends_with_its_last_bar() -> None:
    # 22:00, 23:00, then midnight of the next day, and one bar two days later.
    time = np.array([22, 23, 24, 72]) * HOUR

    days, values = daily_values(time, np.array([1.0, 2.0, 3.0, 4.0]))

    assert days.tolist() == [0, 24 * HOUR, 72 * HOUR]
    assert values.tolist() == [2, 3, 4]


def test_the_record_is_that_of_the_days_returns() -> None:
    time = np.array([0, 24, 30, 48, 72]) * HOUR

    record = track_record(time, np.array([100.0, 999, 110, 99, 99]), ALWAYS_OPEN)

    # 100 -> 110 -> 99 -> 99: returns of 0.1, -0.1 and 0, whose mean is 0
    assert (record.days, record.days_per_year) == (3, 365)
    assert record.sharpe == pytest.approx(0.0)
    assert record.skew == pytest.approx(0.0)
    # fourth moment 2 * 0.1^4 / 3 over the square of the second, 2 * 0.1^2 / 3
    assert record.kurtosis == pytest.approx((2 / 3) / (2 / 3) ** 2)


def test_an_exchange_has_fewer_days_a_year() -> None:
    time = np.array([0, 24, 48]) * HOUR

    record = track_record(time, np.array([100.0, 103, 104.03]), EXCHANGE)

    # returns of 3 % and 1 %: mean 2 %, deviation sqrt(2) %
    assert record.days_per_year == 252
    assert record.sharpe == pytest.approx(0.02 / (0.01 * 2**0.5))


def test_one_day_is_no_record() -> None:
    record = track_record(np.array([0, 1]) * HOUR, np.array([1.0, 2.0]), ALWAYS_OPEN)

    assert record.days == 0
    assert np.isnan(record.sharpe)
