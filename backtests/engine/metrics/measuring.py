"""measure: every metric of a run at once."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from backtests.engine.calendars import ALWAYS_OPEN, Calendar, median_seconds
from backtests.engine.kernels.drawdown import (
    DrawdownSums,
    deepest_drawdown,
    drawdown_sums,
)
from backtests.engine.metrics.benchmark import benchmark_of
from backtests.engine.metrics.daily import Times, TrackRecord, track_record
from backtests.engine.metrics.moments import (
    curve_moments,
    divide,
)
from backtests.engine.metrics.registry import METRICS, Metric
from backtests.engine.metrics.returns import (
    Values,
    growth_of,
    relative_of,
    risk_of,
)
from backtests.engine.metrics.trades import trades_of
from backtests.engine.results import SimulationResult
from backtests.engine.statistics.sharpe import psr
from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import DAY_MS

YEAR_MS = 365.25 * DAY_MS


@dataclass(frozen=True, eq=False)
class Metrics(Mapping[str, float]):
    """The metrics of one run by key, in the order of ``METRICS``; undefined is NaN.

    ``samples`` says how many observations each kind of sample has.
    """

    values_by_key: Values
    samples: Mapping[str, int]

    def __getitem__(self, key: str) -> float:
        return self.values_by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_key)

    def __len__(self) -> int:
        return len(self.values_by_key)

    def sample_size(self, key: str) -> int:
        """Return how many observations the metric was computed on."""
        return self.samples[METRICS[key].sample]

    def definition(self, key: str) -> Metric:
        return METRICS[key]

    def to_dict(self) -> dict[str, float | None]:
        """Return the metrics for JSON: counts are ints, NaN and infinity None."""
        return {key: self._json(key, value) for key, value in self.items()}

    def _json(self, key: str, value: float) -> float | None:
        if not math.isfinite(value):
            return None
        return int(value) if METRICS[key].unit == "count" else value


def measure(
    result: SimulationResult,
    ohlcv: Ohlcv | None,
    calendar: Calendar | int = ALWAYS_OPEN,
    *,
    risk_free: float = 0.0,
) -> Metrics:
    """Return every metric of ``result``.

    ``ohlcv`` holds the benchmark's candles, those of the run (for several instruments:
    of the market they are compared with, one candle per bar of the result), or None.
    ``calendar``, or its trading days per year, decides annualisation; ``risk_free`` is
    a fraction per year, spread evenly over its periods.

    Raises ``ValueError`` when ``ohlcv`` has another length than the result.
    """
    if ohlcv is not None and len(ohlcv) != len(result.equity):
        raise ValueError(
            f"the benchmark has {len(ohlcv)} candles for {len(result.equity)} bars"
        )
    calendar = Calendar.of(calendar)
    record = track_record(result.time, result.equity, calendar, risk_free)
    values = {
        **_curve(result, ohlcv, calendar, risk_free),
        **_daily_ratios(record),
        **_costs(result),
        **trades_of(result.trades, result.time),
    }
    values["excess_return"] = values["total_return"] - values["benchmark_return"]
    longs = int(np.count_nonzero(result.trades["side"] > 0))
    samples = {
        "bars": max(len(result.equity) - 1, 0),
        "days": record.days,
        "trades": len(result.trades),
        "long trades": longs,
        "short trades": len(result.trades) - longs,
        "fills": len(result.fills),
    }
    return Metrics({key: float(values[key]) for key in METRICS}, samples)


def _years(time: Times) -> float:
    return float(time[-1] - time[0]) / YEAR_MS if len(time) else 0.0


def _curve(
    result: SimulationResult,
    ohlcv: Ohlcv | None,
    calendar: Calendar,
    risk_free: float,
) -> Values:
    """Return what depends on the equity of every bar."""
    time, equity = result.time, result.equity
    if not len(equity):
        return dict.fromkeys(METRICS, math.nan)
    periods = calendar.periods_per_year(median_seconds(time))
    target = risk_free / periods if risk_free else 0.0
    closes = None if ohlcv is None else ohlcv.close
    moments, tails = curve_moments(equity, closes, target)
    sums = drawdown_sums(time, equity)
    growth = growth_of(equity, _years(time), periods)
    values = dict.fromkeys(METRICS, math.nan)
    values |= growth
    values |= tails
    values |= risk_of(moments, periods)
    values |= relative_of(moments, periods)
    values |= _drawdowns(sums, len(equity))
    values["calmar"] = divide(growth["annual_return"], abs(sums.deepest))
    values["time_in_market"] = result.bars_in_market / len(equity)
    values["exposure"] = result.exposure
    if ohlcv is not None:
        deepest = deepest_drawdown(ohlcv.close)
        values |= benchmark_of(result.config, ohlcv, periods, deepest)
    return values


def _drawdowns(sums: DrawdownSums, bars: int) -> Values:
    return {
        "max_drawdown": sums.deepest,
        "avg_drawdown": divide(sums.depth_sum, sums.periods),
        "max_dd_duration": sums.longest / 1000 if sums.periods else math.nan,
        "avg_dd_duration": divide(sums.duration_sum / 1000, sums.periods),
        "dd_periods": float(sums.periods),
        "ulcer_index": math.sqrt(sums.squares / bars),
    }


def _daily_ratios(record: TrackRecord) -> Values:
    """Return the headline Sharpe ratio, comparable across timeframes."""
    return {
        "sharpe": record.sharpe * math.sqrt(record.days_per_year),
        "psr": psr(record.sharpe, record.days, record.skew, record.kurtosis),
    }


def _costs(result: SimulationResult) -> Values:
    fills, equity = result.fills, result.equity
    traded = float((fills["size"] * fills["price"]).sum())
    mean = float(equity.mean()) if len(equity) else math.nan
    turnover = divide(traded, mean)
    funding = result.trades["funding"].sum() + result.open_trades["funding"].sum()
    return {
        "turnover": turnover,
        "turnover_per_year": divide(turnover, _years(result.time)),
        "fees_paid": float(fills["fee"].sum()),
        "funding_paid": float(funding),
        "open_pnl": float(result.open_trades["pnl"].sum()),
    }
