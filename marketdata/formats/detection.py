"""Which format a file has, told by its content."""

from dataclasses import replace

from marketdata.formats.base import CandleFormat, Found
from marketdata.formats.binance import BinanceVision
from marketdata.formats.bitfinex import Bitfinex
from marketdata.formats.bitstamp import BitstampMinutes
from marketdata.formats.cryptodatadownload import CryptoDataDownload
from marketdata.formats.freqtrade_arrow import FreqtradeFeather, FreqtradeParquet
from marketdata.formats.freqtrade_json import FreqtradeJson
from marketdata.formats.generic import GenericCsv
from marketdata.formats.head import Head, check_text
from marketdata.formats.kraken import Kraken
from marketdata.formats.lean import (
    LeanCrypto,
    LeanCryptoMinute,
    LeanEquity,
    LeanEquityMinute,
)
from marketdata.formats.refusing import refusal
from marketdata.formats.sources import Source
from marketdata.formats.wishes import Wishes
from marketdata.formats.yahoo import YahooCsv
from marketdata.formats.yfinance import YfinanceCsv

BINARY: tuple[CandleFormat, ...] = (FreqtradeFeather(), FreqtradeParquet())
TEXT: tuple[CandleFormat, ...] = (
    BinanceVision(),
    Kraken(),
    CryptoDataDownload(),
    YahooCsv(),
    YfinanceCsv(),
    FreqtradeJson(),
    BitstampMinutes(),
    Bitfinex(),
    LeanEquity(),
    LeanCrypto(),
    LeanCryptoMinute(),
    LeanEquityMinute(),
)
# Fits many files that others know better, and so is asked last.
GENERIC = GenericCsv()
NAMES = tuple(candidate.name for candidate in (*BINARY, *TEXT, GENERIC))


def detect(source: Source, wishes: Wishes | None = None) -> Found:
    """Return how to read a file; ``InvalidInput`` when none or several formats fit."""
    wishes = wishes or Wishes()
    head = Head.of(source)
    if head.content.split() in ([], [b"[]"], [b"[", b"]"]):
        raise refusal("empty", "it is empty; fetch it again")
    found = _candidates(head, wishes, BINARY)
    if not found:
        check_text(head.content)
        found = _candidates(head, wishes, TEXT) if not wishes.columns else []
    if not found:
        found = _candidates(head, wishes, (GENERIC,))
    if len(found) > 1:
        names = " or ".join(candidate.name for candidate in found)
        raise refusal(
            "ambiguous", f"it fits several formats; say which with --format {names}"
        )
    if found:
        return found[0]
    raise _unknown(wishes)


def _candidates(
    head: Head, wishes: Wishes, formats: tuple[CandleFormat, ...]
) -> list[Found]:
    asked = [f for f in formats if wishes.format in (None, f.name)]
    answers = ((one.name, one.recognise(head, wishes)) for one in asked)
    return [
        replace(answer, name=answer.name or name)
        for name, answer in answers
        if answer is not None
    ]


def _unknown(wishes: Wishes) -> Exception:
    if wishes.format is not None:
        return refusal(
            "other_format",
            f"it is not laid out as {wishes.format}; leave --format out to have the "
            "layout told by the content",
        )
    return refusal(
        "not_candles",
        f"it is no file of candles that is known here ({', '.join(NAMES)}); if it is "
        "a table, name its columns with --columns",
    )
