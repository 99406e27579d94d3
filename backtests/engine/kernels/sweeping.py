"""Many parameter sets over the same bars: decide, run, and keep a row of numbers."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import inlined, kernel
from backtests.engine.kernels.drawdown import find_deepest
from backtests.engine.kernels.run import run_all
from backtests.engine.kernels.types import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
    UNTRADABLE,
    Run,
)

# Decisions of a crossing, before the config's sides and conflicts are applied.
UP = ENTER_LONG | EXIT_SHORT
DOWN = ENTER_SHORT | EXIT_LONG


class Bench(NamedTuple):
    """What one worker uses for combination after combination.

    ``base`` (m,) uint8 are the flags without decisions, ``flags`` (m,) the memory that
    the run's market reads, ``day_ends`` (days,) the last bar of each UTC day,
    ``daily`` (days - 1,) room for the daily returns of one combination. ``sides`` keeps
    the bits of the directions that the config allows.
    """

    run: Run
    base: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    day_ends: NDArray[np.int64]
    daily: NDArray[np.float64]
    sides: int


@inlined
def restart(run: Run) -> None:
    """Put the books back to the start of a run."""
    account = run.account[0]
    account.cash = run.params.initial
    account.bankrupt_loss = 0.0
    account.fills = account.trades = account.dead = account.bars_in_market = 0
    account.rejected_cash = account.rejected_min = account.rejected_slots = 0
    account.reduced = account.unfilled_last_bar = account.ambiguous_bars = 0
    account.liquidations = account.untradable_bars = account.deferred_bars = 0
    for k in range(len(run.book)):
        position = run.book[k]
        position.q = 0.0
        position.adds = 0
        position.wanted = 0
        position.pending = position.entry_bar = position.stopped_bar = -1
        position.next_funding = run.market.first_funding[k]


@inlined
def cross(bench: Bench, fast: NDArray[np.float64], slow: NDArray[np.float64]) -> None:
    """Write the flags of two lines that cross; a missing value crosses nothing."""
    flags, base = bench.flags, bench.base
    up, down = np.uint8(UP & bench.sides), np.uint8(DOWN & bench.sides)
    flags[0] = base[0]
    flags, base = flags[1:], base[1:]
    a, b, c, d = fast[1:], slow[1:], fast[:-1], slow[:-1]
    for i in range(len(a)):
        rises = (a[i] > b[i]) & (c[i] <= d[i])
        falls = (a[i] < b[i]) & (c[i] >= d[i])
        bits = np.uint8(rises) * up | np.uint8(falls) * down
        tradable = np.uint8((base[i] & UNTRADABLE) == 0)
        flags[i] = base[i] | np.uint8(bits * tradable)


@inlined
def daily_moments(bench: Bench, row: Any) -> None:
    """Write the per-day Sharpe ratio, skew and kurtosis of the equity to the row."""
    equity, ends, daily = bench.run.equity, bench.day_ends, bench.daily
    count, total = len(daily), 0.0
    for i in range(count):
        before = equity[ends[i]]
        daily[i] = equity[ends[i + 1]] / before - 1.0 if before > 0.0 else 0.0
        total += daily[i]
    mean = total / count
    second, third, fourth = 0.0, 0.0, 0.0
    for value in daily:
        d = value - mean
        second += d * d
        third += d * d * d
        fourth += d * d * d * d
    row.sharpe_day = row.skew = row.kurtosis = math.nan
    variance = second / count
    if count > 1 and variance > (1e-14 * mean) ** 2:
        row.sharpe_day = mean / math.sqrt(second / (count - 1))
        row.skew = third / count / variance**1.5
        row.kurtosis = fourth / count / variance**2


@inlined
def trade_totals(run: Run, row: Any) -> None:
    wins, won, lost = 0, 0.0, 0.0
    count = run.account[0].trades
    for i in range(count):
        pnl = run.trades[i].pnl
        wins += pnl > 0.0
        won += max(pnl, 0.0)
        lost -= min(pnl, 0.0)
    fees = 0.0
    for i in range(run.account[0].fills):
        fees += run.fills[i].fee
    row.trades = count
    row.win_rate = wins / count if count else math.nan
    row.profit_factor = won / lost if lost > 0.0 else (math.inf if won else math.nan)
    row.fees_paid = fees


@inlined
def write_row(bench: Bench, row: Any) -> None:
    """Write the numbers of a finished run."""
    run = bench.run
    bars = len(run.equity)
    row.final_equity = run.equity[bars - 1]
    row.total_return = run.equity[bars - 1] / run.equity[0] - 1.0
    row.max_drawdown = find_deepest(run.equity)
    row.time_in_market = run.account[0].bars_in_market / bars
    row.bankrupt = run.account[0].dead
    trade_totals(run, row)
    daily_moments(bench, row)


@kernel
def restart_run(run: Run) -> None:
    """Put a used run back to its start: ``restart``, called from outside."""
    restart(run)


@kernel
def summarise_run(bench: Bench, rows: NDArray[Any], at: int) -> None:
    """Write the numbers of the bench's finished run to row ``at``."""
    write_row(bench, rows[at])


@kernel
def run_crossings(
    bench: Bench,
    lines: NDArray[np.float64],
    pairs: NDArray[np.int64],
    rows: NDArray[Any],
    span: tuple[int, int],
) -> None:
    """Run pairs ``span`` of ``lines`` (L, n), each crossing as a decision."""
    for at in range(span[0], span[1]):
        cross(bench, lines[pairs[at, 0]], lines[pairs[at, 1]])
        restart(bench.run)
        run_all(bench.run)
        write_row(bench, rows[at])
