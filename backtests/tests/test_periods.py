"""Months and drawdowns, with their arithmetic written out."""

from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from backtests.periods import drawdown_columns, monthly_columns

DAY = 86_400_000


def ms(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1000


def days(start: int, end: int) -> NDArray[np.int64]:
    return np.arange(start, end, DAY)


def test_a_month_runs_from_the_last_equity_of_the_one_before() -> None:
    start, end = ms(2023, 12, 30), ms(2024, 2, 3)
    time = days(start, end)
    equity = np.full(len(time), 100.0)
    equity[2:] = 110  # from the first of January
    equity[33:] = 99  # from the first of February

    table = monthly_columns(time, equity, (start, end), always_open=True)

    assert table["year"].tolist() == [2023, 2024, 2024]
    assert table["month"].tolist() == [12, 1, 2]
    assert table["return"] == pytest.approx([0, 110 / 100 - 1, 99 / 110 - 1])
    assert table["bars"].tolist() == [2, 31, 2]
    assert table["partial"].tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("start", "end", "always_open", "partial"),
    [
        (ms(2024, 1, 1), ms(2024, 2, 1), True, False),
        (ms(2024, 1, 1) + 1, ms(2024, 2, 1), True, True),
        (ms(2024, 1, 1), ms(2024, 2, 1) - 1, True, True),
        # A market that closes: New Year's Day, and a weekend in the end.
        (ms(2024, 1, 2), ms(2024, 1, 31), False, False),
        (ms(2024, 1, 8), ms(2024, 2, 1), False, True),
    ],
)
def test_a_month_that_is_not_covered_is_partial(
    start: int, end: int, always_open: bool, partial: bool
) -> None:
    time = days(start, end)

    table = monthly_columns(
        time, np.ones(len(time)), (start, end), always_open=always_open
    )

    assert table["partial"].tolist() == [partial]


def test_drawdowns_come_by_depth() -> None:
    equity = np.array([100.0, 90, 100, 120, 60, 80, 120, 130, 117])

    table = drawdown_columns(np.arange(9) * DAY, equity)

    # 120 -> 60 -> 120, then 100 -> 90 -> 100; the last dip is one bar long
    assert table["depth"] == pytest.approx([-0.5, -0.1])
    assert table["peak_time"].tolist() == [3 * DAY, 0]
    assert table["trough_time"].tolist() == [4 * DAY, DAY]
    assert table["recovery_time"].astype(np.int64).tolist() == [6 * DAY, 2 * DAY]
    assert table["duration"].tolist() == [3 * 86_400, 2 * 86_400]


def test_one_that_lasts_has_no_recovery() -> None:
    table = drawdown_columns(np.arange(4) * DAY, np.array([100.0, 80, 70, 75]))

    assert table["depth"] == pytest.approx([-0.3])
    assert np.isnat(table["recovery_time"]).tolist() == [True]
    assert table["duration"].tolist() == [3 * 86_400]


def test_a_rise_has_no_drawdown() -> None:
    table = drawdown_columns(np.arange(3) * DAY, np.array([1.0, 2, 3]))

    assert {len(column) for column in table.values()} == {0}
