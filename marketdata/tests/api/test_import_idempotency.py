"""POST imports/ with an Idempotency-Key."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from marketdata.models import ImportJob, UploadPart
from marketdata.tests.candles import candles, csv_text
from marketdata.tests.imports.fetches import moment

URL = "/api/v1/imports/"
FETCH = {
    "source": "ccxt:binance",
    "symbol": "BTC/USDT",
    "timeframe": "1h",
    "start": moment(0).isoformat(),
    "end": moment(100).isoformat(),
}
KEY = {"Idempotency-Key": "one"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    return api_client(user_create())


def fetch(client: APIClient, **changes: str) -> Any:
    return client.post(URL, {**FETCH, **changes}, headers=KEY)


def upload(client: APIClient, bars: int = 48, symbol: str = "BTC/USDT") -> Any:
    file = SimpleUploadedFile("my.csv", csv_text(candles(bars)).encode())
    form = {"file": file, "symbol": symbol}
    return client.post(URL, form, format="multipart", headers=KEY)


@pytest.mark.parametrize("send", [fetch, upload])
def test_sent_twice_it_is_one_import(client: APIClient, send: Any) -> None:
    first = send(client)

    second = send(client)

    assert (first.status_code, second.status_code) == (202, 202)
    assert second["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert second.json() == first.json()
    assert second["Location"] == first["Location"]
    assert ImportJob.objects.count() == 1


@pytest.mark.parametrize(
    ("send", "other"),
    [
        (fetch, {"symbol": "ETH/USDT"}),
        (upload, {"symbol": "ETH/USDT"}),
        (upload, {"bars": 49}),
    ],
)
def test_the_key_of_another_import_is_refused(
    client: APIClient, send: Any, other: dict[str, Any]
) -> None:
    send(client)

    response = send(client, **other)

    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"
    assert ImportJob.objects.count() == 1


def test_what_was_refused_leaves_the_key_free(client: APIClient) -> None:
    assert upload(client, bars=1).status_code == 400

    assert upload(client).status_code == 202
    assert UploadPart.objects.count() == 1


def test_the_key_of_another_user_is_another_key(client: APIClient) -> None:
    fetch(client)

    assert fetch(api_client(user_create(email="bob@example.org"))).status_code == 202
    assert ImportJob.objects.count() == 2
