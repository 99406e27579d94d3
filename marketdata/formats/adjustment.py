"""Yahoo's two closes: prices adjusted for splits, or for dividends as well."""

from dataclasses import replace

from marketdata.formats.base import Facts
from marketdata.formats.layout import Layout
from marketdata.formats.names import suggested
from marketdata.formats.sources import Source
from marketdata.markets import of_yahoo

SPLIT, SPLIT_DIVIDEND = "split", "split_dividend"
FOR_SPLITS = (
    "prices are stored as they are, adjusted for splits; the close adjusted for "
    "dividends is left out (--adjustment split_dividend takes it)"
)
FOR_BOTH = (
    "prices are adjusted for splits and dividends: multiplied by Adj Close / Close"
)
NO_OTHER = "prices are adjusted for splits and dividends: there is no Adj Close"
# A name in capitals, as Yahoo spells it, before whatever people add to it. A dash
# before one letter may stand for Yahoo's dot; only some letters are classes of shares.
NAME = (
    r"(?-i:(?P<symbol>\^?[A-Z0-9]+(?:[.=][A-Z0-9]+|-[A-C]|-[A-Z]{3,4})?))(?:[_ (].*)?"
)


def adjusted(
    layout: Layout, adj_close: int | None, wanted: str | None
) -> tuple[Layout, str, str]:
    """Return the layout, how its prices are adjusted then, and a note that says so.

    ``adj_close`` is the column of the close that is adjusted for dividends.
    """
    if adj_close is None:
        return layout, SPLIT_DIVIDEND, NO_OTHER
    if wanted == SPLIT_DIVIDEND:
        return replace(layout, adjusted=adj_close), SPLIT_DIVIDEND, FOR_BOTH
    return layout, SPLIT, FOR_SPLITS


def yahoo_facts(
    source: Source, name: str, adjustment: str, note: str, symbol: str | None = None
) -> Facts:
    """Return what is known of a file in Yahoo's spelling; ``name`` is its source."""
    return Facts(
        symbol=symbol,
        source=name,
        suggested=suggested(source, NAME),
        adjusted=adjustment,
        calendar_of=of_yahoo,
        notes=(note,),
    )
