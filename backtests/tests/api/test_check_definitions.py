import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import problem_of
from backtests.tests.factories import completed, walk_series

URL = "/api/v1/checks/definitions/"

pytestmark = pytest.mark.django_db


def test_every_check_of_a_result_is_defined_in_the_same_order() -> None:
    alice = user_create()
    done = completed(alice, walk_series())

    definitions = api_client(alice).get(URL).json()

    found = api_client(alice).get(f"/api/v1/backtests/{done.pk}/checks/").json()
    codes = [finding["code"] for finding in found["results"]]
    assert [definition["code"] for definition in definitions] == codes


def test_a_definition_says_what_the_number_is_and_when_it_matters(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    api = api_client(user_create())

    with django_assert_num_queries(0):
        definitions = api.get(URL).json()

    for definition in definitions:
        assert sorted(definition) == ["code", "rule", "unit", "value"]
        assert all(definition.values())


def test_anonymous_is_401() -> None:
    problem_of(api_client().get(URL), 401)
