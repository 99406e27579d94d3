"""POST imports/ with a file that tells itself what it holds."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient
from rq import Queue

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of
from marketdata.models import ImportJob, Instrument, Series
from marketdata.sample import PATH as SAMPLE
from marketdata.tests.candles import HEADER, HOUR, START, candles, csv_text
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


def rows(count: int) -> bytes:
    return b"\n".join(CSV.splitlines()[: 1 + count]) + b"\n"


def test_what_the_user_leaves_out_is_told_by_the_file(imported: Any) -> None:
    done = imported("BTC_USDT-1h.feather", SAMPLE.read_bytes())

    assert (done["status"], done["error"]) == ("completed", None)
    assert (done["symbol"], done["timeframe"]) == ("BTC/USDT", "1h")
    series = Series.objects.get(pk=done["series"])
    assert str(series) == "BTC/USDT upload 1h"
    assert series.bars == done["result"]["new"] > 0


@pytest.mark.parametrize("packed", [False, True])
def test_the_timeframe_is_told_by_the_times(imported: Any, packed: bool) -> None:
    content = gzip.compress(CSV) if packed else CSV

    done = imported("my candles.csv", content, symbol="btc/usdt")

    assert (done["status"], done["timeframe"]) == ("completed", "1h")
    assert Series.objects.get().timeframe == "1h"


def test_the_times_of_a_file_that_is_read_whole_tell_it_later(imported: Any) -> None:
    done = imported("renamed.feather", SAMPLE.read_bytes(), symbol="BTC/USDT")

    assert (done["status"], done["timeframe"]) == ("completed", "1h")


def test_what_the_user_says_comes_before_the_name(imported: Any) -> None:
    content = SAMPLE.read_bytes()

    done = imported("BTC_USDT-1h.feather", content, symbol="XBT/USDT")

    assert (done["symbol"], done["timeframe"]) == ("XBT/USDT", "1h")


@pytest.mark.parametrize(
    ("form", "content", "field"),
    [
        ({}, CSV, "symbol"),
        ({"timeframe": "1h"}, CSV, "symbol"),
        ({"symbol": "BTC/USDT"}, rows(1), "timeframe"),
        ({"timeframe": "1h"}, b"<html>404</html>", "file"),
        ({"timeframe": "1h"}, b"\0" * 100, "file"),
        ({"timeframe": "1h"}, CSV.decode().encode("utf-16"), "file"),
    ],
)
def test_what_the_file_does_not_tell_is_named(
    client: APIClient, form: dict[str, str], content: bytes, field: str
) -> None:
    response = upload(client, "my candles.csv", content, **form)

    assert response.status_code == 400
    assert pointers_of(response) == [f"/{field}"]
    assert "“my candles.csv”" in response.json()["detail"]
    assert "--" not in response.json()["detail"]
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"timeframe": "7m"}, "/timeframe"),
        ({"symbol": ""}, "/symbol"),
        ({"symbol": "x" * 41}, "/symbol"),
        ({"symbol": "a\0b"}, "/symbol"),
        ({"file": None}, "/file"),
        ({"file": "text"}, "/file"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_bad_form_names_the_field(
    client: APIClient, changes: dict[str, Any], pointer: str
) -> None:
    form = {"file": SimpleUploadedFile("my.csv", CSV), "symbol": "BTC/USDT", **changes}
    given = {name: value for name, value in form.items() if value is not None}

    response = client.post(URL, given, format="multipart")

    assert response.status_code == 400
    assert pointers_of(response) == [pointer]


def test_an_archive_of_several_files_is_refused_at_once(client: APIClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, CSV)

    response = upload(client, "both.zip", packed.getvalue())

    assert response.status_code == 400
    assert pointers_of(response) == ["/file"]
    assert "several files" in response.json()["detail"]


def test_only_the_beginning_of_a_bomb_is_unpacked(
    client: APIClient, queue: Queue
) -> None:
    bomb = gzip.compress(CSV + b"1" * 300_000_000)

    response = upload(client, "BTC.csv.gz", bomb, symbol="BTC/USDT")

    assert response.status_code == 202


@pytest.mark.parametrize("name", ["é" * 250 + ".csv", "...", "a\\b.csv", "%00.csv"])
def test_a_name_is_only_a_name(imported: Any, name: str) -> None:
    done = imported(name, CSV, symbol="BTC/USDT")

    assert (done["status"], done["error"]) == ("completed", None)
    assert len(done["filename"]) <= 100


def test_rows_that_were_refused_are_shown_with_their_lines(
    imported: Any, client: APIClient
) -> None:
    bad = f"{START + HOUR},10,9,9,11,7"
    good = [f"{START + hour * HOUR},10,12,9,11,5" for hour in (0, 2, 3)]
    content = "\n".join([HEADER, good[0], bad, *good[1:]]) + "\n"

    done = imported("my.csv", content.encode(), symbol="BTC/USDT", timeframe="1h")

    assert done["result"]["rejected"] == {"ohlc_violation": 1}
    assert done["result"]["origin"] == "my.csv"
    assert done["refused_rows"] == [
        {
            "reason": "ohlc_violation",
            "line": 3,
            "time": "2023-01-02T01:00:00Z",
            "open": 10.0,
            "high": 9.0,
            "low": 9.0,
            "close": 11.0,
            "volume": 7.0,
        }
    ]
    (listed,) = client.get(URL).json()["results"]
    assert listed["refused_rows"] is None


def test_an_import_with_its_refused_rows_is_two_queries(
    imported: Any, client: APIClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    done = imported("my.csv", CSV, symbol="BTC/USDT")

    with django_assert_num_queries(2):
        client.get(f"{URL}{done['id']}/")


def test_the_instrument_of_a_private_series_is_hidden_from_strangers(
    imported: Any, client: APIClient
) -> None:
    imported("my.csv", CSV, symbol="SECRET/USDT")
    stranger = api_client(user_create(email="bob@example.org"))

    def listed(viewer: APIClient) -> list[str]:
        found = viewer.get("/api/v1/instruments/").json()["results"]
        return [instrument["symbol"] for instrument in found]

    assert listed(client) == ["SECRET/USDT"]
    assert listed(stranger) == []
    Series.objects.update(shared=True)
    assert listed(stranger) == ["SECRET/USDT"]
    # What is left when its series is deleted tells strangers nothing either.
    Series.objects.all().delete()
    assert Instrument.objects.exists()
    assert listed(stranger) == []
