"""Markets by their calendar: which exchange a symbol is of, and how long it is open.

A calendar is "24/7"; "fx", the week of currencies; the market identifier code (ISO
10383) of an exchange whose sessions and holidays are known; or "exchange" for one that
is not known, whose hours its own candles tell.
"""

import re
from dataclasses import dataclass

ALWAYS, FX, EXCHANGE = "24/7", "fx", "exchange"


@dataclass(frozen=True, slots=True)
class Exchange:
    """``hours`` is the length of a session; the rest is how Yahoo calls it.

    ``suffixes`` end the symbols of its instruments, behind a dot; ``codes`` are those
    of ``exchangeName`` in an answer about prices.
    """

    name: str
    hours: float
    suffixes: str = ""
    codes: str = ""


EXCHANGES = {
    "XNYS": Exchange(
        "New York, Nasdaq",
        6.5,
        codes="NYQ NMS NGM NCM NAS PCX ASE BTS CXI PNK OQB OQX OEM SNP DJI NIM NYS",
    ),
    "XTSE": Exchange("Toronto", 6.5, "TO V NE CN", "TOR VAN NEO CNQ"),
    "XMEX": Exchange("Mexico", 6.5, "MX", "MEX"),
    "BVMF": Exchange("São Paulo", 8.0, "SA", "SAO"),
    "XBUE": Exchange("Buenos Aires", 6.0, "BA", "BUE"),
    "XSGO": Exchange("Santiago", 6.5, "SN", "SGO"),
    "CMES": Exchange("Chicago futures", 23.0, codes="CME CBT NYM CMX"),
    "IEPA": Exchange("ICE futures", 22.0, codes="NYB"),
    "XLON": Exchange("London", 8.5, "L IL", "LSE IOB FGI"),
    "XDUB": Exchange("Dublin", 8.5, "IR", "ISE"),
    "XETR": Exchange("Xetra", 8.5, "DE", "GER"),
    "XFRA": Exchange("Frankfurt", 8.5, "F", "FRA"),
    "XSTU": Exchange("Stuttgart", 14.5, "SG", "STU"),
    "XHAM": Exchange("Hamburg", 14.0, "HM", "HAM"),
    "XDUS": Exchange("Düsseldorf", 14.0, "DU", "DUS"),
    "XPAR": Exchange("Paris", 8.5, "PA", "PAR"),
    "XAMS": Exchange("Amsterdam", 8.5, "AS", "AMS"),
    "XBRU": Exchange("Brussels", 8.5, "BR", "BRU"),
    "XLIS": Exchange("Lisbon", 8.5, "LS", "LIS"),
    "XMIL": Exchange("Milan", 8.5, "MI", "MIL"),
    "XMAD": Exchange("Madrid", 8.5, "MC", "MCE"),
    "XSWX": Exchange("Zurich", 8.5, "SW", "EBS"),
    "XWBO": Exchange("Vienna", 8.5, "VI", "VIE"),
    "XSTO": Exchange("Stockholm", 8.5, "ST", "STO"),
    "XHEL": Exchange("Helsinki", 8.5, "HE", "HEL"),
    "XCSE": Exchange("Copenhagen", 8.0, "CO", "CPH"),
    "XOSL": Exchange("Oslo", 7.333, "OL", "OSL"),
    "XICE": Exchange("Reykjavík", 6.0, "IC", "ICE"),
    "XTAL": Exchange("Tallinn", 6.0, "TL", "TAL"),
    "XRIS": Exchange("Riga", 6.0, "RG", "RIS"),
    "XLIT": Exchange("Vilnius", 6.0, "VS", "LIT"),
    "XWAR": Exchange("Warsaw", 8.0, "WA", "WSE"),
    "XPRA": Exchange("Prague", 7.333, "PR", "PRA"),
    "XBUD": Exchange("Budapest", 8.0, "BD", "BUD"),
    "XIST": Exchange("Istanbul", 8.0, "IS", "IST"),
    "XJSE": Exchange("Johannesburg", 8.0, "JO", "JNB"),
    "XSAU": Exchange("Riyadh", 5.0, "SR", "SAU"),
    "XBOM": Exchange("Mumbai", 6.25, "BO NS", "BSE NSI"),
    "XKAR": Exchange("Karachi", 6.0, "KA", "KAR"),
    "XTKS": Exchange("Tokyo", 5.5, "T", "JPX TYO OSA"),
    "XHKG": Exchange("Hong Kong", 5.5, "HK", "HKG"),
    "XSHG": Exchange("Shanghai, Shenzhen", 4.0, "SS SZ", "SHH SHZ"),
    "XKRX": Exchange("Seoul", 6.5, "KS KQ", "KSC KOE"),
    "XTAI": Exchange("Taipei", 4.5, "TW TWO", "TAI TWO"),
    "XSES": Exchange("Singapore", 8.0, "SI", "SES"),
    "XKLS": Exchange("Kuala Lumpur", 8.0, "KL", "KLS"),
    "XIDX": Exchange("Jakarta", 6.833, "JK", "JKT"),
    "XBKK": Exchange("Bangkok", 6.5, "BK", "SET"),
    "XPHS": Exchange("Manila", 6.0, "PS", "PHS"),
    "XASX": Exchange("Sydney", 6.0, "AX", "ASX"),
    "XNZE": Exchange("Wellington", 6.75, "NZ", "NZE"),
}
NEW_YORK = "XNYS"
CODES = (ALWAYS, FX, EXCHANGE, *EXCHANGES)

BY_SUFFIX = {s: mic for mic, one in EXCHANGES.items() for s in one.suffixes.split()}
BY_CODE = {code: mic for mic, one in EXCHANGES.items() for code in one.codes.split()}
BY_CODE |= {"CCC": ALWAYS, "CCY": FX}
# A coin against money or another coin; a dash alone may name a class of shares.
COIN = re.compile(r".+-(USD|USDT|USDC|EUR|GBP|JPY|CAD|AUD|CNY|INR|KRW|BRL|BTC|ETH)$")
BY_KIND = {"CRYPTOCURRENCY": ALWAYS, "CURRENCY": FX}


def calendar_choices() -> list[tuple[str, str]]:
    """Return every calendar with its name for people."""
    return [
        (ALWAYS, "24/7 (365 days a year)"),
        (FX, "currencies, Sunday evening to Friday (260 days a year)"),
        (EXCHANGE, "exchange sessions (252 days a year)"),
        *((mic, f"{mic} {one.name}") for mic, one in EXCHANGES.items()),
    ]


def days_per_year(calendar: str) -> int:
    """Return the days of trading that a year has: the periods of daily returns."""
    return {ALWAYS: 365, FX: 260}.get(calendar, 252)


def session_hours(calendar: str) -> float:
    """Return the hours of a day of trading; 6.5 where the exchange is not known."""
    if calendar in (ALWAYS, FX):
        return 24.0
    return EXCHANGES.get(calendar, EXCHANGES[NEW_YORK]).hours


def unknown(symbol: str) -> str | None:
    """Return None for any symbol."""
    return None


def always(symbol: str) -> str | None:
    """Return the calendar of any symbol of a crypto exchange."""
    return ALWAYS


def new_york(symbol: str) -> str | None:
    """Return the calendar of any American share."""
    return NEW_YORK


def of_yahoo(symbol: str) -> str | None:
    """Return the calendar of a symbol in Yahoo's spelling; None for an index.

    A share of an exchange that is not known here has the calendar "exchange".
    """
    symbol = symbol.upper()
    if symbol.startswith("^"):
        return None
    if COIN.match(symbol):
        return ALWAYS
    if symbol.endswith("=X"):
        return FX
    if symbol.endswith("=F"):
        return "CMES"
    _, dot, suffix = symbol.rpartition(".")
    return BY_SUFFIX.get(suffix, EXCHANGE) if dot else NEW_YORK


def of_yahoo_answer(kind: str, code: str) -> str:
    """Return the calendar of what Yahoo says of an instrument: its kind and exchange.

    A coin or a currency is known by its kind, everything else by where it is listed.
    """
    return BY_KIND.get(kind) or BY_CODE.get(code, EXCHANGE)
