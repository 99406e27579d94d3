"""Sorting the list by what came out."""

from typing import Any

from django.db.models.expressions import OrderBy

from backtests.querying import MetricValue


class ByMetric(MetricValue):
    """A metric of the result; backtests without it come last either way."""

    def __init__(self, key: str) -> None:
        super().__init__(key)

    def asc(self, **options: Any) -> OrderBy:
        return super().asc(**{**options, "nulls_last": True})

    def desc(self, **options: Any) -> OrderBy:
        return super().desc(**{**options, "nulls_last": True})
