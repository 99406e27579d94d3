"""What an operator wants to know at a glance: counted in the database, never loaded."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import Length, TruncHour

from backtests.models import Backtest, BacktestResult, Verification
from marketdata.models import CandleBlock, ImportJob

DAY = timedelta(hours=24)
SHOWN = 20
SLOWEST = 8
TOP = 8
LASTED = ExpressionWrapper(F("finished_at") - F("started_at"), DurationField())
ENDS = (Backtest.Status.COMPLETED, Backtest.Status.FAILED, Backtest.Status.CANCELLED)
TABLE_BYTES = sum(Length(F(table)) for table in BacktestResult.TABLES)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows of one kind wait and run, and since when the oldest waits."""

    kind: str
    queued: int
    running: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Hour:
    """What ended in the hour that begins at ``start``."""

    start: datetime
    completed: int = 0
    failed: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """The failures with one code: how many, and the latest."""

    code: str
    count: int
    latest: Backtest


@dataclass(frozen=True, slots=True)
class Share:
    """What one user takes of the storage; "" is what belongs to nobody."""

    owner: str
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Storage:
    """The bytes of one kind of rows, and who has most of them."""

    kind: str
    rows: int
    bytes: int
    top: list[Share]


def waiting() -> list[Waiting]:
    """Return what waits and runs, by kind; one query each."""
    kinds = {
        "backtests": Backtest.objects.all(),
        "verifications": Verification.objects.all(),
        "imports": ImportJob.objects.all(),
    }
    return [_waiting(kind, rows) for kind, rows in kinds.items()]


def running_backtests() -> QuerySet[Backtest]:
    """Return the backtests that run, the longest first."""
    running = _shown().filter(status=Backtest.Status.RUNNING)
    return running.order_by("started_at")[:SHOWN]


def running_imports() -> QuerySet[ImportJob]:
    """Return the imports that run, the longest first."""
    running = ImportJob.objects.filter(status=ImportJob.Status.RUNNING)
    return running.select_related("owner").order_by("started_at")[:SHOWN]


def hours(now: datetime) -> list[Hour]:
    """Return the last 24 hours, the present one last, each with what ended in it."""
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    counts = (
        Backtest.objects.filter(finished_at__gte=first)
        .annotate(hour=TruncHour("finished_at"))
        .values("hour")
        .order_by("hour")
        .annotate(**{status: Count("pk", filter=Q(status=status)) for status in ENDS})
        .values_list("hour", *ENDS)
    )
    known = {start: Hour(start, *ended) for start, *ended in counts}
    starts = (first + timedelta(hours=number) for number in range(24))
    return [known.get(start, Hour(start)) for start in starts]


def durations(now: datetime) -> dict[str, Any]:
    """Return ``mean`` and ``longest`` of what completed in the last 24 hours, and how
    many were ``cached``: their result was there already."""
    done = Backtest.objects.filter(
        finished_at__gte=now - DAY, status=Backtest.Status.COMPLETED
    )
    computed = Q(cached_from=None)
    return done.aggregate(
        mean=Avg(LASTED, filter=computed),
        longest=Max(LASTED, filter=computed),
        cached=Count("pk", filter=~computed),
    )


def failures(now: datetime) -> list[Failure]:
    """Return the failures of the last 24 hours by code, the most frequent first."""
    failed = Backtest.objects.filter(
        finished_at__gte=now - DAY, status=Backtest.Status.FAILED
    )
    groups = list(
        failed.values("error_code")
        .annotate(count=Count("pk"), latest=Max("pk"))
        .order_by("-count", "error_code")
    )
    latest = _shown().in_bulk([group["latest"] for group in groups])
    return [
        Failure(group["error_code"], group["count"], latest[group["latest"]])
        for group in groups
        if group["latest"] in latest
    ]


def slowest(now: datetime) -> QuerySet[Backtest]:
    """Return the runs of the last 24 hours that took longest."""
    done = _shown().filter(
        finished_at__gte=now - DAY, status=Backtest.Status.COMPLETED, cached_from=None
    )
    return done.order_by(LASTED.desc(), "-pk")[:SLOWEST]


def storage() -> list[Storage]:
    """Return what results and candles take. The database reads lengths, not bytes."""
    results = BacktestResult.objects.annotate(size=TABLE_BYTES)
    blocks = CandleBlock.objects.annotate(size=Length("payload"))
    return [
        _storage("results", results, "backtest__owner__email"),
        _storage("candles", blocks, "series__owner__email"),
    ]


def _shown() -> QuerySet[Backtest]:
    return Backtest.objects.select_related(
        "owner", "series__instrument", "strategy_version__strategy"
    )


def _waiting(kind: str, rows: QuerySet[Any]) -> Waiting:
    queued, running = Q(status="queued"), Q(status="running")
    found = rows.filter(queued | running).aggregate(
        queued=Count("pk", filter=queued),
        running=Count("pk", filter=running),
        oldest=Min("queued_at", filter=queued),
    )
    return Waiting(kind, **found)


def _storage(kind: str, rows: QuerySet[Any], owner: str) -> Storage:
    shares = [
        Share(email or "", count, taken)
        for email, count, taken in rows.values_list(owner)
        .annotate(rows=Count("pk"), bytes=Sum("size", default=0))
        .order_by("-bytes", owner)
    ]
    return Storage(
        kind=kind,
        rows=sum(share.rows for share in shares),
        bytes=sum(share.bytes for share in shares),
        top=shares[:TOP],
    )
