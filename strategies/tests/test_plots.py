"""What strategies show, computed together with what they decide."""

from typing import Any

import numpy as np
import pytest

from strategies.base import BaseStrategy, Decisions, Plot, Signals
from strategies.language import evaluation
from strategies.language.functions.registry import Bars
from strategies.language.graph import Node
from strategies.language.strategy import LanguageStrategy
from strategies.library.registry import LIBRARY
from strategies.tests.candles import HOUR_MS, candles_of, random_candles
from strategies.tests.language.checking import ORDER, codes

STRATEGIES = {slug: strategy.on(HOUR_MS) for slug, strategy in LIBRARY.items()}


def _decided(code: str) -> Decisions:
    return LanguageStrategy.of(code).on(HOUR_MS).decide(candles_of([1, 2, 3]), {})


def test_a_plot_lies_over_the_candles_unless_it_is_sent_below() -> None:
    over, below = _decided(
        f'{ORDER}plot("twice", 2 * close)\nplot("bar", bar_index, pane="own")'
    ).plots

    assert (over.name, over.pane, over.values.tolist()) == ("twice", "price", [2, 4, 6])
    assert (below.name, below.pane) == ("bar", "own")
    assert below.values.tolist() == [0, 1, 2]


def test_a_condition_is_shown_below_as_one_and_zero() -> None:
    (plot,) = _decided(f'{ORDER}plot("up", close > 1)').plots

    assert plot.pane == "own"
    assert plot.values.tolist() == [0, 1, 1]


def test_infinity_is_not_shown() -> None:
    (plot,) = _decided(f'{ORDER}plot("huge", exp(close * 1000))').plots

    assert np.isnan(plot.values).all()


def test_a_pane_is_one_of_two() -> None:
    assert codes(f'{ORDER}plot("a", close, pane="left")') == ["bad_plot"]
    assert codes(f'{ORDER}plot("a", close, "own", 1)') == ["too_many_arguments"]


def test_a_plot_and_a_signal_share_what_they_compute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed: list[str] = []
    original = evaluation._Run._call

    def counting(run: evaluation._Run, node: Node, bars: Bars) -> Any:
        assert node.function is not None
        computed.append(node.function.name)
        return original(run, node, bars)

    monkeypatch.setattr(evaluation._Run, "_call", counting)
    _decided('mean = sma(close, 2)\nenter_long = close > mean\nplot("mean", mean)')

    assert computed == ["sma"]


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_a_built_in_strategy_decides_the_same_with_and_without_plots(
    strategy: BaseStrategy,
) -> None:
    candles, values = random_candles(600, seed=8), strategy.resolve({})

    signals = strategy.generate_signals(candles, values)
    decided = strategy.decide(candles, values)

    for name in Signals.__slots__:
        np.testing.assert_array_equal(
            getattr(decided.signals, name), getattr(signals, name)
        )
    for plot in decided.plots:
        assert len(plot.values) == len(candles)
        assert plot.values.dtype == np.float64
    names = [plot.name for plot in decided.plots]
    assert len(set(names)) == len(names)
    assert names or strategy.slug == "buy_and_hold"


def test_a_slice_of_decisions_has_the_same_bars_of_each() -> None:
    signals = Signals.of(4, enter_long=np.array([True, False, True, False]))
    whole = Decisions(signals, (Plot("x", np.arange(4.0), "own"),))

    part = whole.slice(1, 3)

    assert part.signals.enter_long.tolist() == [False, True]
    assert part.plots[0].values.tolist() == [1, 2]
    assert part.plots[0].pane == "own"
