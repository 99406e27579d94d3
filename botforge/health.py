"""Is everything there that a request needs? One named answer per part."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import django_rq
from django.db import connection
from redis.exceptions import RedisError
from rq.worker import Worker

# A worker reports every 15 seconds when idle and every 5 when busy.
SILENCE_LIMIT = timedelta(seconds=60)


def check_database() -> str | None:
    """Return None when the database answers, else what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever the driver raises, it is down
        return "The database does not answer."
    return None


def check_redis() -> str | None:
    """Return None when Redis answers, else what is wrong."""
    try:
        django_rq.get_connection("backtests").ping()
    except RedisError:
        return "Redis does not answer."
    return None


def check_worker(queue: str = "backtests") -> str | None:
    """Return None when the queue's worker was heard of lately, else what is wrong."""
    try:
        workers = Worker.all(connection=django_rq.get_connection(queue))
    except RedisError:
        return "Redis does not answer, so no worker can be seen."
    oldest = datetime.now(UTC) - SILENCE_LIMIT
    ours = [worker for worker in workers if queue in worker.queue_names()]
    if any(w.last_heartbeat and w.last_heartbeat > oldest for w in ours):
        return None
    return f"No worker of {queue} has been heard of for a minute; start one."


CHECKS: dict[str, Callable[[], str | None]] = {
    "database": check_database,
    "redis": check_redis,
    "worker": check_worker,
}
# Also what can be down while the service is of use: imports wait then.
PARTS: dict[str, Callable[[], str | None]] = {
    **CHECKS,
    "data-worker": partial(check_worker, "data"),
}


def readiness() -> dict[str, str | None]:
    """Return for each part None (it works) or a sentence that says what is wrong."""
    return {name: check() for name, check in CHECKS.items()}
