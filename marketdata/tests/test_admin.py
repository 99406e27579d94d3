from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import user_create
from marketdata.models import CandleBlock, ImportRun, Instrument, Series
from marketdata.services.importing import Target, candles_import
from marketdata.tests.candles import NOW, candles, csv_file

ADMIN = "/admin/marketdata/"
MODELS: dict[str, type[Any]] = {
    "instrument": Instrument,
    "series": Series,
    "candleblock": CandleBlock,
    "importrun": ImportRun,
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(user_create(email="operator@example.org", staff=True))
    return client


def import_some(folder: Path, number: int) -> None:
    for index in range(number):
        target = Target.of("binance", f"COIN{index}", "1h")
        candles_import(path=csv_file(folder, candles(10)), target=target, now=NOW)


@pytest.mark.parametrize("number", [1, 12])
@pytest.mark.parametrize(
    # the operator, two counts, the rows, the filters; dates for the hierarchy
    ("model", "queries"),
    [("instrument", 5), ("series", 5), ("candleblock", 3), ("importrun", 7)],
)
def test_a_list_takes_the_same_queries_for_any_number_of_rows(
    tmp_path: Path,
    operator: Client,
    model: str,
    queries: int,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    import_some(tmp_path, number)

    with django_assert_num_queries(queries):
        response = operator.get(f"{ADMIN}{model}/")

    assert response.status_code == 200
    assert b"COIN0" in response.content


@pytest.mark.parametrize("model", MODELS)
def test_a_list_can_be_searched(tmp_path: Path, operator: Client, model: str) -> None:
    import_some(tmp_path, 2)

    found = operator.get(f"{ADMIN}{model}/", {"q": "coin1"})

    assert b"COIN1" in found.content
    assert b"COIN0" not in found.content


@pytest.mark.parametrize("model", MODELS)
def test_pages_never_load_a_payload(
    tmp_path: Path, operator: Client, model: str
) -> None:
    import_some(tmp_path, 1)
    row = MODELS[model].objects.get()

    with CaptureQueriesContext(connection) as captured:
        shown = operator.get(f"{ADMIN}{model}/{row.pk}/change/")
        operator.get(f"{ADMIN}{model}/")

    assert shown.status_code == 200
    assert not [q for q in captured.captured_queries if "payload" in q["sql"]]


@pytest.mark.parametrize(
    # the operator, the row, and what it belongs to
    ("model", "queries"),
    [("instrument", 2), ("series", 3), ("candleblock", 4), ("importrun", 4)],
)
def test_a_change_page_takes_few_queries(
    tmp_path: Path,
    operator: Client,
    model: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    import_some(tmp_path, 1)
    url = f"{ADMIN}{model}/{MODELS[model].objects.get().pk}/change/"
    operator.get(url)  # content types are read once and kept

    with django_assert_num_queries(queries):
        operator.get(url)


@pytest.mark.parametrize("model", MODELS)
def test_rows_come_from_imports_only(
    tmp_path: Path, operator: Client, model: str
) -> None:
    import_some(tmp_path, 1)

    assert operator.get(f"{ADMIN}{model}/add/").status_code == 403


@pytest.mark.parametrize("model", ["series", "candleblock", "importrun"])
def test_what_imports_wrote_is_not_changed_or_deleted(
    tmp_path: Path, operator: Client, model: str
) -> None:
    import_some(tmp_path, 1)
    row = f"{ADMIN}{model}/{MODELS[model].objects.get().pk}"

    assert operator.post(f"{row}/change/", {"bars": 5}).status_code == 403
    assert operator.post(f"{row}/delete/", {"post": "yes"}).status_code == 403
    assert MODELS[model].objects.count() == 1


def test_the_calendar_of_an_instrument_is_changed_but_not_its_names(
    tmp_path: Path, operator: Client
) -> None:
    import_some(tmp_path, 1)
    instrument = Instrument.objects.get()

    operator.post(
        f"{ADMIN}instrument/{instrument.pk}/change/",
        {"calendar": "exchange", "symbol": "coin0", "source": "other"},
    )

    instrument.refresh_from_db()
    assert (instrument.calendar, instrument.days_per_year) == ("exchange", 252)
    assert str(instrument) == "COIN0 binance"
