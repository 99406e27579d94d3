from unittest.mock import patch

import pytest
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import api_client
from accounts.tests.problems import problem_of
from strategies.models import Strategy, StrategyVersion
from strategies.tests.factories import strategy_of


@pytest.fixture
def strategy(alice: User) -> Strategy:
    return strategy_of(alice)


def _url(strategy: Strategy) -> str:
    return f"/api/v1/strategies/{strategy.pk}/"


def test_it_deletes_the_strategy_and_its_versions(
    alice: User, strategy: Strategy
) -> None:
    response = api_client(alice).delete(_url(strategy), HTTP_IF_MATCH='"1"')

    assert response.status_code == 204
    assert response.content == b""
    assert not StrategyVersion.objects.exists()
    problem_of(api_client(alice).get(_url(strategy)), 404)


def test_what_is_in_use_stays(alice: User, strategy: Strategy) -> None:
    refused = ProtectedError("in use", {strategy.versions.get()})

    with patch.object(Strategy, "delete", side_effect=refused):
        response = api_client(alice).delete(_url(strategy))

    body = problem_of(response, 409)
    assert body["code"] == "in_use"
    assert "strategy versions" in body["detail"]
    strategy.refresh_from_db()
    assert strategy.revision == 1


def test_a_stranger_gets_404_and_nobody_401(charlie: User, strategy: Strategy) -> None:
    problem_of(api_client(charlie).delete(_url(strategy)), 404)
    problem_of(api_client().delete(_url(strategy)), 401)

    assert Strategy.objects.exists()


def test_it_takes_few_queries(
    alice: User, strategy: Strategy, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = api_client(alice)

    # the strategy; in a transaction (2): the claim, the versions, what refers to them,
    # both deletions
    with django_assert_num_queries(8):
        client.delete(_url(strategy))
