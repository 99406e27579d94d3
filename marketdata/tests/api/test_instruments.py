import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of
from marketdata.models import Instrument
from marketdata.tests.candles import series_create

URL = "/api/v1/instruments/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    return api_client(user_create())


@pytest.fixture(autouse=True)
def instruments() -> list[Instrument]:
    names = [("binance", "BTC/USDT"), ("binance", "ETH/USDT"), ("kraken", "BTC/USD")]
    return [series_create(source=a, symbol=b).instrument for a, b in names]


def symbols(client: APIClient, query: str) -> list[str]:
    return [found["symbol"] for found in client.get(URL + query).json()["results"]]


def test_it_lists_every_instrument(client: APIClient) -> None:
    body = client.get(URL).json()

    assert body["next"] is None
    assert body["results"][0] == {
        "id": Instrument.objects.get(symbol="BTC/USDT").pk,
        "source": "binance",
        "symbol": "BTC/USDT",
        "calendar": "24/7",
    }
    assert len(body["results"]) == 3


def test_anonymous_is_refused() -> None:
    assert api_client().get(URL).status_code == 401


def test_nothing_can_be_written(client: APIClient) -> None:
    assert client.post(URL, {"source": "x", "symbol": "y"}).status_code == 405


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?source=kraken", ["BTC/USD"]),
        ("?source=KRAKEN", ["BTC/USD"]),
        ("?symbol=eth/usdt", ["ETH/USDT"]),
        ("?symbol=ETH", []),
        ("?symbol=%25", []),
        ("?source=binance&symbol=BTC/USDT", ["BTC/USDT"]),
        ("?ordering=-symbol", ["ETH/USDT", "BTC/USDT", "BTC/USD"]),
        ("?ordering=source&limit=2", ["BTC/USDT", "ETH/USDT"]),
    ],
)
def test_it_filters_and_orders(client: APIClient, query: str, found: list[str]) -> None:
    assert symbols(client, query) == found


@pytest.mark.parametrize("ordering", ["id", "-id", "source", "-source", "symbol"])
def test_pages_hold_every_instrument_once(client: APIClient, ordering: str) -> None:
    url = f"{URL}?limit=1&ordering={ordering}"
    seen: list[str] = []
    while url:
        body = client.get(url).json()
        seen += [found["symbol"] for found in body["results"]]
        url = body["next"]

    assert sorted(seen) == ["BTC/USD", "BTC/USDT", "ETH/USDT"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=x", "/limit"),
        ("ordering=calendar", "/ordering"),
        ("ordering=id,source", "/ordering"),
        ("ordering=source__id", "/ordering"),
        ("sybmol=BTC", "/sybmol"),
        ("symbol=%00", "/symbol"),
        (f"symbol={'x' * 41}", "/symbol"),
        (f"source={'x' * 100_000}", "/source"),
    ],
)
def test_bad_input_names_the_parameter(
    client: APIClient, query: str, pointer: str
) -> None:
    response = client.get(f"{URL}?{query}")

    assert response.status_code == 400
    assert pointers_of(response) == [pointer]


def test_a_page_is_one_query(
    client: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        client.get(URL)
