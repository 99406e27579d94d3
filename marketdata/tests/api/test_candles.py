from typing import Any

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of
from marketdata.models import Series
from marketdata.ohlcv import COLUMNS, Ohlcv
from marketdata.tests.candles import candles, series_create

pytestmark = pytest.mark.django_db
WHOLE = candles(100)


@pytest.fixture
def client() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def series() -> Series:
    return series_create(WHOLE)


def url(series: Series) -> str:
    return f"/api/v1/series/{series.pk}/candles/"


def get(client: APIClient, series: Series, **query: str | int) -> dict[str, list[Any]]:
    response = client.get(url(series), query)
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["columns"] == list(COLUMNS)
    return dict(zip(body["columns"], body["data"], strict=True))


def test_candles_come_in_columns_with_exact_values(
    client: APIClient, series: Series
) -> None:
    answer = get(client, series)

    assert answer["time"][:2] == ["2023-01-02T00:00:00Z", "2023-01-02T01:00:00Z"]
    for name in COLUMNS[1:]:
        assert answer[name] == getattr(WHOLE, name).tolist()


@pytest.mark.parametrize(
    ("start", "end", "first", "bars"),
    [
        ("2023-01-02T05:00:00Z", "2023-01-02T07:00:00Z", "2023-01-02T05:00:00Z", 2),
        ("2023-01-02T05:00:00.001Z", "2023-01-02T07:00Z", "2023-01-02T06:00:00Z", 1),
        ("2023-01-02T06:00:00+01:00", "2023-01-02T07:00Z", "2023-01-02T05:00:00Z", 2),
        ("2023-01-02T05:00:00", "2023-01-02T07:00:00", "2023-01-02T05:00:00Z", 2),
        ("2023-01-03", "2023-01-04", "2023-01-03T00:00:00Z", 24),
        ("0001-01-01", "9999-12-31T23:59:59.999999Z", "2023-01-02T00:00:00Z", 100),
    ],
)
def test_a_window_is_from_start_up_to_but_not_at_end(
    client: APIClient, series: Series, start: str, end: str, first: str, bars: int
) -> None:
    answer = get(client, series, start=start, end=end)

    assert answer["time"][0] == first
    assert len(answer["time"]) == bars


def test_a_window_outside_the_series_is_empty(
    client: APIClient, series: Series
) -> None:
    answer = get(client, series, start="2030-01-01", end="2031-01-01")

    assert all(column == [] for column in answer.values())


def test_a_higher_timeframe_is_made_from_the_candles(
    client: APIClient, series: Series
) -> None:
    answer = get(client, series, timeframe="1d", end="2023-01-03")

    assert answer["time"] == ["2023-01-02T00:00:00Z"]
    assert answer["high"] == [WHOLE.high[:24].max()]
    assert answer["volume"] == [pytest.approx(WHOLE.volume[:24].sum())]


def test_points_bound_the_answer(client: APIClient, series: Series) -> None:
    answer = get(client, series, points=7)

    assert len(answer["time"]) == 7
    assert max(answer["high"]) == WHOLE.high.max()


def test_a_missing_volume_is_null(client: APIClient) -> None:
    two = candles(2)
    volume = np.array([np.nan, 1.0])
    series = series_create(
        Ohlcv(two.time, two.open, two.high, two.low, two.close, volume)
    )

    assert get(client, series)["volume"] == [None, 1.0]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("start=2021-13-01", "/start"),
        ("start=", "/start"),
        ("start=now", "/start"),
        ("start=1672531200", "/start"),
        ("start=0001-01-01T00:00:00%2B14:00", "/start"),
        ("end=10000-01-01", "/end"),
        ("end=9999-12-31T23:59:59-14:00", "/end"),
        ("start=2023-01-02&end=2023-01-02", "/end"),
        ("start=2023-01-03&end=2023-01-02", "/end"),
        ("points=0", "/points"),
        ("points=-1", "/points"),
        ("points=1e9", "/points"),
        ("points=1000000000", "/points"),
        ("points=nan", "/points"),
        ("points=" + "9" * 5000, "/points"),
        ("points=%00", "/points"),
        ("timeframe=7m", "/timeframe"),
        ("timeframe=1m", "/timeframe"),
        ("timeframe=", "/timeframe"),
        ("limit=5", "/limit"),
        ("ordering=-time", "/ordering"),
        ("strat=2023-01-01", "/strat"),
    ],
)
def test_bad_input_names_the_parameter(
    client: APIClient, series: Series, query: str, pointer: str
) -> None:
    response = client.get(f"{url(series)}?{query}")

    assert response.status_code == 400
    assert pointers_of(response) == [pointer]


def test_too_many_candles_are_refused_with_the_remedy(client: APIClient) -> None:
    series = series_create(candles(20_001))

    response = client.get(url(series))

    assert response.status_code == 400
    assert pointers_of(response) == ["/points"]
    assert "give points to thin them out" in response.json()["detail"]


def test_candles_are_two_queries(
    client: APIClient,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # the series, its blocks
    with django_assert_num_queries(2):
        get(client, series)
