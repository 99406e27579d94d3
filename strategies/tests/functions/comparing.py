"""A function of the language against a slow loop that is plainly right."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Bars
from strategies.tests.functions.drawing import random_bars

BARS = 160
NAN = float("nan")

type Window = list[float]


def bars_of(seed: int, *, rough: bool = False, bars: int = BARS) -> Bars:
    return random_bars(bars, np.random.default_rng(seed), rough=rough)


def call(name: str, bars: Bars, *given: Any) -> Any:
    return FUNCTIONS[name].compute(bars, *given)


def rolling(
    values: NDArray[Any], length: int, of: Callable[[Window], float]
) -> list[float]:
    """Return ``of`` the last ``length`` values, NaN while there are fewer or a hole."""
    result = []
    for bar in range(len(values)):
        window = [float(v) for v in values[max(bar - length + 1, 0) : bar + 1]]
        whole = len(window) == length and all(np.isfinite(window))
        result.append(of(window) if whole else NAN)
    return result


def assert_close(values: Any, expected: Any) -> None:
    """Assert equality within 1e-9, relative to values above 1; NaN equals NaN."""
    np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-9)
