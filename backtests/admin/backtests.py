"""Backtests in the admin: the list, and the page of one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backtests.admin.actions import CANCEL, RERUN, VERIFY
from backtests.admin.badges import badge, checks_badge, metric_cell, outcome_badge
from backtests.admin.details import details_of
from backtests.admin.filters import ChecksFilter
from backtests.admin.ordering import ByMetric
from backtests.admin.report import report_response
from backtests.models import Backtest, BacktestResult, Verification
from backtests.naming import strategy_name
from marketdata.admin.read_only import ReadOnlyAdmin


@admin.register(Backtest)
class BacktestAdmin(ReadOnlyAdmin[Backtest]):
    list_display = (
        "id",
        "state",
        "strategy",
        "total_return",
        "sharpe",
        "max_drawdown",
        "trades_count",
        "checks_summary",
        "verified",
        "queued",
        "owner",
    )
    list_filter = (
        "status",
        ChecksFilter,
        "verification__outcome",
        "error_code",
        "library",
        ("series__timeframe", admin.AllValuesFieldListFilter),
        "queued_at",
    )
    search_fields = (
        *("=id", "name", "owner__email", "series__instrument__symbol"),
        *("library", "strategy_version__strategy__name"),
    )
    date_hierarchy = "queued_at"
    show_full_result_count = False
    list_per_page = 50
    actions = (CANCEL, RERUN, VERIFY)
    # The page of one is a template of its own; it has no form.
    fieldsets = ((None, {"fields": ()}),)

    class Media:
        css = {"all": ["backtests/admin.css"]}  # noqa: RUF012 - Django's own name

    def get_queryset(self, request: HttpRequest) -> QuerySet[Backtest]:
        return (
            super()
            .get_queryset(request)
            .select_related(
                "owner",
                "series__instrument",
                "strategy_version__strategy",
                "result",
                "verification",
            )
            .defer(*(f"result__{table}" for table in BacktestResult.TABLES))
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.report_view)
        name = "backtests_backtest_report"
        return [path("<int:pk>/report/", view, name=name), *super().get_urls()]

    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return report_response(self, request, pk)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        context["details"] = details_of(context["original"])
        return super().render_change_form(request, context, *args, **options)

    def has_delete_permission(
        self, request: HttpRequest, obj: Backtest | None = None
    ) -> bool:
        over = obj is None or not obj.is_active
        return over and request.user.has_perm("backtests.delete_backtest")

    def get_deleted_objects(
        self, objs: Sequence[Backtest] | QuerySet[Backtest], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Show the backtests alone: their results go along unread, for they are big."""
        shown = [str(backtest) for backtest in objs]
        may = all(self.has_delete_permission(request, backtest) for backtest in objs)
        missing = set() if may else {str(self.opts.verbose_name)}
        return shown, {str(self.opts.verbose_name_plural): len(shown)}, missing, []

    @admin.display(description="status", ordering="status")
    def state(self, backtest: Backtest) -> SafeString:
        """Return the state, for a running one the stage, with a link to the report."""
        if backtest.status == Backtest.Status.RUNNING and backtest.stage:
            return badge(backtest.status, backtest.stage)
        result = _result(backtest)
        if result is None or result.purged_at is not None:
            return badge(backtest.status)
        url = reverse("admin:backtests_backtest_report", args=[backtest.pk])
        return format_html('{}<br><a href="{}">report</a>', badge(backtest.status), url)

    @admin.display(description="strategy and series")
    def strategy(self, backtest: Backtest) -> str:
        return format_html(
            '<strong>{}</strong><br><span class="bf-quiet">{}</span>',
            strategy_name(backtest),
            backtest.series,
        )

    @admin.display(description="return", ordering=ByMetric("total_return"))
    def total_return(self, backtest: Backtest) -> str:
        return metric_cell(_result(backtest), "total_return")

    @admin.display(description="sharpe", ordering=ByMetric("sharpe"))
    def sharpe(self, backtest: Backtest) -> str:
        return metric_cell(_result(backtest), "sharpe")

    @admin.display(description="max dd", ordering=ByMetric("max_drawdown"))
    def max_drawdown(self, backtest: Backtest) -> str:
        return metric_cell(_result(backtest), "max_drawdown")

    @admin.display(description="trades", ordering=ByMetric("trades"))
    def trades_count(self, backtest: Backtest) -> str:
        return metric_cell(_result(backtest), "trades")

    @admin.display(description="checks")
    def checks_summary(self, backtest: Backtest) -> str:
        return checks_badge(_result(backtest))

    @admin.display(description="verified")
    def verified(self, backtest: Backtest) -> str:
        return outcome_badge(_verification(backtest))

    @admin.display(description="queued, took", ordering="queued_at")
    def queued(self, backtest: Backtest) -> SafeString:
        took = backtest.duration_ms
        return format_html(
            '{}<br><span class="bf-quiet">{}</span>',
            f"{backtest.queued_at:%Y-%m-%d %H:%M}",
            "" if took is None else f"{took:,} ms",
        )


def _result(backtest: Backtest) -> BacktestResult | None:
    return getattr(backtest, "result", None)


def _verification(backtest: Backtest) -> Verification | None:
    return getattr(backtest, "verification", None)
