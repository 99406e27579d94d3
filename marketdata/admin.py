"""Market data in the admin: to look at; candles change by import only."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string

from botforge.tabular import csv_pieces
from marketdata.models import (
    CandleBlock,
    CorporateAction,
    ImportRun,
    Instrument,
    MaintenanceRecord,
    Series,
    SeriesQuality,
)
from marketdata.selectors import (
    CandleQuery,
    candle_window,
    coverage_bars,
    refused_of,
)
from marketdata.services.maintenance import series_share
from marketdata.services.quality import instrument_check, series_check


class ReadOnlyAdmin[M: Model](admin.ModelAdmin[M]):
    """Rows that only the service itself writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class CorporateActionInline(admin.TabularInline[CorporateAction, Instrument]):
    model = CorporateAction
    extra = 0


@admin.register(Instrument)
class InstrumentAdmin(admin.ModelAdmin[Instrument]):
    list_display = ("symbol", "source", "calendar", "created_at")
    list_filter = ("source", "calendar")
    search_fields = ("symbol", "source")
    # Imports find an instrument by these two.
    readonly_fields = ("source", "symbol")
    inlines = (CorporateActionInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Instrument, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if "calendar" in form.changed_data:
            instrument_check(instrument=obj)


@admin.register(Series)
class SeriesAdmin(ReadOnlyAdmin[Series]):
    list_display = (
        "instrument",
        "timeframe",
        "grade",
        "coverage",
        "first",
        "last",
        "bars",
        "gaps",
        "missing_bars",
        "last_import",
        "visible_to",
    )
    list_filter = ("grade", "timeframe", "instrument__source", "shared")
    list_select_related = ("instrument", "owner")
    search_fields = ("instrument__symbol", "instrument__source")
    readonly_fields = ("coverage", "report")
    actions = ("check_quality", "export", "share", "unshare")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        runs = ImportRun.objects.filter(series=OuterRef("pk")).order_by("-id")
        imported_at = Subquery(runs.values("created_at")[:1])
        return super().get_queryset(request).annotate(imported_at=imported_at)

    @admin.display(description="coverage")
    def coverage(self, series: Series) -> str:
        expected = series.bars + series.missing_bars
        return render_to_string(
            "marketdata/coverage.html",
            {"share": series.bars / expected if expected else 0.0},
        )

    @admin.display(description="quality")
    def report(self, series: Series) -> str:
        stored = SeriesQuality.objects.filter(series=series).first()
        if stored is None:
            return "not checked yet"
        gaps = stored.report["listed"]["gaps"]
        context = {"quality": stored, "bars": coverage_bars(series, gaps)}
        return render_to_string("marketdata/quality.html", context)

    @admin.display(description="last refresh", ordering="imported_at")
    def last_import(self, series: Any) -> datetime | None:
        moment: datetime | None = series.imported_at
        return moment

    @admin.display(description="visible to")
    def visible_to(self, series: Series) -> str:
        public = series.owner is None or series.shared
        return "everybody" if public else str(series.owner)

    @admin.action(description="Check selected series", permissions=["view"])
    def check_quality(self, request: HttpRequest, queryset: QuerySet[Series]) -> None:
        for series in queryset:
            report = series_check(series=series)
            self.log_change(request, series, f"Checked: grade {report.grade}.")
        self.message_user(request, f"{len(queryset)} checked.", messages.SUCCESS)

    @admin.action(description="Export the selected series as CSV", permissions=["view"])
    def export(
        self, request: HttpRequest, queryset: QuerySet[Series]
    ) -> StreamingHttpResponse | None:
        if len(queryset) != 1:
            self.message_user(request, "Select one series to export.", messages.ERROR)
            return None
        (series,) = queryset
        self.log_change(request, series, "Exported as CSV.")
        query = CandleQuery()
        window = candle_window(series, query, limit=max(1, series.bars))
        return StreamingHttpResponse(
            csv_pieces(window.columns()),
            content_type="text/csv",
            headers={
                "Content-Disposition": f'attachment; filename="series-{series.pk}.csv"'
            },
        )

    def has_share_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("marketdata.change_series")

    @admin.action(
        description="Share selected series with everybody", permissions=["share"]
    )
    def share(self, request: HttpRequest, queryset: QuerySet[Series]) -> None:
        self._set_shared(request, queryset, shared=True)

    @admin.action(
        description="Show selected series to their owners only", permissions=["share"]
    )
    def unshare(self, request: HttpRequest, queryset: QuerySet[Series]) -> None:
        self._set_shared(request, queryset, shared=False)

    def _set_shared(
        self, request: HttpRequest, queryset: QuerySet[Series], *, shared: bool
    ) -> None:
        for series in queryset:
            series_share(series=series, shared=shared)
            self.log_change(request, series, "Shared." if shared else "Unshared.")
        self.message_user(request, f"{len(queryset)} changed.", messages.SUCCESS)


@admin.register(MaintenanceRecord)
class MaintenanceRecordAdmin(ReadOnlyAdmin[MaintenanceRecord]):
    list_display = ("created_at", "action", "target", "actor", "outcome")
    list_filter = ("action",)
    search_fields = ("target", "actor")
    date_hierarchy = "created_at"


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
        "refused",
    )
    list_filter = ("format", "series__timeframe")
    list_select_related = ("series__instrument",)
    search_fields = ("origin", "series__instrument__symbol")
    date_hierarchy = "created_at"

    @admin.display(description="refused")
    def refused(self, run: ImportRun) -> str:
        """Return the rows that were not stored, by reason."""
        return ", ".join(f"{n} {reason}" for reason, n in refused_of(run).items())
