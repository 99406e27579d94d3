"""Gathering what the report of a backtest is made of."""

from datetime import datetime

from backtests.models import Backtest, BacktestResult
from backtests.plots import plots_of
from backtests.reports import ReportData, Subject
from backtests.results import equity_columns, table_of
from backtests.runnable import strategy_of
from backtests.selectors import result_of
from botforge.errors import BotForgeError
from marketdata.encoding import content_hash
from marketdata.ohlcv import Ohlcv
from marketdata.selectors import load_ohlcv
from strategies.library.registry import documentation

CHANGED = (
    "The candles have changed since this run, so its prices cannot be drawn: "
    "run it again to see it on the candles of today."
)


def report_data(backtest: Backtest) -> ReportData:
    """Return the stored result of a backtest as a report shows it.

    Raises ``Conflict`` while there is none, and when there will be none.
    """
    result = result_of(backtest, "equity", "trades", "plots")
    candles = _candles_of(backtest, result)
    notices = () if candles is not None else (CHANGED,)
    return report_data_of(backtest, result, candles, notices)


def report_data_of(
    backtest: Backtest,
    result: BacktestResult,
    candles: Ohlcv | None,
    notices: tuple[str, ...] = (),
) -> ReportData:
    """Return the same of rows that need not be stored.

    ``candles`` are those of the run without its warm-up, or None.
    """
    return ReportData(
        subject=_subject(backtest),
        manifest=result.manifest,
        metrics=result.metrics,
        counters=result.counters,
        equity=equity_columns(result),
        trades=table_of(result, "trades"),
        plots=plots_of(result),
        open_trade=result.open_trade,
        days_per_year=backtest.series.instrument.days_per_year,
        candles=candles,
        checks=result.checks,
        trials=result.trials,
        notices=notices,
    )


def _subject(backtest: Backtest) -> Subject:
    title, about = backtest.library, ""
    given = dict(sorted(backtest.parameters.items()))
    try:
        strategy = strategy_of(backtest)
    except BotForgeError:
        pass  # It was removed since; its name is all that is left.
    else:
        title = strategy.title
        about = documentation(strategy).partition("\n")[0]
        declared = [p.name for p in strategy.parameters if p.name in given]
        given = {name: given[name] for name in (*declared, *given)}
    origin = f"built-in strategy {backtest.library}"
    if (version := backtest.strategy_version) is not None:
        title = version.strategy.name
        origin = f"own strategy, version {version.number}"
    return Subject(
        number=backtest.pk,
        name=backtest.name,
        notes=backtest.notes,
        tags=[str(tag) for tag in backtest.tags],
        strategy=title,
        origin=origin,
        about=about,
        parameters=given,
    )


def _candles_of(backtest: Backtest, result: BacktestResult) -> Ohlcv | None:
    """Return the candles that the run saw; None where they are not those any more."""
    said, series = result.manifest["data"], backtest.series
    start, end = (datetime.fromisoformat(said[side]) for side in ("start", "end"))
    candles, warmup = load_ohlcv(series, start, end, said["warmup_bars"])
    # The revision is now that of these candles; a write elsewhere raises it as well.
    same = series.revision == said["revision"]
    if not same and content_hash(candles) != said["data_hash"]:
        return None
    return candles.slice(warmup, len(candles))
