"""The hand-derived examples of engine.md section 9."""

from typing import Any

import numpy as np
import pytest

from backtests.engine import ExecutionConfig, Funding
from backtests.tests.engine.scenario import DAY_MS, Row, exits, free, play

LEVERED: dict[str, Any] = {
    "initial_capital": 1000.0,
    "fee_rate": 0.001,
    "slippage": 0.0,
    "leverage": 10.0,
    "size": 0.5,
    "lot_step": 0.001,
    "maint_margin": 0.005,
}
FLAT: Row = (100, 100, 100, 100)


def test_a_leveraged_long_is_liquidated_at_its_maintenance_margin() -> None:
    config = ExecutionConfig(**LEVERED)
    result = play([FLAT, FLAT, (100, 100, 70, 75)], config, enter_long=[0])

    assert result.trades["size"][0] == pytest.approx(49.95, abs=1e-12)
    assert result.fills["fee"][0] == pytest.approx(4.995, abs=1e-12)
    assert exits(result) == [(2, pytest.approx(80.48239193967837), "liquidation")]
    # E at the level is mm * q * level = 20.10047738693; the exit's fee comes off it.
    fee = 0.001 * 49.95 * 80.48239193967837
    assert result.equity[2] == pytest.approx(20.10047738693 - fee, abs=1e-9)


def test_a_leveraged_short_is_liquidated_at_its_maintenance_margin() -> None:
    config = ExecutionConfig(**LEVERED, allow_short=True)
    result = play([FLAT, FLAT, (100, 130, 100, 125)], config, enter_short=[0])

    assert result.trades["size"][0] == pytest.approx(49.95, abs=1e-12)
    assert exits(result) == [(2, pytest.approx(119.32340300499506), "liquidation")]


def test_a_gap_beyond_the_liquidation_level_fills_at_the_open() -> None:
    config = ExecutionConfig(**LEVERED)
    result = play([FLAT, FLAT, (70, 75, 70, 75)], config, enter_long=[0])

    assert exits(result) == [(2, 70.0, "liquidation")]
    assert result.cash == 0.0
    loss = -(1000 - 4.995 - 49.95 * 30 - 0.001 * 49.95 * 70)
    assert result.bankrupt_loss == pytest.approx(loss)


@pytest.mark.parametrize(("side", "paid"), [("enter_long", 6.0), ("enter_short", -6.0)])
def test_longs_pay_a_positive_rate_to_shorts(side: str, paid: float) -> None:
    funding = Funding(np.array([2 * DAY_MS]), np.array([0.0001]), np.array([30_000.0]))
    rows: list[Row] = [(29_000, 30_000, 29_000, 30_000)] * 3
    config = free(initial_capital=100_000.0, size=2.0, allow_short=True)
    result = play(rows, config, funding, **{side: [0]})

    assert result.open_trades["funding"][0] == pytest.approx(paid)


ENTRY: list[Row] = [(100, 100, 100, 100), (100, 101, 99, 100)]


@pytest.mark.parametrize(
    ("bar", "exit_"),
    [
        pytest.param((94, 120, 93, 100), (94, "stop_loss"), id="gap below the stop"),
        pytest.param((112, 113, 94, 100), (95, "stop_loss"), id="stop before target"),
        pytest.param((112, 113, 96, 100), (112, "take_profit"), id="gap above target"),
    ],
)
def test_stop_and_target_of_a_long(bar: Row, exit_: tuple[float, str]) -> None:
    config = free(stop_loss=0.05, take_profit=0.1)
    result = play([*ENTRY, bar], config, enter_long=[0])

    price, reason = exit_
    assert exits(result) == [(2, pytest.approx(price), reason)]


def test_a_trail_acts_from_the_bar_after_the_one_that_set_it() -> None:
    rows: list[Row] = [
        (100, 100, 100, 100),
        (100, 110, 99, 101),
        (100.5, 102, 100, 101),
    ]
    result = play(rows, free(trailing_stop=0.08), enter_long=[0])

    assert exits(result) == [(2, 100.5, "trailing_stop")]
