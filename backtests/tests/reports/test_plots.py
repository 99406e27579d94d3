"""The strategy's lines, stored thinned."""

import numpy as np

from backtests.reports.buckets import MOST
from backtests.reports.plots import MOST_PLOTS, condensed, plot_lines, roles_of
from backtests.tables import decode_table, encode_table
from strategies.base import Plot

TIME = np.arange(10) * 60_000


def test_lines_come_back_as_they_were_stored() -> None:
    fast = np.append([np.nan], np.arange(9.0))
    plots = (Plot("fast: 3", fast), Plot("rsi", np.ones(10), "own"))
    stored = encode_table(condensed(TIME, plots, {"stop": np.full(10, 7.0)}))

    lines = plot_lines(decode_table(stored))

    assert [(line.kind, line.name) for line in lines] == [
        ("price", "fast: 3"),
        ("own", "rsi"),
        ("level", "stop"),
    ]
    np.testing.assert_array_equal(lines[0].values, fast)
    np.testing.assert_array_equal(lines[0].time, TIME)


def test_nothing_to_show_stores_nothing() -> None:
    assert condensed(TIME, (), {}) == {}


def test_a_million_bars_are_stored_as_a_few_thousand() -> None:
    bars = 1_000_000
    line = np.sin(np.arange(bars) / 1000)
    line[123_456] = 5.0
    columns = condensed(np.arange(bars) * 60_000, (Plot("wave", line),), {})

    assert len(columns["price:wave"]) <= 2 * MOST + 1
    assert columns["price:wave"].max() == 5.0


def test_more_lines_than_anybody_can_look_at_are_cut() -> None:
    plots = tuple(Plot(f"line {i}", np.ones(10)) for i in range(100))

    assert len(condensed(TIME, plots, {})) == MOST_PLOTS + 1


def test_overlays_take_turns_with_the_colours_and_levels_have_their_own() -> None:
    plots = [Plot(f"p{i}", np.ones(10), "own" if i == 1 else "price") for i in range(8)]
    lines = plot_lines(condensed(TIME, plots, {"target": np.ones(10)}))

    roles = roles_of(lines)

    assert roles == [
        "plot0",
        "plot0",
        "plot1",
        "plot2",
        "plot3",
        "plot4",
        "plot5",
        "plot0",
        "target",
    ]
