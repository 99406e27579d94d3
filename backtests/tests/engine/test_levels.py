"""The levels that are drawn are the levels at which the run got out."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from backtests.engine import REASONS, ExecutionConfig, simulate
from backtests.engine.levels import order_levels
from backtests.tests.factories import FIRST_DAY, FREE, bars_of, walk
from marketdata.timeframes import Timeframe
from strategies.base import Signals

BARS = 2_000


def entries(bars: int, *, every: int, both: bool = False, **levels: Any) -> Signals:
    """Return signals that enter now and then, long and, if told, short."""
    at = np.arange(bars)
    return Signals(
        enter_long=at % every == 0,
        exit_long=at % (3 * every) == every - 1,
        enter_short=(at % every == every // 2) & both,
        exit_short=np.zeros(bars, np.bool_),
        **levels,
    )


def rules(**config: Any) -> ExecutionConfig:
    return ExecutionConfig(**{**FREE, **config})


def exits_at_levels(signals: Signals, **config: Any) -> Counter[str]:
    """Run, check the price of every exit at a level, and count them by reason."""
    candles = walk(BARS)
    result = simulate(candles, signals, rules(**config))
    levels = order_levels(result, candles, signals)
    found: Counter[str] = Counter()
    for trade in result.trades:
        reason, t = REASONS[trade["exit_reason"]], trade["exit_bar"]
        if reason not in ("stop_loss", "trailing_stop", "take_profit"):
            continue
        level = levels["target" if reason == "take_profit" else "stop"][t]
        # A bar that opens beyond the level is left at its open.
        below = (trade["side"] > 0) == (reason != "take_profit")
        price = (min if below else max)(level, candles.open[t])
        assert trade["exit_price"] == pytest.approx(price, rel=1e-12)
        found[reason] += 1
    return found


def test_a_stop_and_a_target_are_fractions_of_the_entry() -> None:
    candles = bars_of(
        [(100, 100), (100, 102), (102, 101), (101, 101)],
        step=Timeframe.parse("1d"),
        first=FIRST_DAY,
    )
    signals = Signals.of(4, enter_long=np.array([True, False, False, False]))

    result = simulate(candles, signals, rules(stop_loss=0.1, take_profit=0.2))
    levels = order_levels(result, candles, signals)

    # Entered at the open of the second bar, at 100.
    np.testing.assert_allclose(levels["stop"], [np.nan, 90, 90, 90])
    np.testing.assert_allclose(levels["target"], [np.nan, 120, 120, 120])


def test_a_trail_follows_the_highest_price_from_the_next_bar_on() -> None:
    candles = bars_of(
        [(100, 100), (100, 110), (110, 105), (105, 104)],
        step=Timeframe.parse("1d"),
        first=FIRST_DAY,
    )
    signals = Signals.of(4, enter_long=np.array([True, False, False, False]))

    result = simulate(candles, signals, rules(trailing_stop=0.1))
    levels = order_levels(result, candles, signals)

    np.testing.assert_allclose(levels["stop"], [np.nan, 90, 99, 99])
    assert "target" not in levels


@pytest.mark.parametrize("fill", ["next_open", "same_close"])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("anchor", ["fill", "signal_close", "close"])
def test_exits_happen_at_the_levels(fill: str, both: bool, anchor: str) -> None:
    found = exits_at_levels(
        entries(BARS, every=7, both=both),
        stop_loss=0.02,
        take_profit=0.03,
        trailing_stop=0.025,
        stop_anchor=anchor,
        allow_short=both,
        fill=fill,
    )

    assert min(found.values()) > 5
    assert len(found) == 3


def test_distances_of_the_signal_bar_win() -> None:
    distance = np.abs(np.sin(np.arange(BARS))) + 0.5
    signals = entries(BARS, every=9, stop_loss=distance, trailing_stop=2 * distance)

    assert exits_at_levels(signals, stop_loss=0.5).total() > 20


def test_the_trail_may_follow_closes_and_spare_the_entry_bar() -> None:
    found = exits_at_levels(
        entries(BARS, every=11),
        trailing_stop=0.015,
        trail_on="close",
        stop_on_entry_bar=False,
        pyramiding=3,
    )

    assert found["trailing_stop"] > 20


def test_a_run_without_stops_has_no_levels() -> None:
    candles = walk(100)
    signals = entries(100, every=10)

    result = simulate(candles, signals, ExecutionConfig())

    assert order_levels(result, candles, signals) == {}
