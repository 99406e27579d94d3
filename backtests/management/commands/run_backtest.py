"""Run one backtest here and now, without the queue."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backtests.management.asking import code_of, owner_of, request_of
from backtests.management.summary import print_run, run_json
from backtests.management.terminal import console_of
from backtests.models import Backtest
from backtests.reporting import report_data_of
from backtests.reports import render_report
from backtests.services.direct import (
    DirectRun,
    OperatorLookup,
    backtest_keep,
    backtest_run,
    strategy_keep,
)
from backtests.services.request import backtest_resolve
from botforge.errors import BotForgeError, InvalidInput
from marketdata.management.choosing import HELP


class Command(BaseCommand):
    help = (
        "Run a backtest without the queue and show what came out. Nothing is stored "
        "unless --save says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "strategy", nargs="?", help="a built-in strategy's slug, or a user's number"
        )
        parser.add_argument("--code", type=Path, help="a file of strategy language")
        parser.add_argument("--series", help=HELP)
        for name in ("--source", "--symbol", "--timeframe"):
            parser.add_argument(name, help="the series by its names instead")
        parser.add_argument("--start", help="first bar's open in UTC, e.g. 2021-01-31")
        parser.add_argument("--end", help="not included")
        parser.add_argument(
            "--param",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="of the strategy, e.g. fast=20; may be repeated",
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="of the execution, e.g. fee_rate=0.001; may be repeated",
        )
        parser.add_argument("--json", action="store_true", help="for scripts")
        parser.add_argument("--report", type=Path, help="write the report, one file")
        parser.add_argument("--save", action="store_true", help="store the backtest")
        parser.add_argument("--owner", metavar="EMAIL", help="whose it is then")
        parser.add_argument("--name", default="", help="what it is called then")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["save"] != bool(options["owner"]):
            raise CommandError("Give --save and --owner EMAIL together, or neither.")
        try:
            run = backtest_run(backtest=_resolved(options))
            if options["save"]:
                backtest_keep(run=run)
        except InvalidInput as error:
            raise CommandError(_sentence(error)) from error
        except BotForgeError as error:
            raise CommandError(error.detail) from error
        if options["report"]:
            _write_report(run, options["report"])
        self._show(run, options)

    def _show(self, run: DirectRun, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(run_json(run)))
            return
        print_run(console_of(self.stdout), run)
        self.stdout.write(
            f"Computed {run.backtest.bars:,} bars in {run.duration_ms} ms."
        )
        if options["report"]:
            self.stdout.write(f"The report is in {options['report']}.")
        if options["save"]:
            self.stdout.write(f"Stored as backtest {run.backtest.pk}.")


def _resolved(options: dict[str, Any]) -> Backtest:
    """Return the unsaved backtest; only with --save is a strategy stored for it."""
    request, lookup = request_of(options), OperatorLookup()
    path: Path | None = options["code"]
    if path is not None:
        lookup = OperatorLookup(code_of(path), path.stem)
    if not options["save"]:
        return backtest_resolve(lookup.owner, request, lookup)
    owner = owner_of(options["owner"])
    if path is not None:
        # Everything else is right before anything is stored.
        backtest_resolve(lookup.owner, request, lookup)
        kept = strategy_keep(owner=owner, name=path.stem, code=code_of(path))
        request = replace(request, strategy=kept.pk)
    return backtest_resolve(owner, request)


def _write_report(run: DirectRun, path: Path) -> None:
    data = report_data_of(run.backtest, run.row, run.computed.run.window)
    try:
        path.write_text(render_report(data), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error


def _sentence(error: InvalidInput) -> str:
    """Return all that is wrong, each thing with the name that it has in a request."""
    named = (
        f"{e.pointer.strip('/').replace('/', '.')}: {e.detail}"
        if e.pointer
        else e.detail
        for e in error.errors
    )
    return "\n".join(dict.fromkeys(named))
