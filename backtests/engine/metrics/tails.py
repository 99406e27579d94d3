"""Tails of the distribution of returns: VaR, CVaR, tail ratio."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.moments import LANES, bar_returns
from backtests.engine.kernels.tails import Bracket, Found, gather

type Series = NDArray[np.float64]

LOW, HIGH = 0.05, 0.95
# Above this length a bracket around the wanted values is found from a sample first.
LONG = 20_000
SAMPLE = 2_048


class TailSearch:
    """Find the tails of the returns of ``values`` (n,) in one pass over pieces of them.

    A sample says about where the percentiles lie; the pass keeps the returns near them
    and counts the rest. Short series, and those that the sample misjudged, are sorted.
    """

    def __init__(self, values: Series) -> None:
        self.values = values
        self.count = max(len(values) - 1, 0)
        self.ranks = [(self.count - 1) * share for share in (LOW, HIGH)]
        self.nearby = [] if self.count <= LONG else list(self._brackets())

    def _brackets(self) -> Iterator["_Near"]:
        places = np.arange(0, self.count, self.count // SAMPLE)
        before, after = self.values[places], self.values[places + 1]
        sample = np.sort((after / before - 1)[before > 0])
        if not len(sample):
            return
        for share in (LOW, HIGH):
            spread = 4 * math.sqrt(len(sample) * share * (1 - share))
            middle = share * len(sample)
            low = float(sample[max(int(middle - spread), 0)])
            high = float(sample[min(int(middle + spread) + 1, len(sample) - 1)])
            yield _Near(Bracket(low, high), np.empty(self.count // 4))

    def add(self, returns: Series) -> None:
        """Look at the next piece of the returns."""
        for near in self.nearby:
            near.add(returns)

    def tails(self) -> dict[str, float]:
        """Return the 5 % value at risk, what lies beyond it, the ratio of the tails."""
        if not self.count:
            return {"var_95": math.nan, "cvar_95": math.nan, "tail_ratio": math.nan}
        low, high = self._ends()
        worst = math.floor(self.ranks[0]) + 1
        at_low, at_high = low.percentile(self.ranks[0]), high.percentile(self.ranks[1])
        return {
            "var_95": at_low,
            "cvar_95": low.sum_of_lowest(worst) / worst,
            "tail_ratio": abs(at_high) / abs(at_low) if at_low else math.nan,
        }

    def _ends(self) -> tuple["_Near", "_Near"]:
        """Return what is near both percentiles, or everything, sorted."""
        if self.nearby and all(map(_Near.covers, self.nearby, self.ranks)):
            low, high = self.nearby
            low.finish()
            high.finish()
            return low, high
        everything = _Near(Bracket(-math.inf, math.inf), np.empty(self.count + 1))
        returns = np.empty(self.count)
        bar_returns(self.values, returns)
        everything.add(returns)
        everything.finish()
        return everything, everything


class _Near:
    """The values strictly inside a bracket, and how many are at its ends and below."""

    def __init__(self, bracket: Bracket, room: Series) -> None:
        self.bracket = bracket
        self.below = np.zeros(LANES)
        self.inside = room
        self.found = Found(0, 0, 0, 0)

    def add(self, values: Series) -> None:
        room = self.inside[self.found.inside :]
        if not len(room):
            room = np.empty(1)
        more = gather(values, self.bracket, room, self.below)
        self.found = Found(
            self.found.below + more.below,
            self.found.at_low + more.at_low,
            self.found.inside + more.inside,
            self.found.at_high + more.at_high,
        )

    def finish(self) -> None:
        self.inside = np.sort(self.inside[: self.found.inside])

    def covers(self, place: float) -> bool:
        """Say whether the two ranks about ``place`` are known from here."""
        found, rank = self.found, math.floor(place)
        end = found.below + found.at_low + found.inside + found.at_high
        return (
            found.inside < len(self.inside) and found.below <= rank and rank + 1 < end
        )

    def percentile(self, place: float) -> float:
        """Return the value at a fractional rank, interpolated."""
        rank = math.floor(place)
        part = place - rank
        a, b = self.at(rank), self.at(math.ceil(place))
        # The form of numpy.percentile, which is exact at both ends.
        return a + (b - a) * part if part < 0.5 else b - (b - a) * (1 - part)

    def at(self, rank: int) -> float:
        """Return the value of a rank that is covered."""
        place = rank - self.found.below - self.found.at_low
        if place < 0:
            return self.bracket.low
        return (
            float(self.inside[place]) if place < len(self.inside) else self.bracket.high
        )

    def sum_of_lowest(self, count: int) -> float:
        """Return the sum of the lowest values, from below up to a covered rank."""
        total, left = float(self.below.sum()), count - self.found.below
        if self.found.at_low:
            total += self.bracket.low * min(left, self.found.at_low)
        left -= self.found.at_low
        total += float(self.inside[: max(left, 0)].sum())
        left -= len(self.inside)
        return total + self.bracket.high * left if left > 0 else total
