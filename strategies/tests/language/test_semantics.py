import numpy as np
import pytest

from strategies.base import Signals
from strategies.language.strategy import LanguageStrategy
from strategies.tests.candles import HOUR_MS, candles_of
from strategies.tests.language.checking import ORDER, codes, value_of

NAN = np.nan
# Undefined on the first three bars.
LATE = "close[3]"


def _signals(code: str) -> Signals:
    strategy = LanguageStrategy.of(code).on(HOUR_MS)
    return strategy.generate_signals(candles_of(np.arange(1.0, 9.0)), {})


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "==", "!="])
def test_a_comparison_with_nan_is_false(operator: str) -> None:
    for expression in (f"{LATE} {operator} 100", f"100 {operator} {LATE}"):
        assert value_of(expression)[:3].tolist() == [0, 0, 0]


def test_not_of_an_undefined_comparison_is_true() -> None:
    assert value_of(f"not ({LATE} > 0)").tolist() == [1, 1, 1, 0, 0, 0, 0, 0]


def test_a_condition_has_been_false_before_the_first_bar() -> None:
    assert value_of("(close > 0)[2]").tolist() == [0, 0, 1, 1, 1, 1, 1, 1]


def test_unequal_is_the_opposite_of_equal_where_both_are_numbers() -> None:
    assert value_of("close != 3").tolist() == [1, 1, 0, 1, 1, 1, 1, 1]


@pytest.mark.parametrize("operator", ["/", "//", "%"])
def test_division_by_zero_is_undefined(operator: str) -> None:
    assert np.isnan(value_of(f"close {operator} (close - close)")).all()
    assert np.isnan(value_of(f"close {operator} 0")).all()
    assert np.isnan(value_of(f"0 {operator} 0")).all()


def test_a_remainder_has_the_sign_of_its_divisor() -> None:
    assert value_of("close * 0 + -7 % 4").tolist() == [1.0] * 8
    assert value_of("close * 0 + 7 % -4").tolist() == [-1.0] * 8
    assert value_of("close % 2.5").tolist() == [1, 2, 0.5, 1.5, 0, 1, 2, 0.5]


def test_of_a_number_far_beyond_its_divisor_no_remainder_is_left() -> None:
    # Neighbours among the floats are 2 apart there, and 1 below.
    assert value_of("close * 0 + (2**53 - 1) % 2").tolist() == [1.0] * 8
    assert np.isnan(value_of("(close * 0 + 2**53) % 1")).all()
    assert np.isnan(value_of("(close * 1e305) % 3e-300")).all()
    assert np.isnan(value_of("(close * 9**9**9) % 3")).all()


def test_a_whole_quotient_may_be_of_any_size() -> None:
    assert value_of("(close * 0 + 2**60) // 1").tolist() == [2.0**60] * 8
    assert value_of("(close * 0 + 3e300) // 1.5").tolist() == [2e300] * 8
    assert value_of("(close * 0 - 3e300) // 1.5").tolist() == [-2e300] * 8


def test_infinity_is_undefined_at_an_output_and_not_before() -> None:
    assert np.isnan(value_of("9**9**9 * close")).all()
    assert value_of("close < 9**9**9").all()
    stop = _signals(f"{ORDER}stop_loss = close * 10**400").stop_loss
    assert stop is not None
    assert np.isnan(stop).all()


def test_a_huge_power_is_infinite_at_once() -> None:
    assert value_of("close > 9**9**9**9**9").tolist() == [0] * 8


def test_numbers_are_floats_before_any_arithmetic() -> None:
    assert value_of("close * 0 + 2**53 + 1").tolist() == [2.0**53] * 8
    assert value_of("close * 0 + 7 // 2 * 2 - 7 % 4").tolist() == [3.0] * 8
    assert value_of("close * 0 - 7 // 2").tolist() == [-3.0] * 8
    assert value_of("close * 0 + -7 // 2").tolist() == [-4.0] * 8


def test_a_shift_is_the_value_so_many_bars_ago() -> None:
    assert value_of("close[2]").tolist()[2:] == [1, 2, 3, 4, 5, 6]
    assert np.isnan(value_of("close[2]")[:2]).all()
    assert np.isnan(value_of("close[5000]")).all()
    assert value_of("close[0]").tolist() == value_of("close").tolist()


@pytest.mark.parametrize("index", ["-1", "1 - 2", "-param('n', 1)"])
def test_the_future_cannot_be_named(index: str) -> None:
    code = f"{ORDER}stop_loss = close[{index}]"

    if "param" in index:  # whole, so it is checked with its value
        errors = LanguageStrategy.of(code).check_together({"n": 1})
        assert "must be a whole number from 0" in errors[0].detail
    else:
        assert codes(code) == ["future"]


@pytest.mark.parametrize(
    "index", ["True", "1.0", "5001", "close", "'1'", "close > 1", "1 / 1", "2 ** 1"]
)
def test_an_index_is_a_whole_number(index: str) -> None:
    assert codes(f"{ORDER}x = close[{index}]") == ["bad_index"]


def test_a_number_has_no_past() -> None:
    assert codes(f"{ORDER}x = 5[1]") == ["no_past"]
    assert codes(f"{ORDER}a = param('a', 3)\nx = a[1]") == ["no_past"]


def test_comparisons_can_be_chained() -> None:
    assert value_of("2 < close <= 4").tolist() == [0, 0, 1, 1, 0, 0, 0, 0]


def test_a_choice_is_made_on_every_bar() -> None:
    values = value_of("close if close > 3 else -close")

    assert values.tolist() == [-1, -2, -3, 4, 5, 6, 7, 8]
    assert value_of(f"1 if {LATE} > 0 else 2").tolist()[:4] == [2, 2, 2, 1]


def test_conditions_count_as_one_and_zero() -> None:
    assert value_of("(close > 3) * 2 + True").tolist() == [1, 1, 1, 3, 3, 3, 3, 3]


def test_a_series_is_no_condition() -> None:
    for code in ("close and True", "not close", "1 if close else 2", "close > 1 or 1"):
        assert codes(f"{ORDER}x = {code}") == ["wrong_type"]
    assert codes("enter_long = close") == ["wrong_type"]
    assert codes(f"{ORDER}stop_loss = close > 1") == ["wrong_type"]


def test_texts_are_only_compared_with_each_other() -> None:
    before = "kind = param('kind', 'a', choices=('a', 'b'))"

    assert value_of("1 if kind == 'a' else 2", before=before)[0] == 1
    assert value_of("1 if kind != 'a' else 2", before=before)[0] == 2
    assert codes(f"{ORDER}{before}\nx = kind + 1") == ["wrong_type"]
    assert codes(f"{ORDER}{before}\nx = kind < 'b'") == ["wrong_type"] * 2
    assert codes(f"{ORDER}x = 'a'") == ["bare_text"]


def test_an_order_may_be_the_same_on_every_bar() -> None:
    signals = _signals("enter_long = True\nstop_loss = 5\nexit_long = 2 > 3")

    assert signals.enter_long.all()
    assert not signals.exit_long.any()
    assert signals.stop_loss is not None
    assert signals.stop_loss.tolist() == [5.0] * 8
    assert signals.size is None


def test_every_kind_of_distance_reaches_the_signals() -> None:
    signals = _signals(
        f"{ORDER}take_profit = close\ntrailing_stop = close * 2\nsize = 0.5"
    )

    assert signals.take_profit is not None
    assert signals.trailing_stop is not None
    assert signals.size is not None
    assert signals.take_profit[1] == 2
    assert signals.trailing_stop[1] == 4
    assert signals.size[1] == 0.5


def test_the_calendar_is_utc() -> None:
    # 1970-01-01 00:00 was a Thursday.
    candles = candles_of(np.arange(1.0, 30.0 * 24))

    names = ("minute", "hour", "dayofweek", "dayofmonth", "month", "year", "bar_index")
    at = {name: value_of(name, candles) for name in names}

    bar = 24 * 12 + 5
    found = [at[name][bar] for name in names]
    assert found == [0, 5, 1, 13, 1, 1970, bar]


def test_a_bar_has_the_length_of_its_timeframe() -> None:
    candles = candles_of(np.arange(1.0, 60.0))

    assert set(value_of("bar_minutes", candles)) == {60}
    assert value_of("htf('4h', bar_minutes)", candles)[-1] == 240


def test_the_middle_prices_are_means() -> None:
    candles = candles_of([10.0, 20.0])

    assert value_of("hl2", candles)[1] == 15
    assert value_of("hlc3", candles)[1] == (20 + 10 + 20) / 3
    assert value_of("ohlc4", candles)[1] == 15


def test_no_bars_give_no_signals() -> None:
    strategy = LanguageStrategy.of(
        "enter_long = crossover(ema(close, 3), htf('1d', ema(close, 2)))"
    )

    signals = strategy.on(HOUR_MS).generate_signals(candles_of([]), {})

    assert len(signals) == 0
