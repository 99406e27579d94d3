"""Checking what is stored, on request; every write checks by itself."""

from django.db import transaction

from marketdata.models import Instrument, Series
from marketdata.quality import QualityReport
from marketdata.storage import grade_series, lock_series


def series_check(*, series: Series) -> QualityReport:
    """Check all candles of a series, store the report, and return it."""
    with transaction.atomic():
        return grade_series(lock_series(series))


def instrument_check(*, instrument: Instrument) -> None:
    """Check every series of an instrument whose calendar has changed."""
    for series in instrument.series.all():
        series_check(series=series)
