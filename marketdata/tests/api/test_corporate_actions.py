"""GET series/{id}/corporate-actions/."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from marketdata.models import CorporateAction, Series
from marketdata.tests.candles import candles, series_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def series() -> Series:
    series = series_create(candles(5))
    for kind, day, value in (("split", 31, 4.0), ("dividend", 7, 0.205)):
        time = datetime(2020, 8, day, tzinfo=UTC)
        CorporateAction.objects.create(series=series, kind=kind, time=time, value=value)
    return series


def url(series: Series) -> str:
    return f"/api/v1/series/{series.pk}/corporate-actions/"


def test_splits_and_dividends_come_in_order_of_time(
    client: APIClient, series: Series
) -> None:
    assert client.get(url(series)).json() == [
        {"kind": "dividend", "time": "2020-08-07T00:00:00Z", "value": 0.205},
        {"kind": "split", "time": "2020-08-31T00:00:00Z", "value": 4.0},
    ]


def test_a_series_without_any_has_none(client: APIClient) -> None:
    assert client.get(url(series_create(candles(5)))).json() == []


def test_anonymous_is_refused(series: Series) -> None:
    assert api_client().get(url(series)).status_code == 401


def test_those_of_a_strangers_series_are_not_found(
    client: APIClient, series: Series
) -> None:
    Series.objects.update(owner=user_create(email="bob@example.org"))

    assert client.get(url(series)).status_code == 404


def test_it_is_two_queries(
    client: APIClient, series: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        client.get(url(series))
