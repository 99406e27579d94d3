import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import problem_of
from backtests.engine import HEADLINE
from backtests.tests.factories import completed, walk_series

URL = "/api/v1/metrics/definitions/"

pytestmark = pytest.mark.django_db


def test_every_metric_of_a_result_is_defined_in_the_same_order() -> None:
    alice = user_create()
    done = completed(alice, walk_series())

    definitions = api_client(alice).get(URL).json()

    shown = api_client(alice).get(f"/api/v1/backtests/{done.pk}/").json()["metrics"]
    assert [definition["key"] for definition in definitions] == list(shown)


def test_a_definition_has_a_formula_a_unit_and_a_sample(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    api = api_client(user_create())

    with django_assert_num_queries(0):
        definitions = api.get(URL).json()

    for definition in definitions:
        headline = definition.pop("headline")
        assert headline == (definition["key"] in HEADLINE)
        assert sorted(definition) == ["formula", "key", "sample", "unit"]
        assert all(definition.values())


def test_anonymous_is_401() -> None:
    problem_of(api_client().get(URL), 401)
