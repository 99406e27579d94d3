"""Imports in the admin: the jobs, what they stored, and what they refused."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from marketdata.admin.read_only import ReadOnlyAdmin
from marketdata.models import ImportJob, ImportRun, RefusedRow
from marketdata.selectors import refused_of
from marketdata.services.import_operations import import_rerun
from marketdata.services.import_submission import import_cancel

# Of the refused rows on the page of a run; the others have a list of their own.
SHOWN_ROWS = 50
MAX_SENTENCE = 100
NONE = "–"


def _refused(run: ImportRun) -> str:
    """Return the rows that were not stored, by reason."""
    return ", ".join(f"{n:,} {reason}" for reason, n in refused_of(run).items())


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin[ImportJob]):
    list_display = (
        "id",
        "import_of",
        "status",
        "progress",
        "error",
        "stored",
        "refused",
        "owner",
        "queued_at",
        "duration",
    )
    list_display_links = ("id", "import_of")
    list_filter = (
        "status",
        "kind",
        ("timeframe", admin.AllValuesFieldListFilter),
        "queued_at",
    )
    list_select_related = ("owner", "run")
    search_fields = ("=id", "owner__email", "symbol", "source", "filename")
    date_hierarchy = "queued_at"
    actions = ("cancel", "run_again")
    readonly_fields = ("progress", "stored", "refused", "duration")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("status", "progress"),
                    ("stage", "attempt"),
                    "owner",
                    ("error_code", "error_detail"),
                )
            },
        ),
        (
            "Request",
            {
                "fields": (
                    ("kind", "filename"),
                    ("source", "symbol", "timeframe"),
                    ("start", "end"),
                )
            },
        ),
        (
            "Run",
            {
                "fields": (
                    ("run", "stored", "refused"),
                    ("queued_at", "started_at", "finished_at"),
                    ("duration", "fetched_until", "job_id"),
                )
            },
        ),
    )

    @admin.display(description="import", ordering="symbol")
    def import_of(self, job: ImportJob) -> str:
        return str(job)

    @admin.display(description="progress")
    def progress(self, job: ImportJob) -> str:
        done, total = job.bars_done, job.bars_total
        completed = job.status == ImportJob.Status.COMPLETED
        share = 1.0 if completed else min(1.0, done / total) if total else 0.0
        context = {"share": share, "done": done, "total": total, "stage": job.stage}
        return render_to_string("marketdata/progress.html", context)

    @admin.display(description="stored")
    def stored(self, job: ImportJob) -> str:
        run = job.run
        return NONE if run is None else f"{run.new:,} new, {run.changed:,} changed"

    @admin.display(description="refused")
    def refused(self, job: ImportJob) -> str:
        return NONE if job.run is None else _refused(job.run) or NONE

    @admin.display(description="error")
    def error(self, job: ImportJob) -> str:
        text = job.error_detail
        return text if len(text) <= MAX_SENTENCE else f"{text[:MAX_SENTENCE]}…"

    @admin.display(description="duration")
    def duration(self, job: ImportJob) -> str:
        if job.started_at is None or job.finished_at is None:
            return NONE
        return f"{(job.finished_at - job.started_at) / timedelta(seconds=1):.1f} s"

    @admin.action(description="Cancel selected imports", permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[ImportJob]) -> None:
        jobs = [job for job in queryset if job.is_active]
        for job in self.carry_out(
            request, jobs, lambda job: import_cancel(job=job), "cancelled."
        ):
            self.log_change(request, job, "Cancelled.")

    @admin.action(description="Run selected imports again", permissions=["operate"])
    def run_again(self, request: HttpRequest, queryset: QuerySet[ImportJob]) -> None:
        rows = list(queryset.select_related("owner"))
        for job in self.carry_out(
            request, rows, lambda job: import_rerun(job=job), "queued again."
        ):
            self.log_change(request, job, "Run again.")


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
    list_filter = (
        "format",
        ("series__timeframe", admin.AllValuesFieldListFilter),
    )
    list_select_related = ("series__instrument",)
    search_fields = ("origin", "series__instrument__symbol")
    date_hierarchy = "created_at"
    readonly_fields = ("created_at", "refused_rows")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("series", "revision"),
                    ("origin", "format", "created_at"),
                    ("rows", "new", "changed", "unchanged"),
                    "refused_rows",
                )
            },
        ),
    )

    @admin.display(description="refused")
    def refused(self, run: ImportRun) -> str:
        return _refused(run)

    @admin.display(description="refused rows")
    def refused_rows(self, run: ImportRun) -> str:
        rows = list(run.refused.all()[: SHOWN_ROWS + 1])
        url = reverse("admin:marketdata_refusedrow_changelist")
        context = {
            "counts": refused_of(run),
            "rows": rows[:SHOWN_ROWS],
            "more": f"{url}?run__id__exact={run.pk}" * (len(rows) > SHOWN_ROWS),
        }
        return render_to_string("marketdata/refused_rows.html", context)


@admin.register(RefusedRow)
class RefusedRowAdmin(ReadOnlyAdmin[RefusedRow]):
    list_display = (
        "run",
        "line",
        "reason",
        "time",
        "open",
        "high",
        "low",
        "close",
        "volume",
    )
    list_display_links = None
    list_filter = ("reason",)
    list_select_related = ("run",)
    search_fields = ("run__origin", "run__series__instrument__symbol")
    show_full_result_count = False
