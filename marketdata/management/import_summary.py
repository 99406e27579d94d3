"""What an import did, for people: a line per file, and a table of many."""

from io import StringIO

from rich.console import Console
from rich.table import Table

from marketdata.markets import ALWAYS
from marketdata.models import Series
from marketdata.services.actions import ActionsWritten
from marketdata.services.importing import Report

WIDTH = 120
CONFLICTING = "duplicates_conflicting"
NUMBERS = ("rows", "new", "changed", "stored", "bad", "repeated", "gaps", "missing")


def summary(report: Report, *, dry_run: bool) -> str:
    """Return one import in a few lines: counts, refused rows with lines, notes."""
    run, prepared = report.run, report.prepared
    if run is None or prepared.cleaned is None:
        return ""
    series = run.series
    refused = ", ".join(f"{n:,} {why}" for why, n in run.rejected.items()) or "none"
    lines = [
        f"{series} ({run.format}): {run.rows:,} rows, {run.new:,} new, "
        f"{run.changed:,} changed, {run.unchanged:,} unchanged, rejected: {refused}; "
        f"now {series.bars:,} bars, {series.first:%Y-%m-%d %H:%M} to "
        f"{series.last:%Y-%m-%d %H:%M}, {series.gaps} gaps "
        f"({series.missing_bars} bars missing)"
    ]
    for reason, where in prepared.cleaned.lines.items():
        more = ", …" if run.rejected[reason] > len(where) else ""
        how = " (the first of each time counts)" if reason == CONFLICTING else ""
        lines.append(f"  {reason}: line {', '.join(map(str, where))}{more}{how}")
    if prepared.counts and prepared.counts.out_of_order:
        lines.append(f"  out_of_order: {prepared.counts.out_of_order:,} rows, sorted")
    lines += [f"  {note}" for note in prepared.notes]
    lines += [f"  {line}" for line in of_exchange(series, report.actions)]
    if report.changed_nothing:
        lines.append("  nothing changed: 0 new, 0 changed")
    if dry_run:
        lines.append("  dry run: nothing was stored")
    return "\n".join(lines)


def of_exchange(series: Series, actions: ActionsWritten) -> list[str]:
    """Return lines about an exchange: calendar, adjustment, splits and dividends."""
    calendar = series.instrument.calendar
    lines = []
    if calendar != ALWAYS or series.adjustment != Series.Adjustment.NONE:
        lines.append(f"calendar {calendar}, prices {series.get_adjustment_display()}")
    if actions.splits or actions.dividends or actions.removed:
        held = f"splits: {actions.splits}, dividends: {actions.dividends}"
        done = f"{actions.new} new, {actions.changed} changed"
        lines.append(f"{held}; {done}, {actions.removed} removed")
    return lines


def table(reports: list[Report]) -> str:
    """Return a table of all files, with a reason for each that was not imported."""
    out = Table(box=None, pad_edge=False)
    for title in ("file", "format", "series"):
        out.add_column(title, overflow="fold")
    for title in NUMBERS:
        out.add_column(title, justify="right")
    for report in reports:
        out.add_row(*_row(report))
    text = StringIO()
    Console(file=text, width=WIDTH).print(out)
    return text.getvalue().rstrip("\n")


def _row(report: Report) -> list[str]:
    prepared, written = report.prepared, report.written
    counts, run = prepared.counts, report.run
    names = [report.file, prepared.format or "-", str(run.series) if run else "failed"]
    if counts is None:
        return names
    numbers = (
        counts.rows,
        written.new if written else 0,
        written.changed if written else 0,
        report.stored,
        counts.bad_rows,
        counts.duplicates_identical + counts.duplicates_conflicting,
        counts.gaps,
        counts.missing_bars,
    )
    return names + [f"{number:,}" for number in numbers]
