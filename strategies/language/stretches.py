"""Series with holes: each stretch without one is computed by itself, and that costs.

How many there are shows only in the data, so that no estimate can know.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from botforge.errors import FieldError, InvalidInput


class Stretches(NamedTuple):
    """Distinct lengths, the shortest first, and how many stretches are as long."""

    lengths: NDArray[np.int64]
    at_least: NDArray[np.int64]

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> "Stretches":
        finite = np.isfinite(values)
        if finite.all():
            return cls(np.array([len(values)]), np.ones(1, np.int64))
        edges = np.flatnonzero(np.diff(finite, prepend=False, append=False))
        lengths, counts = np.unique(edges[1::2] - edges[::2], return_counts=True)
        return cls(lengths, np.cumsum(counts[::-1])[::-1])

    def of_length(self, shortest: int) -> int:
        """Return how many there are of this length or more."""
        at = int(np.searchsorted(self.lengths, shortest))
        return int(self.at_least[at]) if at < len(self.lengths) else 0


class Allowance:
    """The additions that one evaluation may spend on stretches."""

    def __init__(self, additions: float) -> None:
        self._left = additions
        self._known: dict[int, Stretches] = {}

    def spend(
        self,
        node: int,
        values: NDArray[np.float64],
        shortest: int,
        each: float,
        line: int,
    ) -> None:
        """Pay for the stretches of a node that are long enough for a function.

        Raises ``InvalidInput`` once there is not enough left. A single one is what
        every estimate expects.
        """
        if node not in self._known:
            self._known[node] = Stretches.of(values)
        found = self._known[node].of_length(shortest)
        if found > 1:
            self._left -= found * each
        if self._left >= 0:
            return
        message = (
            f"Line {line}: a series here is undefined again and again, and each of the "
            f"{found:,} stretches between is computed by itself, which takes too long "
            f"over {len(values):,} bars. Fill it with nz(x) first, or use fewer bars."
        )
        raise InvalidInput(FieldError("/strategy", "too_expensive", message))
