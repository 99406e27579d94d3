import pytest

from marketdata.calendars import schedule
from marketdata.markets import (
    CODES,
    EXCHANGES,
    calendar_choices,
    days_per_year,
    of_yahoo,
    of_yahoo_answer,
    session_hours,
)


@pytest.mark.parametrize(
    ("symbol", "calendar"),
    [
        ("AAPL", "XNYS"),
        ("BRK-B", "XNYS"),
        ("aapl", "XNYS"),
        ("VOD.L", "XLON"),
        ("4063.T", "XTKS"),
        ("SAP.DE", "XETR"),
        ("0700.HK", "XHKG"),
        ("RELIANCE.NS", "XBOM"),
        ("BTC-USD", "24/7"),
        ("ETH-BTC", "24/7"),
        ("DOGE-EUR", "24/7"),
        ("EURUSD=X", "fx"),
        ("ES=F", "CMES"),
        ("TEVA.TA", "exchange"),
        ("^GSPC", None),
    ],
)
def test_a_symbol_of_yahoo_tells_its_exchange(
    symbol: str, calendar: str | None
) -> None:
    assert of_yahoo(symbol) == calendar


@pytest.mark.parametrize(
    ("kind", "code", "calendar"),
    [
        ("EQUITY", "NMS", "XNYS"),
        ("ETF", "PCX", "XNYS"),
        ("EQUITY", "LSE", "XLON"),
        ("INDEX", "SNP", "XNYS"),
        ("CRYPTOCURRENCY", "CCC", "24/7"),
        ("CURRENCY", "CCY", "fx"),
        ("FUTURE", "CME", "CMES"),
        ("EQUITY", "no such exchange", "exchange"),
    ],
)
def test_an_answer_of_yahoo_tells_its_exchange(
    kind: str, code: str, calendar: str
) -> None:
    assert of_yahoo_answer(kind, code) == calendar


@pytest.mark.parametrize(
    ("calendar", "days", "hours"),
    [
        ("24/7", 365, 24.0),
        ("fx", 260, 24.0),
        ("exchange", 252, 6.5),
        ("XNYS", 252, 6.5),
        ("XLON", 252, 8.5),
    ],
)
def test_a_year_has_as_many_days_as_the_market_is_open(
    calendar: str, days: int, hours: float
) -> None:
    assert (days_per_year(calendar), session_hours(calendar)) == (days, hours)


def test_every_calendar_can_be_chosen() -> None:
    assert tuple(code for code, _ in calendar_choices()) == CODES
    # The column that holds one is ten characters wide.
    assert max(map(len, CODES)) <= 10


@pytest.mark.slow
@pytest.mark.parametrize("code", EXCHANGES)
def test_every_exchange_has_a_schedule_of_such_sessions(code: str) -> None:
    year = schedule(code)
    hours = (year.pause - year.open + year.close - year.resume)[-250:] / 3_600_000

    assert sorted(hours)[125] == pytest.approx(EXCHANGES[code].hours, abs=0.05)
