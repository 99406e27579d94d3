import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import api_client
from accounts.tests.problems import pointers_of, problem_of
from strategies.models import Strategy
from strategies.services import strategy_update
from strategies.tests.factories import strategy_of

OLD = "a = 1\nb = 2\nenter_long = close > a + b\n"
NEW = OLD.replace("2", "3")


def _url(strategy: Strategy) -> str:
    return f"/api/v1/strategies/{strategy.pk}/versions/"


@pytest.fixture
def strategy(alice: User) -> Strategy:
    strategy = strategy_of(alice)
    for code in (OLD, NEW):
        strategy = strategy_update(strategy=strategy, fields={"code": code})
    return strategy


def test_it_lists_the_history_newest_first(alice: User, strategy: Strategy) -> None:
    body = api_client(alice).get(_url(strategy)).json()

    assert [v["version"] for v in body["results"]] == [3, 2, 1]
    assert body["results"][0]["code"] == NEW
    assert len(body["results"][0]["source_hash"]) == 64
    assert body["diff"] is None


def test_it_goes_page_by_page(alice: User, strategy: Strategy) -> None:
    first = api_client(alice).get(_url(strategy), {"limit": 2}).json()
    second = api_client(alice).get(first["next"]).json()

    assert [v["version"] for v in first["results"]] == [3, 2]
    assert [v["version"] for v in second["results"]] == [1]


def test_it_says_what_changed_since_a_version(alice: User, strategy: Strategy) -> None:
    body = api_client(alice).get(_url(strategy), {"diff": 2}).json()

    assert body["diff"].split("\n") == [
        "--- version 2",
        "+++ version 3",
        "@@ -1,3 +1,3 @@",
        " a = 1",
        "-b = 2",
        "+b = 3",
        " enter_long = close > a + b",
    ]


def test_nothing_changed_since_the_current_version(
    alice: User, strategy: Strategy
) -> None:
    assert api_client(alice).get(_url(strategy), {"diff": 3}).json()["diff"] == ""


def test_a_version_that_is_not_there_is_not_found(
    alice: User, strategy: Strategy
) -> None:
    body = problem_of(api_client(alice).get(_url(strategy), {"diff": 4}), 404)

    assert "1 to 3" in body["detail"]


@pytest.mark.parametrize("diff", ["0", "-1", "x", "1.5", "9" * 20, "9" * 5000, "\0"])
def test_what_is_no_version_is_refused(
    alice: User, strategy: Strategy, diff: str
) -> None:
    assert pointers_of(api_client(alice).get(_url(strategy), {"diff": diff})) == [
        "/diff"
    ]


@pytest.mark.parametrize("name", ["ordering", "dif", "version"])
def test_what_the_history_does_not_take_is_named(
    alice: User, strategy: Strategy, name: str
) -> None:
    response = api_client(alice).get(_url(strategy), {name: "1"})

    assert pointers_of(response) == [f"/{name}"]


def test_a_stranger_gets_404_and_nobody_401(charlie: User, strategy: Strategy) -> None:
    problem_of(api_client(charlie).get(_url(strategy)), 404)
    problem_of(api_client().get(_url(strategy)), 401)


@pytest.mark.parametrize("pk", ["x", "9" * 30, "9" * 5000])
def test_what_is_no_id_is_nowhere(alice: User, pk: str) -> None:
    problem_of(api_client(alice).get(f"/api/v1/strategies/{pk}/versions/"), 404)


def test_it_takes_few_queries(
    alice: User, strategy: Strategy, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = api_client(alice)

    with django_assert_num_queries(2):
        client.get(_url(strategy))
    with django_assert_num_queries(4):
        client.get(_url(strategy), {"diff": 1})
