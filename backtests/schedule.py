"""The scheduler's timetable: ``manage.py rqcron backtests.schedule``, one instance.

A second instance would only do the same work twice: every job here is idempotent.
"""

from functools import partial

from rq import Queue, cron
from rq.serializers import JSONSerializer

from backtests.housekeeping import sweep, tidy
from backtests.services.queueing import QUEUE as BACKTESTS
from marketdata.jobs import refresh_series
from marketdata.services.import_queueing import QUEUE as IMPORTS

# The library's scheduler knows no serializer and would write pickles, which our
# workers refuse to read.
cron.Queue = partial(Queue, serializer=JSONSerializer)  # type: ignore[attr-defined, assignment] # a class by use

cron.register(sweep, queue_name=BACKTESTS.name, interval=60, result_ttl=60)
# Two minutes after the hour, when the bars that ended with it are there.
cron.register(refresh_series, queue_name=IMPORTS.name, cron="2 * * * *", result_ttl=60)
cron.register(tidy, queue_name=BACKTESTS.name, cron="17 3 * * *", result_ttl=60)
