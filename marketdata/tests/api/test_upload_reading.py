"""POST imports/ with a word on how the file is to be read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings
from rest_framework.test import APIClient
from rq import Queue

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of
from marketdata.models import Series
from marketdata.storage import read_candles
from marketdata.tests.candles import START, candles, csv_text
from marketdata.tests.imports.queues import empty_queue, work_off

URL = "/api/v1/imports/"
CSV = csv_text(candles(48)).encode()

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def queue(settings: Settings) -> Iterator[Queue]:
    settings.RQ = {**settings.RQ, "COMMIT_MODE": "auto"}
    with empty_queue() as queue:
        yield queue


@pytest.fixture
def imported(
    client: APIClient, queue: Queue, django_capture_on_commit_callbacks: Any
) -> Any:
    """Upload, let the worker work, and return the import as it is then."""

    def run(name: str, content: bytes, **form: str) -> dict[str, Any]:
        with django_capture_on_commit_callbacks(execute=True):
            response = upload(client, name, content, **form)
        assert response.status_code == 202, response.content
        work_off(queue)
        body: dict[str, Any] = client.get(response["Location"]).json()
        return body

    return run


def upload(client: APIClient, name: str, content: bytes, **form: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(URL, {"file": file, **form}, format="multipart")


def european(rows: int = 48) -> bytes:
    """Return candles of London's afternoons as a spreadsheet in Berlin writes them."""
    lines = ["Start;o;h;l;c;Vol"]
    for hour in range(rows):
        day, clock = divmod(hour, 24)
        lines.append(f"0{1 + day}/02/2021 {clock:02}:00;10,5;12,5;9,5;11,5;{hour},25")
    return "\n".join(lines).encode()


NAMED = {"columns": "time=Start", "decimal_comma": "true"}


def test_how_to_read_a_file_may_be_said(imported: Any) -> None:
    done = imported(
        "export.csv",
        european(),
        symbol="DAX",
        timezone="Europe/Berlin",
        columns="time=Start,volume=Vol",
        day_first="true",
        decimal_comma="true",
    )

    assert (done["status"], done["error"]) == ("completed", None)
    series = Series.objects.get()
    assert (series.timeframe, series.bars) == ("1h", 48)
    # Midnight in Berlin, in February.
    assert series.first == datetime(2021, 1, 31, 23, tzinfo=UTC)
    stored = read_candles(series, None, None)
    assert (stored.open[0], stored.volume[47]) == (10.5, 47.25)


def test_the_month_may_come_first(imported: Any) -> None:
    done = imported("a.csv", european(), symbol="DAX", day_first="false", **NAMED)

    assert done["status"] == "completed"
    assert Series.objects.get().first == datetime(2021, 1, 2, tzinfo=UTC)


def test_times_may_be_those_of_the_close(imported: Any) -> None:
    imported("my.csv", CSV, symbol="BTC/USDT", close_time="true")

    first = Series.objects.get().first
    assert first == datetime.fromtimestamp(START / 1000, UTC) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("choice", "stored", "status"),
    [("keep", 0, "completed"), ("replace", 48, "completed"), ("fail", 0, "failed")],
)
def test_what_becomes_of_other_values_may_be_said(
    imported: Any, choice: str, stored: int, status: str
) -> None:
    other = csv_text(candles(48, seed=1)).encode()
    imported("my.csv", CSV, symbol="BTC/USDT")

    done = imported("my.csv", other, symbol="BTC/USDT", on_conflict=choice)

    assert done["status"] == status
    now = read_candles(Series.objects.get(), None, None)
    assert int((now.close != candles(48).close).sum()) == stored


def test_an_ambiguous_file_asks_in_the_words_of_the_form(client: APIClient) -> None:
    response = upload(client, "a.csv", european(), **NAMED)

    assert response.status_code == 400
    assert "day_first=true or day_first=false" in response.json()["detail"]
    assert "--" not in response.json()["detail"]


def test_a_worker_that_finds_it_ambiguous_says_it_alike(imported: Any) -> None:
    done = imported("a.csv", european(), symbol="DAX", timeframe="1h", **NAMED)

    assert done["status"] == "failed"
    assert "day_first=true or day_first=false" in done["error"]["detail"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"format": "excel"}, "format"),
        ({"format": "kraken_ohlcvt"}, "file"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"columns": "time"}, "columns"),
        ({"columns": "colour=1"}, "file"),
        ({"day_first": "maybe"}, "day_first"),
        ({"adjustment": "inflation"}, "adjustment"),
        ({"on_conflict": "merge"}, "on_conflict"),
    ],
)
def test_a_bad_wish_names_the_field(
    client: APIClient, form: dict[str, str], field: str
) -> None:
    response = upload(client, "my.csv", CSV, **form)

    assert response.status_code == 400
    assert pointers_of(response) == [f"/{field}"]
