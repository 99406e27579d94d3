import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from marketdata.models import ImportRun, Series, SeriesQuality
from marketdata.tests.candles import HOUR, START, candles_at, series_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def series() -> Series:
    kept = np.delete(np.arange(1000), slice(500, 510))
    return series_create(candles_at(START + HOUR * kept))


def url(series: Series) -> str:
    return f"/api/v1/series/{series.pk}/quality/"


def run_of(series: Series, new: int, rejected: dict[str, int]) -> ImportRun:
    return ImportRun.objects.create(
        series=series,
        origin="a.csv",
        format="csv",
        rows=10,
        new=new,
        changed=0,
        unchanged=0,
        rejected=rejected,
        revision=1,
    )


def test_it_shows_the_stored_report(client: APIClient, series: Series) -> None:
    response = client.get(url(series))

    body = response.json()
    assert response.status_code == 200
    assert (body["series"], body["revision"], body["grade"]) == (series.pk, 1, "C")
    assert body["grades"]["missing"] == "C"
    assert (body["bars"], body["expected_bars"], body["coverage"]) == (990, 1000, 0.99)
    assert body["listed"]["gaps"] == [
        {
            "start": "2023-01-22T20:00:00Z",
            "end": "2023-01-23T06:00:00Z",
            "bars": 10,
            "kind": "gap",
        }
    ]


def test_the_grade_is_that_of_the_series(client: APIClient, series: Series) -> None:
    shown = client.get(f"/api/v1/series/{series.pk}/").json()

    assert shown["grade"] == client.get(url(series)).json()["grade"]


def test_refused_rows_are_summed_over_imports_that_stored_something(
    client: APIClient, series: Series
) -> None:
    run_of(series, 5, {"duplicate": 2, "off_grid": 0})
    run_of(series, 1, {"duplicate": 1, "bad_timestamp": 4})
    run_of(series, 0, {"duplicate": 99})

    refused = client.get(url(series)).json()["refused"]

    assert refused == {"bad_timestamp": 4, "duplicate": 3}


def test_anonymous_is_refused(series: Series) -> None:
    assert api_client().get(url(series)).status_code == 401


@pytest.mark.parametrize("reference", ["999999", "abc", "0"])
def test_an_unknown_series_is_not_found(client: APIClient, reference: str) -> None:
    assert client.get(f"/api/v1/series/{reference}/quality/").status_code == 404


def test_a_series_that_was_never_checked_says_what_to_do(
    client: APIClient, series: Series
) -> None:
    SeriesQuality.objects.all().delete()

    response = client.get(url(series))

    assert response.status_code == 404
    assert "check_candles" in response.json()["detail"]


@pytest.mark.parametrize("path", ["", "quality/", "candles/"])
def test_the_series_of_somebody_else_is_not_found(
    client: APIClient, series: Series, path: str
) -> None:
    owner = user_create(email="owner@example.org")
    Series.objects.update(owner=owner)
    page = f"/api/v1/series/{series.pk}/{path}"

    assert client.get(page).status_code == 404
    assert api_client(owner).get(page).status_code == 200


def test_a_report_is_three_queries(
    client: APIClient,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # the series, its report, its imports
    with django_assert_num_queries(3):
        client.get(url(series))
