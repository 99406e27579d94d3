"""What a registration says of itself."""

import pytest

from strategies.language.compiling import compile_program
from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Function, Kind, register
from strategies.tests.functions.drawing import defaults

TARGET = """
    sma ema rma wma vwma hma swma alma dema tema trima kama zlema linreg vwap
    rsi stoch stoch_rsi macd ppo cci mfi cmo roc mom wpr ao trix ultosc tsi
    tr atr natr stdev variance bb bbw kc donchian chop
    supertrend sar dmi adx aroon ichimoku obv ad cmf pvt force_index eom
    highest lowest highestbars lowestbars median percentile percentrank zscore
    correlation beta sum cum cross crossover crossunder rising falling change barssince
    valuewhen since streak latch once_per ratchet pivothigh pivotlow
    where nz clip abs sign min max avg sqrt log exp floor ceil round
    in_session is_new is_weekend ha_open ha_high ha_low ha_close
"""


def test_the_whole_target_set_is_there() -> None:
    assert set(TARGET.split()) <= set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_is_described(function: Function) -> None:
    assert function.summary.endswith(".")
    assert "\n" not in function.summary
    assert f"{function.name}(" in function.example
    assert function.cost > 0


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_constant_is_bounded_and_defaults_to_a_value_within(
    function: Function,
) -> None:
    for argument in function.arguments:
        if argument.kind in (Kind.WINDOW, Kind.NUMBER):
            assert argument.minimum is not None
            assert argument.maximum is not None
            if argument.default is not None:
                assert isinstance(argument.default, int | float)
                assert argument.minimum <= argument.default <= argument.maximum
        if argument.kind is Kind.TEXT:
            assert argument.choices
            assert argument.default in (None, *argument.choices)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_required_arguments_come_first(function: Function) -> None:
    optional = [argument.default is not None for argument in function.arguments]

    assert optional == sorted(optional)
    assert function.warmup(*defaults(function)) >= 0


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="two functions are called sma"):
        register(FUNCTIONS["sma"])


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_example_is_a_program(function: Function) -> None:
    assigned = " = " in function.example
    line = function.example if assigned else f"example = {function.example}"

    program = compile_program(f"{line}\nenter_long = close > open")

    called = [node.function for node in program.graph.nodes if node.function]
    assert function in called


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_example_names_all_outputs(function: Function) -> None:
    names = function.example.partition(" = ")[0].split(", ")

    assert len(function.outputs) == 1 or len(names) == len(function.outputs)
