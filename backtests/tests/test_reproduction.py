"""A result is made again from its manifest, and what changed has a name."""

from typing import Any

import numpy as np
import pytest

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, BacktestResult
from backtests.reproduction import Reproduction, reproduce
from backtests.tables import decode_table, encode_table
from backtests.tests.factories import (
    FIRST_DAY,
    backtest_in,
    bars_of,
    candles_add,
    completed,
    day,
    series_create,
    walk,
    walk_series,
)
from botforge.errors import Conflict, Gone, NotFound
from marketdata.models import CandleBlock, Instrument, Series
from marketdata.ohlcv import Ohlcv
from strategies.services import strategy_update
from strategies.tests.factories import strategy_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def done(alice: User, series: Series) -> Backtest:
    """Return a completed backtest of bars 120 to 288, with a warm-up before them."""
    return completed(
        alice,
        series,
        library="ma_cross",
        parameters={"fast": 3, "slow": 10},
        start=day(5),
        end=day(12),
    )


def again(backtest: Backtest) -> Reproduction:
    return reproduce(Backtest.objects.get(pk=backtest.pk))


def parts(reproduction: Reproduction) -> set[str]:
    return {difference["part"] for difference in reproduction.differences}


def named(reproduction: Reproduction) -> set[str]:
    return {difference["name"] for difference in reproduction.differences}


def stored(backtest: Backtest, **columns: Any) -> None:
    BacktestResult.objects.filter(pk=backtest.pk).update(**columns)


def manifest_with(backtest: Backtest, **values: Any) -> dict[str, Any]:
    manifest: dict[str, Any] = BacktestResult.objects.get(pk=backtest.pk).manifest
    return manifest | values


def replaced(series: Series, bar: int, close: float) -> None:
    """Give one candle of the walk another close, as a repaired import would."""
    candles = walk(400)
    closes = candles.close.copy()
    closes[bar] = close
    columns = {
        "open": candles.open,
        "high": np.maximum(candles.high, closes),
        "low": np.minimum(candles.low, closes),
        "close": closes,
        "volume": candles.volume,
    }
    candles_add(series, Ohlcv(time=candles.time, **columns))


@pytest.mark.parametrize("library", ["ma_cross", "rsi_reversion", "buy_and_hold"])
def test_nothing_changed_gives_the_same_bits(
    alice: User, series: Series, library: str
) -> None:
    backtest = completed(
        alice,
        series,
        library=library,
        execution={"stop_loss": 0.02, "leverage": 2.0, "allow_short": True},
    )

    reproduction = again(backtest)

    assert reproduction.outcome == "identical"
    assert reproduction.differences == ()


def test_an_open_trade_at_the_end_is_made_again_too(alice: User) -> None:
    series = series_create()
    prices = [(100.0, 101.0), (101.0, 102.0), (102.0, 103.0)]
    candles_add(series, bars_of(prices, step=series.step, first=FIRST_DAY))
    backtest = completed(alice, series)
    assert backtest.result.open_trade is not None

    assert again(backtest).outcome == "identical"


def test_own_code_is_run_as_it_was_then(alice: User, series: Series) -> None:
    own = strategy_of(
        alice, code="enter_long = close > open\nexit_long = close < open\n"
    )
    backtest = completed(alice, series, library=None, strategy=own.pk)

    strategy_update(strategy=own, fields={"code": "enter_long = close < open\n"})

    assert again(backtest).outcome == "identical"


def test_candles_added_outside_the_window_change_nothing(
    done: Backtest, series: Series
) -> None:
    revision = series.revision
    candles_add(series, walk(500))
    assert series.revision > revision

    assert again(done).outcome == "identical"


def test_candles_added_before_a_short_warm_up_change_nothing(alice: User) -> None:
    whole = walk(400)
    series = candles_add(series_create(timeframe="1h"), whole.slice(100, 400))
    backtest = completed(alice, series, library="ma_cross")
    assert backtest.result.manifest["data"]["warmup_bars"] == 0

    candles_add(series, whole)

    assert again(backtest).outcome == "identical"


def test_another_calendar_of_the_market_changes_nothing(
    done: Backtest, series: Series
) -> None:
    Instrument.objects.filter(pk=series.instrument_id).update(calendar="XNYS")
    assert Instrument.objects.get().days_per_year == 252

    assert again(done).outcome == "identical"


def test_a_changed_candle_is_named_with_what_became_of_the_numbers(
    done: Backtest, series: Series
) -> None:
    replaced(series, bar=150, close=250.0)

    reproduction = again(done)

    assert reproduction.outcome == "data_changed"
    assert {"data_hash", "revision"} <= named(reproduction)
    assert "equity.equity" in named(reproduction)


def test_a_changed_candle_of_the_warm_up_counts(done: Backtest, series: Series) -> None:
    assert done.result.manifest["data"]["warmup_bars"] > 1
    replaced(series, bar=5 * 24 - 1, close=100.5)

    assert again(done).outcome == "data_changed"


def test_candles_that_are_gone_are_named(done: Backtest) -> None:
    CandleBlock.objects.all().delete()

    reproduction = again(done)

    assert reproduction.outcome == "data_changed"
    assert parts(reproduction) == {"data", "numbers"}
    assert "candles of this window are gone" in reproduction.differences[0]["detail"]


def test_another_engine_is_named_though_the_numbers_are_the_same(
    done: Backtest,
) -> None:
    stored(done, manifest=manifest_with(done, engine_version="0.9.0"))

    reproduction = again(done)

    assert reproduction.outcome == "engine_changed"
    assert parts(reproduction) == {"engine"}


def test_another_package_is_named(done: Backtest) -> None:
    packages = done.result.manifest["packages"] | {"numba": "0.1.0"}
    stored(done, manifest=manifest_with(done, packages=packages))

    reproduction = again(done)

    assert reproduction.outcome == "engine_changed"
    assert named(reproduction) == {"numba"}


def test_another_source_of_a_built_in_strategy_is_named(done: Backtest) -> None:
    strategy = done.result.manifest["strategy"] | {"source_hash": "0" * 64}
    stored(done, manifest=manifest_with(done, strategy=strategy))

    assert again(done).outcome == "strategy_changed"


def test_the_strategy_comes_before_the_data_and_the_data_before_the_engine(
    done: Backtest, series: Series
) -> None:
    replaced(series, bar=150, close=250.0)
    stored(done, manifest=manifest_with(done, engine_version="0.9.0"))
    assert again(done).outcome == "data_changed"

    strategy = done.result.manifest["strategy"] | {"source_hash": "0" * 64}
    stored(done, manifest=manifest_with(done, strategy=strategy))

    reproduction = again(done)
    assert reproduction.outcome == "strategy_changed"
    assert parts(reproduction) == {"strategy", "data", "engine", "numbers"}


@pytest.mark.parametrize(
    ("table", "column"),
    [("equity", "equity"), ("trades", "pnl"), ("fills", "price")],
)
def test_one_other_bit_in_a_table_is_a_bug(
    done: Backtest, table: str, column: str
) -> None:
    result = BacktestResult.objects.get(pk=done.pk)
    columns = {k: c.copy() for k, c in decode_table(getattr(result, table)).items()}
    columns[column][3] = np.nextafter(columns[column][3], np.inf)
    stored(done, **{table: encode_table(columns)})

    reproduction = again(done)

    assert reproduction.outcome == "different"
    assert named(reproduction) == {f"{table}.{column}"}
    assert "row 3" in reproduction.differences[0]["detail"]


def test_another_metric_is_a_bug(done: Backtest) -> None:
    metrics = done.result.metrics
    other = {**metrics, "sharpe": float(np.nextafter(metrics["sharpe"], np.inf))}
    stored(done, metrics=other)

    reproduction = again(done)

    assert reproduction.outcome == "different"
    assert named(reproduction) == {"metrics.sharpe"}


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_what_has_no_result_cannot_be_made_again(
    alice: User, series: Series, status: str
) -> None:
    with pytest.raises(Conflict):
        reproduce(backtest_in(alice, series, status))


def test_purged_tables_leave_nothing_to_compare_with(done: Backtest) -> None:
    stored(done, purged_at=day(20), equity=b"", trades=b"", fills=b"")

    with pytest.raises(Gone, match="Rerun the backtest"):
        again(done)


def test_a_built_in_strategy_that_is_gone_is_a_sentence(done: Backtest) -> None:
    strategy = done.result.manifest["strategy"] | {"library": "no_more"}
    stored(done, manifest=manifest_with(done, strategy=strategy))

    with pytest.raises(NotFound, match="no_more"):
        again(done)


def test_nothing_is_written(done: Backtest) -> None:
    before = Backtest.objects.values().get(), BacktestResult.objects.values().get()

    again(done)

    after = Backtest.objects.values().get(), BacktestResult.objects.values().get()
    assert before == after
