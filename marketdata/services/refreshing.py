"""Keeping marked series up to date."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from botforge.errors import BotForgeError, NotAvailable
from marketdata.models import Series, SeriesRefresh
from marketdata.providers.base import Provider
from marketdata.providers.patience import Patience
from marketdata.providers.registry import load_provider
from marketdata.services.fetching import (
    FetchRequest,
    Progress,
    candles_fetch,
    fetch_resolve,
    fetch_resume,
)

logger = logging.getLogger(__name__)

# Longer than the longest wait between two pages, after which a lock is renewed.
LOCK = timedelta(minutes=15)


class LockLost(Exception):
    """Raised when another refresh has taken over the series."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of one series; ``error`` is "" when it is up to date."""

    series: Series
    new: int = 0
    changed: int = 0
    error: str = ""


def series_mark(*, series: Series, provider: str) -> SeriesRefresh:
    """Mark a series to be refreshed from a provider; raises as ``refresher`` does."""
    source = refresher(series=series, provider=provider)
    mark, _ = SeriesRefresh.objects.update_or_create(
        series=series, defaults={"provider": source.name}
    )
    return mark


def refresher(*, series: Series, provider: str) -> Provider:
    """Return the provider, which can bring the series up to date.

    Raises ``InvalidInput`` for a name that is none, and ``NotAvailable`` for a private
    series and one of another source: other prices under the same name would pass for
    a revision.
    """
    source = load_provider(provider)
    if series.owner_id is not None or series.instrument.source != source.source:
        raise NotAvailable(
            f"{source.name} brings public series of {source.source} up to date, "
            f"and {series} is none."
        )
    return source


def series_unmark(*, series: Series) -> None:
    SeriesRefresh.objects.filter(series=series).delete()


def series_refresh_all(patience: Patience | None = None) -> list[Refreshed]:
    """Refresh every marked series that nobody else is refreshing."""
    marks = SeriesRefresh.objects.select_related("series__instrument")
    done = [_refresh(mark, patience) for mark in marks.order_by("refreshed_at", "pk")]
    return [one for one in done if one is not None]


def _refresh(mark: SeriesRefresh, patience: Patience | None) -> Refreshed | None:
    """Refresh one series; None when another process is at it."""
    if not _lock(mark):
        return None
    error, new, changed = "", 0, 0
    try:
        new, changed = _fetch(mark, patience)
    except LockLost:
        return None
    except BotForgeError as failure:
        error = failure.detail
        logger.warning("%s was not refreshed: %s", mark.series, error)
    finished = {"refreshed_at": timezone.now()} if not error else {}
    _ours(mark).update(locked_until=None, error=error, **finished)
    return Refreshed(mark.series, new, changed, error)


def _fetch(mark: SeriesRefresh, patience: Patience | None) -> tuple[int, int]:
    series = mark.series
    if series.last is None:
        raise NotAvailable(f"{series} is empty: fetch its first candles.")
    start = series.last - timedelta(milliseconds=series.step.ms)
    instrument = series.instrument
    request = FetchRequest(mark.provider, instrument.symbol, series.timeframe, start)
    fetch, known = fetch_resume(
        fetch=fetch_resolve(request=request, now=timezone.now())
    )

    def renew(progress: Progress) -> None:
        if not _lock(mark, renewed=True):
            raise LockLost

    fetched = candles_fetch(fetch=fetch, known=known, patience=patience, on_page=renew)
    return fetched.run.new, fetched.run.changed


def _lock(mark: SeriesRefresh, *, renewed: bool = False) -> bool:
    """Take the series, or keep it; say whether that worked."""
    now = timezone.now()
    free = Q(locked_until=None) | Q(locked_until__lt=now)
    rows = _ours(mark) if renewed else SeriesRefresh.objects.filter(free, pk=mark.pk)
    until = now + LOCK
    taken = rows.update(locked_until=until)
    mark.locked_until = until
    return bool(taken)


def _ours(mark: SeriesRefresh) -> QuerySet[SeriesRefresh]:
    return SeriesRefresh.objects.filter(pk=mark.pk, locked_until=mark.locked_until)
