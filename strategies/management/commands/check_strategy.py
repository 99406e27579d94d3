"""Check one strategy, whichever kind it is."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from botforge.errors import BotForgeError, InvalidInput
from marketdata.management.choosing import HELP, series_named
from marketdata.ohlcv import Ohlcv
from marketdata.selectors import load_ohlcv
from marketdata.timeframes import CODES, Timeframe
from strategies.base import BaseStrategy
from strategies.language.costs import cost_of
from strategies.language.diagnostics import CodeRejected
from strategies.language.strategy import LanguageStrategy
from strategies.library.registry import library_strategy
from strategies.limits import language_limits
from strategies.models import Strategy
from strategies.rehearsal import bars_to_rehearse, made_up_candles, rehearse
from strategies.selectors import strategy_version


class Command(BaseCommand):
    help = (
        "Check a strategy: problems, warm-up, cost, and whether it looks ahead. "
        "Ends with status 1 if anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "strategy", help="a built-in strategy's slug, a user's number, or a file"
        )
        parser.add_argument(
            "--parameters", default="{}", help='as JSON, {"fast": 20}; else defaults'
        )
        parser.add_argument("--timeframe", default="1h", choices=CODES)
        parser.add_argument(
            "--series", help=f"run over its newest candles, not made-up ones; {HELP}"
        )

    def handle(self, *args: Any, **options: Any) -> str:
        try:
            strategy, given = _strategy(options["strategy"])
            given |= _parameters(options["parameters"])
            return self._check(strategy, given, options)
        except CodeRejected as error:
            places = (
                f"{d.line}:{d.column}: {d.message} [{d.code}]"
                for d in error.diagnostics
            )
            raise CommandError("\n".join(places)) from error
        except InvalidInput as error:
            details = dict.fromkeys(wrong.detail for wrong in error.errors)
            raise CommandError("\n".join(details)) from error
        except BotForgeError as error:
            raise CommandError(error.detail) from error

    def _check(
        self, strategy: BaseStrategy, given: dict[str, Any], options: dict[str, Any]
    ) -> str:
        series = series_named(options["series"]) if options["series"] else None
        code = series.timeframe if series else options["timeframe"]
        timeframe_ms = Timeframe.parse(code).ms
        strategy = strategy.on(timeframe_ms)
        values = strategy.resolve(given)
        self._say(strategy, values, code, timeframe_ms)
        bars = bars_to_rehearse(strategy.warmup_bars(values))
        candles = (
            _newest(load_ohlcv(series, None, None)[0], bars)
            if series
            else made_up_candles(bars, timeframe_ms)
        )
        rehearsal = rehearse(strategy, values, candles)
        if rehearsal.causality.leak is not None:
            raise CommandError(f"Looks ahead: {rehearsal.sentence}")
        return f"Look-ahead: {rehearsal.sentence}"

    def _say(
        self,
        strategy: BaseStrategy,
        values: dict[str, Any],
        code: str,
        timeframe_ms: int,
    ) -> None:
        self.stdout.write(f"Strategy: {strategy.title}")
        self.stdout.write(f"Parameters: {json.dumps(values)}")
        self.stdout.write(f"Warm-up: {strategy.warmup_bars(values):,} bars of {code}")
        if isinstance(strategy, LanguageStrategy):
            cost = cost_of(strategy.program, timeframe_ms)
            self.stdout.write(
                f"Cost: {cost.additions_per_bar:,.1f} additions and "
                f"{cost.bytes_per_bar:,.0f} bytes a bar; line {cost.line} costs most, "
                f"{cost.share:.0%}"
            )
            self.stdout.write(f"Outputs: {', '.join(strategy.program.outputs)}")
            for warning in strategy.program.warnings:
                place = f"{warning.line}:{warning.column}"
                self.stdout.write(f"{place}: warning: {warning.message}")


def _strategy(name: str) -> tuple[BaseStrategy, dict[str, Any]]:
    """Return the strategy, and the parameters that are stored with it."""
    path = Path(name)
    if name.isascii() and name.isdigit() and len(name) < 19:
        row = Strategy.objects.filter(pk=int(name)).first()
        if row is None:
            raise CommandError(f"There is no strategy {name}.")
        code = strategy_version(row).code
        return LanguageStrategy.of(code, language_limits()), dict(row.parameters)
    if not path.is_file():
        return library_strategy(name), {}
    try:
        code = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path.name} cannot be read as a text.") from error
    return LanguageStrategy.of(code, language_limits()), {}


def _parameters(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise CommandError(f"--parameters is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise CommandError('--parameters must be an object: {"fast": 20}.')
    return given


def _newest(candles: Ohlcv, bars: int) -> Ohlcv:
    return candles.slice(max(0, len(candles) - bars), len(candles))
