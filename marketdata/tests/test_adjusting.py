from dataclasses import replace

import numpy as np
import pytest

from marketdata.adjusting import scale_beyond, with_dividends
from marketdata.ohlcv import Ohlcv
from marketdata.tests.candles import candles, raw


def test_each_price_is_multiplied_by_the_adjusted_close_over_the_close() -> None:
    # 11 becomes 5.5, so that every price is halved.
    given = raw(open=10.0, high=12.0, low=9.0, close=11.0, volume=5.0)
    given = replace(given, adjusted=np.array([5.5]))

    found = with_dividends(given)

    prices = (found.open, found.high, found.low, found.close)
    assert [float(price[0]) for price in prices] == [5.0, 6.0, 4.5, 5.5]
    assert found.volume.tolist() == [5.0]


def test_rounding_lifts_no_price_over_its_high() -> None:
    close = np.linspace(1, 2, 1000)
    given = raw(open=close, high=close, low=close, close=close)
    given = replace(given, adjusted=close * 0.9173)

    found = with_dividends(given)

    assert (found.high >= np.maximum(found.open, found.close)).all()
    assert (found.low <= np.minimum(found.open, found.close)).all()


def scaled(ohlcv: Ohlcv, factor: float) -> Ohlcv:
    prices = (ohlcv.open, ohlcv.high, ohlcv.low, ohlcv.close)
    opened, high, low, close = (price * factor for price in prices)
    return Ohlcv(ohlcv.time, opened, high, low, close, ohlcv.volume)


WHOLE = candles(100)


@pytest.mark.parametrize(
    ("start", "stop", "edges", "found"),
    [
        (40, 60, (True, True), 4.0),
        (40, 100, (True, False), 4.0),
        (0, 60, (False, True), 4.0),
        # All that is stored is replaced.
        (0, 100, (False, False), None),
    ],
)
def test_another_scale_beside_other_bars_is_found(
    start: int, stop: int, edges: tuple[bool, bool], found: float | None
) -> None:
    incoming = scaled(WHOLE.slice(start, stop), 4.0)

    assert scale_beyond(WHOLE, incoming, edges, 1e-2) == found


def test_one_bar_that_differs_is_a_revision() -> None:
    close = WHOLE.close.copy()
    close[50] *= 2
    incoming = Ohlcv(
        WHOLE.time, WHOLE.open, WHOLE.high * 2, WHOLE.low, close, WHOLE.volume
    )

    assert scale_beyond(WHOLE, incoming.slice(50, 60), (True, True), 1e-2) is None


def test_a_dividend_is_less_than_a_hundredth() -> None:
    incoming = scaled(WHOLE.slice(90, 100), 0.995)

    assert scale_beyond(WHOLE, incoming, (True, False), 1e-2) is None
    assert scale_beyond(WHOLE, incoming, (True, False), 1e-5) == pytest.approx(0.995)


def test_bars_with_nothing_in_common_say_nothing() -> None:
    assert (
        scale_beyond(WHOLE.slice(0, 50), WHOLE.slice(50, 100), (True, False), 0) is None
    )


def test_a_bar_that_stays_in_the_middle_must_fit_too() -> None:
    kept = np.arange(100) != 50
    incoming = scaled(Ohlcv(*(column[kept] for column in WHOLE)), 4.0)

    assert scale_beyond(WHOLE, incoming, (False, False), 1e-2) == 4.0
    assert scale_beyond(WHOLE, incoming.slice(60, 99), (False, False), 1e-2) == 4.0
