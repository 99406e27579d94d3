"""liquidation, data_grade, ambiguous_bars."""

from typing import Any

import pytest

from backtests.tests.checks.cases import facts, still, verdict
from backtests.tests.engine.scenario import Row, free

LEVERED: dict[str, Any] = {
    "size_mode": "equity_fraction",
    "leverage": 10.0,
    "fill": "same_close",
}


def test_a_liquidation_is_critical() -> None:
    # Ten times the capital at 100 is gone near 90.
    case = facts(still(100, 100, 85, 85), free(**LEVERED), enter_long=[0])

    found = verdict("liquidation", case)

    assert (found.severity, found.value) == ("critical", 1)
    assert "1 position had to be liquidated" in found.sentence


def test_bankruptcy_is_critical() -> None:
    config = free(**LEVERED, maint_margin=None)
    case = facts(still(100, 100, 80, 80), config, enter_long=[0])

    found = verdict("liquidation", case)

    assert (found.severity, found.value) == ("critical", 1)
    assert "bankrupt" in found.sentence


def test_no_liquidation_is_fine() -> None:
    found = verdict("liquidation", facts(still(100, 90), enter_long=[0]))

    assert (found.severity, found.value) == ("ok", 0)


@pytest.mark.parametrize(
    ("grade", "severity"),
    [("A", "ok"), ("B", "ok"), ("C", "info"), ("D", "warning"), ("E", "warning")]
    + [("F", "critical")],
)
def test_the_grade_of_the_candles_decides(grade: str, severity: str) -> None:
    case = facts(still(100, 101), known={"grade": grade, "missing": 0.0123})

    found = verdict("data_grade", case)

    assert (found.severity, found.value) == (severity, 0.0123)
    assert f"graded {grade}" in found.sentence
    assert "1.23 %" in found.sentence


def test_candles_without_a_grade_are_told_of() -> None:
    found = verdict("data_grade", facts(still(100, 101), known={"grade": ""}))

    assert found.severity == "info"
    assert "never been graded" in found.sentence


WIDE: Row = (100, 120, 80, 100)


def test_a_bar_that_reaches_stop_and_target_is_told_of() -> None:
    # Bought at 100; the wide bar reaches 90 and 115: 910 or 1,015 of 1,000... in the
    # end, because one unit is held: -10 or +15.
    config = free(stop_loss=0.1, take_profit=0.15)
    rows: list[Row] = [(100, 100, 100, 100), WIDE, (100, 100, 100, 100)]
    case = facts(rows, config, enter_long=[0])

    found = verdict("ambiguous_bars", case)

    assert (found.severity, found.value) == ("warning", 1.0)
    assert "1 trade (100 %)" in found.sentence
    assert "is -1.00 % with the stop first" in found.sentence
    assert "and 1.50 % with the target first" in found.sentence


def test_few_such_bars_among_many_trades_are_an_info() -> None:
    config = free(stop_loss=0.1, take_profit=0.15)
    rows: list[Row] = [(100, 100, 100, 100)] * 60
    rows[1] = WIDE
    case = facts(
        rows,
        config,
        enter_long=range(0, 58, 2),
        exit_long=range(1, 59, 2),
    )

    found = verdict("ambiguous_bars", case)

    assert len(case.result.trades) == 29
    assert found.severity == "info"
    assert found.value == pytest.approx(1 / 29)


def test_without_such_bars_it_is_fine() -> None:
    case = facts(still(100, 110), enter_long=[0], exit_long=[1])

    found = verdict("ambiguous_bars", case)

    assert (found.severity, found.value) == ("ok", 0)
