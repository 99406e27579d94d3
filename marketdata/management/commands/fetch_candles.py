"""Fetch candles from a provider."""

from datetime import UTC, datetime
from typing import Any, Never

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.dateparse import parse_date, parse_datetime
from tqdm import tqdm

from botforge.errors import BotForgeError
from marketdata.management.import_summary import of_exchange
from marketdata.markets import CODES as CALENDARS
from marketdata.models import Series
from marketdata.providers.registry import adjusting_provider
from marketdata.services.fetching import (
    Fetched,
    FetchRequest,
    Progress,
    candles_fetch,
    fetch_resolve,
    fetch_resume,
    utc_now,
)
from marketdata.services.placing import calendar_set
from marketdata.services.refreshing import series_mark
from marketdata.timeframes import CODES


class Command(BaseCommand):
    help = (
        "Fetch candles from a provider, page by page; running it twice changes nothing "
        "but what the provider has revised."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source", required=True, help="yfinance, or ccxt:binance and the like"
        )
        parser.add_argument("--symbol", required=True, help="e.g. BTC/USDT, AAPL")
        parser.add_argument("--timeframe", required=True, help=", ".join(CODES))
        parser.add_argument("--start", required=True, help="e.g. 2024-01-01, in UTC")
        parser.add_argument("--end", help="not included; default: now")
        parser.add_argument(
            "--adjustment",
            choices=[choice.value for choice in Series.Adjustment],
            help="of the prices (default: Yahoo's as it shows them, adjusted for "
            "splits; split_dividend is a series of its own, yfinance-adjusted)",
        )
        parser.add_argument(
            "--calendar",
            choices=CALENDARS,
            metavar="CALENDAR",
            help="24/7, fx, exchange, or an exchange by its code, e.g. XNYS (default: "
            "what the provider says of the instrument)",
        )
        parser.add_argument(
            "--resume", action="store_true", help="go on after the last stored candle"
        )
        parser.add_argument(
            "--refresh",
            action="store_true",
            help="mark the series, so that refresh_candles keeps it up to date",
        )

    def handle(self, *args: Any, **options: Any) -> str:
        try:
            source = adjusting_provider(options["source"], options["adjustment"]).name
            request = FetchRequest(
                source,
                options["symbol"],
                options["timeframe"],
                _moment(options["start"], "--start"),
                _moment(options["end"], "--end") if options["end"] else None,
            )
            fetch, known = fetch_resolve(request=request, now=utc_now()), False
            if options["resume"]:
                fetch, known = fetch_resume(fetch=fetch)
            with _bar(options["symbol"]) as bar:
                fetched = candles_fetch(
                    fetch=fetch,
                    known=known,
                    on_page=lambda progress: _show(bar, progress),
                )
            if options["calendar"]:
                instrument = fetched.run.series.instrument
                calendar_set(instrument=instrument, calendar=options["calendar"])
            if options["refresh"]:
                series_mark(series=fetched.run.series, provider=fetch.provider.name)
        except BotForgeError as error:
            raise CommandError(error.detail) from error
        except DatabaseError as error:
            raise CommandError(f"The database refused: {error}") from error
        return summary(fetched)


def _moment(text: str, option: str) -> datetime:
    """Return a date or a time as one in UTC."""
    try:
        if (moment := parse_datetime(text)) is None and (day := parse_date(text)):
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{option} takes a date or an ISO 8601 time, not “{text}”.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bar(name: str) -> "tqdm[Never]":
    """Return a progress bar for a terminal, shown only where the work takes a while."""
    return tqdm(unit=" rows", desc=name, delay=0.5, leave=False, disable=None)


def _show(bar: "tqdm[Never]", progress: Progress) -> None:
    bar.set_postfix_str(f"until {progress.until:%Y-%m-%d %H:%M}", refresh=False)
    bar.update(progress.run.rows - bar.n)


def summary(fetched: Fetched) -> str:
    """Return what a fetch came to, in one line."""
    run = fetched.run
    refused = ", ".join(f"{n:,} {why}" for why, n in run.rejected.items()) or "none"
    missing = f", {fetched.missing_bars:,} missing" if fetched.missing_bars else ""
    again = (
        "\n  the whole series anew, for a split or dividend" if fetched.whole else ""
    )
    about = "".join(f"\n  {line}" for line in of_exchange(run.series, fetched.actions))
    return (
        f"{run.series} from {run.origin}: {run.new:,} new, {run.changed:,} changed, "
        f"{run.unchanged:,} unchanged, rejected: {refused}; "
        f"{fetched.first:%Y-%m-%d %H:%M} to {fetched.last:%Y-%m-%d %H:%M}{missing}"
        f"{again}{about}"
    )
