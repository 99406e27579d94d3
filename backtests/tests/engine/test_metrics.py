"""Metrics on hand-made runs: values as arithmetic, undefined as NaN."""

import json
import math

import numpy as np
import pytest

from backtests.engine import (
    EXCHANGE,
    METRICS,
    Calendar,
    ExecutionConfig,
    Metrics,
    drawdown_table,
    measure,
    periodic_returns,
    simulate,
)
from backtests.engine.calendars import median_seconds
from backtests.engine.metrics.moments import curve_moments
from backtests.tests.engine.scenario import DAY_MS, Row, candles, free, play, signals
from marketdata.ohlcv import Ohlcv

FLAT: Row = (100, 100, 100, 100)


def hourly(closes: list[float]) -> Ohlcv:
    values = np.array(closes)
    time = np.arange(len(values)) * 3_600_000
    return Ohlcv(time, values, values, values, values, np.ones(len(values)))


def bought(closes: list[float]) -> Metrics:
    ohlcv = hourly(closes)
    run = simulate(
        ohlcv, signals(len(ohlcv), enter_long=[0]), free(fill="same_close", size=10.0)
    )
    return measure(run, ohlcv)


def test_the_registry_and_the_metrics_have_the_same_keys() -> None:
    assert list(bought([100, 101])) == list(METRICS)


def test_undefined_is_none_in_json() -> None:
    result = play([FLAT, FLAT], free())
    values = measure(result, candles([FLAT, FLAT])).to_dict()

    assert values["sharpe"] is None
    assert values["win_rate"] is None
    assert values["total_return"] == 0.0


def test_counts_are_whole_numbers_in_json() -> None:
    rows: list[Row] = [FLAT, FLAT, (110, 110, 110, 110)]
    metrics = measure(play(rows, free(), enter_long=[0], exit_long=[1]), None)
    values = metrics.to_dict()
    counts = [key for key, metric in METRICS.items() if metric.unit == "count"]

    assert json.dumps(values["trades"]) == "1"
    assert {type(values[key]) for key in counts} == {int}
    assert {type(values[key]) for key in METRICS if key not in counts} <= {
        float,
        type(None),
    }


def test_an_infinite_profit_factor_is_none_in_json() -> None:
    rows: list[Row] = [FLAT, FLAT, (110, 110, 110, 110)]
    result = play(rows, free(), enter_long=[0], exit_long=[1])
    metrics = measure(result, candles(rows))

    assert metrics["profit_factor"] == math.inf
    assert metrics.to_dict()["profit_factor"] is None


def test_the_headline_sharpe_is_that_of_daily_equity() -> None:
    rng = np.random.default_rng(3)
    closes = [100.0, *100 * np.exp(np.cumsum(rng.normal(0, 0.01, 24 * 9 + 4)))]
    metrics = bought(closes)
    daily = 1000 + 10 * (np.array(closes) - closes[0])
    ends = daily[[*range(23, len(daily), 24), len(daily) - 1]]
    returns = ends[1:] / ends[:-1] - 1

    expected = returns.mean() / returns.std(ddof=1) * math.sqrt(365)
    assert metrics["sharpe"] == pytest.approx(expected)
    assert metrics.sample_size("sharpe") == len(returns)


def test_daily_bars_have_one_sharpe() -> None:
    rng = np.random.default_rng(4)
    closes = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, 50)))
    rows: list[Row] = [(c, c, c, c) for c in closes]
    result = play(rows, free(), enter_long=[0])
    metrics = measure(result, candles(rows))

    assert metrics["sharpe"] == pytest.approx(metrics["sharpe_bar"], rel=1e-14)


@pytest.mark.parametrize(
    ("calendar", "seconds", "periods"),
    [
        (Calendar(), 60, 525_600),
        (Calendar(), 3_600, 8_760),
        (Calendar(), 86_400, 365),
        (Calendar(), 7 * 86_400, 365 / 7),
        (EXCHANGE, 86_400, 252),
        (EXCHANGE, 3_600, 252 * 6.5),
        (EXCHANGE, 7 * 86_400, 365 / 7),
    ],
)
def test_a_year_has_periods(calendar: Calendar, seconds: int, periods: float) -> None:
    assert calendar.periods_per_year(seconds) == pytest.approx(periods)


def test_a_calendar_can_be_its_number_of_days() -> None:
    assert Calendar.of(365) == Calendar()
    assert Calendar.of(252) == EXCHANGE


def test_the_median_bar_survives_gaps() -> None:
    time = np.array([0, 5, 6, 7, 8, 100]) * 1000

    assert median_seconds(time) == 1.0


def test_the_benchmark_pays_the_same_costs() -> None:
    rows: list[Row] = [FLAT, (110, 120, 110, 120), (130, 130, 130, 130)]
    config = ExecutionConfig(fee_rate=0.01, slippage=0.05)
    metrics = measure(play(rows, config), candles(rows))

    units = 1 / (110 * 1.05 * 1.01)
    assert metrics["benchmark_return"] == pytest.approx(units * 130 - 1)
    assert metrics["benchmark_max_drawdown"] == 0.0


def test_the_benchmark_is_what_buying_and_holding_earns() -> None:
    closes = [100.0, 90.0, 120.0, 80.0, 130.0]
    ohlcv = hourly(closes)
    config = ExecutionConfig(fee_rate=0.002, slippage=0.001, fixed_fee=1.0)
    held = simulate(ohlcv, signals(5, enter_long=[0]), config)
    metrics = measure(held, ohlcv)

    assert held.equity[-1] / 10_000 - 1 == pytest.approx(metrics["benchmark_return"])


def test_streaks_count_wins_and_the_rest() -> None:
    prices = [100, 110, 120, 115, 110, 110, 130]
    rows: list[Row] = [(p, p, p, p) for p in prices]
    every = list(range(6))
    config = free(fill="same_close", on_conflict="entry", allow_short=False)
    # One trade a bar: in at one close, out at the next.
    result = play(rows, config, enter_long=every[::2], exit_long=[1, 3, 5, 6])
    metrics = measure(result, candles(rows))

    assert [float(t["pnl"]) for t in result.trades] == [10, -5, 0]
    assert (metrics["max_wins"], metrics["max_losses"]) == (1, 2)


def test_longs_and_shorts_are_told_apart() -> None:
    rows: list[Row] = [FLAT, FLAT, (110, 110, 110, 110), (120, 120, 120, 120)]
    result = play(
        rows, free(allow_short=True), enter_long=[0], enter_short=[1], exit_short=[2]
    )
    metrics = measure(result, candles(rows))

    assert (metrics["long_trades"], metrics["short_trades"]) == (1, 1)
    assert metrics["long_pnl"] == pytest.approx(10)
    assert metrics["short_pnl"] == pytest.approx(-10)


def test_exposure_is_the_value_held_over_equity() -> None:
    metrics = bought([100, 110])
    half = ((10 * 100) / 1000 + (10 * 110) / 1100) / 2

    assert metrics["exposure"] == pytest.approx(half)
    assert metrics["time_in_market"] == 1.0


def test_turnover_is_notional_over_mean_equity() -> None:
    rows: list[Row] = [FLAT, FLAT, (110, 110, 110, 110)]
    result = play(rows, free(), enter_long=[0], exit_long=[1])
    metrics = measure(result, candles(rows))

    mean = (1000 + 1000 + 1010) / 3
    assert metrics["turnover"] == pytest.approx((100 + 110) / mean)
    assert metrics["turnover_per_year"] == pytest.approx((210 / mean) / (2 / 365.25))


def test_returns_after_ruin_are_zero() -> None:
    rows: list[Row] = [FLAT, FLAT, (100, 100, 40, 45), FLAT, FLAT]
    config = free(initial_capital=100.0, leverage=2.0, maint_margin=None, size=2.0)
    metrics = measure(play(rows, config, enter_long=[0]), candles(rows))

    assert metrics["total_return"] == -1.0
    assert metrics["max_drawdown"] == -1.0
    assert metrics["annual_return"] == -1.0
    assert math.isfinite(metrics["volatility"])


def test_the_risk_free_rate_is_per_year() -> None:
    rows: list[Row] = [(c, c, c, c) for c in (100.0, 102.0, 101.0, 105.0)]
    result = play(rows, free(), enter_long=[0])
    returns = result.equity[1:] / result.equity[:-1] - 1 - 0.365 / 365
    metrics = measure(result, candles(rows), risk_free=0.365)

    expected = returns.mean() / returns.std(ddof=1) * math.sqrt(365)
    assert metrics["sharpe_bar"] == pytest.approx(expected)


def test_long_tails_are_found_without_sorting() -> None:
    rng = np.random.default_rng(5)
    for returns in (
        rng.normal(0, 1, 50_001),
        np.where(rng.random(60_000) < 0.97, 0.0, rng.normal(0, 1, 60_000)),
        np.round(rng.normal(0, 1, 30_000)),
        np.sort(rng.normal(0, 1, 40_000)),
    ):
        equity = np.cumprod(np.r_[100.0, 1 + returns / 1000])
        _, found = curve_moments(equity, None, 0.0)
        returns = equity[1:] / equity[:-1] - 1
        low, high = np.percentile(returns, [5, 95])
        worst = math.floor((len(returns) - 1) * 0.05) + 1

        assert found["var_95"] == low
        assert found["cvar_95"] == pytest.approx(np.sort(returns)[:worst].mean())
        ratio = abs(high) / abs(low) if low else math.nan
        assert found["tail_ratio"] == pytest.approx(ratio, nan_ok=True)


def test_periodic_returns_multiply_to_the_total() -> None:
    time = np.arange("2021-11-20", "2023-02-10", dtype="datetime64[D]")
    milliseconds = time.astype("datetime64[ms]").astype(np.int64)
    equity = 100 * np.exp(
        np.cumsum(np.random.default_rng(6).normal(0, 0.01, len(time)))
    )
    months = periodic_returns(milliseconds, equity, "month")
    years = periodic_returns(milliseconds, equity, "year")

    assert (len(months), len(years)) == (16, 3)
    for table in (months, years):
        assert np.prod(1 + table["return"]) == pytest.approx(equity[-1] / equity[0])
        assert table["bars"].sum() == len(time)


def test_the_drawdown_table_lists_the_deepest_first() -> None:
    equity = np.array([100.0, 90, 95, 101, 80, 85, 102, 101, 100])
    time = np.arange(9) * DAY_MS
    table = drawdown_table(time, equity)

    assert list(table["depth"]) == pytest.approx([80 / 101 - 1, -0.1, 100 / 102 - 1])
    assert list(table["peak_bar"]) == [3, 0, 6]
    assert list(table["bottom_bar"]) == [4, 1, 8]
    assert list(table["recovered"]) == [True, True, False]
    assert list(table["seconds"]) == [3 * 86_400, 3 * 86_400, 2 * 86_400]


def test_a_benchmark_of_another_length_is_refused() -> None:
    result = play([FLAT, FLAT], free())

    with pytest.raises(ValueError, match="3 candles for 2 bars"):
        measure(result, candles([FLAT] * 3))


def test_an_empty_run_has_undefined_metrics() -> None:
    metrics = measure(play([], free()), candles([]))

    assert math.isnan(metrics["total_return"])
    assert metrics["trades"] == 0
