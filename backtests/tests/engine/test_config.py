"""What ExecutionConfig refuses, and how it says so."""

import json
from dataclasses import asdict, fields
from typing import Any

import numpy as np
import pytest

from backtests.engine import ExecutionConfig, simulate
from backtests.tests.engine.scenario import candles, free, play, signals
from botforge.errors import InvalidInput

FLAT = (100.0, 100.0, 100.0, 100.0)


def test_the_defaults_are_valid_json() -> None:
    echoed = json.loads(json.dumps(asdict(ExecutionConfig()), allow_nan=False))

    assert ExecutionConfig(**echoed) == ExecutionConfig()


def test_no_limit_is_written_as_none() -> None:
    assert ExecutionConfig(max_qty=float("inf")).max_qty is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("initial_capital", 0),
        ("fee_rate", 2.0),
        ("fee_rate", -0.1),
        ("fee_rate", float("nan")),
        ("slippage", -0.1),
        ("size", 0),
        ("size", "all"),
        ("leverage", 0.5),
        ("pyramiding", 0),
        ("pyramiding", 1.5),
        ("stop_loss", 0),
        ("stop_loss", 1.5),
        ("fill", "yesterday"),
        ("intrabar", "worst"),
        ("stop_slippage", "none"),
        ("allow_long", 1),
        ("lot_step", 0),
        ("max_positions", 0),
    ],
)
def test_a_field_out_of_range_is_named(field: str, value: Any) -> None:
    with pytest.raises(InvalidInput, match=f"Field {field}: ") as caught:
        ExecutionConfig(**{field: value})

    assert [error.pointer for error in caught.value.errors] == [f"/execution/{field}"]


@pytest.mark.parametrize(
    "impossible",
    [
        {"allow_long": False},
        {"min_qty": 2.0, "max_qty": 1.0},
        {"leverage": 20.0, "maint_margin": 0.05},
        {"slippage": 0.6, "entry_slippage": 0.5},
    ],
    ids=str,
)
def test_an_impossible_combination_is_refused(impossible: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="Field"):
        ExecutionConfig(**impossible)


def test_every_error_is_reported_at_once() -> None:
    with pytest.raises(InvalidInput, match="Field") as caught:
        ExecutionConfig(size=-1.0, fee_rate=3.0, leverage=0.0)

    assert {error.pointer for error in caught.value.errors} == {
        "/execution/size",
        "/execution/fee_rate",
        "/execution/leverage",
    }


def test_every_field_has_a_rule() -> None:
    for field in fields(ExecutionConfig):
        given: dict[str, Any] = {field.name: object()}
        with pytest.raises(InvalidInput, match=f"Field {field.name}: "):
            ExecutionConfig(**given)


def test_a_risk_fraction_needs_a_stop() -> None:
    with pytest.raises(InvalidInput, match="size_mode"):
        play([FLAT, FLAT], free(size_mode="risk_fraction", size=0.01), enter_long=[0])


@pytest.mark.parametrize(
    "row",
    [
        (100.0, 99.0, 98.0, 99.0),
        (100.0, 101.0, 100.5, 101.0),
        (0.0, 1.0, 0.0, 1.0),
        (float("nan"), 101.0, 99.0, 100.0),
        (100.0, float("inf"), 99.0, 100.0),
    ],
    ids=str,
)
def test_an_impossible_candle_is_named(row: tuple[float, ...]) -> None:
    good = candles([FLAT, FLAT, FLAT])
    columns = [getattr(good, name).copy() for name in ("open", "high", "low", "close")]
    for column, value in zip(columns, row, strict=True):
        column[1] = value
    opened, high, low, close = columns
    bad = type(good)(good.time, opened, high, low, close, good.volume)

    with pytest.raises(InvalidInput, match=r"Bar 1 \(1970-01-02T00:00:00\+00:00\)"):
        simulate(bad, signals(3), free())


def test_signals_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 3 bars"):
        simulate(candles([FLAT] * 3), signals(2), free())


def test_signals_may_be_strided_views() -> None:
    mask = np.zeros(8, np.bool_)
    mask[0] = True
    ohlcv = candles([FLAT] * 4)
    given = signals(4)
    result = simulate(
        ohlcv,
        type(given)(mask[::2], given.exit_long, given.enter_short, given.exit_short),
        free(),
    )

    assert len(result.fills) == 1


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("nan")])
def test_a_number_beyond_every_float_is_named_not_raised(value: float) -> None:
    with pytest.raises(InvalidInput, match="initial_capital: use a finite number"):
        ExecutionConfig(initial_capital=value)
