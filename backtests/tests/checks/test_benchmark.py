"""below_buy_and_hold, return_pvalue, excess_pvalue."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from backtests.checks import Facts
from backtests.tests.checks.cases import facts, still, verdict
from backtests.tests.engine.scenario import free


def held(prices: list[float], **at: Any) -> Facts:
    """Run with all the capital in, no costs, fills at the close."""
    config = free(fill="same_close", size_mode="equity_fraction", size=1.0)
    return facts(still(*prices), config, **at)


def test_less_than_doing_nothing_is_a_warning() -> None:
    # Out for the first rise: 120 / 110 - 1 against 120 / 100 - 1.
    case = held([100, 110, 120], enter_long=[1])

    found = verdict("below_buy_and_hold", case)

    assert found.value == pytest.approx((120 / 110 - 1) - 0.2)
    assert found.severity == "warning"
    assert "made 9.09 %" in found.sentence
    assert "holding 20.0 %" in found.sentence


def test_more_than_doing_nothing_is_fine() -> None:
    case = held([100, 80, 120], enter_long=[1])

    found = verdict("below_buy_and_hold", case)

    assert found.value == pytest.approx(0.5 - 0.2)
    assert found.severity == "ok"


def test_a_few_days_are_not_tested() -> None:
    case = held([100.0 + day for day in range(30)], enter_long=[0])

    found = verdict("return_pvalue", case)

    assert found.severity == "warning"
    assert math.isnan(found.value)
    assert "29 daily returns are too few" in found.sentence


def wave(days: int) -> list[float]:
    """Return prices that go up by 3 % and down by 1 % in turn."""
    steps = np.where(np.arange(days) % 2, 0.99, 1.03)
    return [100.0, *(100 * np.cumprod(steps)).tolist()]


def test_a_steady_gain_is_no_chance() -> None:
    case = held(wave(100), enter_long=[0])

    found = verdict("return_pvalue", case)

    assert found.severity == "ok"
    assert found.value < 0.001
    assert found.threshold == 0.05


def test_the_p_value_is_that_of_the_daily_returns() -> None:
    case = held(wave(100), enter_long=[0])
    found = verdict("return_pvalue", case)

    # 100 returns of 3 % and -1 %: mean 1 %, deviations 2 % and -2 % in turn, so that
    # neighbours at lag j multiply to (100 - j) * (-1)^j of the squares' average.
    lags = 4
    long_run = 0.02**2 * (
        1
        + 2
        * sum(
            (1 - j / (lags + 1)) * (-1) ** j * (100 - j) / 100
            for j in range(1, lags + 1)
        )
    )
    t = 0.01 / math.sqrt(long_run / 100)
    # Far in the tail, where the last digits of t are digits of the exponent.
    assert found.value == pytest.approx(0.5 * math.erfc(t / math.sqrt(2)), rel=1e-6)


def test_a_loss_may_well_be_chance() -> None:
    falling = wave(100)[::-1]
    case = held(falling, enter_long=[0])

    found = verdict("return_pvalue", case)

    assert found.severity == "warning"
    assert found.value > 0.9
    assert found.sentence.endswith("there is nothing to explain.")


def test_holding_has_no_lead_over_holding() -> None:
    case = held(wave(100), enter_long=[0])

    found = verdict("excess_pvalue", case)

    assert found.severity == "warning"
    assert math.isnan(found.value)
    assert "No two of 100 days differ in their lead" in found.sentence


def test_rounding_makes_no_lead_over_holding() -> None:
    case = held(wave(100), enter_long=[0])
    noise = np.where(np.arange(100) % 2, 3e-16, -2e-16)
    ahead = {"excess_return": -4.4e-16}
    case = replace(case, days=case.days + noise, metrics={**case.metrics, **ahead})

    lead, tested = (verdict(c, case) for c in ("below_buy_and_hold", "excess_pvalue"))

    assert (lead.severity, lead.value) == ("ok", 0)
    assert "as buying and holding did" in lead.sentence
    assert math.isnan(tested.value)


def test_avoiding_every_fall_is_a_lead() -> None:
    # In before each rise and out before each fall.
    case = held(wave(100), enter_long=range(0, 100, 2), exit_long=range(1, 100, 2))

    found = verdict("excess_pvalue", case)

    assert found.severity == "ok"
    assert found.value < 0.001


def test_never_trading_gives_no_test() -> None:
    found = verdict("return_pvalue", held(wave(100)))

    assert found.severity == "warning"
    assert math.isnan(found.value)
