"""The scheduler's timetable: ``manage.py rqcron backtests.schedule``, one instance.

A second instance would only do the same work twice: every job here is idempotent.
"""

from rq import cron

from backtests.housekeeping import sweep, tidy
from backtests.services.queueing import QUEUE

cron.register(sweep, queue_name=QUEUE, interval=60, result_ttl=60)
cron.register(tidy, queue_name=QUEUE, cron="17 3 * * *", result_ttl=60)
