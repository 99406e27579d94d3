"""The scheduler's timetable, as the scheduler and a worker see it."""

import django_rq
import pytest
from django_rq.cron import DjangoCronScheduler
from rq import SimpleWorker
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from backtests.services.queueing import QUEUE

pytestmark = pytest.mark.django_db


def test_what_the_scheduler_enqueues_a_worker_can_run() -> None:
    queues = [django_rq.get_queue(name) for name in (QUEUE.name, "data")]
    for queue in queues:
        queue.connection.delete(queue.key)
    scheduler = DjangoCronScheduler()
    scheduler.load_config_from_file("backtests.schedule")

    for job in scheduler.get_jobs():
        job.enqueue(scheduler.connection)
    jobs = [job for queue in queues for job in queue.jobs]
    for queue in queues:
        SimpleWorker([queue], serializer=JSONSerializer).work(burst=True)

    names = [job.func_name for job in jobs]
    assert names == [
        "backtests.housekeeping.sweep",
        "backtests.housekeeping.tidy",
        "marketdata.jobs.refresh_series",
    ]
    assert [job.get_status() for job in jobs] == [JobStatus.FINISHED] * 3
