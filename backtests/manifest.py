"""The manifest of a result: all that is needed to make it again."""

import hashlib
from importlib.metadata import version
from typing import Any

from backtests.engine import ENGINE_VERSION
from backtests.models import Backtest
from marketdata.encoding import content_hash
from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy

# Read once: looking into installed packages takes milliseconds of every job.
PACKAGE_VERSIONS = {name: version(name) for name in ("numpy", "numba", "ta-lib")}


def manifest_of(
    backtest: Backtest, strategy: BaseStrategy, ohlcv: Ohlcv, warmup: int
) -> dict[str, Any]:
    """Return the manifest of a run on ``ohlcv``, of which ``warmup`` bars came first.

    ``data_hash`` covers exactly the candles that the run saw, warm-up included.
    """
    series, version = backtest.series, backtest.strategy_version
    return {
        "strategy": {
            "library": backtest.library or None,
            "strategy": None if version is None else version.strategy_id,
            "version": None if version is None else version.number,
            "source_hash": source_hash(strategy),
        },
        "parameters": backtest.parameters,
        "execution": backtest.execution,
        "data": {
            "series": series.pk,
            "source": series.instrument.source,
            "symbol": series.instrument.symbol,
            "timeframe": series.timeframe,
            "days_per_year": series.instrument.days_per_year,
            "revision": series.revision,
            "grade": series.grade,
            "start": backtest.start.isoformat(),
            "end": backtest.end.isoformat(),
            "bars": len(ohlcv) - warmup,
            "warmup_bars": warmup,
            "data_hash": content_hash(ohlcv),
        },
        "engine_version": ENGINE_VERSION,
        "packages": dict(PACKAGE_VERSIONS),
        "seed": None,
    }


def source_hash(strategy: BaseStrategy) -> str:
    """Return the SHA-256 of the text that decides what the strategy does."""
    return hashlib.sha256(strategy.source.encode()).hexdigest()
