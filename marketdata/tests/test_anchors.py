import numpy as np
import pytest

from marketdata.anchors import anchor_of
from marketdata.tests.candles import HOUR, START
from marketdata.timeframes import DAY_MS, Timeframe

QUARTER = HOUR // 4


@pytest.mark.parametrize(
    ("code", "offset", "calendar", "anchor"),
    [
        ("1h", HOUR // 2, "XNYS", HOUR // 2),
        ("1h", 3 * QUARTER, "XBOM", 3 * QUARTER),
        ("1h", 0, "XNYS", 0),
        ("1h", HOUR // 2, "24/7", 0),
        ("1h", HOUR // 2, "fx", 0),
        ("1h", HOUR // 2, None, 0),
        # What closes a bar is not what opens one.
        ("1h", HOUR - 1, "XNYS", 0),
        ("1h", HOUR - 1000, "XNYS", 0),
        ("15m", 5 * 60_000, "XNYS", 0),
        ("1d", 5 * HOUR, "XNYS", 0),
        ("3d", DAY_MS, "24/7", DAY_MS),
        ("3d", HOUR, "24/7", 0),
        ("1w", DAY_MS, "24/7", 0),
    ],
)
def test_bars_open_off_the_hour_where_their_market_does(
    code: str, offset: int, calendar: str | None, anchor: int
) -> None:
    timeframe = Timeframe.parse(code)
    opens = timeframe.floor(START) + offset + timeframe.ms * np.arange(40.0)

    assert anchor_of(opens, timeframe, calendar) == anchor


def test_bars_that_open_here_and_there_have_the_usual_grid() -> None:
    opens = START + HOUR * np.arange(40.0)
    opens[::5] += HOUR / 2

    assert anchor_of(opens, Timeframe.parse("1h"), "XNYS") == 0
    assert anchor_of(opens[:0], Timeframe.parse("1h"), "XNYS") == 0
