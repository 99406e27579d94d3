"""Thinning keeps what the eye would miss."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from backtests.downsampling import keep_all_extremes, keep_extremes

CURVES = arrays(
    np.float64, st.integers(1, 300), elements=st.floats(-1e6, 1e6, allow_nan=False)
)


@given(CURVES, st.integers(2, 320))
def test_positions_are_few_increasing_and_hold_both_ends(
    values: NDArray[np.float64], points: int
) -> None:
    kept = keep_extremes(values, points)

    assert len(kept) <= points or len(values) <= points
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (0, len(values) - 1)


@given(CURVES, st.integers(4, 320))
def test_the_extremes_of_all_are_kept(values: NDArray[np.float64], points: int) -> None:
    kept = values[keep_extremes(values, points)]

    assert (kept.min(), kept.max()) == (values.min(), values.max())


def test_the_deepest_drawdown_is_kept_though_equity_was_lower_before() -> None:
    equity = np.r_[np.linspace(1, 10, 500), 5.0, np.linspace(6, 12, 500)]
    drawdown = equity / np.maximum.accumulate(equity) - 1

    kept = keep_all_extremes((equity, drawdown), (equity,), 5)

    assert drawdown[kept].min() == -0.5
    assert len(kept) <= 5


def test_few_points_show_the_extremes_of_the_first_curve() -> None:
    equity = np.r_[10.0, 12.0, 11.0, 4.0, 9.0, 10.0]
    drawdown = equity / np.maximum.accumulate(equity) - 1

    kept = keep_all_extremes((equity, drawdown), (equity,), 4)

    assert kept.tolist() == [0, 1, 3, 5]


@pytest.mark.parametrize("missing", [slice(None), slice(0, 50)])
def test_values_that_are_missing_are_no_extremes(missing: slice) -> None:
    values = np.sin(np.arange(100.0))
    values[missing] = np.nan

    kept = keep_extremes(values, 12)

    if not np.isnan(values).all():
        assert np.nanmin(values[kept]) == np.nanmin(values)
        assert np.nanmax(values[kept]) == np.nanmax(values)
