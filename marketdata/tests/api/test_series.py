from base64 import b64encode

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of
from marketdata.models import Series
from marketdata.tests.candles import HOUR, START, candles, series_create

URL = "/api/v1/series/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def series() -> Series:
    return series_create(candles(48))


def test_it_shows_what_a_series_holds(client: APIClient, series: Series) -> None:
    response = client.get(f"{URL}{series.pk}/")

    assert response.status_code == 200
    assert response.json() == {
        "id": series.pk,
        "source": "binance",
        "symbol": "BTC/USDT",
        "timeframe": "1h",
        "calendar": "24/7",
        "adjustment": "none",
        "private": False,
        "first": "2023-01-02T00:00:00Z",
        "last": "2023-01-03T23:00:00Z",
        "bars": 48,
        "gaps": 0,
        "missing_bars": 0,
        "grade": "A",
        "revision": 1,
        "content_hash": series.content_hash,
    }


def test_ones_own_series_is_private_until_it_is_shared(series: Series) -> None:
    alice = user_create(email="own@example.org")
    Series.objects.update(owner=alice)
    url = f"{URL}{series.pk}/"

    assert api_client(alice).get(url).json()["private"] is True

    Series.objects.update(shared=True)
    assert api_client(alice).get(url).json()["private"] is False


def test_the_list_shows_the_same(client: APIClient, series: Series) -> None:
    listed = client.get(URL).json()["results"]

    assert listed == [client.get(f"{URL}{series.pk}/").json()]


def test_a_series_without_candles_is_not_shown(client: APIClient) -> None:
    empty = series_create()

    assert client.get(URL).json()["results"] == []
    assert client.get(f"{URL}{empty.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["", "1/", "1/candles/"])
def test_anonymous_is_refused(path: str) -> None:
    assert api_client().get(URL + path).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "0/",
        "999999999999999999/",
        "9999999999999999999/",
        "-1/",
        "abc/",
        "٢/",
        "999999/candles/",
        "abc/candles/",
    ],
)
def test_an_unknown_series_is_not_found(client: APIClient, path: str) -> None:
    assert client.get(URL + path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client: APIClient, series: Series, method: str) -> None:
    assert getattr(client, method)(f"{URL}{series.pk}/", {}).status_code == 405


@pytest.fixture
def many() -> None:
    series_create(candles(5), symbol="BTC/USDT")
    series_create(candles(9), symbol="ETH/USDT")
    daily = candles(5, step=24 * HOUR, start=START + 240 * HOUR)
    series_create(daily, source="kraken", timeframe="1d")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("source=Kraken", ["kraken 1d"]),
        ("symbol=eth/usdt", ["binance 1h"]),
        ("timeframe=1d", ["kraken 1d"]),
        ("timeframe=1w", []),
        ("symbol=btc/usdt&timeframe=1h", ["binance 1h"]),
        ("ordering=-first&limit=1", ["kraken 1d"]),
    ],
)
@pytest.mark.usefixtures("many")
def test_it_filters_and_orders(client: APIClient, query: str, found: list[str]) -> None:
    listed = client.get(f"{URL}?{query}").json()["results"]

    assert [f"{one['source']} {one['timeframe']}" for one in listed] == found


@pytest.mark.parametrize("field", ["id", "bars", "first", "last"])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.usefixtures("many")
def test_pages_hold_every_series_once(client: APIClient, field: str, sign: str) -> None:
    url = f"{URL}?limit=1&ordering={sign}{field}"
    seen = []
    while url:
        body = client.get(url).json()
        seen += [one["id"] for one in body["results"]]
        url = body["next"]

    key = sorted(Series.objects.all(), key=lambda one: (getattr(one, field), one.pk))
    assert seen == [one.pk for one in (key[::-1] if sign else key)]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("timeframe=7m", "/timeframe"),
        ("limit=1000", "/limit"),
        ("limit=-1", "/limit"),
        ("ordering=content_hash", "/ordering"),
        ("ordering=instrument__source", "/ordering"),
        ("timefrane=1h", "/timefrane"),
        ("symbol=%00", "/symbol"),
    ],
)
def test_bad_input_names_the_parameter(
    client: APIClient, query: str, pointer: str
) -> None:
    response = client.get(f"{URL}?{query}")

    assert response.status_code == 400
    assert pointers_of(response) == [pointer]


@pytest.mark.parametrize("position", ["abc", "1e9", "9" * 30, "2023-13-01", "\0"])
@pytest.mark.parametrize("ordering", ["id", "first", "bars"])
@pytest.mark.usefixtures("series")
def test_a_forged_cursor_is_a_problem_of_the_client(
    client: APIClient, ordering: str, position: str
) -> None:
    cursor = b64encode(f"p={position}".encode()).decode()

    response = client.get(URL, {"ordering": ordering, "cursor": cursor})

    assert response.status_code == 200 or pointers_of(response) == ["/cursor"]


@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_is_one_query(
    client: APIClient, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        series_create(candles(2), symbol=f"COIN{number}")

    with django_assert_num_queries(1):
        assert len(client.get(URL).json()["results"]) == rows


def test_one_series_is_one_query(
    client: APIClient,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        client.get(f"{URL}{series.pk}/")
