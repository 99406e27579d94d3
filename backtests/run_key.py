"""The key of a run: equal keys, equal results."""

import hashlib
import json
from datetime import UTC

from backtests.engine import ENGINE_VERSION
from backtests.manifest import PACKAGE_VERSIONS, source_hash
from backtests.models import Backtest
from strategies.base import BaseStrategy


def run_key(backtest: Backtest, strategy: BaseStrategy) -> str:
    """Return a hash of all that decides the result, and of all that it names.

    ``backtest.series`` must be as it was when the candles were read: its content hash
    stands for them. ``strategy`` is the one that runs, on the series' timeframe.
    """
    series = backtest.series
    deciding = {
        "library": backtest.library,
        "strategy_version": backtest.strategy_version_id,
        "source_hash": source_hash(strategy),
        "parameters": backtest.parameters,
        "execution": backtest.execution,
        "series": series.pk,
        "content_hash": series.content_hash,
        "grade": series.grade,
        "calendar": series.instrument.calendar,
        "start": backtest.start.astimezone(UTC).isoformat(),
        "end": backtest.end.astimezone(UTC).isoformat(),
        "warmup_bars": strategy.warmup_bars(backtest.parameters),
        "engine_version": ENGINE_VERSION,
        "packages": PACKAGE_VERSIONS,
    }
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()
