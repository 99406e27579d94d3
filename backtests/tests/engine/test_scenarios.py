"""Edge cases of engine.md section 8 and the order of events, as tables to read."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from backtests.engine import Funding, worst_and_best
from backtests.tests.engine.scenario import (
    DAY_MS,
    Row,
    candles,
    exits,
    free,
    play,
    signals,
)

nan = float("nan")
FLAT: Row = (100, 100, 100, 100)
MISSING: Row = (nan, nan, nan, nan)


@dataclass(frozen=True)
class Case:
    """Candles (open, high, low, close), signal bars, and the exits they must cause."""

    name: str
    rows: list[Row]
    at: dict[str, Any]
    exits: list[tuple[int, float, str]]
    config: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case(
        "an exit order fills at the open before the stop of that bar",
        [FLAT, FLAT, (100, 101, 80, 90)],
        {"enter_long": [0], "exit_long": [1]},
        [(2, 100, "signal")],
        {"stop_loss": 0.05},
    ),
    Case(
        "the parity order tests the stop first and drops the exit",
        [FLAT, FLAT, (100, 101, 80, 90)],
        {"enter_long": [0], "exit_long": [1]},
        [(2, 95, "stop_loss")],
        {"stop_loss": 0.05, "event_order": "stop_first"},
    ),
    Case(
        "entry and stop on one bar are two fills of that bar",
        [FLAT, (100, 100, 94, 96)],
        {"enter_long": [0]},
        [(1, 95, "stop_loss")],
        {"stop_loss": 0.05},
    ),
    Case(
        "a same-close entry skips the bar it fills on",
        [(100, 120, 50, 100), (100, 101, 99, 100)],
        {"enter_long": [0]},
        [],
        {"stop_loss": 0.05, "take_profit": 0.1, "fill": "same_close"},
    ),
    Case(
        "without stops on the entry bar the stop waits for the next",
        [FLAT, (100, 100, 90, 98), (98, 98, 94, 95)],
        {"enter_long": [0]},
        [(2, 95, "stop_loss")],
        {"stop_loss": 0.05, "stop_on_entry_bar": False},
    ),
    Case(
        "an entry that opens beyond its own stop leaves at that open",
        [FLAT, (90, 91, 89, 90)],
        {"enter_long": [0]},
        [(1, 90, "stop_loss")],
        {"stop_loss": 0.05, "stop_anchor": "signal_close"},
    ),
    Case(
        "touching a level is reaching it",
        [FLAT, FLAT, (100, 150, 100, 105)],
        {"enter_long": [0]},
        [(2, 150, "take_profit")],
        {"take_profit": 0.5},
    ),
    Case(
        "a stop can leave at the close of its bar",
        [FLAT, FLAT, (100, 101, 90, 93)],
        {"enter_long": [0]},
        [(2, 93, "stop_loss")],
        {"stop_loss": 0.05, "stop_exit_price": "close"},
    ),
    Case(
        "a path with the high nearer takes the target first",
        [FLAT, FLAT, (100, 110, 80, 90)],
        {"enter_long": [0]},
        [(2, 105, "take_profit")],
        {"stop_loss": 0.05, "take_profit": 0.05, "intrabar": "ohlc_path"},
    ),
    Case(
        "a path with the low nearer takes the stop first",
        [FLAT, FLAT, (100, 130, 90, 100)],
        {"enter_long": [0]},
        [(2, 95, "stop_loss")],
        {"stop_loss": 0.05, "take_profit": 0.05, "intrabar": "ohlc_path"},
    ),
    Case(
        "a path with equal extremes takes the adverse one first",
        [FLAT, FLAT, (100, 110, 90, 100)],
        {"enter_long": [0]},
        [(2, 95, "stop_loss")],
        {"stop_loss": 0.05, "take_profit": 0.05, "intrabar": "ohlc_path"},
    ),
    Case(
        "on a path the trail of the high is reached within the bar",
        [FLAT, FLAT, (100, 120, 70, 100)],
        {"enter_long": [0]},
        [(2, 108, "trailing_stop")],
        {"trailing_stop": 0.1, "intrabar": "ohlc_path"},
    ),
    Case(
        "a trail on closes ignores the spike of the high",
        [FLAT, (100, 150, 100, 105), (100, 100, 99, 99), (95, 95, 90, 90)],
        {"enter_long": [0]},
        [(3, 94.5, "trailing_stop")],
        {"trailing_stop": 0.1, "trail_on": "close"},
    ),
    Case(
        "levels are rounded to the price tick",
        [FLAT, FLAT, (100, 100, 90, 95)],
        {"enter_long": [0]},
        [(2, 97.5, "stop_loss")],
        {"stop_loss": 0.03, "price_tick": 2.5},
    ),
    Case(
        "a reversal is two fills at one price",
        [FLAT, FLAT, (110, 110, 110, 110), (120, 120, 120, 120)],
        {"enter_long": [0], "enter_short": [1], "exit_short": [2]},
        [(2, 110, "signal"), (3, 120, "signal")],
        {"allow_short": True},
    ),
    Case(
        "an opposite entry can close only",
        [FLAT, FLAT, (110, 110, 110, 110), (120, 120, 120, 120)],
        {"enter_long": [0], "enter_short": [1]},
        [(2, 110, "signal")],
        {"allow_short": True, "on_opposite": "close"},
    ),
    Case(
        "opposite entries of one bar cancel each other",
        [FLAT, FLAT, FLAT],
        {"enter_long": [0], "enter_short": [0]},
        [],
        {"allow_short": True, "close_at_end": "last_close"},
    ),
    Case(
        "an entry with its own exit is dropped",
        [FLAT, FLAT, FLAT],
        {"enter_long": [0], "exit_long": [0]},
        [],
        {"close_at_end": "last_close"},
    ),
    Case(
        "an entry with its own exit can win",
        [FLAT, FLAT, FLAT],
        {"enter_long": [0], "exit_long": [0]},
        [(2, 100, "end")],
        {"close_at_end": "last_close", "on_conflict": "entry"},
    ),
    Case(
        "the end can be the last open",
        [FLAT, FLAT, (103, 110, 100, 108)],
        {"enter_long": [0]},
        [(2, 103, "end")],
        {"close_at_end": "last_open"},
    ),
    Case(
        "a missing bar keeps the order waiting",
        [FLAT, FLAT, MISSING, (90, 95, 85, 92)],
        {"enter_long": [0], "exit_long": [1]},
        [(3, 90, "signal")],
        {"on_bad_bar": "skip"},
    ),
    Case(
        "the signals of a missing bar are ignored",
        [FLAT, FLAT, MISSING, FLAT],
        {"enter_long": [0], "exit_long": [2]},
        [],
        {"on_bad_bar": "skip"},
    ),
    Case(
        "bankruptcy closes at the close and ends the run",
        [FLAT, FLAT, (100, 100, 40, 45), FLAT],
        {"enter_long": [0, 2]},
        [(2, 45, "bankrupt")],
        {"initial_capital": 100.0, "leverage": 2.0, "maint_margin": None, "size": 2.0},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_exits(case: Case) -> None:
    result = play(case.rows, free(**case.config), **case.at)

    assert exits(result) == [
        (bar, pytest.approx(price), reason) for bar, price, reason in case.exits
    ]


def test_a_signal_on_the_last_bar_never_fills_at_the_next_open() -> None:
    result = play([FLAT, FLAT], free(), enter_long=[1])

    assert len(result.fills) == 0
    assert result.counters["unfilled_last_bar"] == 1


def test_a_signal_on_the_last_bar_fills_at_its_close() -> None:
    result = play([FLAT, FLAT], free(fill="same_close"), enter_long=[1])

    assert list(result.fills["bar"]) == [1]


def test_an_order_waits_for_volume_when_told_to() -> None:
    rows: list[Row] = [FLAT, (100, 100, 100, 100), (105, 105, 105, 105)]
    config = free(zero_volume="defer")
    result = play(rows, config, volume=[1, 0, 1], enter_long=[0])

    assert [(f["bar"], f["price"]) for f in result.fills] == [(2, 105.0)]
    assert result.counters["deferred_bars"] == 1


def test_in_bar_funding_counts_at_the_close_of_the_bar() -> None:
    funding = Funding(np.array([DAY_MS + 1]), np.array([0.01]))
    rows: list[Row] = [FLAT, (100, 120, 100, 120), FLAT]
    result = play(rows, free(), funding, enter_long=[0])

    assert result.open_trades["funding"][0] == pytest.approx(0.01 * 120)


def test_funding_at_the_open_is_paid_by_the_position_carried_in() -> None:
    funding = Funding(np.array([DAY_MS]), np.array([0.01]))
    result = play([FLAT, FLAT, FLAT], free(), funding, enter_long=[0])

    assert result.open_trades["funding"][0] == 0.0


def test_a_deferred_funding_bar_passes_its_events_on() -> None:
    """An event inside a missing bar falls due at the next open."""
    funding = Funding(np.array([2 * DAY_MS + 1]), np.array([0.01]))
    rows: list[Row] = [FLAT, FLAT, MISSING, (110, 110, 110, 110)]
    result = play(rows, free(on_bad_bar="skip"), funding, enter_long=[0])

    assert result.open_trades["funding"][0] == pytest.approx(0.01 * 110)


def test_the_worst_and_the_best_of_an_ambiguous_bar() -> None:
    ohlcv = candles([FLAT, FLAT, (100, 120, 80, 100)])
    config = free(stop_loss=0.1, take_profit=0.1)
    worst, best = worst_and_best(ohlcv, signals(3, enter_long=[0]), config)

    assert exits(worst) == [(2, 90.0, "stop_loss")]
    assert exits(best) == [(2, pytest.approx(110.0), "take_profit")]
    assert worst.counters["ambiguous_bars"] == 1


def test_excursions_are_the_extremes_while_held() -> None:
    rows: list[Row] = [
        FLAT,
        (100, 108, 97, 105),
        (105, 112, 99, 110),
        (95, 200, 1, 100),
    ]
    result = play(rows, free(), enter_long=[0], exit_long=[2])
    trade = result.trades[0]

    assert trade["mfe"] == pytest.approx(0.12)
    assert trade["mae"] == pytest.approx(-0.05)


def test_the_position_is_the_quantity_at_each_close() -> None:
    rows = [FLAT] * 6
    config = free(allow_short=True)
    result = play(rows, config, enter_long=[0], enter_short=[2], exit_short=[3])

    np.testing.assert_array_equal(result.position, [0, 1, 1, -1, 0, 0])


def test_no_bars_make_an_empty_result() -> None:
    result = play([], free())

    assert len(result.equity) == len(result.trades) == 0
