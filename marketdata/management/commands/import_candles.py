"""Import files of candles."""

import glob
import json
from pathlib import Path
from typing import Any, Never

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from botforge.errors import InvalidInput
from marketdata.formats.detection import NAMES
from marketdata.formats.refusing import named
from marketdata.formats.sources import Source, sources
from marketdata.management.import_summary import summary, table
from marketdata.merging import OnConflict
from marketdata.models import Series
from marketdata.services.importing import Options, Report, Said, source_import
from marketdata.services.saying import said_of
from marketdata.timeframes import CODES


class Command(BaseCommand):
    help = "Import files of candles into series; running it twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("paths", nargs="+", metavar="PATH", help="files, folders or patterns")
        add("--symbol", help="e.g. BTC/USDT (default: what the file says)")
        add("--timeframe", help=f"{', '.join(CODES)} (default: what the file says)")
        add("--source", help="exchange, e.g. binance (default: that of the format)")
        add(
            "--calendar",
            metavar="CALENDAR",
            help="24/7, fx, exchange, or an exchange by its code, e.g. XNYS (default: "
            "by the symbol, else by the bars); decides gaps, grade and annualisation",
        )
        add(
            "--adjustment",
            choices=[choice.value for choice in Series.Adjustment],
            help="how prices are adjusted (default: as the file has them; Yahoo's for "
            "splits). split_dividend multiplies by Adj Close / Close",
        )
        add(
            "--format",
            choices=("auto", *NAMES),
            default="auto",
            help="default: auto, by the content",
        )
        add(
            "--timezone",
            help="of times without an offset, e.g. Europe/Berlin; an hour that comes "
            "twice in autumn is summer time first, one that is left out in spring is "
            "no time",
        )
        add(
            "--columns",
            default="",
            help="e.g. time=Start,open=2,high=3,low=4,close=5,volume=Vol: by header "
            "or number from 1",
        )
        add("--day-first", action="store_true", help="01/02/2021 is in February")
        add("--month-first", action="store_true", help="01/02/2021 is in January")
        add("--decimal-comma", action="store_true", help="1,234 is less than two")
        add("--close-time", action="store_true", help="times are those of the close")
        add(
            "--on-conflict",
            choices=[choice.value for choice in OnConflict],
            help="when other values are stored for a candle (default: replace; fail "
            "where nothing tells the source)",
        )
        add("--dry-run", action="store_true", help="count everything, store nothing")
        add("--json", action="store_true", help="one JSON object per file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            said = _said(options)
            files = _files(options["paths"])
            many = len(files) > 1
            reports = [self._import(one, said, options, many=many) for one in files]
        except InvalidInput as error:
            raise CommandError(error.detail) from error
        failed = [report for report in reports if report.failure is not None]
        if len(reports) == 1 and failed and failed[0].failure is not None:
            raise CommandError(failed[0].failure.detail)
        if len(reports) > 1 and not options["json"]:
            for report in failed:
                self.stderr.write(_sentence(report))
            self.stdout.write(table(reports))
        if failed:
            raise CommandError(
                f"{len(failed)} of {len(reports)} files were not imported."
            )

    def _import(
        self, one: Source | Report, said: Said, options: dict[str, Any], *, many: bool
    ) -> Report:
        report = one if isinstance(one, Report) else _stored(one, said, options)
        if options["json"]:
            line = report.as_json() | {"dry_run": options["dry_run"]}
            self.stdout.write(json.dumps(line))
        elif report.failure is None:
            name = f"{report.file}: " if many else ""
            self.stdout.write(name + summary(report, dry_run=options["dry_run"]))
        return report


def _stored(source: Source, said: Said, options: dict[str, Any]) -> Report:
    with _Bar(source) as bar:
        try:
            return source_import(
                source=source,
                said=said,
                options=Options(
                    options["on_conflict"] and OnConflict(options["on_conflict"]),
                    options["dry_run"],
                    reading=bar.reading,
                    writing=bar.writing,
                ),
            )
        except DatabaseError as error:
            raise CommandError(f"The database refused: {error}") from error


def _sentence(report: Report) -> str:
    detail = report.failure.detail if report.failure else ""
    return detail if report.file in detail else f"“{report.file}”: {detail}"


def _files(patterns: list[str]) -> list[Source | Report]:
    """Return the sources in order, and a report for what cannot be opened.

    Raises ``InvalidInput`` for a folder or pattern without a file.
    """
    found: list[Source | Report] = []
    for pattern in patterns:
        path = Path(pattern)
        paths = [path]
        if path.is_dir():
            paths = sorted(p for p in path.rglob("*") if _is_visible(p, path))
        elif not path.exists() and glob.has_magic(pattern):
            # ``Path.glob`` takes no pattern that begins at the root.
            names = glob.glob(pattern, recursive=True)  # noqa: PTH207
            paths = [Path(name) for name in sorted(names) if Path(name).is_file()]
        if not paths:
            raise InvalidInput.field(
                "file", "no_files", f"There are no files at “{pattern}”."
            )
        for one in paths:
            try:
                found += sources(one)
            except InvalidInput as error:
                found.append(Report(one.name, str(one), failure=named(one.name, error)))
    return found


def _is_visible(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.is_file() and not hidden


def _said(options: dict[str, Any]) -> Said:
    day_first = True if options["day_first"] else None
    if options["month_first"]:
        if day_first:
            raise InvalidInput.field(
                "day_first", "conflict", "Give --day-first or --month-first, not both."
            )
        day_first = False
    return said_of(options | {"day_first": day_first})


class _Bar:
    """A progress bar for a terminal, shown only where the work takes a while."""

    def __init__(self, source: Source) -> None:
        self._name = source.title
        self._bar: tqdm[Never] | None = None
        self._unit = ""

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def reading(self, done: int, total: int) -> None:
        self._show("B", done, total)

    def writing(self, done: int, total: int) -> None:
        self._show(" bars", done, total)

    def _show(self, unit: str, done: int, total: int) -> None:
        if self._bar is None or self._unit != unit:
            self.__exit__()
            self._unit = unit
            self._bar = tqdm(
                total=total,
                unit=unit,
                unit_scale=True,
                desc=self._name,
                delay=0.5,
                leave=False,
                disable=None,
            )
        self._bar.total = total
        self._bar.update(done - self._bar.n)
