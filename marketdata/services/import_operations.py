"""What an operator asks for: a refresh now, and an import again."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser

from botforge.errors import Conflict, NotAvailable
from marketdata.models import ImportJob, Series, SeriesRefresh
from marketdata.services.fetching import FORMAT, OVERLAP_BARS, FetchRequest
from marketdata.services.import_submission import fetch_create
from marketdata.services.refreshing import refresher


def refresh_create(*, owner: AbstractBaseUser, series: Series) -> ImportJob:
    """Queue the fetch of what a series lacks at its end.

    It comes from the provider that the series is marked for, else from the one that
    its candles came from. Raises ``NotAvailable`` when there is none, ``Conflict`` when
    such a fetch is under way, and as ``fetch_create`` does.
    """
    name = _provider_of(series)
    if name is None or series.last is None:
        raise NotAvailable(
            f"{series} was never fetched: mark it with a provider under “Series "
            "refreshes”, or fetch its first candles with fetch_candles."
        )
    provider = refresher(series=series, provider=name)
    symbol, timeframe = series.instrument.symbol, series.timeframe
    under_way = ImportJob.objects.filter(
        kind=ImportJob.Kind.FETCH,
        status__in=ImportJob.ACTIVE,
        source=provider.name,
        symbol=symbol,
        timeframe=timeframe,
    )
    if under_way.exists():
        raise Conflict(f"{series} is being fetched already.", code="under_way")
    # The last bars again, because they may have been early versions.
    overlap = timedelta(milliseconds=(OVERLAP_BARS - 1) * series.step.ms)
    request = FetchRequest(
        provider.name,
        symbol,
        timeframe,
        max(series.first_and_after[0], series.last - overlap),
    )
    return fetch_create(owner=owner, request=request, within_quota=False)


def import_rerun(*, job: ImportJob) -> ImportJob:
    """Queue the same fetch again, for the same owner, as a new import.

    Raises ``Conflict`` while it is not over, ``NotAvailable`` for an upload, whose file
    is not kept, and as ``fetch_create`` does.
    """
    if job.is_active:
        raise Conflict(f"Import {job.pk} is not over: cancel it first.")
    if job.kind == ImportJob.Kind.UPLOAD:
        raise NotAvailable(
            f"The file of import {job.pk} was kept until it was over, and no longer: "
            f"{job.owner} can upload it again.",
            code="file_gone",
        )
    start, end = job.window
    request = FetchRequest(job.source, job.symbol, job.timeframe, start, end)
    return fetch_create(owner=job.owner, request=request, within_quota=False)


def _provider_of(series: Series) -> str | None:
    mark = SeriesRefresh.objects.filter(series=series).first()
    if mark is not None:
        return mark.provider
    fetched = series.imports.filter(format=FORMAT).values_list("origin", flat=True)
    return fetched.first()
