"""Prices as traded, adjusted for splits, or for dividends as well: never mixed."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from marketdata.models import Series
from marketdata.storage import read_candles
from marketdata.tests.candles import candles, csv_file
from marketdata.tests.files import zipped
from marketdata.tests.imports.files import (
    answer,
    rows,
    run,
    weekdays,
    yahoo,
    yfinance,
)

pytestmark = pytest.mark.django_db
DAYS = weekdays(30)
SPY = ("--symbol", "SPY")


def closes() -> list[float]:
    close: list[float] = read_candles(Series.objects.get(), None, None).close.tolist()
    return close


def test_yahoo_is_stored_as_it_is_adjusted_for_splits(tmp_path: Path) -> None:
    said = run(yahoo(tmp_path, rows(DAYS)), *SPY)

    assert Series.objects.get().adjustment == "split"
    assert closes()[:3] == [11, 12, 13]
    assert "prices adjusted for splits" in said
    assert "the close adjusted for dividends is left out" in said


@pytest.mark.parametrize("make", [yahoo, yfinance])
def test_it_may_be_stored_adjusted_for_dividends(tmp_path: Path, make: object) -> None:
    path = yahoo(tmp_path, rows(DAYS)) if make is yahoo else yfinance(tmp_path, DAYS)

    said = run(path, *SPY, "--adjustment", "split_dividend")

    series = Series.objects.get()
    first = [float(column[0]) for column in read_candles(series, None, None)][1:]
    # Adj Close is half of the close; the volume stays as it is.
    assert first == [5, 6, 4.5, 5.5, 100]
    assert series.adjustment == "split_dividend"
    assert "prices adjusted for splits and dividends" in said


def test_prices_as_traded_cannot_be_made_of_it(tmp_path: Path) -> None:
    found = answer(yahoo(tmp_path, rows(DAYS)), *SPY, "--adjustment", "none")

    assert "cannot be had as “none”; leave --adjustment out" in found["error"]


def test_the_counts_are_those_of_the_file(tmp_path: Path) -> None:
    lines = rows(DAYS)
    lines[3] = lines[3].replace(",13.0,", ",99.0,", 1)
    path = yahoo(tmp_path, lines)

    plain, adjusted = (
        answer(path, *SPY, "--dry-run", *more)
        for more in ((), ("--adjustment", "split_dividend"))
    )

    assert plain["bad"] == adjusted["bad"]
    assert plain["bad"]["ohlc_violation"] == plain["bad_rows"] == 1
    assert plain["stored"] == adjusted["stored"] == 29


@pytest.mark.parametrize("said", [(), ("--adjustment", "split_dividend")])
def test_two_adjustments_do_not_mix(tmp_path: Path, said: tuple[str, ...]) -> None:
    traded = "".join(f"{day:%Y%m%d} 00:00,1,1,1,1,5\n" for day in DAYS)
    if said:
        run(yahoo(tmp_path, rows(DAYS)), *SPY)
        path = tmp_path / "yahoo.csv"
    else:
        run(zipped(tmp_path, {"spy.csv": traded}), "--source", "yahoo")
        path = yahoo(tmp_path, rows(DAYS))

    with pytest.raises(CommandError, match="one series cannot hold both. Or import"):
        run(path, *SPY, *said)


def test_what_is_not_told_is_asked_for(tmp_path: Path) -> None:
    run(yahoo(tmp_path, rows(DAYS)), *SPY)
    day = 24 * 3_600_000
    path = csv_file(tmp_path, candles(9, step=day))
    names = (*SPY, "--source", "yahoo")

    with pytest.raises(CommandError, match="say so with --adjustment split"):
        run(path, *names)

    assert "9 new" in run(path, *names, "--adjustment", "split")


def test_the_user_may_say_how_a_table_is_adjusted(tmp_path: Path) -> None:
    names = (*SPY, "--source", "broker", "--adjustment", "split")

    run(csv_file(tmp_path, candles(9)), *names)

    assert Series.objects.get().adjustment == "split"


def test_prices_since_a_split_do_not_fit_beside_older_ones(tmp_path: Path) -> None:
    run(yahoo(tmp_path, rows(DAYS[:20])), *SPY)
    later = rows(DAYS, scale=0.25)[15:]

    with pytest.raises(CommandError, match="0.25 times those stored .* Bring all"):
        run(yahoo(tmp_path, later), *SPY)

    assert closes()[-1] == 30
    # All of them fit.
    assert "20 changed" in run(yahoo(tmp_path, rows(DAYS, scale=0.25)), *SPY)
    assert closes()[0] == 2.75


def test_a_split_after_the_stored_days_is_seen_by_itself(tmp_path: Path) -> None:
    run(yfinance(tmp_path, DAYS[:10]), *SPY)

    with pytest.raises(CommandError, match="there was a split"):
        run(yfinance(tmp_path, DAYS[10:], splits={5: 4.0}), *SPY)

    run(yfinance(tmp_path, DAYS[10:]), *SPY)
    assert len(closes()) == 20 + 10


def test_a_dividend_changes_what_was_adjusted_for_it(tmp_path: Path) -> None:
    names = (*SPY, "--adjustment", "split_dividend")
    run(yahoo(tmp_path, rows(DAYS[:20])), *names)
    later = rows(DAYS, adjusted=0.4975)[10:]

    with pytest.raises(CommandError, match="0.995 times those stored"):
        run(yahoo(tmp_path, later), *names)


def test_prices_as_traded_may_be_revised_by_any_factor(tmp_path: Path) -> None:
    whole = candles(30)
    names = (*SPY, "--source", "broker")
    run(csv_file(tmp_path, whole), *names)

    csv_file(tmp_path, candles(30, seed=1).slice(20, 30))

    assert "10 changed" in run(tmp_path / "candles.csv", *names)
