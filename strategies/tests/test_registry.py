import pytest

from botforge.errors import NotFound
from strategies.base import BaseStrategy
from strategies.library.registry import LIBRARY, documentation, library_strategy
from strategies.library.templates import FOLDER, templates


def test_the_built_in_strategies_are_found_by_slug() -> None:
    assert list(LIBRARY)[:3] == ["buy_and_hold", "ma_cross", "rsi_reversion"]
    assert len(LIBRARY) >= 21
    assert all(library_strategy(slug).slug == slug for slug in LIBRARY)


def test_every_text_in_the_folder_is_a_strategy() -> None:
    texts = {path.name.removesuffix(".py.txt") for path in FOLDER.iterdir()}

    assert texts == {template.slug for template in templates()}


def test_a_text_is_given_as_it_was_written() -> None:
    for template in templates():
        text = (FOLDER / f"{template.slug}.py.txt").read_text()

        assert template.source == text
        assert template.on(60_000).source == text
        assert max(map(len, text.splitlines())) <= 88


def test_an_unknown_slug_names_the_choices() -> None:
    with pytest.raises(NotFound, match="buy_and_hold, ma_cross, rsi_reversion"):
        library_strategy("martingale")


@pytest.mark.parametrize("strategy", LIBRARY.values(), ids=LIBRARY)
def test_every_strategy_is_documented(strategy: BaseStrategy) -> None:
    text = documentation(strategy)

    assert text.partition("\n")[0].endswith(".")
    assert all(part in text for part in ("Idea:", "Source:", "When it fails:"))
    assert all(parameter.description for parameter in strategy.parameters)


@pytest.mark.parametrize("strategy", LIBRARY.values(), ids=LIBRARY)
def test_every_number_is_bounded_and_its_default_within(
    strategy: BaseStrategy,
) -> None:
    defaults = {p.name: p.default for p in strategy.parameters}

    assert strategy.resolve({}) == defaults
    for parameter in strategy.parameters:
        if parameter.choices is None and parameter.type in ("int", "float"):
            assert parameter.minimum is not None
            assert parameter.maximum is not None


@pytest.mark.parametrize("strategy", LIBRARY.values(), ids=LIBRARY)
def test_a_strategy_keeps_its_name_on_every_timeframe(strategy: BaseStrategy) -> None:
    hourly = strategy.on(3_600_000)

    assert (hourly.slug, hourly.title) == (strategy.slug, strategy.title)
