"""How the returns of trades are spread."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backtests.reports.distribution import distribution_of

RETURNS = st.lists(
    st.floats(-1, 50).filter(lambda change: change == 0 or abs(change) > 1e-9),
    min_size=1,
    max_size=200,
)


@settings(deadline=None)
@given(RETURNS)
def test_every_trade_is_counted_once_and_gains_apart_from_losses(
    returns: list[float],
) -> None:
    values = np.array(returns)

    found = distribution_of(values)

    assert found is not None
    assert found.counts.sum() == len(values)
    assert len(found.counts) == len(found.edges) - 1 <= 130
    below = found.counts[found.edges[1:] <= 0].sum()
    if found.edges[0] < 0 < found.edges[-1]:
        assert below == (values < 0).sum()


def test_a_column_holds_what_lies_in_it() -> None:
    found = distribution_of(np.array([-0.02, -0.011, 0.0, 0.004, 0.02]))

    assert found is not None
    # A span of about 0.04 in 32 columns: 0.002 wide.
    assert np.diff(found.edges).round(9).tolist() == [0.002] * len(found.counts)
    zero = int(np.argmin(np.abs(found.edges)))
    assert found.counts[zero : zero + 3].tolist() == [1, 0, 1]


def test_a_freak_lies_in_the_outermost_column() -> None:
    returns = np.append(np.linspace(-0.01, 0.01, 500), 9.0)

    found = distribution_of(returns)

    assert found is not None
    assert found.open_ended
    assert found.edges[-1] < 0.1
    assert found.counts.sum() == 501


def test_no_trades_have_none() -> None:
    assert distribution_of(np.empty(0)) is None
