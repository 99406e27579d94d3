"""After warm_up no run compiles anything: a worker's children inherit all they need."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from backtests.engine import (
    Asset,
    Calculated,
    Crossings,
    ExecutionConfig,
    drawdown_table,
    kernels,
    measure,
    simulate_portfolio,
    sweep,
    warm_up,
    worst_and_best,
)
from backtests.tests.engine.markets import asset


def compiled() -> Iterator[tuple[str, int]]:
    """Yield every cached kernel and the number of its compiled versions."""
    folder = Path(str(kernels.__file__)).parent
    for path in sorted(folder.glob("*.py")):
        module: Any = import_module(f"{kernels.__name__}.{path.stem}")
        for name, value in vars(module).items():
            if type(getattr(value, "_cache", None)).__name__ == "FunctionCache":
                yield f"{path.stem}.{name}", len(value.signatures)


def test_nothing_is_left_to_compile() -> None:
    warm_up()
    before = dict(compiled())

    rng = np.random.default_rng(1)
    for config in (
        ExecutionConfig(),
        ExecutionConfig(leverage=3, allow_short=True, on_bad_bar="skip", max_qty=9),
    ):
        assets = [asset(rng, 60, config) for _ in range(3)]
        for count in (1, 3):
            result = simulate_portfolio(assets[:count], config)
            measure(result, assets[0].ohlcv)
            measure(result, None)
            drawdown_table(result.time, result.equity)
            assert len(result.position)
        one: Asset = assets[0]
        worst_and_best(one.ohlcv, one.signals, config, one.funding)
        sweep(one.ohlcv, Calculated(1, [one.signals].__getitem__), config)
        lines = Crossings(np.ones((2, 60)), np.array([[0, 1]]))
        sweep(one.ohlcv, lines, config, funding=one.funding)

    assert dict(compiled()) == before
    assert {name for name, count in before.items() if not count} == set()
