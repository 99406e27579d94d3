import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import user_create
from strategies.models import Strategy, StrategyVersion
from strategies.services import strategy_update
from strategies.tests.factories import strategy_of

STRATEGIES = "/admin/strategies/strategy/"
NEW = "exit_long = True"
VERSIONS = "/admin/strategies/strategyversion/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(user_create(email="operator@example.org", staff=True))
    return client


def _strategies(number: int) -> Strategy:
    """Create strategies of different owners with two versions; return the last."""
    for i in range(number):
        strategy = strategy_of(user_create(email=f"user{i}@example.org"))
        strategy_update(strategy=strategy, fields={"code": NEW})
    return strategy


@pytest.mark.parametrize("number", [1, 15])
@pytest.mark.parametrize("url", [STRATEGIES, VERSIONS])
def test_a_list_takes_the_same_queries_for_any_number_of_rows(
    operator: Client,
    url: str,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    _strategies(number)

    with django_assert_num_queries(4):  # the operator, two counts, the rows
        response = operator.get(url)

    assert response.status_code == 200
    assert b"user0@example.org" in response.content


def test_the_page_of_a_strategy_shows_its_versions(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    strategy = _strategies(1)
    url = f"{STRATEGIES}{strategy.pk}/change/"
    operator.get(url)  # content types are read once and kept

    # the operator, the strategy, its owner, its versions
    with django_assert_num_queries(4):
        response = operator.get(url)

    assert response.status_code == 200
    assert strategy.versions.all()[1].source_hash.encode() in response.content
    assert b'name="_save"' not in response.content


def test_the_page_of_a_version_shows_its_code_and_changes_nothing(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = _strategies(1).versions.get(number=2)
    url = f"{VERSIONS}{version.pk}/change/"
    operator.get(url)

    # the operator, the version, its strategy
    with django_assert_num_queries(3):
        response = operator.get(url)

    assert response.status_code == 200
    assert NEW.encode() in response.content
    assert b'name="_save"' not in response.content
    assert b"deletelink" not in response.content
    assert operator.post(url, {"code": "other"}).status_code == 403
    assert operator.post(f"{VERSIONS}{version.pk}/delete/").status_code == 403
    assert operator.get(f"{VERSIONS}add/").status_code == 403


@pytest.mark.parametrize("query", ["Cross", "user0@example.org"])
def test_strategies_are_found_by_name_and_owner(operator: Client, query: str) -> None:
    _strategies(1)

    for url in (STRATEGIES, VERSIONS):
        assert b"user0@" in operator.get(url, {"q": query}).content


def test_an_operator_can_delete_a_strategy_with_its_versions(operator: Client) -> None:
    strategy = _strategies(1)

    response = operator.post(f"{STRATEGIES}{strategy.pk}/delete/", {"post": "yes"})

    assert response.status_code == 302
    assert not StrategyVersion.objects.exists()


def test_an_operator_can_delete_a_user_with_their_strategies(operator: Client) -> None:
    owner = _strategies(1).owner

    response = operator.post(
        f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"}
    )

    assert response.status_code == 302
    assert not User.objects.filter(pk=owner.pk).exists()
    assert not Strategy.objects.exists()
