"""What the service writes down for itself: to look at only."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from backtests.admin.badges import badge
from backtests.differences import verdict
from backtests.models import Comparison, DailyUsage, Trial, Verification
from marketdata.admin.read_only import ReadOnlyAdmin


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin[Verification]):
    list_display = (
        "backtest",
        "outcome_word",
        "sentence",
        "attempt",
        "queued_at",
        "duration",
    )
    list_filter = ("status", "outcome", "queued_at")
    list_select_related = ("backtest",)
    search_fields = ("=backtest__id", "backtest__name", "backtest__owner__email")
    date_hierarchy = "queued_at"
    show_full_result_count = False

    class Media:
        css = {"all": ["backtests/admin.css"]}  # noqa: RUF012 - Django's own name

    @admin.display(description="outcome", ordering="outcome")
    def outcome_word(self, verification: Verification) -> str:
        return badge(verification.outcome or verification.status)

    @admin.display(description="what came of it")
    def sentence(self, verification: Verification) -> str:
        if verification.outcome:
            return verdict(verification.outcome, verification.differences)
        return verification.error_detail

    @admin.display(description="duration")
    def duration(self, verification: Verification) -> str:
        lasted = verification.duration_ms
        return "" if lasted is None else f"{lasted:,} ms"


@admin.register(Trial)
class TrialAdmin(ReadOnlyAdmin[Trial]):
    list_display = ("owner", "family", "series", "daily_sharpe", "short", "tried_at")
    list_filter = ("series__timeframe", "tried_at")
    list_select_related = ("owner", "series__instrument")
    search_fields = ("owner__email", "family", "series__instrument__symbol")
    ordering = ("-id",)
    show_full_result_count = False

    @admin.display(description="sharpe a day", ordering="sharpe")
    def daily_sharpe(self, trial: Trial) -> str:
        return "" if trial.sharpe is None else f"{trial.sharpe:.4f}"

    @admin.display(description="variant", ordering="variant")
    def short(self, trial: Trial) -> str:
        return trial.variant[:12]


@admin.register(DailyUsage)
class DailyUsageAdmin(ReadOnlyAdmin[DailyUsage]):
    list_display = ("day", "owner", "backtests", "seconds")
    list_select_related = ("owner",)
    search_fields = ("owner__email",)
    date_hierarchy = "day"
    ordering = ("-day", "-cost")
    show_full_result_count = False

    @admin.display(description="seconds of a worker", ordering="cost")
    def seconds(self, usage: DailyUsage) -> str:
        return f"{usage.cost:,.1f}"


@admin.register(Comparison)
class ComparisonAdmin(ReadOnlyAdmin[Comparison]):
    list_display = ("id", "name", "owner", "size", "created_at")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__email")
    date_hierarchy = "created_at"
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comparison]:
        return super().get_queryset(request).annotate(members=Count("backtests"))

    @admin.display(description="backtests", ordering="members")
    def size(self, comparison: Any) -> int:
        members: int = comparison.members
        return members
