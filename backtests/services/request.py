"""What a backtest is asked for with, and its meaning: names to rows, text to rules."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from backtests.engine import ExecutionConfig
from backtests.models import Backtest
from backtests.runnable import runnable_strategy, strategy_of
from botforge.errors import FieldError, InvalidInput, NotFound
from marketdata.models import Series
from marketdata.selectors import count_bars, series_find, series_list
from strategies.base import BaseStrategy
from strategies.models import StrategyVersion
from strategies.selectors import strategies_of, strategy_version

ONE_STRATEGY = (
    "Give exactly one of strategy (one of your own) and library (a built-in one)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRequest:
    """A request whose shape is right; ``series`` is an id, or source, symbol and
    timeframe."""

    series: int | Mapping[str, str]
    strategy: int | None = None
    strategy_version: int | None = None
    library: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    execution: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    tags: tuple[str, ...] = ()


def backtest_resolve(owner: AbstractBaseUser, request: BacktestRequest) -> Backtest:
    """Return the unsaved backtest that the request means.

    Raises ``InvalidInput`` with what is wrong in every part at once.
    """
    backtest = Backtest(owner_id=owner.pk, name=request.name, tags=list(request.tags))
    errors: list[FieldError] = []
    for resolve in (
        partial(_resolve_strategy, owner),
        partial(_resolve_window, owner),
        _resolve_execution,
    ):
        try:
            resolve(backtest, request)
        except InvalidInput as error:
            errors.extend(error.errors)
    errors = errors or list(_run_errors(backtest))
    if errors:
        raise InvalidInput(*errors)
    return backtest


def _run_errors(backtest: Backtest) -> tuple[FieldError, ...]:
    """Return why the strategy cannot run on these candles, or on so many."""
    strategy = runnable_strategy(backtest)
    warmup = strategy.warmup_bars(backtest.parameters)
    return strategy.check_run(backtest.bars + warmup)


def _resolve_strategy(
    owner: AbstractBaseUser, backtest: Backtest, request: BacktestRequest
) -> None:
    if (request.strategy is None) == (request.library is None):
        raise InvalidInput(
            FieldError("/strategy", "one_strategy", ONE_STRATEGY),
            FieldError("/library", "one_strategy", ONE_STRATEGY),
        )
    if request.strategy_version is not None and request.strategy is None:
        raise InvalidInput.field(
            "strategy_version", "no_strategy", "A built-in strategy has no versions."
        )
    if request.strategy is not None:
        number = request.strategy_version
        backtest.strategy_version = _own_version(owner, request.strategy, number)
    backtest.library = request.library or ""
    try:
        strategy = strategy_of(backtest)
    except NotFound as error:
        raise InvalidInput.field("library", "not_found", error.detail) from error
    stored = _stored_parameters(backtest.strategy_version, strategy)
    backtest.parameters = strategy.resolve({**stored, **request.parameters})


def _stored_parameters(
    version: StrategyVersion | None, strategy: BaseStrategy
) -> dict[str, object]:
    """Return the own strategy's values for what this version of it declares."""
    if version is None:
        return {}
    declared = {parameter.name for parameter in strategy.parameters}
    stored = version.strategy.parameters
    return {name: value for name, value in stored.items() if name in declared}


def _own_version(
    owner: AbstractBaseUser, strategy_id: int, number: int | None
) -> StrategyVersion:
    own = strategies_of(owner).filter(pk=strategy_id).first()
    if own is None:
        raise InvalidInput.field(
            "strategy", "not_found", "You have no strategy with this id."
        )
    try:
        return strategy_version(own, number)
    except NotFound as error:
        raise InvalidInput.field(
            "strategy_version", "not_found", error.detail
        ) from error


def _resolve_window(
    owner: AbstractBaseUser, backtest: Backtest, request: BacktestRequest
) -> None:
    """Find the series, and cut the window to the candles that there are."""
    start, end = request.start, request.end
    if start is not None and end is not None and start >= end:
        raise InvalidInput.field(
            "end", "before_start", "Must be later than start; end is not included."
        )
    series = _find_series(owner, request.series)
    first, after = series.first_and_after
    backtest.series = series
    backtest.start = first if start is None else max(start, first)
    backtest.end = after if end is None else min(end, after)
    backtest.bars = count_bars(series, backtest.start, backtest.end)
    if backtest.bars < 2:
        raise InvalidInput.field(
            "end" if start is None and end is not None else "start",
            "empty_window",
            f"A backtest needs at least 2 candles and this window holds "
            f"{backtest.bars}; {series} has candles from {first:%Y-%m-%d %H:%M} to "
            f"{series.last:%Y-%m-%d %H:%M} UTC.",
        )


def _find_series(owner: AbstractBaseUser, reference: int | Mapping[str, str]) -> Series:
    if isinstance(reference, int):
        series = series_list(owner).filter(pk=reference).first()
        if series is None:
            raise InvalidInput.field(
                "series", "not_found", "No series has this id; series/ lists them."
            )
        return series
    try:
        return series_find(**reference, viewer=owner)
    except NotFound as error:
        raise InvalidInput.field("series", "not_found", error.detail) from error


def _resolve_execution(backtest: Backtest, request: BacktestRequest) -> None:
    backtest.execution = asdict(ExecutionConfig(**request.execution))
