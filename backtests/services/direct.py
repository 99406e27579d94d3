"""Running a backtest here and now: no queue, and no row unless it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from backtests.computation import Computed, compute, run_of
from backtests.models import Backtest, BacktestResult
from backtests.outcome import checks_of, result_row
from backtests.services.execution import completed_columns, result_store
from backtests.services.lookup import Lookup
from botforge.errors import InvalidInput
from botforge.job_queue import new_job_id
from marketdata.models import Series
from strategies.models import NAME_LENGTH, Strategy, StrategyVersion
from strategies.selectors import strategies_of, strategies_with_code, strategy_version
from strategies.services import strategy_create, strategy_update


class OperatorLookup(Lookup):
    """What an operator may name: everybody's rows, and a text that is no row.

    With ``code`` every version that is asked for is that text.
    """

    def __init__(self, code: str | None = None, name: str = "") -> None:
        super().__init__(get_user_model()())
        self._code = code
        self._name = name

    def _find_series(self, reference: int | Mapping[str, str]) -> Series:
        if not isinstance(reference, int):
            return super()._find_series(reference)
        return Series.objects.select_related("instrument").get(pk=reference)

    def _find_version(self, strategy_id: int, number: int | None) -> StrategyVersion:
        if self._code is not None:
            own = Strategy(name=self._name)
            return StrategyVersion(strategy=own, number=1, code=self._code)
        strategy = strategies_with_code().filter(pk=strategy_id).first()
        if strategy is None:
            raise InvalidInput.field(
                "strategy", "not_found", f"There is no strategy {strategy_id}."
            )
        return strategy_version(strategy, number)


@dataclass(frozen=True, slots=True, eq=False)
class DirectRun:
    """A backtest that ran here: the unsaved rows, and all that was computed."""

    backtest: Backtest
    computed: Computed
    row: BacktestResult
    began: datetime
    ended: datetime

    @property
    def duration_ms(self) -> int:
        return round((self.ended - self.began).total_seconds() * 1000)


def backtest_run(*, backtest: Backtest) -> DirectRun:
    """Run an unsaved backtest; nothing is written.

    Raises ``BotForgeError`` for a strategy that cannot run.
    """
    began = timezone.now()
    computed = compute(run_of(backtest))
    row = result_row(backtest, computed)
    row.checks = checks_of(backtest, computed)
    backtest.bars = len(computed.run.window)
    return DirectRun(backtest, computed, row, began, timezone.now())


def backtest_keep(*, run: DirectRun) -> Backtest:
    """Store what ran as a completed backtest of its owner, as if by a worker."""
    backtest = run.backtest
    backtest.attempt = 1
    backtest.job_id = new_job_id()
    backtest.started_at = run.began
    for column, value in completed_columns(backtest, run.computed.run).items():
        setattr(backtest, column, value)
    backtest.finished_at = run.ended
    with transaction.atomic():
        backtest.save(force_insert=True)
        run.row.backtest = backtest
        result_store(backtest, run.row)
    return backtest


def strategy_keep(*, owner: AbstractBaseUser, name: str, code: str) -> Strategy:
    """Store a text as the owner's strategy of this name, or as its next version."""
    name = name[:NAME_LENGTH]
    known = strategies_of(owner).filter(name=name).first()
    if known is None:
        return strategy_create(owner=owner, name=name, code=code)
    return strategy_update(strategy=known, fields={"code": code})
