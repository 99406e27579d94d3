"""Jobs: what a worker calls, with the id of a row."""

import logging

from rq import get_current_job
from rq.timeouts import JobTimeoutException

from backtests.services.execution import (
    AttemptOver,
    backtest_claim,
    backtest_execute,
    backtest_fail,
)
from backtests.services.verification import (
    verification_claim,
    verification_execute,
    verification_fail,
)
from botforge.errors import BotForgeError

logger = logging.getLogger(__name__)

TOO_LONG = "The run took longer than this server allows: shorten the window."
TOO_LONG_AGAIN = "The run took longer than this server allows; ask the operator."
BUG = "Something went wrong on our side; the operator can find it in the log."


def run_backtest(backtest_id: int) -> None:
    """Run one backtest; every outcome ends in its row, never in the queue."""
    job = get_current_job()
    backtest = backtest_claim(backtest_id, None if job is None else job.id)
    if backtest is None:
        return
    try:
        backtest_execute(backtest)
    except AttemptOver:
        logger.info("Backtest %s was cancelled or taken over", backtest_id)
    except BotForgeError as error:
        backtest_fail(backtest, code=error.code, detail=error.detail)
    except JobTimeoutException:
        backtest_fail(backtest, code="timeout", detail=TOO_LONG)
    except Exception:
        logger.exception("Backtest %s failed", backtest_id)
        backtest_fail(backtest, code="internal", detail=BUG)


def run_verification(backtest_id: int) -> None:
    """Verify one result; every outcome ends in its row, never in the queue."""
    job = get_current_job()
    verification = verification_claim(backtest_id, None if job is None else job.id)
    if verification is None:
        return
    try:
        verification_execute(verification)
    except AttemptOver:
        logger.info("Verification %s was taken over", backtest_id)
    except BotForgeError as error:
        verification_fail(verification, code=error.code, detail=error.detail)
    except JobTimeoutException:
        verification_fail(verification, code="timeout", detail=TOO_LONG_AGAIN)
    except Exception:
        logger.exception("Verification %s failed", backtest_id)
        verification_fail(verification, code="internal", detail=BUG)
