"""The kernel against the plain reference, on random configurations and candles."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from backtests.engine import (
    Asset,
    ExecutionConfig,
    simulate,
    simulate_portfolio,
    worst_and_best,
)
from backtests.tests.engine.agreement import assert_agrees, assert_books_balance
from backtests.tests.engine.markets import portfolios
from backtests.tests.engine.reference import Reference
from marketdata.ohlcv import Ohlcv

type Drawn = tuple[list[Asset], ExecutionConfig]

quick = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
long = settings(
    max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def check(drawn: Drawn) -> None:
    assets, config = drawn
    result = assert_agrees(assets, config)
    assert_books_balance(result)


@quick
@given(portfolios())
def test_one_instrument_agrees_with_the_reference(drawn: Drawn) -> None:
    check(drawn)


@quick
@given(portfolios(most=4))
def test_several_instruments_agree_with_the_reference(drawn: Drawn) -> None:
    check(drawn)


@pytest.mark.slow
@long
@given(portfolios())
def test_one_instrument_agrees_thousands_of_times(drawn: Drawn) -> None:
    check(drawn)


@pytest.mark.slow
@long
@given(portfolios(most=4))
def test_several_instruments_agree_thousands_of_times(drawn: Drawn) -> None:
    check(drawn)


@quick
@given(portfolios())
def test_a_single_instrument_is_a_portfolio_of_one(drawn: Drawn) -> None:
    (asset,), config = drawn
    alone = simulate(asset.ohlcv, asset.signals, config, asset.funding)
    together = simulate_portfolio([asset], config)

    np.testing.assert_array_equal(alone.equity, together.equity)
    np.testing.assert_array_equal(alone.fills, together.fills)


@quick
@given(portfolios())
def test_an_idle_second_instrument_changes_no_bit(drawn: Drawn) -> None:
    (asset,), config = drawn
    never = np.zeros(len(asset.ohlcv), np.bool_)
    idle = Asset(asset.ohlcv, type(asset.signals)(never, never, never, never))
    alone = simulate_portfolio([asset], config)
    beside = simulate_portfolio([asset, idle], config)

    np.testing.assert_array_equal(alone.equity, beside.equity)
    np.testing.assert_array_equal(alone.trades, beside.trades)


@quick
@given(portfolios(most=3))
def test_the_last_bar_changes_nothing_before_it(drawn: Drawn) -> None:
    assets, config = drawn
    config = replace(config, close_at_end="none")
    last = len(assets[0].ohlcv) - 1
    if last < 1:
        return
    changed = [
        replace(asset, ohlcv=with_other_last_bar(asset.ohlcv)) for asset in assets
    ]
    before, after = (
        simulate_portfolio(assets, config),
        simulate_portfolio(changed, config),
    )

    np.testing.assert_array_equal(before.equity[:-1], after.equity[:-1])
    for rows in ("fills", "trades"):
        name = "bar" if rows == "fills" else "exit_bar"
        old, new = getattr(before, rows), getattr(after, rows)
        np.testing.assert_array_equal(old[old[name] < last], new[new[name] < last])


def with_other_last_bar(ohlcv: Ohlcv) -> Ohlcv:
    last = {"open": 300.0, "high": 400.0, "low": 1.0, "close": 5.0}
    columns = {name: getattr(ohlcv, name).copy() for name in last}
    for name, price in last.items():
        columns[name][-1] = price
    return Ohlcv(time=ohlcv.time, volume=ohlcv.volume, **columns)


@quick
@given(portfolios())
def test_the_best_of_ambiguous_bars_takes_the_target_first(drawn: Drawn) -> None:
    (asset,), config = drawn
    config = replace(config, intrabar="stop_first")
    worst, best = worst_and_best(asset.ohlcv, asset.signals, config, asset.funding)
    expected = Reference([asset], config, target_first=True).run()

    np.testing.assert_array_equal(
        worst.equity, simulate(asset.ohlcv, asset.signals, config, asset.funding).equity
    )
    np.testing.assert_allclose(best.equity, expected.equity, rtol=1e-9, atol=1e-6)
