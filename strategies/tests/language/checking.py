"""Short ways to check and to run a program in tests."""

from collections.abc import Mapping

import numpy as np
import pytest

from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Values
from strategies.language.compiling import compile_program
from strategies.language.diagnostics import CodeRejected, Diagnostic
from strategies.language.evaluation import Array
from strategies.language.strategy import LanguageStrategy
from strategies.tests.candles import HOUR_MS, candles_of

ORDER = "enter_long = close > open\n"


def problems(code: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the program, in the order of the text."""
    with pytest.raises(CodeRejected) as caught:
        compile_program(code)
    return caught.value.diagnostics


def codes(code: str) -> list[str]:
    return [problem.code for problem in problems(code)]


def shown(strategy: BaseStrategy, ohlcv: Ohlcv, values: Values) -> dict[str, Array]:
    """Return what the strategy plots, by name."""
    plots = strategy.decide(ohlcv, values).plots
    return {plot.name: plot.values for plot in plots}


def value_of(
    expression: str,
    ohlcv: Ohlcv | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    before: str = "",
) -> Array:
    """Return what the expression is on every bar, of 1, 2, 3 ... 8 as closes."""
    code = f'{ORDER}{before}\nplot("x", {expression})\n'
    strategy = LanguageStrategy.of(code).on(HOUR_MS)
    values = strategy.resolve(parameters or {})
    bars = candles_of(np.arange(1.0, 9.0)) if ohlcv is None else ohlcv
    return shown(strategy, bars, values)["x"]
