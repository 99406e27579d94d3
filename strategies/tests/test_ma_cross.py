import numpy as np
import pytest

from botforge.errors import InvalidInput
from strategies.library.ma_cross import MaCross
from strategies.library.registry import library_strategy
from strategies.tests.candles import candles_of
from strategies.tests.golden import golden_columns, golden_json

MA_CROSS = library_strategy("ma_cross")


def test_it_enters_on_the_cross_upwards_and_leaves_on_the_cross_downwards() -> None:
    candles = candles_of([10, 10, 10, 10, 13, 13, 7, 7])

    signals = MA_CROSS.generate_signals(candles, {"fast": 2, "slow": 3, "type": "sma"})

    # averages of 2: 10 10 10 11.5 13 10 7, of 3: 10 10 11 12 11 9, from bars 1 and 2
    assert np.flatnonzero(signals.enter_long).tolist() == [4]
    assert np.flatnonzero(signals.exit_long).tolist() == [6]


def test_shorts_are_the_mirror_image_of_longs() -> None:
    candles = candles_of(100 + 10 * np.sin(np.arange(200) / 7))

    signals = MA_CROSS.generate_signals(candles, {"fast": 3, "slow": 9, "type": "ema"})

    assert signals.enter_long.any()
    assert signals.enter_short.tolist() == signals.exit_long.tolist()
    assert signals.exit_short.tolist() == signals.enter_long.tolist()


def test_it_gives_the_golden_signals() -> None:
    golden = golden_json("signals/GOOG.json")["sets"]["sma_10_20_open_end"]
    candles = candles_of(golden_columns("data/GOOG.csv.gz")["Close"])

    signals = MA_CROSS.generate_signals(
        candles, {"fast": 10, "slow": 20, "type": "sma"}
    )

    assert np.flatnonzero(signals.enter_long).tolist() == golden["el"]
    assert np.flatnonzero(signals.exit_long).tolist() == golden["xl"]


def test_exponential_averages_cross_elsewhere() -> None:
    candles = candles_of(100 + 10 * np.sin(np.arange(200) / 7))

    simple, exponential = (
        MA_CROSS.generate_signals(candles, {"fast": 3, "slow": 9, "type": kind})
        for kind in ("sma", "ema")
    )

    assert simple.enter_long.tolist() != exponential.enter_long.tolist()


@pytest.mark.parametrize("fast", [50, 51])
def test_fast_must_be_smaller_than_slow(fast: int) -> None:
    with pytest.raises(InvalidInput, match="must be smaller than slow") as refused:
        MA_CROSS.resolve({"fast": fast, "slow": 50})

    assert [e.pointer for e in refused.value.errors] == ["/parameters/fast"]


def test_every_bad_value_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        MA_CROSS.resolve({"fast": 1, "slow": "9", "type": "wma", "size": 3})

    assert sorted(e.pointer for e in refused.value.errors) == [
        "/parameters/fast",
        "/parameters/size",
        "/parameters/slow",
        "/parameters/type",
    ]


def test_what_is_derived_from_it_may_bring_stops() -> None:
    class WithStop(MaCross):
        slug = "ma_cross_with_stop"

    class WithoutStop(MaCross):
        slug = "ma_cross_without_stop"
        gives_stops = False

    assert MaCross().gives_stops is False
    assert WithStop().gives_stops is None
    assert WithoutStop().gives_stops is False
