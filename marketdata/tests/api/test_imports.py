"""POST and GET imports/."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient
from rq import Queue

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of
from marketdata.models import ImportJob, Series, UploadPart
from marketdata.tests.candles import candles, csv_text, series_create
from marketdata.tests.imports.fetches import WHOLE, exchange_of, moment
from marketdata.tests.imports.queues import empty_queue, work_off
from marketdata.tests.providers.servers import Reply, Server

URL = "/api/v1/imports/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def client(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def queue(settings: Settings) -> Iterator[Queue]:
    # At once: the transaction that a test runs in is never committed.
    settings.RQ = {**settings.RQ, "COMMIT_MODE": "auto"}
    with empty_queue() as queue:
        yield queue


@pytest.fixture
def exchange(settings: Settings) -> Iterator[Server]:
    with exchange_of(settings) as server:
        yield server


def fetch(**changes: Any) -> dict[str, Any]:
    body = {
        "source": "ccxt:binance",
        "symbol": "BTC/USDT",
        "timeframe": "1h",
        "start": moment(0).isoformat(),
        "end": moment(1500).isoformat(),
    }
    return {**body, **changes}


def upload(client: APIClient, content: bytes | None = None, **changes: Any) -> Any:
    body = csv_text(candles(48)).encode() if content is None else content
    file = SimpleUploadedFile("../../etc/my candles.csv", body)
    form = {"file": file, "symbol": "BTC/USDT", "timeframe": "1h", **changes}
    given = {name: value for name, value in form.items() if value is not None}
    return client.post(URL, given, format="multipart")


def shown(client: APIClient, response: Any) -> dict[str, Any]:
    """Return the import as it is now, by the Location of an answer."""
    body: dict[str, Any] = client.get(response["Location"]).json()
    return body


@pytest.fixture
def submitted(
    client: APIClient, queue: Queue, django_capture_on_commit_callbacks: Any
) -> Any:
    """Submit inside, and let what waits for the commit happen."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_fetch_is_accepted_and_completes(
    client: APIClient, queue: Queue, exchange: Server, submitted: Any
) -> None:
    with submitted():
        response = client.post(URL, fetch())

    assert response.status_code == 202
    body = response.json()
    assert response["Location"].endswith(f"{URL}{body['id']}/")
    assert (body["status"], body["series"], body["result"]) == ("queued", None, None)
    assert exchange.asked == []

    work_off(queue)

    done = shown(client, response)
    assert (done["status"], done["error"]) == ("completed", None)
    assert done["progress"] == {
        "fraction": 1.0,
        "stage": "",
        "done": 1500,
        "total": 1500,
    }
    assert done["result"]["new"] == 1500
    assert done["series"] == Series.objects.get().pk


def test_a_fetch_that_fails_says_why(
    client: APIClient, queue: Queue, exchange: Server, submitted: Any
) -> None:
    exchange.always = Reply(451, '{"code": 0, "msg": "restricted"}')
    with submitted():
        response = client.post(URL, fetch())

    work_off(queue)

    failed = shown(client, response)
    assert failed["status"] == "failed"
    assert failed["error"]["code"] == "provider_refused"
    assert "HTTP 451" in failed["error"]["detail"]


def test_an_upload_goes_to_a_series_of_ones_own(
    client: APIClient, alice: User, queue: Queue, submitted: Any
) -> None:
    public = series_create(candles(5, seed=3), source="upload")
    with submitted():
        response = upload(client)

    assert response.status_code == 202
    assert response.json()["filename"] == "my candles.csv"
    assert UploadPart.objects.count() == 1

    work_off(queue)

    done = shown(client, response)
    assert (done["status"], done["error"]) == ("completed", None)
    assert done["result"]["new"] == 48
    series = Series.objects.get(pk=done["series"])
    assert (series.owner_id, series.bars) == (alice.pk, 48)
    public.refresh_from_db()
    assert (public.owner_id, public.bars) == (None, 5)
    assert not UploadPart.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"<html><body>404</body></html>", b"", b"\0" * 100, "a,b\n1,2\n".encode("utf-16")],
)
def test_a_file_that_is_none_fails_in_one_sentence(
    client: APIClient, queue: Queue, submitted: Any, content: bytes
) -> None:
    with submitted():
        response = upload(client, content)
    if not content:
        assert response.status_code == 400
        assert pointers_of(response) == ["/file"]
        return

    work_off(queue)

    failed = shown(client, response)
    assert failed["status"] == "failed"
    assert failed["error"]["code"] != "internal"
    assert not Series.objects.exists()
    assert not UploadPart.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"source": "nasdaq"}, "/source"),
        ({"source": "ccxt:nowhere"}, "/source"),
        ({"source": 7, "symbol": []}, "/symbol"),
        ({"symbol": "x" * 41}, "/symbol"),
        ({"timeframe": "7m"}, "/timeframe"),
        ({"timeframe": "1s"}, "/timeframe"),
        ({"start": "soon"}, "/start"),
        ({"start": None}, "/start"),
        ({"end": "2001-01-01T00:00:00Z"}, "/end"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_bad_input_names_the_field(
    client: APIClient, changes: dict[str, Any], pointer: str
) -> None:
    response = client.post(URL, fetch(**changes))

    assert response.status_code == 400
    assert pointers_of(response)[-1] == pointer
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize(
    ("source", "timeframe", "days"),
    [("yfinance", "1m", 30), ("yfinance", "1h", 900), ("ccxt:binance", "1d", 9000)],
)
def test_an_impossible_range_is_refused_at_once(
    client: APIClient, source: str, timeframe: str, days: int
) -> None:
    start = timezone.now() - timedelta(days=days)

    response = client.post(
        URL,
        fetch(source=source, timeframe=timeframe, start=start.isoformat(), end=None)
        | {"end": timezone.now().isoformat()},
    )

    assert response.status_code == 422
    assert response.json()["code"] == "range_not_available"
    assert "start there or later" in response.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("post", ""), ("get", "1/"), ("post", "1/cancel/")],
)
def test_anonymous_is_refused(method: str, path: str) -> None:
    assert getattr(api_client(), method)(URL + path).status_code == 401


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("post", "cancel/")])
def test_a_strangers_import_is_not_found(
    client: APIClient, queue: Queue, method: str, path: str
) -> None:
    pk = client.post(URL, fetch()).json()["id"]
    stranger = api_client(user_create(email="bob@example.org"))

    assert getattr(stranger, method)(f"{URL}{pk}/{path}").status_code == 404
    assert stranger.get(URL).json()["results"] == []
    assert ImportJob.objects.get().status == "queued"


def test_cancelled_it_does_not_run(
    client: APIClient, queue: Queue, exchange: Server, submitted: Any
) -> None:
    with submitted():
        response = upload(client)
    url = f"{response['Location']}cancel/"

    assert client.post(url).json()["status"] == "cancelled"
    assert client.post(url).json()["status"] == "cancelled"

    work_off(queue)
    assert shown(client, response)["status"] == "cancelled"
    assert not UploadPart.objects.exists()
    assert not Series.objects.exists()


def test_too_many_at_once_are_refused(
    client: APIClient, queue: Queue, settings: Settings
) -> None:
    settings.IMPORTS_MAX_ACTIVE = 1
    client.post(URL, fetch())

    for response in (client.post(URL, fetch()), upload(client)):
        assert response.status_code == 429
        assert response.json()["code"] == "quota_exceeded"


def test_the_list_filters(client: APIClient, queue: Queue) -> None:
    client.post(URL, fetch())
    upload(client)

    kinds = [one["kind"] for one in client.get(f"{URL}?kind=fetch").json()["results"]]

    assert kinds == ["fetch"]
    assert client.get(f"{URL}?kind=other").status_code == 400
    assert client.get(f"{URL}?colour=red").status_code == 400


@pytest.mark.parametrize("rows", [1, 8])
def test_a_page_is_one_query(
    client: APIClient,
    queue: Queue,
    exchange: Server,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    submitted: Any,
) -> None:
    for _ in range(rows):
        with submitted():
            client.post(URL, fetch(end=moment(24).isoformat()))
    work_off(queue)

    with django_assert_num_queries(1):
        listed = client.get(URL).json()["results"]
    assert [one["status"] for one in listed] == ["completed"] * rows
    assert len(WHOLE) > 24
