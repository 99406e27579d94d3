"""Which calendar an import gives to an instrument, and what follows from it."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError

from accounts.tests.factories import user_create
from marketdata.models import Instrument, Series
from marketdata.services.importing import Options, Said, file_import
from marketdata.tests.candles import HOUR, START, candles, candles_at, csv_file
from marketdata.tests.files import written
from marketdata.tests.imports.files import answer, rows, run, weekdays, yahoo

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("symbol", "calendar", "days"),
    [
        ("SPY", "XNYS", 252),
        ("VOD.L", "XLON", 252),
        ("7203.T", "XTKS", 252),
        ("BTC-USD", "24/7", 365),
        ("EURUSD=X", "fx", 260),
    ],
)
def test_a_symbol_of_yahoo_decides(
    tmp_path: Path, symbol: str, calendar: str, days: int
) -> None:
    run(yahoo(tmp_path, rows(weekdays(5))), "--symbol", symbol)

    instrument = Instrument.objects.get()
    assert (instrument.calendar, instrument.days_per_year) == (calendar, days)


def test_gaps_and_grade_are_those_of_the_exchange(tmp_path: Path) -> None:
    days = weekdays(40)
    # 2024-09-18 was a day of trading, and no holiday.
    days.remove(date(2024, 9, 18))

    said = run(yahoo(tmp_path, rows(days)), "--symbol", "SPY")

    series = Series.objects.get()
    assert (series.gaps, series.missing_bars) == (1, 1)
    assert "1 gaps (1 bars missing)" in said
    assert "calendar XNYS, prices adjusted for splits" in said
    # 1 of 40 expected bars: more than 2 %, less than 5.
    assert series.grade == "D"


def test_a_holiday_is_no_gap(tmp_path: Path) -> None:
    days = weekdays(25, date(2024, 6, 17))
    for holiday in (date(2024, 6, 19), date(2024, 7, 4)):
        days.remove(holiday)

    run(yahoo(tmp_path, rows(days)), "--symbol", "SPY")

    assert Series.objects.get().gaps == 0


def test_bars_on_saturdays_know_better_than_the_symbol(tmp_path: Path) -> None:
    every = [date.fromordinal(weekdays(1)[0].toordinal() + n) for n in range(60)]

    run(yahoo(tmp_path, rows(every)), "--symbol", "BITCOIN")

    assert Instrument.objects.get().calendar == "24/7"


def test_of_any_other_file_the_weekends_decide(tmp_path: Path) -> None:
    hours = np.arange(24 * 7 * 6)
    weekday = hours[(hours // 24 % 7 < 5) & (hours % 24 >= 14) & (hours % 24 < 21)]
    path = csv_file(tmp_path, candles_at(START + HOUR * weekday))

    said = run(path, "--symbol", "ACME", "--source", "broker")

    series = Series.objects.get()
    assert series.instrument.calendar == "exchange"
    assert series.gaps == 0
    assert "its calendar is taken for “exchange” (--calendar names" in said
    assert "does not tell whether its prices are adjusted" in said


def test_a_market_that_never_closes_is_the_default(tmp_path: Path) -> None:
    said = run(csv_file(tmp_path, candles(50)), "--symbol", "A", "--source", "b")

    assert Instrument.objects.get().calendar == "24/7"
    assert "calendar" not in said


def test_the_user_knows_best_and_old_series_are_judged_anew(tmp_path: Path) -> None:
    run(yahoo(tmp_path, rows(weekdays(40))), "--symbol", "SPY", "--calendar", "24/7")
    series = Series.objects.get()
    # Seven weekends of two days.
    assert (series.gaps, series.missing_bars) == (7, 14)

    found = answer(tmp_path / "yahoo.csv", "--symbol", "SPY", "--calendar", "XNYS")

    assert (found["new"], found["changed"], found["calendar"]) == (0, 0, "XNYS")
    series.refresh_from_db()
    assert (series.gaps, series.grade) == (0, "A")


def test_a_calendar_that_is_there_stays_and_doubts_are_told(tmp_path: Path) -> None:
    path = yahoo(tmp_path, rows(weekdays(40)))
    run(path, "--symbol", "SPY", "--calendar", "24/7")

    said = run(path, "--symbol", "SPY")

    assert Instrument.objects.get().calendar == "24/7"
    assert "(--calendar XNYS changes it)" in said


def test_a_private_file_does_not_change_a_calendar(tmp_path: Path) -> None:
    path = csv_file(tmp_path, candles(50))
    run(path, "--symbol", "SPY", "--source", "yahoo", "--calendar", "24/7")
    path = yahoo(tmp_path, rows(weekdays(40)))

    file_import(
        path=path, said=Said("SPY", "1d", "yahoo"), options=Options(owner=user_create())
    )

    assert Instrument.objects.get().calendar == "24/7"
    assert Series.objects.count() == 2


def test_a_dry_run_changes_no_calendar(tmp_path: Path) -> None:
    path = yahoo(tmp_path, rows(weekdays(40)))
    run(path, "--symbol", "SPY", "--calendar", "24/7")

    found = answer(path, "--symbol", "SPY", "--calendar", "XNYS", "--dry-run")

    assert found["calendar"] == "XNYS"
    assert Instrument.objects.get().calendar == "24/7"


def test_an_unknown_calendar_names_the_choices(tmp_path: Path) -> None:
    path = yahoo(tmp_path, rows(weekdays(5)))

    with pytest.raises(CommandError, match="no calendar NYSE; use one of 24/7, fx"):
        run(path, "--symbol", "SPY", "--calendar", "NYSE")


def half_past(days: list[date], offset: int = 4) -> str:
    """Return hours from 9:30 to 15:30 in New York, as yfinance writes them."""
    return "Datetime,Open,High,Low,Close,Adj Close,Volume\n" + "".join(
        f"{day} {hour:02d}:30:00-0{offset}:00,10,12,9,11,11,5\n"
        for day in days
        for hour in range(9, 16)
    )


def test_hours_begin_when_the_exchange_opens(tmp_path: Path) -> None:
    path = written(tmp_path, half_past(weekdays(10)))

    found = answer(path, "--symbol", "AAPL")

    series = Series.objects.get()
    assert (found["error"], found["stored"], found["off_grid"]) == (None, 70, 70)
    assert (series.anchor_ms, series.gaps, series.grade) == (HOUR // 2, 0, "A")
    assert str(series.first) == "2024-09-09 13:30:00+00:00"
    # Winter time moves the clock by a whole hour.
    later = written(tmp_path, half_past(weekdays(10, date(2024, 11, 4)), offset=5))
    assert answer(later, "--symbol", "AAPL")["stored"] == 70


def test_hours_at_another_time_do_not_fit_beside_them(tmp_path: Path) -> None:
    run(written(tmp_path, half_past(weekdays(10))), "--symbol", "AAPL")

    full = written(tmp_path, half_past(weekdays(10)).replace(":30:", ":00:"))
    found = answer(full, "--symbol", "AAPL")

    assert "70 off_grid" in found["error"]
    assert "30 minutes after" in found["error"]
