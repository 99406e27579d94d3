import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from strategies.language.compiling import compile_program
from strategies.language.evaluation import evaluate
from strategies.language.identities import Identities
from strategies.language.limits import DEFAULT_LIMITS
from strategies.language.scalars import scalars_of
from strategies.language.timeframes import Frames
from strategies.tests.candles import HOUR_MS, random_candles
from strategies.tests.language.programs import FUNCTIONS, programs

TWO_AVERAGES = """fast = param("fast", 5)
slow = param("slow", 9)
up = sma(close, fast) > 1
down = sma(close, slow) > 1
enter_long = up
exit_long = down
"""
A_FACTOR = """factor = param("factor", 1.0)
enter_long = close * factor > 1
"""
A_SWITCH = """switch = param("switch", True)
exit_long = close > 0
enter_long = exit_long and switch
"""


def _numbers(code: str, *sets: dict[str, float]) -> list[list[int]]:
    """Return the number of each output, for each set of parameters."""
    program = compile_program(code)
    identities = Identities(program.graph)
    return [
        [
            identities.of(root, scalars_of(program.graph, values))
            for root in program.roots
        ]
        for values in sets
    ]


def test_two_nodes_that_get_the_same_parameter_are_one_array() -> None:
    (enter, leave), = _numbers(TWO_AVERAGES, {"fast": 7, "slow": 7})  # fmt: skip

    assert enter == leave


def test_other_parameters_are_another_array() -> None:
    five, nine = _numbers(TWO_AVERAGES, {"fast": 5, "slow": 9}, {"fast": 9, "slow": 5})

    assert five == nine[::-1]
    assert five[0] != five[1]


def test_zero_with_a_sign_is_another_number() -> None:
    plus, minus = _numbers(A_FACTOR, {"factor": 0.0}, {"factor": -0.0})

    assert plus != minus


def test_what_is_true_is_not_what_is_one() -> None:
    true, one = _numbers(A_SWITCH, {"switch": True}, {"switch": 1.0})

    assert true[0] != one[0]


@settings(max_examples=60, deadline=None)
@given(
    programs(),
    st.lists(
        st.fixed_dictionaries(
            {"n": st.integers(1, 3), "k": st.sampled_from([0.0, -0.0, 1.0, 2.5])}
        ),
        min_size=2,
        max_size=4,
    ),
    st.booleans(),
)
def test_equal_numbers_mean_equal_arrays(
    code: str, sets: list[dict[str, float]], flag: bool
) -> None:
    graph = (program := compile_program(code, DEFAULT_LIMITS, FUNCTIONS)).graph
    frames = Frames(random_candles(60, 1), HOUR_MS)
    identities = Identities(graph)
    seen: dict[int, NDArray[np.float64] | NDArray[np.bool_]] = {}

    for values in ({**each, "flag": flag} for each in sets):
        arrays = evaluate(graph, program.roots, frames, values)
        for root in program.roots:
            number = identities.of(root, scalars_of(graph, values))
            first = seen.setdefault(number, arrays[root])
            assert first.tobytes() == arrays[root].tobytes()
