from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import localize
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import user_create
from marketdata.models import (
    CandleBlock,
    ImportRun,
    Instrument,
    Series,
    SeriesQuality,
)
from marketdata.ohlcv import Ohlcv
from marketdata.selectors import series_list
from marketdata.services.importing import Target, candles_import
from marketdata.tests.candles import (
    HOUR,
    NOW,
    START,
    candles,
    candles_at,
    csv_file,
    series_create,
)

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
    [("instrument", 5), ("series", 6), ("candleblock", 3), ("importrun", 7)],
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
    [("instrument", 3), ("series", 4), ("candleblock", 4), ("importrun", 4)],
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


def weekdays(weeks: int) -> Ohlcv:
    every = np.arange(7 * weeks)
    return candles_at(START + 24 * HOUR * every[every % 7 < 5])


def act(operator: Client, action: str, *series: Series) -> Any:
    data = {"action": action, "_selected_action": [one.pk for one in series]}
    return operator.post(f"{ADMIN}series/", data)


def test_a_changed_calendar_is_checked_against_at_once(operator: Client) -> None:
    series = series_create(weekdays(60), timeframe="1d")
    assert series.grade == "F"

    operator.post(
        f"{ADMIN}instrument/{series.instrument_id}/change/",
        {
            "calendar": "exchange",
            "actions-TOTAL_FORMS": "0",
            "actions-INITIAL_FORMS": "0",
        },
    )

    series.refresh_from_db()
    assert (series.grade, series.gaps, series.revision) == ("A", 0, 1)


def test_the_list_shows_coverage_grade_and_last_refresh(
    tmp_path: Path, operator: Client
) -> None:
    import_some(tmp_path, 1)

    page = operator.get(f"{ADMIN}series/").content.decode()

    assert '<meter min="0" max="1"' in page
    assert 'value="1.000000"' in page
    assert localize(ImportRun.objects.get().created_at) in page


def test_the_page_of_a_series_draws_its_gaps_without_inline_style(
    operator: Client,
) -> None:
    hours = np.delete(np.arange(1000), slice(500, 510))
    series = series_create(candles_at(START + HOUR * hours))

    page = operator.get(f"{ADMIN}series/{series.pk}/change/").content.decode()

    assert '<rect x="500.00" width="10.00"' in page
    assert "10 bars in 1 gaps" in page
    report = page[page.index("<svg") : page.index("</details>")]
    assert "style" not in report
    assert "<script" not in report


def test_the_page_of_a_series_that_was_never_checked_says_so(operator: Client) -> None:
    series = series_create()

    page = operator.get(f"{ADMIN}series/{series.pk}/change/")

    assert b"not checked yet" in page.content


def test_checking_stores_a_report_and_is_logged(operator: Client) -> None:
    series = series_create(candles(10))
    SeriesQuality.objects.all().delete()

    act(operator, "check_quality", series)

    assert SeriesQuality.objects.get().report["grade"] == "A"
    assert LogEntry.objects.get().change_message == "Checked: grade A."


def test_one_series_is_exported_as_csv(operator: Client) -> None:
    series = series_create(candles(10))

    response = act(operator, "export", series)

    assert response["Content-Type"] == "text/csv"
    assert b"".join(response.streaming_content).count(b"\n") == 11
    assert LogEntry.objects.get().change_message == "Exported as CSV."


def test_several_series_are_not_exported_at_once(operator: Client) -> None:
    both = series_create(candles(10)), series_create(candles(10), symbol="B")

    response = act(operator, "export", *both)

    assert response.status_code == 302
    assert not LogEntry.objects.exists()


def test_staff_share_a_private_series_and_take_it_back(operator: Client) -> None:
    series = series_create(candles(10))
    Series.objects.update(owner=user_create())

    act(operator, "share", series)
    assert series_list().exists()

    act(operator, "unshare", series)
    assert not series_list().exists()
    assert LogEntry.objects.count() == 2


def test_refused_rows_are_shown_by_reason(operator: Client, tmp_path: Path) -> None:
    import_some(tmp_path, 1)
    ImportRun.objects.update(rejected={"duplicate": 3, "off_grid": 0})

    page = operator.get(f"{ADMIN}importrun/").content.decode()

    assert "3 duplicate" in page
    assert "off_grid" not in page
