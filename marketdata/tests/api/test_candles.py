import secrets
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from pyarrow import parquet
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of
from marketdata.models import Series
from marketdata.ohlcv import COLUMNS, Ohlcv
from marketdata.storage import write_candles
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
    assert body["columns"][:6] == list(COLUMNS)
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


def test_bars_of_a_higher_timeframe_say_whether_they_are_complete(
    client: APIClient, series: Series
) -> None:
    answer = get(client, series, timeframe="1d")

    assert answer["complete"] == [True, True, True, True, False]


def test_a_point_is_complete_where_all_its_bars_are(
    client: APIClient, series: Series
) -> None:
    answer = get(client, series, timeframe="8h", points=3)

    assert answer["complete"] == [True, True, False]


def test_candles_come_as_csv(client: APIClient, series: Series) -> None:
    response = client.get(url(series), {"format": "csv"})

    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined] # a streaming response
    assert response["Content-Type"] == "text/csv"
    assert "BTC-USDT-binance-1h.csv" in response["Content-Disposition"]
    assert lines[0] == ",".join(COLUMNS)
    assert lines[1].startswith("2023-01-02T00:00:00Z,")
    assert [float(v) for v in lines[100].split(",")[1:]] == [
        column[99] for column in list(WHOLE)[1:]
    ]


@pytest.mark.parametrize("by", ["format", "accept"])
def test_candles_come_as_parquet(client: APIClient, series: Series, by: str) -> None:
    media_type = "application/vnd.apache.parquet"
    query = {"format": "parquet"} if by == "format" else {}
    headers = {"Accept": media_type} if by == "accept" else {}

    response = client.get(url(series), query, headers=headers)

    content = b"".join(response.streaming_content)  # type: ignore[attr-defined] # a streaming response
    table = parquet.read_table(BytesIO(content))
    assert response["Content-Type"] == media_type
    assert table.column_names == list(COLUMNS)
    assert table["time"].cast(pa.int64()).to_pylist() == WHOLE.time.tolist()
    assert table["close"].to_pylist() == WHOLE.close.tolist()


def test_a_file_holds_more_candles_than_an_answer(client: APIClient) -> None:
    series = series_create(candles(20_001))

    response = client.get(url(series), {"format": "csv", "end": "9999-01-01"})

    content = b"".join(response.streaming_content)  # type: ignore[attr-defined] # a streaming response
    assert content.count(b"\n") == 20_002


def test_a_problem_is_json_whatever_was_asked_for(
    client: APIClient, series: Series
) -> None:
    response = client.get(url(series), {"format": "csv", "points": "0"})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert pointers_of(response) == ["/points"]


def test_a_page_is_rendered_once_for_all(client: APIClient) -> None:
    series = series_create(candles(100, seed=secrets.randbelow(10**9)))
    first = client.get(url(series)).content

    with CaptureQueriesContext(connection) as captured:
        second = client.get(url(series)).content

    assert first == second
    assert not [q for q in captured.captured_queries if "payload" in q["sql"]]


def test_a_changed_series_has_another_page(client: APIClient, series: Series) -> None:
    before = get(client, series)

    write_candles(series, candles(101).slice(100, 101))

    assert len(get(client, series)["time"]) == len(before["time"]) + 1


def test_without_redis_a_page_is_rendered_every_time(
    client: APIClient, series: Series
) -> None:
    nobody = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}

    with override_settings(CACHES={**settings.CACHES, "default": nobody}):
        assert len(get(client, series)["time"]) == 100
        assert len(get(client, series)["time"]) == 100


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
        ("format=xlsx", "/format"),
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


@pytest.mark.parametrize("points", [10, 11])
def test_candles_are_two_queries(
    client: APIClient,
    points: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    series = series_create(candles(100, seed=secrets.randbelow(10**9)))

    # the series, its blocks
    with django_assert_num_queries(2):
        get(client, series, points=points)
