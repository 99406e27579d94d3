import pytest

from botforge.errors import NotFound
from strategies.base import BaseStrategy
from strategies.library.registry import LIBRARY, documentation, library_strategy


def test_the_built_in_strategies_are_found_by_slug() -> None:
    assert list(LIBRARY) == ["buy_and_hold", "ma_cross", "rsi_reversion"]
    assert all(library_strategy(slug).slug == slug for slug in LIBRARY)


def test_an_unknown_slug_names_the_choices() -> None:
    with pytest.raises(NotFound, match="buy_and_hold, ma_cross, rsi_reversion"):
        library_strategy("martingale")


@pytest.mark.parametrize("strategy", LIBRARY.values(), ids=LIBRARY)
def test_every_strategy_is_documented(strategy: BaseStrategy) -> None:
    text = documentation(strategy)

    assert all(part in text for part in ("Idea:", "Source:", "When it fails:"))
    assert all(parameter.description for parameter in strategy.parameters)


@pytest.mark.parametrize("strategy", LIBRARY.values(), ids=LIBRARY)
def test_every_default_is_within_its_own_bounds(strategy: BaseStrategy) -> None:
    defaults = {p.name: p.default for p in strategy.parameters}

    assert strategy.resolve({}) == defaults
