"""Each layout is told by its content, and read as its source means it."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from marketdata.formats.wishes import Wishes
from marketdata.tests.files import found, read, refusal, row, written, zipped

MOMENT = 1_672_531_200_000  # 2023-01-01T00:00:00Z
HOUR = 3_600_000
FUTURES_HEADER = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,"
    "taker_buy_volume,taker_buy_quote_volume,ignore\n"
)


def kline(time: int, length: int = HOUR) -> str:
    return f"{time},10,12,9,11,5,{time + length - 1},50,7,2,20,0\n"


def ms(year: int, month: int, day: int, hour: int = 0) -> float:
    return datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000


def mapping(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


@pytest.mark.parametrize("header", ["", FUTURES_HEADER])
@pytest.mark.parametrize("unit", [1, 1000])
def test_binance_klines_tell_their_length(
    tmp_path: Path, header: str, unit: int
) -> None:
    rows = "".join(kline((MOMENT + i * HOUR) * unit, HOUR * unit) for i in range(5))
    path = zipped(tmp_path, {"BTCUSDT-1h-2023-01.csv": header + rows})

    assert found(path).name == "binance_vision_klines"
    assert found(path).facts.timeframe == "1h"
    assert found(path).facts.suggested == {"symbol": "BTCUSDT", "timeframe": "1h"}
    assert row(read(path), 1) == [MOMENT + HOUR, 10, 12, 9, 11, 5]


def test_binance_klines_may_change_their_unit_from_row_to_row(tmp_path: Path) -> None:
    rows = kline(MOMENT) + kline((MOMENT + HOUR) * 1000, HOUR * 1000)

    raw = read(written(tmp_path, rows))

    assert raw.time.tolist() == [MOMENT, MOMENT + HOUR]


@pytest.mark.parametrize(
    ("time", "length", "source"),
    [
        (1_738_368_000_000_000, HOUR * 1000, "binance"),
        (1_738_368_000_000, HOUR, "binance-futures"),
        (MOMENT, HOUR, None),
    ],
)
def test_spot_and_futures_are_told_apart_where_they_differ(
    tmp_path: Path, time: int, length: int, source: str | None
) -> None:
    assert found(written(tmp_path, kline(time, length))).facts.source == source


def test_kraken_counts_trades_in_the_last_column(tmp_path: Path) -> None:
    path = written(tmp_path, "1672531200,10,12,9,11,5,3\n" * 3, "XBTUSD_15.csv")

    assert found(path).name == "kraken_ohlcvt"
    assert found(path).facts.source == "kraken"
    assert found(path).facts.suggested == {"symbol": "XBTUSD", "timeframe": "15m"}
    assert row(read(path)) == [MOMENT, 10, 12, 9, 11, 5]


@pytest.mark.parametrize(
    "line", ["1672531200,10,12,9,11,5,3,\n", "1672531200,10,12,9,11,10.5,5,3\n"]
)
def test_kraken_may_have_a_column_more(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, line * 3)

    assert found(path).name == "kraken_ohlcvt"
    assert row(read(path)) == [MOMENT, 10, 12, 9, 11, 5]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_layout_without_header_may_have_another_delimiter(
    tmp_path: Path, delimiter: str
) -> None:
    line = "1672531200,10,12,9,11,5,3\n".replace(",", delimiter)
    path = written(tmp_path, line * 3)

    assert found(path).name == "kraken_ohlcvt"
    assert row(read(path)) == [MOMENT, 10, 12, 9, 11, 5]


@pytest.mark.parametrize(
    "content",
    [
        "https://www.CryptoDataDownload.com\n"
        "Unix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount\n"
        "1672531200000,2023-01-01,BTCUSDT,10,12,9,11,5,50,7\n",
        "unix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n"
        "1672531200.0,2022-12-31 08-PM,BTC/USD,10,12,9,11,5,50\n",
        "https://www.CryptoDataDownload.com\n"
        "Date,Symbol,Open,High,Low,Close,Volume USD,Volume BTC\n"
        "2023-01-01 12-AM,BTCUSD,10,12,9,11,50,5\n",
    ],
    ids=["newest", "older", "oldest"],
)
def test_every_vintage_of_cryptodatadownload_is_one_format(
    tmp_path: Path, content: str
) -> None:
    path = written(tmp_path, content, "Binance_BTCUSDT_1h.csv")

    assert found(path).name == "cryptodatadownload"
    assert found(path).facts.suggested == {"source": "Binance", "timeframe": "1h"}
    assert row(read(path)) == [MOMENT, 10, 12, 9, 11, 5]


@pytest.mark.parametrize(
    "content",
    [
        "Date,Open,High,Low,Close,Adj Close,Volume\n2023-01-01,10,12,9,11,10.5,5",
        "Date,High,Low,Open,Close,Volume,Adj Close\n2023-01-01,12,9,10,11,5,10.5\n",
        "Date,Open,High,Low,Close*,Adj. Close**,Volume\n2023-01-01,10,12,9,11,10.5,5",
        "Date,Open,High,Low,Close,AdjClose,Volume\n1-Jan-23,10,12,9,11,10.5,5\n",
        "Date,Open,High,Low,Close,Adj Close,Volume\n1/1/2023,10,12,9,11,10.5,5\n"
        "1/13/2023,10,12,9,11,10.5,5\n",
    ],
    ids=["download", "reader", "web page", "another tool", "spreadsheet"],
)
def test_yahoo_prices_are_read_without_the_adjusted_close(
    tmp_path: Path, content: str
) -> None:
    path = written(tmp_path, content)

    assert found(path).name == "yahoo_csv"
    assert found(path).facts.adjusted == "split"
    assert row(read(path)) == [MOMENT, 10, 12, 9, 11, 5]


@pytest.mark.parametrize(
    ("content", "adjusted"),
    [
        (
            "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n"
            "2023-01-02 00:00:00+11:00,10,12,9,11,10.5,5,0,0\n",
            "split",
        ),
        (
            "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n"
            "2023-01-02 00:00:00+11:00,10,12,9,11,5,0,0\n",
            "split_dividend",
        ),
        (
            "Price,Adj Close,Close,High,Low,Open,Volume\n"
            "Ticker,BHP.AX,BHP.AX,BHP.AX,BHP.AX,BHP.AX,BHP.AX\nDate,,,,,,\n"
            "2023-01-02 00:00:00+11:00,10.5,11,12,9,10,5\n",
            "split",
        ),
    ],
    ids=["history", "adjusted", "three lines of header"],
)
def test_a_day_of_yfinance_keeps_its_date(
    tmp_path: Path, content: str, adjusted: str
) -> None:
    path = written(tmp_path, content)

    raw = read(path)

    assert found(path).name == "yfinance_csv"
    assert found(path).facts.adjusted == adjusted
    assert row(raw) == [ms(2023, 1, 1, 13), 10, 12, 9, 11, 5]
    assert raw.opens.tolist() == [ms(2023, 1, 2)]


def test_the_ticker_of_three_lines_of_header_is_the_symbol(tmp_path: Path) -> None:
    content = (
        "Price,Close,High,Low,Open,Volume\nTicker,AAPL,AAPL,AAPL,AAPL,AAPL\n"
        "Date,,,,,\n2023-01-03,11,12,9,10,5\n"
    )

    assert found(written(tmp_path, content)).facts.symbol == "AAPL"


def test_the_line_of_tickers_may_stand_first(tmp_path: Path) -> None:
    content = (
        "Ticker,AAPL,AAPL,AAPL,AAPL,AAPL\nPrice,Open,High,Low,Close,Volume\n"
        "Date,,,,,\n2023-01-03,10,12,9,11,5\n"
    )
    path = written(tmp_path, content)

    assert found(path).facts.symbol == "AAPL"
    assert row(read(path)) == [ms(2023, 1, 3), 10, 12, 9, 11, 5]


def test_several_tickers_in_one_table_are_refused(tmp_path: Path) -> None:
    content = (
        "Price,Close,Close,High,High,Low,Low,Open,Open,Volume,Volume\n"
        "Ticker,AAPL,MSFT,AAPL,MSFT,AAPL,MSFT,AAPL,MSFT,AAPL,MSFT\n"
        "Date,,,,,,,,,,\n2023-01-03,11,21,12,22,9,19,10,20,5,6\n"
    )

    assert "several symbols (AAPL, MSFT)" in refusal(written(tmp_path, content))


def test_bitstamp_has_two_volumes(tmp_path: Path) -> None:
    content = (
        "Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency),Weighted_Price\n"
        "1672531200,10,12,9,11,5,50,10\n1672531260,NaN,NaN,NaN,NaN,NaN,NaN,NaN\n"
    )
    path = written(tmp_path, content)

    assert found(path).name == "bitstamp_1min_kaggle_v1"
    assert row(read(path)) == [MOMENT, 10, 12, 9, 11, 5]


def test_close_before_high_is_bitfinex(tmp_path: Path) -> None:
    path = written(tmp_path, f"{MOMENT},10,11,12,9,5\n{MOMENT + 60_000},9,9,9,9,1\n")

    assert found(path).name == "bitfinex_1m_ochlv"
    assert row(read(path)) == [MOMENT, 10, 12, 9, 11, 5]


def test_prices_that_fit_two_orders_are_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, f"{MOMENT},9,9,9,9,1\n" * 3)

    said = refusal(path)

    assert "--format generic_csv" in said
    assert "--format bitfinex_1m_ochlv" in said
    for name in ("generic_csv", "bitfinex_1m_ochlv"):
        assert found(path, Wishes(format=name)).name == name


def test_prices_in_no_known_order_are_refused(tmp_path: Path) -> None:
    # Low, high, open, close: as another exchange's interface has them.
    path = written(tmp_path, f"{MOMENT},9,12,10,11,5\n" * 3)

    assert "name its columns with --columns" in refusal(path)
    columns = mapping("time=1 low=2 high=3 open=4 close=5 volume=6")
    assert row(read(path, Wishes(columns=columns))) == [MOMENT, 10, 12, 9, 11, 5]


def test_lean_equities_are_in_ten_thousandths_and_in_new_york(tmp_path: Path) -> None:
    rows = "20230103 00:00,100000,120000,90000,110000,5\n"
    path = zipped(tmp_path, {"spy.csv": rows}, "spy.zip")

    raw = read(path)

    assert found(path).name == "lean_equity_daily"
    assert found(path).facts.suggested == {"symbol": "spy"}
    assert row(raw) == [ms(2023, 1, 3, 5), 10, 12, 9, 11, 5]
    assert raw.opens.tolist() == [ms(2023, 1, 3)]


@pytest.mark.parametrize("clock", ["00:00", "01:00"])
def test_lean_crypto_is_in_utc(tmp_path: Path, clock: str) -> None:
    path = written(tmp_path, f"20230101 {clock},10,12,9,11,5.5\n", "btcusd.csv")

    assert found(path).name == "lean_crypto"
    assert read(path).time.tolist() == [MOMENT + int(clock[:2]) * HOUR]


def test_lean_minutes_take_their_day_from_the_name(tmp_path: Path) -> None:
    name = "20230101_btcusd_minute_trade.csv"
    path = zipped(tmp_path, {name: "0,10,12,9,11,5.5\n60000,10,12,9,11,5\n" * 20})

    assert found(path).name == "lean_crypto_minute"
    assert found(path).facts.notes == (
        "the day 2023-01-01 is taken from the file name",
    )
    assert read(path).time[:2].tolist() == [MOMENT, MOMENT + 60_000]


def test_lean_minutes_of_equities_are_in_new_york(tmp_path: Path) -> None:
    name = "20230103_spy_minute_trade.csv"
    path = zipped(tmp_path, {name: "34200000,100000,120000,90000,110000,5\n"})

    assert found(path).name == "lean_equity_minute"
    assert row(read(path)) == [ms(2023, 1, 3, 14) + 1_800_000, 10, 12, 9, 11, 5]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (kline(MOMENT), "binance_vision_klines"),
        ("1672531200,10,12,9,11,5,3\n", "kraken_ohlcvt"),
        (f"{MOMENT},10,11,12,9,5\n", "bitfinex_1m_ochlv"),
        ("20230101 00:00,10,12,9,11,5.5\n", "lean_crypto"),
    ],
)
def test_a_damaged_row_makes_no_other_format(
    tmp_path: Path, line: str, name: str
) -> None:
    damaged = line.replace(line.partition(",")[0], "null")
    path = written(tmp_path, line * 20 + damaged + line * 20)

    assert found(path).name == name
    assert np.isnan(read(path).time).sum() == 1


def test_minutes_of_no_day_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "0,10,12,9,11,5\n60000,10,12,9,11,5\n")

    assert "its name does not tell the day" in refusal(path)


@pytest.mark.parametrize(
    "content",
    [
        f"[[{MOMENT},10,12,9,11,5],[{MOMENT + HOUR},10,12,9,11,5]]",
        f"[ [{MOMENT}, 10, 12.0, 9, 11, 5] ,\n [{MOMENT + HOUR},10,12,9,11,5]\n]\n",
    ],
)
def test_freqtrade_arrays_are_rows(tmp_path: Path, content: str) -> None:
    path = written(tmp_path, content, "XRP_USDT_USDT-1h-futures.json")

    raw = read(path)

    assert found(path).name == "freqtrade_json"
    assert found(path).facts.suggested == {
        "symbol": "XRP/USDT:USDT",
        "timeframe": "1h",
    }
    assert raw.time.tolist() == [MOMENT, MOMENT + HOUR]
    assert row(raw) == [MOMENT, 10, 12, 9, 11, 5]


def test_funding_rates_are_no_candles(tmp_path: Path) -> None:
    name = "BTC_USDT_USDT-8h-funding_rate.json"

    assert "funding rates" in refusal(
        written(tmp_path, f"[[{MOMENT},1,0,0,0,0]]", name)
    )


@pytest.mark.parametrize("null", ["null", "NaN", '"x"'])
def test_what_is_no_number_in_an_array_is_missing(tmp_path: Path, null: str) -> None:
    raw = read(written(tmp_path, f"[[{MOMENT},10,{null},9,11,5]]"))

    assert np.isnan(raw.high).all()
