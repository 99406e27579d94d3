"""Candles and backtests for the tests: small, the same every time."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from accounts.models import User
from backtests.jobs import run_backtest
from backtests.models import Backtest
from backtests.services.request import BacktestRequest, backtest_resolve
from botforge.job_queue import new_job_id
from marketdata.models import Instrument, Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import write_candles
from marketdata.timeframes import Timeframe

FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
FREE = {"fee_rate": 0.0, "slippage": 0.0}


def day(number: int) -> datetime:
    """Return midnight of the day, counted from 0, that opens that bar of a series."""
    return FIRST_DAY + timedelta(days=number)


def series_create(*, symbol: str = "TOY/USDT", timeframe: str = "1d") -> Series:
    """Create a series without candles."""
    instrument = Instrument.objects.create(source="toys", symbol=symbol)
    return Series.objects.create(instrument=instrument, timeframe=timeframe)


def candles_add(series: Series, ohlcv: Ohlcv) -> Series:
    """Store candles in the series; return it with its summary as it is then."""
    write_candles(series, ohlcv)
    series.refresh_from_db()
    return series


def bars_of(
    prices: Sequence[tuple[float, float]], *, step: Timeframe, first: datetime
) -> Ohlcv:
    """Return bars from (open, close) pairs, as high and low as those two."""
    opens, closes = np.array(prices, dtype=float).T
    start = int(first.timestamp() * 1000)
    return Ohlcv(
        start + np.arange(len(prices)) * step.ms,
        opens,
        np.maximum(opens, closes),
        np.minimum(opens, closes),
        closes,
        np.ones(len(prices)),
    )


def series_of(
    *prices: tuple[float, float], symbol: str = "TOY/USDT", timeframe: str = "1d"
) -> Series:
    """Create a series of daily bars from (open, close) pairs, from 2024-01-01 on."""
    series = series_create(symbol=symbol, timeframe=timeframe)
    return candles_add(series, bars_of(prices, step=series.step, first=FIRST_DAY))


def walk(bars: int, *, seed: int = 7) -> Ohlcv:
    """Return hourly bars of a random walk around 100; a longer one begins the same."""
    steps = np.random.default_rng(seed).normal(0, 0.01, bars)
    closes = 100 * np.exp(np.cumsum(steps))
    opens = np.concatenate(([100.0], closes[:-1]))
    return Ohlcv(
        int(FIRST_DAY.timestamp() * 1000) + np.arange(bars) * 3_600_000,
        opens,
        np.maximum(opens, closes) * 1.002,
        np.minimum(opens, closes) * 0.998,
        closes,
        np.full(bars, 5.0),
    )


def walk_series(*, bars: int = 400, symbol: str = "WALK/USDT") -> Series:
    """Create a series of hourly bars that cross their averages now and then."""
    return candles_add(series_create(symbol=symbol, timeframe="1h"), walk(bars))


def backtest_queued(owner: User, series: Series, **request: Any) -> Backtest:
    """Store a queued backtest, of buy_and_hold unless told, without a job."""
    given: dict[str, Any] = {"library": "buy_and_hold", "series": series.pk, **request}
    backtest = backtest_resolve(owner, BacktestRequest(**given))
    backtest.job_id = new_job_id()
    backtest.save(force_insert=True)
    return backtest


def backtest_in(owner: User, series: Series, status: str, **request: Any) -> Backtest:
    """Store a backtest in any state; a completed one has really been run."""
    backtest = backtest_queued(owner, series, **request)
    if status == Backtest.Status.COMPLETED:
        run_backtest(backtest.pk)
    else:
        Backtest.objects.filter(pk=backtest.pk).update(**_columns(status))
    backtest.refresh_from_db()
    assert backtest.status == status, backtest.error_detail
    return backtest


def completed(owner: User, series: Series, **request: Any) -> Backtest:
    return backtest_in(owner, series, Backtest.Status.COMPLETED, **request)


def _columns(status: str) -> Mapping[str, Any]:
    over: dict[str, Any] = {"status": status, "finished_at": day(9)}
    running = {"status": status, "attempt": 1, "started_at": day(8), "stage": "loading"}
    columns: dict[str, Mapping[str, Any]] = {
        Backtest.Status.QUEUED: {"status": status},
        Backtest.Status.RUNNING: running,
        Backtest.Status.CANCELLED: over,
        Backtest.Status.FAILED: {
            **over,
            "error_code": "internal",
            "error_detail": "Something went wrong.",
        },
    }
    return columns[status]
