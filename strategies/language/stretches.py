"""Series with holes: each stretch without one is computed by itself, and that costs.

How many there are shows only in the data, so that no estimate can know.
"""

import numpy as np
from numpy.typing import NDArray

from botforge.errors import FieldError, InvalidInput

# One call of a function, in additions: some microseconds, whatever the stretch.
PER_STRETCH = 10_000.0


class Allowance:
    """How many stretches one evaluation may still compute apart."""

    def __init__(self, additions: float) -> None:
        self._left = additions / PER_STRETCH
        self._whole: set[int] = set()

    def spend(
        self, node: int, values: NDArray[np.float64], shortest: int, line: int
    ) -> None:
        """Count the stretches of a node that are long enough for a function.

        Raises ``InvalidInput`` once there are too many.
        """
        if node in self._whole:
            return
        finite = np.isfinite(values)
        if finite.all():
            self._whole.add(node)
            return
        edges = np.flatnonzero(np.diff(finite, prepend=False, append=False))
        found = int(np.count_nonzero(edges[1::2] - edges[::2] >= shortest))
        self._left -= found
        if self._left >= 0:
            return
        message = (
            f"Line {line}: a series here is undefined again and again, and each of the "
            f"{found:,} stretches between is computed by itself, which takes too long "
            f"over {len(values):,} bars. Fill it with nz(x) first, or use fewer bars."
        )
        raise InvalidInput(FieldError("/strategy", "too_expensive", message))
