"""The rows that requests of one user name, each of them read once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from botforge.errors import InvalidInput, NotFound
from marketdata.models import Series
from marketdata.selectors import count_bars, series_find, series_list
from strategies.models import StrategyVersion
from strategies.selectors import strategies_of, strategy_version

type SeriesReference = int | Mapping[str, str]


class Lookup:
    """What one user may name, remembered for the length of one request."""

    def __init__(self, owner: AbstractBaseUser) -> None:
        self.owner = owner
        self._series: dict[object, Series] = {}
        self._versions: dict[tuple[int, int | None], StrategyVersion] = {}
        self._bars: dict[tuple[int, datetime, datetime], int] = {}

    def expect(self, references: Iterable[SeriesReference]) -> None:
        """Read the series that are named by id in one query."""
        ids = {reference for reference in references if isinstance(reference, int)}
        for series in series_list(self.owner).filter(pk__in=ids):
            self._series[series.pk] = series

    def series(self, reference: SeriesReference) -> Series:
        """Return the series; raises ``InvalidInput`` if the user sees none such."""
        key = reference if isinstance(reference, int) else tuple(reference.items())
        if key not in self._series:
            self._series[key] = self._find_series(reference)
        return self._series[key]

    def version(self, strategy_id: int, number: int | None) -> StrategyVersion:
        """Return a version of an own strategy, None being the latest.

        Raises ``InvalidInput`` if there is no such strategy or version.
        """
        key = (strategy_id, number)
        if key not in self._versions:
            self._versions[key] = self._find_version(strategy_id, number)
        return self._versions[key]

    def bars(self, series: Series, start: datetime, end: datetime) -> int:
        """Return how many candles of the series open in [start, end)."""
        key = (series.pk, start, end)
        if key not in self._bars:
            self._bars[key] = count_bars(series, start, end)
        return self._bars[key]

    def _find_series(self, reference: SeriesReference) -> Series:
        if isinstance(reference, int):
            series = series_list(self.owner).filter(pk=reference).first()
            if series is None:
                raise InvalidInput.field(
                    "series", "not_found", "No series has this id; series/ lists them."
                )
            return series
        try:
            return series_find(**reference, viewer=self.owner)
        except NotFound as error:
            raise InvalidInput.field("series", "not_found", error.detail) from error

    def _find_version(self, strategy_id: int, number: int | None) -> StrategyVersion:
        own = strategies_of(self.owner).filter(pk=strategy_id).first()
        if own is None:
            raise InvalidInput.field(
                "strategy", "not_found", "You have no strategy with this id."
            )
        try:
            return strategy_version(own, number)
        except NotFound as error:
            raise InvalidInput.field(
                "strategy_version", "not_found", error.detail
            ) from error
