"""A query has each name once and with a value."""

from typing import Any

import pytest
from django.http import QueryDict
from rest_framework.exceptions import ValidationError

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of
from botforge.api.queries import query_of


def refused(text: str, **options: Any) -> set[str]:
    with pytest.raises(ValidationError) as error:
        query_of(QueryDict(text), **options)
    assert isinstance(error.value.detail, dict)
    return set(error.value.detail)


def test_it_is_names_and_values() -> None:
    assert query_of(QueryDict("a=1&b=x%20y")) == {"a": "1", "b": "x y"}


def test_what_another_reads_can_be_left_aside() -> None:
    assert query_of(QueryDict("format=csv&a=1"), ignored=("format",)) == {"a": "1"}


def test_an_empty_value_is_named() -> None:
    assert refused("a=&b=1") == {"a"}


def test_a_name_that_comes_twice_is_named() -> None:
    assert refused("a=1&a=1&b=2") == {"a"}


def test_a_list_may_come_twice_but_not_empty() -> None:
    assert query_of(QueryDict("a=1&a=2"), lists=("a",)) == {"a": "2"}
    assert refused("a=1&a=", lists=("a",)) == {"a"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("symbol=", ["/symbol"]),
        ("queued_at__lte=", ["/queued_at__lte"]),
        ("library=a&library=b", ["/library"]),
        ("limit=1&limit=2", ["/limit"]),
    ],
)
def test_a_list_says_so(query: str, pointers: list[str]) -> None:
    response = api_client(user_create()).get(f"/api/v1/backtests/?{query}")

    assert pointers_of(response) == pointers


@pytest.mark.django_db
def test_a_list_takes_several_tags() -> None:
    response = api_client(user_create()).get("/api/v1/backtests/?tag=a&tag=b")

    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/api/v1/backtests/", "/api/v1/me/"])
def test_options_is_a_method_like_any_other(url: str) -> None:
    response = api_client(user_create()).options(url)

    assert response.status_code == 405
    assert "GET" in response["Allow"]
