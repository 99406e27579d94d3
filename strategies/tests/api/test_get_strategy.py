import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import api_client
from accounts.tests.problems import problem_of
from strategies.models import Strategy
from strategies.tests.factories import CODE, strategy_of


@pytest.fixture
def strategy(alice: User) -> Strategy:
    return strategy_of(alice)


def _url(strategy: Strategy) -> str:
    return f"/api/v1/strategies/{strategy.pk}/"


def test_it_shows_the_strategy(alice: User, strategy: Strategy) -> None:
    response = api_client(alice).get(_url(strategy))

    assert response.status_code == 200
    assert response.json()["code"] == CODE
    assert response["ETag"] == '"1"'


def test_a_stranger_does_not_learn_that_it_exists(
    charlie: User, strategy: Strategy
) -> None:
    there, nowhere = (
        problem_of(api_client(charlie).get(url), 404)
        for url in (_url(strategy), "/api/v1/strategies/999999/")
    )

    assert there["detail"] == nowhere["detail"]


def test_nobody_has_no_strategy(strategy: Strategy) -> None:
    problem_of(api_client().get(_url(strategy)), 401)


@pytest.mark.parametrize("pk", ["0", "-1", "x", "9" * 18, "9" * 99, "1.5"])
def test_what_is_no_id_is_nowhere(alice: User, pk: str) -> None:
    problem_of(api_client(alice).get(f"/api/v1/strategies/{pk}/"), 404)


def test_it_takes_one_query(
    alice: User, strategy: Strategy, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = api_client(alice)

    with django_assert_num_queries(1):
        client.get(_url(strategy))
