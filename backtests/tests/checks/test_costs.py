"""fees_eat_profit and break_even_cost."""

import math
from typing import Any

import pytest

from backtests.tests.checks.cases import facts, still, verdict
from backtests.tests.engine.scenario import free


def test_fees_as_a_share_of_the_profit_before_them() -> None:
    # 1 % of 100 and of 110 paid for a profit of 10 before fees
    config = free(fill="same_close", fee_rate=0.01)
    case = facts(still(100, 110), config, enter_long=[0], exit_long=[1])

    found = verdict("fees_eat_profit", case)

    assert found.value == pytest.approx((1 + 1.1) / 10)
    assert found.severity == "ok"
    assert "21.0 %" in found.sentence


@pytest.mark.parametrize(
    ("rate", "severity"), [(0.02, "ok"), (0.03, "warning"), (0.05, "critical")]
)
def test_fees_that_take_half_or_all_of_the_profit(rate: float, severity: str) -> None:
    # 210 was traded for a profit of 10: 2 % is 4.2, 3 % is 6.3, 5 % is 10.5
    config = free(fill="same_close", fee_rate=rate)
    case = facts(still(100, 110), config, enter_long=[0], exit_long=[1])

    found = verdict("fees_eat_profit", case)

    assert found.severity == severity
    assert found.value == pytest.approx(rate * 21)


def test_the_fees_of_the_open_trade_count() -> None:
    config = free(fill="same_close", fee_rate=0.01)
    case = facts(still(100, 110), config, enter_long=[0])

    assert verdict("fees_eat_profit", case).value == pytest.approx(1 / 10)


def test_without_a_profit_there_is_nothing_to_eat() -> None:
    config = free(fill="same_close", fee_rate=0.01)
    case = facts(still(100, 90), config, enter_long=[0], exit_long=[1])

    found = verdict("fees_eat_profit", case)

    assert found.severity == "ok"
    assert math.isnan(found.value)


def test_the_fee_at_which_nothing_is_left() -> None:
    # 10 for 210 traded is 476.2 bps of each fill; the run paid 100
    config = free(fill="same_close", fee_rate=0.01)
    case = facts(still(100, 110), config, enter_long=[0], exit_long=[1])

    found = verdict("break_even_cost", case)

    assert found.value == pytest.approx(10_000 * 10 / 210)
    assert found.threshold == pytest.approx(2 * 100)
    assert found.severity == "ok"
    assert "476.2 bps" in found.sentence
    assert "paid 100.0" in found.sentence


def test_at_the_fee_that_it_names_the_profit_is_gone() -> None:
    rows = still(100, 110, 105, 125)
    orders: dict[str, Any] = {"enter_long": [0], "exit_long": [3]}
    bearable = verdict("break_even_cost", facts(rows, **orders)).value

    config = free(fill="same_close", fee_rate=bearable / 10_000)

    assert facts(rows, config, **orders).result.equity[-1] == pytest.approx(1000)


@pytest.mark.parametrize(("rate", "severity"), [(0.02, "ok"), (0.025, "warning")])
def test_less_room_than_the_fees_again_is_a_warning(rate: float, severity: str) -> None:
    config = free(fill="same_close", fee_rate=rate)
    case = facts(still(100, 110), config, enter_long=[0], exit_long=[1])

    assert verdict("break_even_cost", case).severity == severity


def test_a_run_that_pays_nothing_is_told_so() -> None:
    case = facts(still(100, 110), enter_long=[0], exit_long=[1])

    found = verdict("break_even_cost", case)

    assert (found.severity, found.threshold) == ("info", 0)
    assert "no market grants" in found.sentence


def test_a_loss_before_fees_cannot_be_saved_by_lower_ones() -> None:
    # 10 lost on 190 traded
    case = facts(still(100, 90), enter_long=[0], exit_long=[1])

    found = verdict("break_even_cost", case)

    assert found.value == pytest.approx(-10_000 * 10 / 190)
    assert found.severity == "warning"
    assert "lost 526.3 bps" in found.sentence


def test_without_a_fill_there_is_no_cost() -> None:
    found = verdict("break_even_cost", facts(still(100, 110)))

    assert found.severity == "ok"
    assert math.isnan(found.value)
