"""Whether a worker can run a backtest at all."""

from django.conf import settings

from backtests.costs import Estimate, estimate
from backtests.models import Backtest
from botforge.errors import FieldError, Infeasible
from strategies.base import BaseStrategy

SHORTEN = "Give a shorter window, or candles of a higher timeframe."


def check_affordable(backtest: Backtest, strategy: BaseStrategy) -> Estimate:
    """Return what the run will take; raises ``Infeasible`` beyond a worker's means."""
    bars = backtest.bars + strategy.warmup_bars(backtest.parameters)
    expected = estimate(strategy, bars, backtest.parameters)
    errors = (
        *strategy.check_run(bars, backtest.parameters),
        *_beyond_a_worker(expected, bars),
    )
    if errors:
        raise Infeasible(*errors, code=errors[0].code)
    return expected


def _beyond_a_worker(expected: Estimate, bars: int) -> list[FieldError]:
    errors = []
    seconds = settings.JOB_TIMEOUT_SECONDS
    if expected.seconds > seconds:
        detail = (
            f"Over {bars:,} bars this takes about {expected.seconds:,.0f} seconds, and "
            f"a run may take {seconds:,}. {SHORTEN}"
        )
        errors.append(FieldError("/start", "too_expensive", detail))
    megabytes = settings.BACKTESTS_MAX_MEMORY_MB
    if expected.bytes > megabytes * 2**20:
        needed = expected.bytes / 2**20
        detail = (
            f"Over {bars:,} bars this needs about {needed:,.0f} MB, and a run may take "
            f"{megabytes:,}. {SHORTEN}"
        )
        errors.append(FieldError("/start", "too_much_memory", detail))
    return errors
