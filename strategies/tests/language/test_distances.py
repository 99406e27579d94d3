"""Stops and targets that are no distances are told, and distances are not."""

import pytest

from strategies.language.compiling import compile_program
from strategies.tests.language.checking import ORDER

BAND = "_, _, band = bb(close, 20, 2)\n"


def _codes(lines: str) -> list[str]:
    program = compile_program(f"{ORDER}{lines}\n")
    return [warning.code for warning in program.warnings]


@pytest.mark.parametrize(
    "value",
    [
        "2 * atr(14)",
        "0.05 * close",
        "close - lowest(low, 10)",
        "abs(close - sma(close, 20))",
        "max(high - low, atr(14))",
        "sma(high - low, 14)",
        "htf('1d', high - low)",
        "500",
        "0 / 0",
        "param('stop', 3.0) * atr(14)",
    ],
)
@pytest.mark.parametrize("name", ["stop_loss", "take_profit", "trailing_stop"])
def test_a_distance_is_taken_as_it_is(name: str, value: str) -> None:
    assert _codes(f"{name} = {value}") == []


@pytest.mark.parametrize(
    "value",
    [
        "close",
        "low[1]",
        "close * 0.95",
        "1.02 * close",
        "close - 2 * atr(14)",
        "lowest(low, 10)",
        "ema(close, 20)",
        "hl2",
        "vwap()",
        "htf('1d', low)",
        "low if close > open else high",
    ],
)
def test_a_price_is_told(value: str) -> None:
    assert _codes(f"stop_loss = {value}") == ["price_as_distance"]


def test_a_band_is_a_price_and_what_lies_between_is_none() -> None:
    assert _codes(f"{BAND}stop_loss = band") == ["price_as_distance"]
    assert _codes(f"{BAND}stop_loss = close - band") == []


@pytest.mark.parametrize("value", ["0.05", "1", "param('stop', 0.02, min=0)"])
def test_a_number_that_looks_like_a_fraction_is_told(value: str) -> None:
    assert _codes(f"trailing_stop = {value}") == ["fraction_as_distance"]


def test_the_remedy_is_written_out() -> None:
    (warning,) = compile_program(f"{ORDER}stop_loss = 0.05").warnings

    assert "write 0.05 * close" in warning.message
