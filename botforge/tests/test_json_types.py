"""A JSON body has types, and one of another type is refused where it stands."""

from typing import Any

import pytest
from django.http import QueryDict
from rest_framework import serializers

from botforge.api.serializers import QuerySerializer, StrictSerializer


class Body(StrictSerializer):
    text = serializers.CharField(required=False, allow_null=True)
    whole = serializers.IntegerField(required=False)
    number = serializers.FloatField(required=False)
    truth = serializers.BooleanField(required=False)
    texts = serializers.ListField(child=serializers.CharField(), required=False)


class Query(QuerySerializer):
    whole = serializers.IntegerField()


def wrong(given: dict[str, Any]) -> set[str]:
    shape = Body(data=given)
    shape.is_valid()
    return set(shape.errors)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 5),
        ("text", True),
        ("whole", "5"),
        ("whole", True),
        ("number", "0.5"),
        ("number", False),
        ("truth", "yes"),
        ("truth", 1),
        ("texts", ["a", 5]),
    ],
)
def test_another_type_is_refused(name: str, value: Any) -> None:
    assert wrong({name: value}) == {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", "5"),
        ("text", None),
        ("whole", 5),
        ("whole", 5.0),  # JSON has one kind of number
        ("number", 1),
        ("truth", False),
        ("texts", ["a"]),
    ],
)
def test_the_right_type_is_taken(name: str, value: Any) -> None:
    assert wrong({name: value}) == set()


def test_the_item_of_a_list_is_named() -> None:
    shape = Body(data={"texts": ["a", 5]})
    shape.is_valid()

    assert list(shape.errors["texts"]) == [1]


def test_an_unknown_name_and_a_wrong_type_are_told_together() -> None:
    assert wrong({"txet": "a", "truth": 1}) == {"txet", "truth"}


@pytest.mark.parametrize("given", [{"whole": "5"}, QueryDict("whole=5")])
def test_in_a_query_everything_is_text(given: Any) -> None:
    assert Query(data=given).is_valid()


def test_in_a_form_everything_is_text() -> None:
    assert Body(data=QueryDict("whole=5&truth=true")).is_valid()
