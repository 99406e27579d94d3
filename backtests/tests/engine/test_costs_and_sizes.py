"""Fees, slippage, sizes and their limits, with the expected value as arithmetic."""

import pytest

from backtests.engine import Asset, simulate_portfolio
from backtests.tests.engine.scenario import Row, candles, free, play, signals

FLAT: Row = (100, 100, 100, 100)


def test_adding_averages_the_entry_and_keeps_the_stops() -> None:
    rows: list[Row] = [FLAT, FLAT, (120, 120, 120, 120), (120, 120, 94, 96)]
    result = play(rows, free(pyramiding=2, stop_loss=0.05), enter_long=[0, 1, 2])
    trade = result.trades[0]

    assert trade["size"] == 2.0
    assert trade["entry_price"] == pytest.approx((100 + 120) / 2)
    assert trade["exit_price"] == pytest.approx(95)
    assert trade["pnl"] == pytest.approx(2 * (95 - 110))


def test_fees_and_slippage_are_charged_on_every_leg() -> None:
    rows: list[Row] = [FLAT, FLAT, (110, 110, 110, 110)]
    config = free(fee_rate=0.01, fixed_fee=2.0, slippage=0.1)
    result = play(rows, config, enter_long=[0], exit_long=[1])
    bought, sold = 100 * 1.1, 110 * 0.9
    fees = 0.01 * bought + 2 + 0.01 * sold + 2

    assert list(result.fills["price"]) == pytest.approx([bought, sold])
    assert result.trades["pnl"][0] == pytest.approx(sold - bought - fees)
    assert result.equity[-1] == pytest.approx(1000 + sold - bought - fees)


def test_a_target_pays_the_maker_fee_and_no_slippage() -> None:
    rows: list[Row] = [FLAT, FLAT, (100, 120, 100, 115)]
    config = free(fee_rate=0.01, maker_fee_rate=0.001, slippage=0.01, take_profit=0.1)
    target = 101 * 1.1
    result = play(rows, config, enter_long=[0])

    assert result.fills["price"][1] == pytest.approx(target)
    assert result.fills["fee"][1] == pytest.approx(0.001 * target)


def test_a_size_that_does_not_fit_is_reduced() -> None:
    result = play([FLAT, FLAT], free(size=50.0), enter_long=[0])

    assert result.fills["size"][0] == pytest.approx(10.0)
    assert result.counters["reduced"] == 1


def test_a_size_that_does_not_fit_can_be_rejected() -> None:
    config = free(size=50.0, on_insufficient="reject")
    result = play([FLAT, FLAT], config, enter_long=[0])

    assert len(result.fills) == 0
    assert result.counters["rejected_cash"] == 1


@pytest.mark.parametrize(
    "limit", [{"min_qty": 2.0}, {"min_notional": 150.0}, {"lot_step": 3.0}]
)
def test_a_size_below_the_market_minimum_is_rejected(limit: dict[str, float]) -> None:
    result = play([FLAT, FLAT], free(**limit), enter_long=[0])

    assert len(result.fills) == 0
    assert result.counters["rejected_min"] == 1


def test_a_risk_fraction_loses_that_fraction_at_the_stop() -> None:
    config = free(size_mode="risk_fraction", size=0.02, stop_loss=0.05)
    result = play([FLAT, FLAT, (100, 100, 90, 95)], config, enter_long=[0])

    assert result.trades["pnl"][0] == pytest.approx(-0.02 * 1000)


def test_each_entry_is_sized_by_the_equity_of_its_own_signal() -> None:
    """One order waited for volume, the other is new: two bars, two equities."""
    held = candles([FLAT, FLAT, (150, 150, 150, 150), (120, 120, 120, 120)])
    waits = candles([FLAT, FLAT, FLAT, FLAT], volume=[1, 1, 0, 1])
    fresh = candles([FLAT] * 4)
    config = free(
        fill="same_close",
        size_mode="equity_fraction",
        size=0.1,
        size_base="signal",
        zero_volume="defer",
    )
    result = simulate_portfolio(
        [
            Asset(held, signals(4, enter_long=[0])),
            Asset(waits, signals(4, enter_long=[2])),
            Asset(fresh, signals(4, enter_long=[3])),
        ],
        config,
    )

    assert list(result.fills["size"]) == pytest.approx(
        [0.1 * 1000 / 100, 0.1 * 1050 / 100, 0.1 * 1020 / 100]
    )
