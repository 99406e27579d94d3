"""Backtests side by side."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of
from backtests.models import Backtest, BacktestResult, Comparison
from backtests.tests.factories import FREE, backtest_in, completed, day, walk_series
from backtests.tests.factories import series_of as daily_series
from marketdata.models import Series
from strategies.tests.factories import strategy_of

URL = "/api/v1/comparisons/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def pair(alice: User, series: Series) -> list[int]:
    """Two completed backtests: of holding, and of a cross from the third day on."""
    cross = {"library": "ma_cross", "parameters": {"fast": 3, "slow": 10}}
    return [
        completed(alice, series, name="hold").pk,
        completed(alice, series, start=day(2), **cross).pk,
    ]


def compare(api: APIClient, ids: list[Any], **others: Any) -> Any:
    return api.post(URL, {"backtests": ids, **others})


def test_it_is_stored_and_answered_as_it_is_read(
    api: APIClient, pair: list[int]
) -> None:
    response = compare(api, pair, name="Which?")

    assert response.status_code == 201
    body = response.json()
    assert body["name"] == "Which?"
    assert response["Location"].endswith(f"{URL}{body['id']}/")
    assert api.get(response["Location"]).json() == body


def test_what_each_is_and_made_stands_side_by_side(
    api: APIClient, pair: list[int]
) -> None:
    body = compare(api, pair[::-1]).json()

    assert body["backtests"] == pair  # in order of id
    assert [member["name"] for member in body["members"]] == ["hold", ""]
    assert [member["library"] for member in body["members"]] == [
        "buy_and_hold",
        "ma_cross",
    ]
    assert body["members"][1]["parameters"]["fast"] == 3
    alone = [api.get(f"/api/v1/backtests/{pk}/").json()["metrics"] for pk in pair]
    for key, values in body["metrics"].items():
        assert values == [metrics[key] for metrics in alone]


def test_equity_is_on_the_common_days_and_begins_with_one(
    api: APIClient, alice: User
) -> None:
    prices = ((100.0, 100.0), (100.0, 110.0), (110.0, 99.0), (99.0, 108.9))
    toys = daily_series(*prices)
    whole = completed(alice, toys, execution={**FREE, "fill": "same_close"})
    later = completed(
        alice, toys, start=day(1), execution={**FREE, "fill": "same_close", "size": 0.5}
    )

    body = compare(api, [whole.pk, later.pk]).json()

    assert body["equity"]["columns"] == ["time", str(whole.pk), str(later.pk)]
    times, first, second = body["equity"]["data"]
    assert times == [f"2024-01-0{n}T00:00:00Z" for n in (2, 3, 4)]
    # 110 -> 99 -> 108.9 is -10 % and +10 %; half of it in from 110 on
    assert first == pytest.approx([1, 0.9, 0.99])
    assert second == pytest.approx([1, 0.95, 0.995])
    assert body["common"]["days"] == 3
    assert body["common"]["start"], body["common"]["end"] == (times[0], times[-1])
    assert body["common"]["metrics"]["total_return"] == pytest.approx([-0.01, -0.005])
    assert body["common"]["metrics"]["max_drawdown"] == pytest.approx([-0.1, -0.05])
    assert body["correlation"] == [
        [1, pytest.approx(1, abs=1e-3)],
        [pytest.approx(1, abs=1e-3), 1],
    ]


def test_one_that_never_moves_has_no_correlation(
    api: APIClient, alice: User, series: Series, pair: list[int]
) -> None:
    shorts = {"allow_long": False, "allow_short": True}
    idle = completed(alice, series, execution=shorts).pk

    body = compare(api, [pair[0], idle]).json()

    assert body["correlation"] == [[1, None], [None, None]]
    assert body["common"]["metrics"]["sharpe"][1] is None


def test_one_of_a_users_own_strategy_is_named(
    api: APIClient, alice: User, series: Series, pair: list[int]
) -> None:
    strategy = strategy_of(alice)
    own = completed(alice, series, library=None, strategy=strategy.pk).pk

    member = compare(api, [*pair, own]).json()["members"][2]

    assert (member["library"], member["strategy"]) == (None, strategy.pk)
    assert member["strategy_version"] == 1


def test_equity_can_be_thinned(api: APIClient, pair: list[int]) -> None:
    pk = compare(api, pair).json()["id"]
    whole = api.get(f"{URL}{pk}/").json()["equity"]["data"]

    thinned = api.get(f"{URL}{pk}/?points=6").json()["equity"]["data"]

    assert len(whole[0]) > len(thinned[0])
    for before, after in zip(whole[1:], thinned[1:], strict=True):
        assert (min(before), max(before)) == (min(after), max(after))
    assert pointers_of(api.get(f"{URL}{pk}/?points=1")) == ["/points"]
    assert pointers_of(api.get(f"{URL}{pk}/?point=9")) == ["/point"]


@pytest.mark.parametrize(
    ("ids", "pointer"),
    [
        ([], "/backtests"),
        ([1], "/backtests"),
        (list(range(1, 22)), "/backtests"),
        ([1, 1], "/backtests"),
        ([1, "x"], "/backtests/1"),
        ([1, 0], "/backtests/1"),
        ([1, 2**63], "/backtests/1"),
        ("both", "/backtests"),
        (None, "/backtests"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(
    api: APIClient, ids: Any, pointer: str
) -> None:
    assert pointers_of(api.post(URL, {"backtests": ids}))[0] == pointer


def test_an_unknown_field_is_named(api: APIClient, pair: list[int]) -> None:
    assert pointers_of(compare(api, pair, nmae="x")) == ["/nmae"]


def test_others_backtests_are_as_unknown_as_those_that_do_not_exist(
    api: APIClient, series: Series, pair: list[int]
) -> None:
    bob = completed(user_create(email="bob@example.org"), series).pk

    problem = problem_of(compare(api, [pair[0], bob, 999_999]), 400)

    assert [error["pointer"] for error in problem["errors"]] == [
        "/backtests/1",
        "/backtests/2",
    ]
    assert {error["code"] for error in problem["errors"]} == {"not_found"}
    assert not Comparison.objects.exists()


@pytest.mark.parametrize("status", ["queued", "running"])
def test_one_that_is_not_finished_is_named(
    api: APIClient, alice: User, series: Series, pair: list[int], status: str
) -> None:
    active = backtest_in(alice, series, status).pk

    problem = problem_of(compare(api, [pair[0], active]), 409)

    assert problem["code"] == "not_finished"
    assert f"backtest {active};" in problem["detail"]
    assert not Comparison.objects.exists()


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_one_without_a_result_is_named(
    api: APIClient, alice: User, series: Series, pair: list[int], status: str
) -> None:
    over = backtest_in(alice, series, status).pk

    problem = problem_of(compare(api, [pair[0], over]), 409)

    assert problem["code"] == "no_result"
    assert f"backtest {over}." in problem["detail"]


@pytest.mark.parametrize("shared", [0, 1])
def test_windows_that_do_not_overlap_cannot_be_compared(
    api: APIClient, alice: User, shared: int
) -> None:
    toys = daily_series(*[(100.0, 100.0)] * 8)
    first = completed(alice, toys, end=day(4)).pk
    second = completed(alice, toys, start=day(4 - shared)).pk

    problem = problem_of(compare(api, [first, second]), 422)

    assert problem["code"] == "no_common_dates"
    assert ("no day" if shared == 0 else "1 day") in problem["detail"]
    assert not Comparison.objects.exists()


def test_one_whose_tables_were_purged_is_named(api: APIClient, pair: list[int]) -> None:
    pk = compare(api, pair).json()["id"]
    BacktestResult.objects.filter(pk=pair[1]).update(
        equity=b"", purged_at=timezone.now()
    )

    for response in (api.get(f"{URL}{pk}/"), compare(api, pair)):
        problem = problem_of(response, 410)
        assert problem["code"] == "result_purged"
        assert f"Backtest {pair[1]}" in problem["detail"]


def test_a_deleted_backtest_is_left_out(
    api: APIClient, alice: User, series: Series, pair: list[int]
) -> None:
    pk = compare(api, pair).json()["id"]

    assert api.delete(f"/api/v1/backtests/{pair[0]}/").status_code == 204
    body = api.get(f"{URL}{pk}/").json()
    assert body["backtests"] == [pair[1]]
    assert body["correlation"] == [[1]]

    assert api.delete(f"/api/v1/backtests/{pair[1]}/").status_code == 204
    problem = problem_of(api.get(f"{URL}{pk}/"), 410)
    assert problem["code"] == "backtests_deleted"


def test_a_comparison_is_deleted_without_its_backtests(
    api: APIClient, pair: list[int]
) -> None:
    pk = compare(api, pair).json()["id"]

    assert api.delete(f"{URL}{pk}/").status_code == 204

    assert api.get(f"{URL}{pk}/").status_code == 404
    assert Backtest.objects.count() == 2


def test_your_comparisons_come_newest_first(api: APIClient, pair: list[int]) -> None:
    made = [compare(api, pair, name=name).json() for name in ("one", "two")]

    rows = api.get(URL).json()["results"]

    shown = ("id", "name", "created_at", "backtests")
    assert rows == [{key: row[key] for key in shown} for row in made[::-1]]
    assert api.get(f"{URL}?ordering=created_at").json()["results"] == rows[::-1]
    assert pointers_of(api.get(f"{URL}?ordering=name")) == ["/ordering"]


def test_a_stranger_finds_nothing(api: APIClient, pair: list[int]) -> None:
    pk = compare(api, pair).json()["id"]
    stranger = api_client(user_create(email="bob@example.org"))

    assert stranger.get(URL).json()["results"] == []
    problem_of(stranger.get(f"{URL}{pk}/"), 404)
    problem_of(stranger.delete(f"{URL}{pk}/"), 404)
    assert Comparison.objects.count() == 1


def test_anonymous_is_401() -> None:
    for response in (
        api_client().get(URL),
        api_client().post(URL, {}),
        api_client().get(f"{URL}1/"),
        api_client().delete(f"{URL}1/"),
    ):
        problem_of(response, 401)


@pytest.mark.parametrize("count", [2, 5])
def test_any_number_takes_the_same_few_queries(
    api: APIClient,
    alice: User,
    series: Series,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ids = [completed(alice, series).pk for _ in range(count)]

    # the backtests; in a savepoint the comparison, those it has, and what it gets
    with django_assert_num_queries(6):
        pk = compare(api, ids).json()["id"]
    compare(api, ids)

    with django_assert_num_queries(2):
        assert len(api.get(URL).json()["results"]) == 2
    # the comparison, its ids, and the backtests
    with django_assert_num_queries(3) as captured:
        api.get(f"{URL}{pk}/")
    for query in captured.captured_queries:
        assert '"trades"' not in query["sql"]
