"""few_trades, one_big_trade, flat_period."""

import math

import pytest

from backtests.tests.checks.cases import facts, still, verdict
from backtests.tests.engine.scenario import free


@pytest.mark.parametrize(
    ("trades", "severity"),
    [(0, "critical"), (1, "critical"), (9, "critical"), (10, "warning")]
    + [(29, "warning"), (30, "ok")],
)
def test_trades_are_counted(trades: int, severity: str) -> None:
    case = facts(
        still(*[100.0] * 61),
        enter_long=range(0, 2 * trades, 2),
        exit_long=range(1, 2 * trades, 2),
    )

    found = verdict("few_trades", case)

    assert (found.severity, found.value, found.threshold) == (severity, trades, 30)
    assert str(trades) in found.sentence


def test_orders_that_were_refused_are_told_where_none_was_filled() -> None:
    config = free(fill="same_close", min_notional=1e12)
    case = facts(still(*[100.0] * 6), config, enter_long=[0, 2, 4], exit_long=[1, 3, 5])

    found = verdict("few_trades", case)

    assert "and 3 orders refused for want of cash or size" in found.sentence


def test_one_trade_is_said_in_the_singular() -> None:
    case = facts(still(100, 101, 102), enter_long=[0], exit_long=[1])

    assert "1 trade was closed" in verdict("few_trades", case).sentence


def test_the_best_trades_share_of_the_net_profit() -> None:
    # profits 30, -10, 30: the best made 30 of 50
    case = facts(
        still(100, 130, 130, 120, 120, 150),
        enter_long=[0, 2, 4],
        exit_long=[1, 3, 5],
    )

    found = verdict("one_big_trade", case)

    assert found.value == pytest.approx(30 / 50)
    assert found.severity == "warning"
    assert "60.0 % of the net profit" in found.sentence


def test_a_trade_without_which_nothing_is_left_is_critical() -> None:
    # 30 - 10 = 20, of which the best made 30
    case = facts(still(100, 130, 130, 120), enter_long=[0, 2], exit_long=[1, 3])

    found = verdict("one_big_trade", case)

    assert found.severity == "critical"
    assert found.value == pytest.approx(1.5)


def test_the_open_trade_counts_as_well() -> None:
    # 10 closed, 30 open
    case = facts(still(100, 110, 110, 140), enter_long=[0, 2], exit_long=[1])

    assert verdict("one_big_trade", case).value == pytest.approx(30 / 40)


def test_even_trades_are_fine() -> None:
    case = facts(
        still(100, 110, 110, 120, 120, 130),
        enter_long=[0, 2, 4],
        exit_long=[1, 3, 5],
    )

    found = verdict("one_big_trade", case)

    assert found.severity == "ok"
    assert found.value == pytest.approx(1 / 3)


@pytest.mark.parametrize("prices", [(100, 90), (100, 100)])
def test_without_a_profit_no_trade_made_most_of_it(prices: tuple[float, ...]) -> None:
    found = verdict(
        "one_big_trade", facts(still(*prices), enter_long=[0], exit_long=[1])
    )

    assert found.severity == "ok"
    assert math.isnan(found.value)


def test_the_longest_time_without_a_position() -> None:
    # In from 1 to 2 and from 7 to 9 of ten days: out for 1, 5 and 1 of 10.
    case = facts(still(*[100.0] * 11), enter_long=[1, 7], exit_long=[2, 10])

    found = verdict("flat_period", case)

    assert found.value == pytest.approx(5 / 10)
    assert found.severity == "warning"
    assert "5 days, 50.0 % of the run" in found.sentence


def test_a_position_that_is_open_in_the_end_leaves_no_time_after_it() -> None:
    case = facts(still(*[100.0] * 11), enter_long=[1])

    found = verdict("flat_period", case)

    assert found.severity == "ok"
    assert found.value == pytest.approx(1 / 10)


def test_the_time_after_the_last_exit_counts() -> None:
    case = facts(still(*[100.0] * 11), enter_long=[0], exit_long=[4])

    assert verdict("flat_period", case).value == pytest.approx(6 / 10)


def test_a_reversal_leaves_no_time_without_a_position() -> None:
    config = free(fill="same_close", allow_short=True)
    case = facts(still(*[100.0] * 11), config, enter_long=[0], enter_short=[5])

    assert verdict("flat_period", case).value == 0


def test_a_run_without_a_trade_is_flat_all_the_time() -> None:
    found = verdict("flat_period", facts(still(100, 100)))

    assert (found.severity, found.value) == ("warning", 1)
    assert "24.0 hours" in found.sentence
