"""Filters of the list that no column gives."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from backtests.models import Backtest


class ChecksFilter(admin.SimpleListFilter):
    """Backtests with a check that somebody should read."""

    title = "checks"
    parameter_name = "checks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("critical", "critical"), ("warning", "warning")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Backtest]
    ) -> QuerySet[Backtest]:
        severity = self.value()
        if severity is None:
            return queryset
        # As text, because SQLite cannot look into a list.
        return queryset.filter(result__checks__icontains=f'"severity": "{severity}"')
