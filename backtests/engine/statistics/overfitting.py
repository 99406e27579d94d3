"""Probability of backtest overfitting by combinatorially symmetric cross-validation.

Bailey, Borwein, Lopez de Prado and Zhu 2015: choose the best strategy on one half of
the blocks of history, look where it ranks on the other, over all halves.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

type Matrix = NDArray[np.float64]

# Halves evaluated together: bounds the memory whatever the number of blocks.
BATCH = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Overfitting:
    """The outcome of CSCV over all C in-sample halves, in lexicographic order.

    ``probability`` is the share of logits at or below 0: how often the strategy chosen
    in sample is no better than the median out of sample. ``slope`` of the regression of
    its out-of-sample on its in-sample Sharpe ratio, ``probability_of_loss`` the share
    of halves on which the former is negative. ``logits`` and ``selected`` (column of
    the chosen strategy) have one value per half.
    """

    probability: float
    slope: float
    probability_of_loss: float
    logits: Matrix
    selected: NDArray[np.int64]


def pbo(returns: Matrix, blocks: int = 16) -> Overfitting:
    """Return the probability of overfitting of ``returns`` (T periods, N strategies).

    The first T mod ``blocks`` rows are left out. Sharpe ratios are per period with
    n - 1; a strategy that never moves has 0; the first wins on a tie in sample, ranks
    out of sample are averaged on ties and divided by N + 1.

    Raises ``ValueError`` for an odd number of blocks, fewer than two strategies, or
    fewer than two rows a block.
    """
    rows, count = returns.shape
    if blocks < 2 or blocks % 2:
        raise ValueError("blocks must be an even number of at least 2")
    if count < 2 or rows < 2 * blocks:
        raise ValueError("PBO needs two strategies and two rows in every block")
    sums, squares = _block_sums(returns[rows % blocks :], blocks)
    length = rows // blocks * (blocks // 2)
    chosen, inside, outside, shares = [], [], [], []
    for mask in _halves(blocks):
        first = _sharpe(mask @ sums, mask @ squares, length)
        second = _sharpe(~mask @ sums, ~mask @ squares, length)
        best = first.argmax(axis=1)[:, None]
        mine = np.take_along_axis(second, best, axis=1)
        below, level = (second < mine).sum(axis=1), (second == mine).sum(axis=1)
        chosen.append(best[:, 0])
        inside.append(np.take_along_axis(first, best, axis=1)[:, 0])
        outside.append(mine[:, 0])
        shares.append((below + (level + 1) / 2) / (count + 1))
    share, x, y = map(np.concatenate, (shares, inside, outside))
    logits = np.log(share / (1 - share))
    return Overfitting(
        probability=float((share <= 0.5).mean()),
        slope=_slope(x, y),
        probability_of_loss=float((y < 0).mean()),
        logits=logits,
        selected=np.concatenate(chosen).astype(np.int64),
    )


def _block_sums(returns: Matrix, blocks: int) -> tuple[Matrix, Matrix]:
    """Return the sums and the sums of squares of each block, both (blocks, N)."""
    stacked = returns.reshape(blocks, -1, returns.shape[1])
    return stacked.sum(axis=1), (stacked**2).sum(axis=1)


def _halves(blocks: int) -> Iterator[NDArray[np.bool_]]:
    """Yield the in-sample halves as (up to BATCH, blocks) masks."""
    batch: list[tuple[int, ...]] = []
    for half in combinations(range(blocks), blocks // 2):
        batch.append(half)
        if len(batch) == BATCH:
            yield _masks(batch, blocks)
            batch = []
    if batch:
        yield _masks(batch, blocks)


def _masks(halves: list[tuple[int, ...]], blocks: int) -> NDArray[np.bool_]:
    masks = np.zeros((len(halves), blocks), np.bool_)
    np.put_along_axis(masks, np.array(halves), True, axis=1)
    return masks


def _sharpe(sums: Matrix, squares: Matrix, length: int) -> Matrix:
    mean = sums / length
    variance = (squares - sums * mean) / (length - 1)
    # Rounding leaves a trace of variance on a constant: that is none.
    variance[variance <= 1e-15 * squares] = 0.0
    still = (variance == 0.0) & (mean == 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(still, 0.0, mean / np.sqrt(variance))


def _slope(x: Matrix, y: Matrix) -> float:
    deviations = x - x.mean()
    spread = float((deviations**2).sum())
    if not spread > 0:
        return math.nan
    return float((deviations * (y - y.mean())).sum()) / spread
