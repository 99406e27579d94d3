"""Problems that several operations on backtests can answer."""

from datetime import date

from backtests.selectors import NOT_FINISHED, PURGED
from backtests.services import quota
from backtests.services.affordability import SHORTEN
from botforge.api.idempotency import KeyReused
from botforge.api.problem_schema import problem

UNFINISHED = problem(409, *NOT_FINISHED)
NO_RESULT = problem(409, "no_result", "The backtest failed, so it has no result.")
TABLES_PURGED = problem(410, "result_purged", PURGED.format(day=date(2024, 5, 1)))
TOO_MANY_ACTIVE = problem(
    429, "quota_active", quota.TOO_MANY_ACTIVE.format(active=198, more=5, limit=200)
)
TOO_COSTLY_TODAY = problem(
    429, "quota_cost", quota.TOO_COSTLY_TODAY.format(cost=4, left=1.5, limit=14_400)
)
TOO_EXPENSIVE = problem(
    422,
    "too_expensive",
    "Over 9,000,000 bars this takes about 900 seconds, and a run may take 600. "
    + SHORTEN,
)
TOO_MUCH_MEMORY = problem(
    422,
    "too_much_memory",
    "Over 20,000,000 bars this needs about 3,052 MB, and a run may take 2,048. "
    + SHORTEN,
)
KEY_REUSED = problem(422, KeyReused.default_code, KeyReused.default_detail)
SUBMITTING = [
    TOO_MANY_ACTIVE,
    TOO_COSTLY_TODAY,
    TOO_EXPENSIVE,
    TOO_MUCH_MEMORY,
    KEY_REUSED,
]
STILL_ACTIVE = problem(
    409, "not_finished", "The backtest is not over yet: cancel it, then delete it."
)
