"""Series in the admin: coverage, grade and what an operator does with them."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string

from botforge.tabular import csv_pieces
from marketdata.admin.maintenance import MaintainedAdmin
from marketdata.admin.read_only import operator_of
from marketdata.models import CorporateAction, ImportRun, Series, SeriesQuality
from marketdata.selectors import CandleQuery, candle_window, coverage_bars
from marketdata.services.import_operations import refresh_create
from marketdata.services.maintenance import series_share
from marketdata.services.quality import series_check


class CorporateActionInline(admin.TabularInline[CorporateAction, Series]):
    model = CorporateAction
    extra = 0
    can_delete = False


@admin.register(Series)
class SeriesAdmin(MaintainedAdmin):
    list_display = (
        "instrument",
        "timeframe",
        "grade",
        "coverage",
        "bars",
        "missing_bars",
        "first",
        "last",
        "last_import",
        "kept_up",
        "visible_to",
    )
    list_filter = (
        "grade",
        ("timeframe", admin.AllValuesFieldListFilter),
        "instrument__source",
        "shared",
    )
    list_select_related = ("instrument", "owner", "refresh")
    search_fields = ("instrument__symbol", "instrument__source")
    readonly_fields = ("coverage", "report", "updated_at")
    fieldsets = (
        (None, {"fields": (("instrument", "timeframe", "grade"), "report")}),
        (
            "Candles",
            {
                "fields": (
                    ("first", "last"),
                    ("bars", "gaps", "missing_bars", "coverage"),
                    ("adjustment", "anchor_ms"),
                    ("revision", "updated_at"),
                    "content_hash",
                )
            },
        ),
        ("Who sees it", {"fields": (("owner", "shared"),)}),
    )
    inlines = (CorporateActionInline,)
    actions = (
        *("refresh", "check_quality", "export", "share", "unshare"),
        *("merge", "repair", "remove"),
    )

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
        context = {
            "quality": stored,
            "bars": coverage_bars(series, gaps),
            "covered": f"{stored.report['coverage']:.2%}",
            "calendar": series.instrument.get_calendar_display(),
            "first": series.first,
            "last": series.last,
        }
        return render_to_string("marketdata/quality.html", context)

    @admin.display(description="last refresh", ordering="imported_at")
    def last_import(self, series: Any) -> datetime | None:
        moment: datetime | None = series.imported_at
        return moment

    @admin.display(description="kept up to date by", ordering="refresh__provider")
    def kept_up(self, series: Series) -> str:
        mark = getattr(series, "refresh", None)
        if mark is None:
            return "–"
        return f"{mark.provider} (failed)" if mark.error else str(mark.provider)

    @admin.display(description="visible to")
    def visible_to(self, series: Series) -> str:
        public = series.owner is None or series.shared
        return "everybody" if public else str(series.owner)

    @admin.action(description="Refresh selected series now", permissions=["operate"])
    def refresh(self, request: HttpRequest, queryset: QuerySet[Series]) -> None:
        for series in self.carry_out(
            request,
            list(queryset),
            lambda series: refresh_create(owner=operator_of(request), series=series),
            "queued: see “Import jobs”.",
        ):
            self.log_change(request, series, "Refresh queued.")

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

    @admin.action(
        description="Share selected series with everybody", permissions=["operate"]
    )
    def share(self, request: HttpRequest, queryset: QuerySet[Series]) -> None:
        self._set_shared(request, queryset, shared=True)

    @admin.action(
        description="Show selected series to their owners only", permissions=["operate"]
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
