"""What a backtest is asked for with, and its meaning: names to rows, text to rules."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from django.contrib.auth.base_user import AbstractBaseUser

from backtests.engine import NO_STOP, ExecutionConfig, needs_stops
from backtests.models import Backtest
from backtests.run_key import run_key
from backtests.runnable import runnable_strategy, strategy_of
from backtests.services.affordability import check_affordable
from backtests.services.lookup import Lookup
from botforge.errors import FieldError, Infeasible, InvalidInput, NotFound
from strategies.base import BaseStrategy
from strategies.models import StrategyVersion

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
    # "refresh" runs it although its result is known.
    cache: Literal["use", "refresh"] = "use"


def backtest_resolve(
    owner: AbstractBaseUser, request: BacktestRequest, lookup: Lookup | None = None
) -> Backtest:
    """Return the unsaved backtest that the request means, with cost and run key.

    Raises ``InvalidInput`` with what is wrong in every part at once, and
    ``Infeasible`` for a run that is beyond a worker.
    """
    lookup = lookup or Lookup(owner)
    backtest = Backtest(owner_id=owner.pk, name=request.name, tags=list(request.tags))
    errors: list[FieldError] = []
    for resolve in (_resolve_strategy, _resolve_window, _resolve_execution):
        try:
            resolve(lookup, backtest, request)
        except InvalidInput as error:
            errors.extend(error.errors)
    if errors:
        raise InvalidInput(*errors)
    strategy = runnable_strategy(backtest)
    config = ExecutionConfig(**backtest.execution)
    if needs_stops(config) and strategy.gives_stops is False:
        raise InvalidInput(NO_STOP)
    backtest.cost = check_affordable(backtest, strategy).seconds
    backtest.run_key = run_key(backtest, strategy)
    return backtest


def _resolve_strategy(
    lookup: Lookup, backtest: Backtest, request: BacktestRequest
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
        backtest.strategy_version = lookup.version(
            request.strategy, request.strategy_version
        )
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


def _resolve_window(
    lookup: Lookup, backtest: Backtest, request: BacktestRequest
) -> None:
    """Find the series, and cut the window to the candles that there are."""
    start, end = request.start, request.end
    if start is not None and end is not None and start >= end:
        raise InvalidInput.field(
            "end", "before_start", "Must be later than start; end is not included."
        )
    series = lookup.series(request.series)
    first, after = series.first_and_after
    backtest.series = series
    backtest.asked_start, backtest.asked_end = start, end
    backtest.start = first if start is None else max(start, first)
    backtest.end = after if end is None else min(end, after)
    backtest.bars = lookup.bars(series, backtest.start, backtest.end)
    if backtest.bars < 2:
        raise InvalidInput.field(
            "end" if start is None and end is not None else "start",
            "empty_window",
            f"A backtest needs at least 2 candles and this window holds "
            f"{backtest.bars}; {series} has candles from {first:%Y-%m-%d %H:%M} to "
            f"{series.last:%Y-%m-%d %H:%M} UTC.",
        )


def _resolve_execution(
    lookup: Lookup, backtest: Backtest, request: BacktestRequest
) -> None:
    backtest.execution = asdict(ExecutionConfig(**request.execution))


def backtests_resolve(
    owner: AbstractBaseUser, requests: Sequence[BacktestRequest]
) -> list[Backtest]:
    """Resolve all requests, or raise with what is wrong in each of them at once.

    A pointer begins with /backtests/ and the place of the request in the list.
    """
    lookup = Lookup(owner)
    lookup.expect(request.series for request in requests)
    backtests: list[Backtest] = []
    refused: list[InvalidInput] = []
    errors: list[FieldError] = []
    for i, request in enumerate(requests):
        try:
            backtests.append(backtest_resolve(owner, request, lookup))
        except InvalidInput as error:
            refused.append(error)
            errors += [
                replace(e, pointer=f"/backtests/{i}{e.pointer}") for e in error.errors
            ]
    if not errors:
        return backtests
    if all(isinstance(error, Infeasible) for error in refused):
        raise Infeasible(*errors, code=refused[0].code)
    raise InvalidInput(*errors)


def request_of(
    backtest: Backtest, cache: Literal["use", "refresh"] = "use"
) -> BacktestRequest:
    """Return what was asked for: an end that was left open is open again."""
    version = backtest.strategy_version
    return BacktestRequest(
        series=backtest.series_id,
        strategy=None if version is None else version.strategy_id,
        strategy_version=None if version is None else version.number,
        library=backtest.library or None,
        parameters=backtest.parameters,
        start=backtest.asked_start,
        end=backtest.asked_end,
        execution=backtest.execution,
        name=backtest.name,
        tags=tuple(backtest.tags),
        cache=cache,
    )
