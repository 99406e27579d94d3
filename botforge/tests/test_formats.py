"""How dates and times are written for people."""

from datetime import UTC, date, datetime

from django.utils.formats import localize


def test_a_time_is_written_as_iso_8601() -> None:
    assert localize(datetime(2023, 1, 2, 20, 5, tzinfo=UTC)) == "2023-01-02 20:05"


def test_a_date_is_written_as_iso_8601() -> None:
    assert localize(date(2023, 1, 2)) == "2023-01-02"
