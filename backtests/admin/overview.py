"""The operators' overview: one page, a fixed number of queries."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from redis.exceptions import RedisError

from backtests import operations
from backtests.operations import Hour
from backtests.reports.numbers import duration
from backtests.services.execution import STAGES
from botforge.queues import QueueState, queue_states

CHART_HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """An hour of the chart: its place, and the heights of its parts, bottom up."""

    x: int
    hour: Hour
    completed: float
    failed: float
    cancelled: float

    @property
    def failed_y(self) -> float:
        return CHART_HEIGHT - self.completed - self.failed

    @property
    def cancelled_y(self) -> float:
        return self.failed_y - self.cancelled

    @property
    def completed_y(self) -> float:
        return CHART_HEIGHT - self.completed


def overview(request: HttpRequest) -> HttpResponse:
    """Show what runs, waits, failed, was slow and takes space."""
    if not request.user.has_perm("backtests.view_backtest"):
        raise PermissionDenied
    now = timezone.now()
    hours = operations.hours(now)
    queues = _queues()
    context = {
        **admin.site.each_context(request),
        "title": "Overview",
        "now": now,
        "steps": len(STAGES),
        "queues": queues,
        "workers": sum(queue.workers for queue in queues or ()),
        "waiting": operations.waiting(),
        "running": operations.running_backtests(),
        "imports": operations.running_imports(),
        "bars": _bars(hours),
        "busiest": max(_ended(hour) for hour in hours),
        "ended": {
            status: sum(getattr(hour, status) for hour in hours)
            for status in operations.ENDS
        },
        "durations": {
            name: seconds(value) if isinstance(value, timedelta) else value
            for name, value in operations.durations(now).items()
        },
        "failures": operations.failures(now),
        "slowest": operations.slowest(now),
        "storage": operations.storage(),
    }
    return TemplateResponse(request, "backtests/admin/overview.html", context)


def seconds(lasted: timedelta) -> str:
    """Return how long something took: milliseconds while that says more."""
    if lasted < timedelta(seconds=10):
        return f"{lasted.total_seconds() * 1000:,.0f} ms"
    return duration(lasted.total_seconds())


def _queues() -> list[QueueState] | None:
    """Return the queues; None when Redis does not answer."""
    try:
        return queue_states()
    except RedisError:
        return None


def _ended(hour: Hour) -> int:
    return hour.completed + hour.failed + hour.cancelled


def _bars(hours: list[Hour]) -> list[Bar]:
    scale = CHART_HEIGHT / (max(_ended(hour) for hour in hours) or 1)
    return [
        Bar(
            x=number,
            hour=hour,
            completed=round(hour.completed * scale, 2),
            failed=round(hour.failed * scale, 2),
            cancelled=round(hour.cancelled * scale, 2),
        )
        for number, hour in enumerate(hours)
    ]
