"""Equal keys, equal results: whatever decides a result changes the key."""

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.tests.factories import user_create
from backtests import run_key as module
from backtests.models import Backtest
from backtests.run_key import run_key
from backtests.runnable import runnable_strategy
from backtests.tests.factories import (
    backtest_queued,
    candles_add,
    completed,
    day,
    walk,
    walk_series,
)
from marketdata.models import Series
from strategies.library.ma_cross import MaCross

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


def key_of(backtest: Backtest) -> str:
    fresh = Backtest.objects.get(pk=backtest.pk)
    return run_key(fresh, runnable_strategy(fresh))


def cross(alice: User, series: Series) -> Backtest:
    parameters = {"fast": 5, "slow": 20}
    return backtest_queued(alice, series, library="ma_cross", parameters=parameters)


def test_the_same_request_has_the_same_key(alice: User, series: Series) -> None:
    assert key_of(cross(alice, series)) == key_of(cross(alice, series))


def test_a_completed_backtest_holds_its_key(alice: User, series: Series) -> None:
    backtest = completed(alice, series)

    assert backtest.run_key == key_of(backtest)


CHANGES: dict[str, Callable[[Backtest], object]] = {
    "parameters": lambda b: b.parameters.update(fast=6),
    "execution": lambda b: b.execution.update(fee_rate=0.002),
    "start": lambda b: setattr(b, "start", day(2)),
    "end": lambda b: setattr(b, "end", day(9)),
    "calendar": lambda b: setattr(b.series.instrument, "calendar", "fx"),
    "candles": lambda b: candles_add(b.series, walk(500)),
    "other": lambda b: setattr(b, "series", walk_series(symbol="OTHER/USDT")),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_decides_the_result_changes_the_key(
    alice: User, series: Series, what: str
) -> None:
    backtest = cross(alice, series)
    before = run_key(backtest, runnable_strategy(backtest))

    CHANGES[what](backtest)

    assert run_key(backtest, runnable_strategy(backtest)) != before


def test_another_strategy_has_another_key(alice: User, series: Series) -> None:
    one = backtest_queued(alice, series, library="buy_and_hold")

    assert key_of(one) != key_of(cross(alice, series))


@pytest.mark.parametrize(
    ("name", "value"),
    [("ENGINE_VERSION", "0.0.0"), ("PACKAGE_VERSIONS", {"numpy": "1.0.0"})],
)
def test_another_engine_or_package_has_another_key(
    alice: User,
    series: Series,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: object,
) -> None:
    backtest = cross(alice, series)
    before = key_of(backtest)

    monkeypatch.setattr(module, name, value)

    assert key_of(backtest) != before


def test_another_text_of_a_built_in_strategy_has_another_key(
    alice: User, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    backtest = cross(alice, series)
    before = key_of(backtest)

    monkeypatch.setattr(MaCross, "source", "# the next release's")

    assert key_of(backtest) != before


def test_name_tags_and_notes_decide_nothing(alice: User, series: Series) -> None:
    backtest = cross(alice, series)
    before = key_of(backtest)

    Backtest.objects.update(name="x", tags=["y"], notes="z", pinned=True)

    assert key_of(backtest) == before
