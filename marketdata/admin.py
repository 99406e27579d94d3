"""Market data in the admin: to look at; candles change by import only."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from marketdata.models import CandleBlock, ImportRun, Instrument, Series


class ReadOnlyAdmin[M: Model](admin.ModelAdmin[M]):
    """Rows that only the service itself writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


@admin.register(Instrument)
class InstrumentAdmin(admin.ModelAdmin[Instrument]):
    list_display = ("symbol", "source", "calendar", "created_at")
    list_filter = ("source", "calendar")
    search_fields = ("symbol", "source")
    # Imports find an instrument by these two.
    readonly_fields = ("source", "symbol")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Series)
class SeriesAdmin(ReadOnlyAdmin[Series]):
    list_display = (
        "instrument",
        "timeframe",
        "first",
        "last",
        "bars",
        "gaps",
        "missing_bars",
        "revision",
        "updated_at",
    )
    list_filter = ("timeframe", "instrument__source")
    list_select_related = ("instrument",)
    search_fields = ("instrument__symbol", "instrument__source")


@admin.register(CandleBlock)
class CandleBlockAdmin(ReadOnlyAdmin[CandleBlock]):
    list_display = ("series", "number", "bars", "gaps", "content_hash")
    list_filter = ("series__timeframe",)
    list_select_related = ("series__instrument",)
    search_fields = ("series__instrument__symbol",)
    exclude = ("payload",)
    # Counting rows twice is slow and tells an operator nothing.
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CandleBlock]:
        return super().get_queryset(request).defer("payload")


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin[ImportRun]):
    list_display = (
        "created_at",
        "series",
        "origin",
        "format",
        "rows",
        "new",
        "changed",
        "unchanged",
    )
    list_filter = ("format", "series__timeframe")
    list_select_related = ("series__instrument",)
    search_fields = ("origin", "series__instrument__symbol")
    date_hierarchy = "created_at"
