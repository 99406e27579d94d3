"""Results in the admin: to look at; they come and go with their backtest."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from backtests.admin.badges import checks_badge, metric_cell
from backtests.models import BacktestResult
from marketdata.admin.read_only import ReadOnlyAdmin


@admin.register(BacktestResult)
class BacktestResultAdmin(ReadOnlyAdmin[BacktestResult]):
    list_display = (
        "backtest",
        "total_return",
        "sharpe",
        "max_drawdown",
        "win_rate",
        "trades_count",
        "checks_summary",
        "purged_at",
    )
    list_select_related = ("backtest",)
    list_filter = ("backtest__library", "purged_at")
    search_fields = ("=backtest__id", "backtest__name", "backtest__owner__email")
    exclude = BacktestResult.TABLES
    show_full_result_count = False

    class Media:
        css = {"all": ["backtests/admin.css"]}  # noqa: RUF012 - Django's own name

    def get_queryset(self, request: HttpRequest) -> QuerySet[BacktestResult]:
        return super().get_queryset(request).defer(*BacktestResult.TABLES)

    @admin.display(description="return")
    def total_return(self, result: BacktestResult) -> str:
        return metric_cell(result, "total_return")

    @admin.display(description="sharpe")
    def sharpe(self, result: BacktestResult) -> str:
        return metric_cell(result, "sharpe")

    @admin.display(description="max drawdown")
    def max_drawdown(self, result: BacktestResult) -> str:
        return metric_cell(result, "max_drawdown")

    @admin.display(description="win rate")
    def win_rate(self, result: BacktestResult) -> str:
        return metric_cell(result, "win_rate")

    @admin.display(description="trades")
    def trades_count(self, result: BacktestResult) -> str:
        return metric_cell(result, "trades")

    @admin.display(description="checks")
    def checks_summary(self, result: BacktestResult) -> str:
        return checks_badge(result)
