import base64
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import api_client
from accounts.tests.problems import pointers_of, problem_of
from strategies.tests.factories import CODE, strategy_of

URL = "/api/v1/strategies/"


def _names(user: User, **query: Any) -> list[str]:
    return [s["name"] for s in api_client(user).get(URL, query).json()["results"]]


def test_it_lists_ones_own_newest_first(alice: User, bob: User, charlie: User) -> None:
    strategy_of(alice, name="First")
    strategy_of(alice, name="Second")
    strategy_of(bob, name="Other")

    assert _names(alice) == ["Second", "First"]
    assert _names(bob) == ["Other"]
    assert _names(charlie) == []


def test_each_has_its_current_code(alice: User) -> None:
    strategy_of(alice)

    (found,) = api_client(alice).get(URL).json()["results"]

    assert found["code"] == CODE
    assert found["version"] == 1


def test_it_goes_page_by_page(alice: User) -> None:
    for number in range(5):
        strategy_of(alice, name=f"Number {number}")

    client, url, seen = api_client(alice), f"{URL}?limit=2", []
    while url:
        page = client.get(url).json()
        seen.append([s["name"][-1] for s in page["results"]])
        url = page["next"]

    assert seen == [["4", "3"], ["2", "1"], ["0"]]


def test_it_can_be_ordered_and_filtered_by_name(alice: User) -> None:
    for name in ("Cross B", "Reversion", "Cross A"):
        strategy_of(alice, name=name)

    assert _names(alice, ordering="name") == ["Cross A", "Cross B", "Reversion"]
    assert _names(alice, ordering="-created_at")[0] == "Cross A"
    assert _names(alice, name="Reversion") == ["Reversion"]
    assert _names(alice, name__icontains="cross") == ["Cross A", "Cross B"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "", "9" * 9999])
def test_a_bad_limit_is_refused(alice: User, limit: str) -> None:
    assert pointers_of(api_client(alice).get(URL, {"limit": limit})) == ["/limit"]


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("name", "a\x00"),
        ("name", "x" * 100_000),
        ("name__icontains", "x" * 100_000),
        ("nmae", "Cross"),
        ("ordering", "owner__password"),
        ("ordering", "name,created_at"),
    ],
)
def test_a_bad_filter_or_ordering_is_named(alice: User, query: str, value: str) -> None:
    response = api_client(alice).get(URL, {query: value})

    assert pointers_of(response) == [f"/{query}"]


@pytest.mark.parametrize("ordering", ["", "name", "created_at"])
@pytest.mark.parametrize("position", ["x", "\x00", "9" * 30, "2020-01-01T00:00Z"])
def test_a_forged_cursor_is_no_bug(alice: User, ordering: str, position: str) -> None:
    strategy_of(alice)
    cursor = base64.b64encode(f"p={position}".encode()).decode()

    query = {"cursor": cursor, **({"ordering": ordering} if ordering else {})}
    response = api_client(alice).get(URL, query)

    if response.status_code != 200:
        assert pointers_of(response) == ["/cursor"]


def test_nobody_has_no_strategies(db: None) -> None:
    problem_of(api_client().get(URL), 401)


@pytest.mark.parametrize("strategies", [1, 10])
def test_it_takes_one_query(
    alice: User, strategies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(strategies):
        strategy_of(alice, name=f"Number {number}")
    client = api_client(alice)

    with django_assert_num_queries(1):
        client.get(URL)
