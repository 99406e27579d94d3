"""Every list and page of market data in the admin."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from marketdata.models import (
    CandleBlock,
    ImportJob,
    ImportRun,
    Instrument,
    MaintenanceRecord,
    RefusedRow,
    Series,
    SeriesRefresh,
)
from marketdata.tests.admin.pages import ADMIN, import_some, operator_client

MODELS: dict[str, type[Any]] = {
    "instrument": Instrument,
    "series": Series,
    "candleblock": CandleBlock,
    "importrun": ImportRun,
    "refusedrow": RefusedRow,
    "importjob": ImportJob,
    "seriesrefresh": SeriesRefresh,
    "maintenancerecord": MaintenanceRecord,
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    return operator_client()


def rows_of_every_model(folder: Path, number: int) -> None:
    """Make so many rows of each model, of COIN0, COIN1 and so on."""
    owner = User.objects.get()
    for run in import_some(folder, number):
        symbol = run.series.instrument.symbol
        ImportRun.objects.filter(pk=run.pk).update(origin=f"{symbol}.csv")
        RefusedRow.objects.create(run=run, reason="nan", line=3, time=timezone.now())
        ImportJob.objects.create(
            owner=owner,
            kind="upload",
            source="binance",
            symbol=symbol,
            timeframe="1h",
            filename=f"{symbol}.csv",
            status="completed",
            run=run,
        )
        SeriesRefresh.objects.create(series=run.series, provider="ccxt:binance")
        MaintenanceRecord.objects.create(
            action="repair", target=str(run.series), actor="somebody", outcome={}
        )


@pytest.mark.parametrize("number", [1, 12])
@pytest.mark.parametrize(
    # the operator, two counts, the rows, the filters; dates for the hierarchy
    ("model", "queries"),
    [
        ("instrument", 5),
        ("series", 7),
        ("candleblock", 4),
        ("importrun", 8),
        ("refusedrow", 4),
        ("importjob", 7),
        ("seriesrefresh", 5),
        ("maintenancerecord", 6),
    ],
)
def test_a_list_takes_the_same_queries_for_any_number_of_rows(
    tmp_path: Path,
    operator: Client,
    model: str,
    queries: int,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows_of_every_model(tmp_path, number)

    with django_assert_num_queries(queries):
        response = operator.get(f"{ADMIN}{model}/")

    assert response.status_code == 200
    assert b"COIN0" in response.content


@pytest.mark.parametrize("model", MODELS)
def test_a_list_can_be_searched(tmp_path: Path, operator: Client, model: str) -> None:
    rows_of_every_model(tmp_path, 2)

    found = operator.get(f"{ADMIN}{model}/", {"q": "coin1"})

    assert b"COIN1" in found.content
    assert b"COIN0" not in found.content


@pytest.mark.parametrize("model", MODELS)
def test_pages_never_load_a_payload(
    tmp_path: Path, operator: Client, model: str
) -> None:
    rows_of_every_model(tmp_path, 1)
    row = MODELS[model].objects.get()

    with CaptureQueriesContext(connection) as captured:
        shown = operator.get(f"{ADMIN}{model}/{row.pk}/change/")
        operator.get(f"{ADMIN}{model}/")

    assert shown.status_code == 200
    assert not [q for q in captured.captured_queries if "payload" in q["sql"]]


@pytest.mark.parametrize(
    # the operator, the row, and what it belongs to
    ("model", "queries"),
    [
        ("instrument", 2),
        ("series", 5),
        ("candleblock", 4),
        ("importrun", 5),
        ("refusedrow", 3),
        ("importjob", 4),
        ("seriesrefresh", 4),
        ("maintenancerecord", 2),
    ],
)
def test_a_change_page_takes_few_queries(
    tmp_path: Path,
    operator: Client,
    model: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows_of_every_model(tmp_path, 1)
    url = f"{ADMIN}{model}/{MODELS[model].objects.get().pk}/change/"
    operator.get(url)  # content types are read once and kept

    with django_assert_num_queries(queries):
        operator.get(url)


@pytest.mark.parametrize("model", sorted(MODELS.keys() - {"seriesrefresh"}))
def test_rows_come_from_imports_only(
    tmp_path: Path, operator: Client, model: str
) -> None:
    rows_of_every_model(tmp_path, 1)

    assert operator.get(f"{ADMIN}{model}/add/").status_code == 403


@pytest.mark.parametrize(
    "model", sorted(MODELS.keys() - {"instrument", "seriesrefresh"})
)
def test_what_imports_wrote_is_not_changed_or_deleted(
    tmp_path: Path, operator: Client, model: str
) -> None:
    rows_of_every_model(tmp_path, 1)
    row = f"{ADMIN}{model}/{MODELS[model].objects.get().pk}"

    assert operator.post(f"{row}/change/", {"bars": 5}).status_code == 403
    assert operator.post(f"{row}/delete/", {"post": "yes"}).status_code == 403
    assert MODELS[model].objects.count() == 1


def test_the_calendar_of_an_instrument_is_changed_but_not_its_names(
    tmp_path: Path, operator: Client
) -> None:
    rows_of_every_model(tmp_path, 1)
    instrument = Instrument.objects.get()

    operator.post(
        f"{ADMIN}instrument/{instrument.pk}/change/",
        {
            "calendar": "exchange",
            "symbol": "coin0",
            "source": "other",
            "actions-TOTAL_FORMS": "0",
            "actions-INITIAL_FORMS": "0",
        },
    )

    instrument.refresh_from_db()
    assert (instrument.calendar, instrument.days_per_year) == ("exchange", 252)
    assert str(instrument) == "COIN0 binance"
