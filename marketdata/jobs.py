"""Jobs of market data: what a worker calls, with the id of a row."""

import logging

from rq import get_current_job
from rq.timeouts import JobTimeoutException

from botforge.errors import BotForgeError
from marketdata.services.import_execution import (
    AttemptOver,
    import_claim,
    import_execute,
    import_fail,
)
from marketdata.services.refreshing import series_refresh_all
from marketdata.services.saying import as_of_a_form

logger = logging.getLogger(__name__)

TOO_LONG = (
    "The import took longer than this server allows. What is fetched is stored: ask "
    "for the rest."
)
BUG = "Something went wrong on our side; the operator can find it in the log."


def run_import(import_id: int) -> None:
    """Run one import; every outcome ends in its row, never in the queue."""
    rq_job = get_current_job()
    job = import_claim(import_id, None if rq_job is None else rq_job.id)
    if job is None:
        return
    try:
        import_execute(job)
    except AttemptOver:
        logger.info("Import %s was cancelled or taken over", import_id)
    except BotForgeError as error:
        import_fail(job, code=error.code, detail=as_of_a_form(error.detail))
    except JobTimeoutException:
        import_fail(job, code="timeout", detail=TOO_LONG)
    except Exception:
        logger.exception("Import %s failed", import_id)
        import_fail(job, code="internal", detail=BUG)


def refresh_series() -> None:
    """Bring every series that is marked for it up to date."""
    series_refresh_all()
