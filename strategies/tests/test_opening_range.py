"""The opening-range breakout: flat by the evening, on candles of any length."""

import numpy as np
import pytest

from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import DAY_MS, MINUTE_MS
from strategies.base import Signals
from strategies.library.registry import LIBRARY

DAYS = 120
HOUR_MS = 60 * MINUTE_MS


def _walk(minutes: int) -> Ohlcv:
    bars = DAYS * 1440 // minutes
    steps = np.random.default_rng(3).normal(0, 0.001 * minutes**0.5, bars)
    close = 100 * np.exp(np.cumsum(steps))
    before = np.concatenate((close[:1], close[:-1]))
    high, low = np.maximum(before, close) * 1.0002, np.minimum(before, close) * 0.9998
    time = np.arange(bars) * minutes * MINUTE_MS
    return Ohlcv(time, before, high, low, close, np.ones(bars))


def _signals(candles: Ohlcv, minutes: int, **parameters: float) -> Signals:
    strategy = LIBRARY["opening_range"].on(minutes * MINUTE_MS)
    return strategy.generate_signals(candles, strategy.resolve(parameters))


@pytest.mark.parametrize("minutes", [5, 15, 60, 120, 240, 360, 480])
def test_what_is_entered_on_a_day_is_left_by_its_end(minutes: int) -> None:
    candles = _walk(minutes)

    signals = _signals(candles, minutes)

    closes = candles.time + minutes * MINUTE_MS
    for enter, leave in (
        (signals.enter_long, signals.exit_long),
        (signals.enter_short, signals.exit_short),
    ):
        exits = np.flatnonzero(leave)
        entries = np.flatnonzero(enter)[:-1]
        ends = closes[exits[np.searchsorted(exits, entries)]]
        midnight = (candles.time[entries] // DAY_MS + 1) * DAY_MS
        assert len(entries) > 20
        assert (ends <= midnight).all()


def test_hourly_candles_close_the_position_at_the_closing_hour() -> None:
    candles = _walk(60)

    signals = _signals(candles, 60, close_hour=22)

    exits = candles.time[signals.exit_long]
    # Filled at the open after the bar: that of 21:00 at 22:00. The first bar of a day
    # closes what a hole in the data has kept open.
    assert set(exits // HOUR_MS % 24) == {21, 22, 23, 0}


def test_a_day_whose_opening_is_missing_is_not_traded() -> None:
    whole = _walk(60)
    day, hour = whole.time // DAY_MS, whole.time // HOUR_MS % 24
    missing = (day % 2 == 1) & (hour < 6)
    candles = Ohlcv(*(column[~missing] for column in whole))

    signals = _signals(candles, 60)

    traded = candles.time[signals.enter_long | signals.enter_short] // DAY_MS
    assert set(traded % 2) == {0}


def test_a_position_that_a_hole_has_kept_is_left_on_the_first_bar_of_the_day() -> None:
    whole = _walk(60)
    missing = whole.time // HOUR_MS % 24 >= 21
    candles = Ohlcv(*(column[~missing] for column in whole))

    signals = _signals(candles, 60)

    assert set(candles.time[signals.exit_long] // HOUR_MS % 24) == {0}
