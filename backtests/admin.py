"""Backtests in the admin: to watch, to cancel, to delete."""

from collections.abc import Sequence

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from backtests.models import Backtest, BacktestResult
from backtests.services.submission import backtest_cancel


def _metric(result: BacktestResult | None, key: str, form: str) -> str:
    """Return a metric as text; "–" where it is undefined."""
    value = None if result is None else result.metrics.get(key)
    return "–" if value is None else form.format(value)


@admin.register(Backtest)
class BacktestAdmin(admin.ModelAdmin[Backtest]):
    list_display = (
        "id",
        "status",
        "strategy",
        "series",
        "total_return",
        "sharpe",
        "duration",
        "queued_at",
        "owner",
    )
    list_filter = (
        "status",
        "library",
        ("series__timeframe", admin.AllValuesFieldListFilter),
        "queued_at",
    )
    search_fields = ("=id", "name", "owner__email", "series__instrument__symbol")
    list_select_related = (
        "owner",
        "series__instrument",
        "strategy_version__strategy",
        "result",
    )
    date_hierarchy = "queued_at"
    actions = ("cancel",)
    fieldsets = (
        (None, {"fields": (("status", "stage", "attempt"), "owner", "name", "tags")}),
        (
            "Request",
            {
                "fields": (
                    ("library", "strategy_version"),
                    "parameters",
                    ("series", "bars"),
                    ("start", "end"),
                    "execution",
                )
            },
        ),
        (
            "Run",
            {
                "fields": (
                    ("queued_at", "started_at", "finished_at"),
                    ("error_code", "error_detail"),
                    ("engine_version", "job_id"),
                    "notes",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Backtest]:
        tables = (f"result__{table}" for table in BacktestResult.TABLES)
        return super().get_queryset(request).defer(*tables)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Backtest | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Backtest | None = None
    ) -> bool:
        over = obj is None or not obj.is_active
        return over and super().has_delete_permission(request, obj)

    def get_deleted_objects(
        self, objs: Sequence[Backtest] | QuerySet[Backtest], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Show the backtests alone: their results go along unread, for they are big."""
        shown = [str(backtest) for backtest in objs]
        may = all(self.has_delete_permission(request, backtest) for backtest in objs)
        missing = set() if may else {str(self.opts.verbose_name)}
        return shown, {str(self.opts.verbose_name_plural): len(shown)}, missing, []

    @admin.display(description="strategy")
    def strategy(self, backtest: Backtest) -> str:
        return backtest.library or str(backtest.strategy_version)

    @admin.display(description="return")
    def total_return(self, backtest: Backtest) -> str:
        return _metric(getattr(backtest, "result", None), "total_return", "{:+.1%}")

    @admin.display(description="sharpe")
    def sharpe(self, backtest: Backtest) -> str:
        return _metric(getattr(backtest, "result", None), "sharpe", "{:.2f}")

    @admin.display(description="duration")
    def duration(self, backtest: Backtest) -> str:
        return "" if backtest.duration_ms is None else f"{backtest.duration_ms} ms"

    @admin.action(description="Cancel selected backtests", permissions=["delete"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Backtest]) -> None:
        before = [b for b in queryset if b.is_active]
        cancelled = sum(
            backtest_cancel(backtest=b).status == Backtest.Status.CANCELLED
            for b in before
        )
        self.message_user(request, f"{cancelled} cancelled.", messages.SUCCESS)


@admin.register(BacktestResult)
class BacktestResultAdmin(admin.ModelAdmin[BacktestResult]):
    list_display = (
        "backtest",
        "total_return",
        "sharpe",
        "max_drawdown",
        "win_rate",
        "trades_count",
    )
    list_select_related = ("backtest",)
    list_filter = ("backtest__status", "backtest__library")
    search_fields = ("=backtest__id", "backtest__name", "backtest__owner__email")
    exclude = BacktestResult.TABLES

    def get_queryset(self, request: HttpRequest) -> QuerySet[BacktestResult]:
        return super().get_queryset(request).defer(*BacktestResult.TABLES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: BacktestResult | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: BacktestResult | None = None
    ) -> bool:
        """Let a result go with its owner, but never from a page of its own."""
        match = request.resolver_match
        alone = match is None or str(match.url_name).startswith("backtests_backtestr")
        return not alone and super().has_delete_permission(request, obj)

    @admin.display(description="return")
    def total_return(self, result: BacktestResult) -> str:
        return _metric(result, "total_return", "{:+.1%}")

    @admin.display(description="sharpe")
    def sharpe(self, result: BacktestResult) -> str:
        return _metric(result, "sharpe", "{:.2f}")

    @admin.display(description="max drawdown")
    def max_drawdown(self, result: BacktestResult) -> str:
        return _metric(result, "max_drawdown", "{:.1%}")

    @admin.display(description="win rate")
    def win_rate(self, result: BacktestResult) -> str:
        return _metric(result, "win_rate", "{:.1%}")

    @admin.display(description="trades")
    def trades_count(self, result: BacktestResult) -> str:
        return _metric(result, "trades", "{:.0f}")
