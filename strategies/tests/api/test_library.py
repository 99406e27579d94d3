import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import api_client, as_json
from accounts.tests.problems import problem_of
from strategies.library.registry import LIBRARY

URL = "/api/v1/strategy-library/"


def test_it_lists_the_built_in_strategies(charlie: User) -> None:
    body = api_client(charlie).get(URL).json()

    assert [s["slug"] for s in body["results"]] == list(LIBRARY)
    assert body["next"] is None


def test_it_describes_one_strategy(charlie: User) -> None:
    body = api_client(charlie).get(f"{URL}ma_cross/").json()

    fast, _, kind = body.pop("parameters")
    assert body.pop("documentation").startswith(body["description"])
    assert body.pop("code") is None
    assert body == {
        "slug": "ma_cross",
        "title": "Moving-average cross",
        "description": "Follow the trend: long while a fast average is above a slow "
        "one.",
    }
    assert fast == {
        "name": "fast",
        "type": "int",
        "default": 20,
        "minimum": 2.0,
        "maximum": 1000.0,
        "step": 1.0,
        "choices": None,
        "description": "Bars in the fast average; fewer than in the slow one.",
    }
    assert (kind["type"], kind["choices"]) == ("str", ["sma", "ema"])
    assert kind["minimum"] is None


def test_a_template_can_be_copied(charlie: User) -> None:
    client = api_client(charlie)
    template = client.get(f"{URL}turtle/").json()

    copied = client.post(
        "/api/v1/strategies/", **as_json({"name": "Mine", "code": template["code"]})
    )

    assert copied.status_code == 201
    assert copied.json()["code"] == template["code"]
    assert template["documentation"].splitlines()[0] in template["code"]


def test_the_list_and_the_single_strategy_agree(charlie: User) -> None:
    client = api_client(charlie)

    for described in client.get(URL).json()["results"]:
        assert client.get(f"{URL}{described['slug']}/").json() == described


def test_an_unknown_slug_names_the_choices(charlie: User) -> None:
    body = problem_of(api_client(charlie).get(f"{URL}martingale/"), 404)

    assert "ma_cross" in body["detail"]


@pytest.mark.parametrize("url", [URL, f"{URL}ma_cross/"])
def test_nobody_sees_nothing(url: str, db: None) -> None:
    problem_of(api_client().get(url), 401)


def test_it_takes_no_query(
    charlie: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = api_client(charlie)

    with django_assert_num_queries(0):
        client.get(URL)
