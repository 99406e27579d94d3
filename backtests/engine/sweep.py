"""sweep: many parameter sets over the same candles, a row of numbers for each."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine.calendars import (
    ALWAYS_OPEN,
    Calendar,
    last_bars_of_days,
    median_seconds,
)
from backtests.engine.config import ExecutionConfig
from backtests.engine.kernels.run import run_bars
from backtests.engine.kernels.sweeping import (
    Bench,
    restart_run,
    run_crossings,
    summarise_run,
)
from backtests.engine.kernels.types import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
    Run,
)
from backtests.engine.market import (
    Asset,
    Funding,
    decide,
    frozen,
    prepare,
    require_stops,
)
from backtests.engine.parameters import params_of
from backtests.engine.simulation import new_run
from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import DAY_MS
from strategies.base import Signals

type Line = NDArray[np.float64]
type Progress = Callable[[int, int], None]

ROW_DTYPE = np.dtype(
    [
        ("total_return", np.float64),
        ("max_drawdown", np.float64),
        ("sharpe", np.float64),
        ("sharpe_day", np.float64),
        ("skew", np.float64),
        ("kurtosis", np.float64),
        ("trades", np.int64),
        ("win_rate", np.float64),
        ("profit_factor", np.float64),
        ("final_equity", np.float64),
        ("fees_paid", np.float64),
        ("time_in_market", np.float64),
        ("bankrupt", np.int64),
    ],
    align=True,
)
# Combinations between two calls of the progress function, per thread.
CHUNK = 16


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """Combinations of two lines: long when the first rises through the second.

    ``lines`` is (L, n), ``pairs`` (N, 2) holds row numbers of lines. A crossing upwards
    enters long and leaves a short, one downwards the reverse.
    """

    lines: NDArray[np.float64]
    pairs: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        values: Line,
        average: Callable[[Line, int], Line],
        lengths: Sequence[tuple[int, int]],
    ) -> "Crossings":
        """Build the crossings of ``average(values, length)``, each computed once."""
        wanted = np.asarray(lengths, np.int64).reshape(-1, 2)
        distinct, rows = np.unique(wanted, return_inverse=True)
        lines = np.empty((len(distinct), len(values)))
        for line, length in zip(lines, distinct, strict=True):
            line[:] = average(values, int(length))
        return cls(lines, rows.reshape(-1, 2).astype(np.int64))

    def __len__(self) -> int:
        return len(self.pairs)


@dataclass(frozen=True, slots=True, eq=False)
class Calculated:
    """Combinations whose signals a function returns, by their number.

    The function is called from several threads, once for each combination; what it
    shares between them, such as indicators, it should keep.
    """

    count: int
    signals_of: Callable[[int], Signals]

    def __len__(self) -> int:
        return self.count


@dataclass(frozen=True, eq=False)
class SweepResult:
    """One row per combination, in their order (``ROW_DTYPE``).

    ``sharpe`` is the headline ratio of daily UTC equity, annualised; ``sharpe_day``,
    ``skew`` and ``kurtosis`` (3 = normal) describe the same ``days`` daily returns per
    day, as the deflated Sharpe ratio wants them. ``daily_returns`` is (days, N), or
    None when it was not asked for.
    """

    rows: NDArray[Any]
    days: int
    daily_returns: NDArray[np.float64] | None


def sweep(  # noqa: PLR0913  options are keyword-only, each with a default
    ohlcv: Ohlcv,
    source: Crossings | Calculated,
    config: ExecutionConfig,
    *,
    calendar: Calendar | int = ALWAYS_OPEN,
    funding: Funding | None = None,
    threads: int = 2,
    progress: Progress | None = None,
    keep_daily: bool = False,
) -> SweepResult:
    """Run every combination of ``source``; each row is what ``simulate`` would find.

    Memory: a curve of n bars per thread, the rows, and with ``keep_daily`` the daily
    returns. ``progress(done, total)`` is called in this thread; an exception it raises
    stops the sweep and is passed on. Raises ``InvalidInput`` as ``simulate`` does, and
    ``ValueError`` for no bars or lines of another length.
    """
    if not len(ohlcv):
        raise ValueError("a sweep needs at least one bar")
    if isinstance(source, Crossings) and source.lines.shape[1] != len(ohlcv):
        raise ValueError(f"lines have {source.lines.shape[1]} values")
    job = _Job(ohlcv, source, config, funding, keep_daily)
    job.run(threads, progress)
    calendar = Calendar.of(calendar)
    day = ohlcv.time[job.day_ends] // DAY_MS * DAY_MS
    periods = calendar.periods_per_year(median_seconds(day))
    job.rows["sharpe"] = job.rows["sharpe_day"] * np.sqrt(periods)
    daily = job.daily.T if keep_daily else None
    return SweepResult(job.rows, len(job.day_ends) - 1, daily)


class _Job:
    """A sweep under way: shared inputs, the rows, and a bench for every thread."""

    def __init__(
        self,
        ohlcv: Ohlcv,
        source: Crossings | Calculated,
        config: ExecutionConfig,
        funding: Funding | None,
        keep_daily: bool,
    ) -> None:
        self.source, self.config, self.keep_daily = source, config, keep_daily
        # Without the stop that a combination's signals may bring, to look at candles.
        plain = replace(config, size_mode="units")
        idle = Asset(ohlcv, Signals.of(len(ohlcv)), funding)
        self.market = prepare([idle], plain).market
        self.day_ends = frozen(last_bars_of_days(ohlcv.time), np.int64)
        self.rows = np.zeros(len(source), ROW_DTYPE)
        days = len(self.day_ends) - 1
        self.daily = np.empty((len(source) if keep_daily else 0, days))
        self.benches: SimpleQueue[Bench] = SimpleQueue()

    def run(self, threads: int, progress: Progress | None) -> None:
        for _ in range(threads):
            self.benches.put(self._bench())
        total = len(self.source)
        size = 1 if self.keep_daily else CHUNK
        spans = [(at, min(at + size, total)) for at in range(0, total, size)]
        with ThreadPoolExecutor(threads) as pool:
            futures = {pool.submit(self._run_span, span): span for span in spans}
            done = 0
            try:
                for future in as_completed(futures):
                    future.result()
                    first, last = futures[future]
                    done += last - first
                    if progress is not None:
                        progress(done, total)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _bench(self) -> Bench:
        """Return a bench with flags of its own, and room for an entry on every bar."""
        words = self.market.words[0].copy()
        market = self.market._replace(
            flags=frozen(words.view(np.uint8), np.uint8).reshape(1, -1),
            words=frozen(words, np.uint64).reshape(1, -1),
        )
        run = new_run(market, params_of(self.config), len(market.time))
        days = np.empty(len(self.day_ends) - 1)
        base, sides = self.market.flags[0], _sides(self.config)
        return Bench(run, base, words.view(np.uint8), self.day_ends, days, sides)

    def _run_span(self, span: tuple[int, int]) -> None:
        bench = self.benches.get()
        try:
            if isinstance(self.source, Crossings):
                lines = frozen(self.source.lines, np.float64)
                pairs = frozen(self.source.pairs, np.int64)
                run_crossings(bench, lines, pairs, self.rows, span)
                if self.keep_daily:
                    self.daily[span[0]] = bench.daily
            else:
                for at in range(*span):
                    self._run_signals(bench, self.source.signals_of(at), at)
        finally:
            self.benches.put(bench)

    def _run_signals(self, bench: Bench, signals: Signals, at: int) -> None:
        require_stops([signals], self.config)
        bench.flags[:] = bench.base
        decide(signals, self.config, bench.flags.view(np.uint64))
        run = _with_arrays(bench.run, signals)
        restart_run(run)
        run_bars(run)
        summarise_run(bench, self.rows, at)
        if self.keep_daily:
            self.daily[at] = bench.daily


def _with_arrays(run: Run, signals: Signals) -> Run:
    """Return the run with the sizes and distances that the signals bring."""
    given = {
        "size": signals.size,
        "stop": signals.stop_loss,
        "target": signals.take_profit,
        "trail": signals.trailing_stop,
    }
    arrays = {
        name: frozen(array, np.float64).reshape(1, -1)
        for name, array in given.items()
        if array is not None
    }
    return run._replace(market=run.market._replace(**arrays)) if arrays else run


def _sides(config: ExecutionConfig) -> int:
    """Return the decisions that the config's directions leave of a crossing."""
    bits = EXIT_LONG | EXIT_SHORT
    if config.allow_long:
        bits |= ENTER_LONG
    if config.allow_short:
        bits |= ENTER_SHORT
    return bits
