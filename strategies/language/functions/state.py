"""State: what a strategy remembers."""

from functools import partial

from marketdata.timeframes import CODES
from strategies.indicators import calendar, state
from strategies.language.functions.declaring import SOURCE, choice, condition
from strategies.language.functions.registry import Function, Kind

_state = partial(Function, group="state", returns=Kind.SERIES, source="numba")
_flag = partial(Function, group="state", returns=Kind.CONDITION, source="numpy")

FUNCTIONS = (
    _flag(
        name="latch",
        arguments=(condition("set"), condition("reset")),
        outputs=("latch",),
        summary="True from a bar of set until one of reset, which wins a tie.",
        example="latch(crossover(close, sma(close, 50)), close < sma(close, 200))",
        compute=lambda bars, set_, reset: state.latch(set_, reset),
        warmup=lambda set_, reset: 0,
        cost=20,
    ),
    _flag(
        name="once_per",
        arguments=(condition("condition"), choice("period", CODES)),
        outputs=("once_per",),
        summary="The first true bar of each UTC period.",
        example='once_per(close > high[1], "1d")',
        compute=lambda bars, condition, period: calendar.once_per(
            condition, bars.time, period
        ),
        warmup=lambda condition, period: 0,
        cost=10,
        inputs=("time",),
    ),
    _state(
        name="since",
        arguments=(condition("reset"), choice("mode", state.SINCE_MODES), SOURCE),
        outputs=("since",),
        summary="Statistic of the values since the last reset, that bar included; NaN "
        "before the first reset.",
        example='since(crossover(close, sma(close, 50)), "max", high)',
        compute=lambda bars, reset, mode, source: state.since(reset, mode, source),
        warmup=lambda reset, mode, source: 0,
        cost=12,
    ),
    _state(
        name="ratchet",
        arguments=(SOURCE, choice("direction", ("up", "down")), condition("reset")),
        outputs=("ratchet",),
        summary="Running maximum (up) or minimum (down), restarted at each reset: a "
        "stop that only moves one way.",
        example='ratchet(close - 3 * atr(14), "up", crossover(close, sma(close, 50)))',
        compute=lambda bars, source, direction, reset: state.ratchet(
            source, direction, reset
        ),
        warmup=lambda source, direction, reset: 0,
        cost=5,
    ),
)
