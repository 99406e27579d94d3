"""Series in the admin."""

from pathlib import Path

import numpy as np
import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils.formats import localize

from accounts.tests.factories import user_create
from marketdata.models import ImportRun, Series, SeriesQuality
from marketdata.ohlcv import Ohlcv
from marketdata.selectors import series_list
from marketdata.tests.admin.pages import ADMIN, act, import_some, operator_client
from marketdata.tests.candles import HOUR, START, candles, candles_at, series_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    return operator_client()


def weekdays(weeks: int) -> Ohlcv:
    every = np.arange(7 * weeks)
    return candles_at(START + 24 * HOUR * every[every % 7 < 5])


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
    assert "10 bars in 1 gap," in page
    assert "2023-01-02 to 2023-02-12: 99.00% of the 1000 bars" in page
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
