"""One backtest that a worker runs before the first, so that its forks find all warm.

A fork that does something for the first time pays for it: imports, caches, compiled
queries, specialised bytecode. What the parent has done once, no fork does first.
"""

import gc
import logging
from uuid import uuid4

import numpy as np
from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction

from backtests.models import Backtest
from backtests.services.execution import backtest_claim, backtest_execute
from backtests.services.request import BacktestRequest, backtest_resolve
from botforge.job_queue import new_job_id
from marketdata.models import Instrument, Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import write_candles

logger = logging.getLogger(__name__)

BARS = 3_000
# The interpreter takes a few calls of a function to find its fastest form.
TIMES = 3


def rehearse() -> None:
    """Run made-up backtests in a transaction that is taken back: nothing is left."""
    try:
        with transaction.atomic():
            _perform()
            transaction.set_rollback(True)
    except DatabaseError:
        # The first forks will be slower, no more.
        logger.warning("The database does not answer: no rehearsal", exc_info=True)
    # What is old now lives as long as the worker: no fork need look through it.
    gc.collect()
    gc.freeze()


def _perform() -> None:
    name = uuid4().hex  # of its own: another worker may rehearse at the same time
    owner = get_user_model()._default_manager.create(email=f"{name}@rehearsal.invalid")
    instrument = Instrument.objects.create(source="rehearsal", symbol=name)
    series = Series.objects.create(instrument=instrument, timeframe="1h")
    write_candles(series, _candles())
    request = BacktestRequest(library="ma_cross", series=series.pk)
    for _ in range(TIMES):
        backtest = backtest_resolve(owner, request)
        backtest.job_id = new_job_id()
        backtest.save(force_insert=True)
        claimed: Backtest | None = backtest_claim(backtest.pk)
        if claimed is not None:
            backtest_execute(claimed)


def _candles() -> Ohlcv:
    """Return hourly bars of a wave, which every average crosses."""
    closes = 100 + 10 * np.sin(np.arange(BARS) / 50.0)
    opens = np.concatenate(([100.0], closes[:-1]))
    return Ohlcv(
        np.arange(BARS, dtype=np.int64) * 3_600_000,
        opens,
        np.maximum(opens, closes),
        np.minimum(opens, closes),
        closes,
        np.ones(BARS),
    )
