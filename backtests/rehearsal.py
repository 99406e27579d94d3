"""One backtest that a worker runs before the first, so that its forks find all warm.

A fork that does something for the first time pays for it: imports, caches, compiled
queries, specialised bytecode. What the parent has done once, no fork does first. And a
fork that goes through the same before its job comes has its memory to itself by then.
"""

import gc
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from uuid import uuid4

import numpy as np
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from backtests.computation import Run, compute, run_of
from backtests.models import Backtest, BacktestResult
from backtests.outcome import checks_of, result_row
from backtests.services.execution import (
    backtest_claim,
    backtest_execute,
    backtest_fail,
    result_store,
)
from backtests.services.request import BacktestRequest, backtest_resolve
from botforge.errors import BotForgeError
from botforge.job_queue import new_job_id
from marketdata.models import Instrument, Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import write_candles

logger = logging.getLogger(__name__)

BARS = 10_000
# The interpreter takes a few calls of a function to find its fastest form.
TIMES = 3
# The number of no row.
NOBODY = 0


def rehearse() -> Callable[[], None]:
    """Run made-up backtests in a transaction that is taken back: nothing is left.

    Return what goes through one of them again and leaves nothing either; it may raise
    ``DatabaseError``.
    """
    again: Callable[[], None] = connection.ensure_connection
    try:
        with transaction.atomic():
            again = partial(_repeat, *_perform())
            transaction.set_rollback(True)
    except DatabaseError:
        # The first forks will be slower, no more.
        logger.warning("The database does not answer: no rehearsal", exc_info=True)
    # What is old now lives as long as the worker: no fork need look through it.
    gc.collect()
    gc.freeze()
    return again


def _perform() -> tuple[Backtest, Run]:
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
        backtest_claim(backtest.pk)
        backtest.attempt += 1
        backtest_execute(backtest)
    run = run_of(backtest)
    # Its number may become that of a real one.
    backtest.pk = NOBODY
    return backtest, run


def _repeat(backtest: Backtest, run: Run) -> None:
    """Do what a job does, down to the statements, for a row that is not there.

    The result is stored without its tables, and taken back, so that it costs nothing.
    """
    backtest_claim(NOBODY)
    with suppress(BotForgeError):  # The series is not there either.
        run_of(backtest)
    computed = compute(run)
    checks_of(backtest, computed)
    row = result_row(backtest, computed)
    for table in BacktestResult.TABLES:
        setattr(row, table, b"")
    with transaction.atomic():
        backtest_fail(backtest, code="", detail="")
        result_store(backtest, row)
        transaction.set_rollback(True)


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
