"""Backtests that real workers run, caught in the act."""

from pathlib import Path

from rest_framework.test import APIClient

from backtests.models import Backtest
from backtests.tests.factories import walk_series
from backtests.tests.processes.workers import WorkerProcess, freeze, until

URL = "/api/v1/backtests/"
# A run of these takes about half a second: long enough to be caught.
MANY_BARS = 1_000_000


def submit(api: APIClient, *, bars: int = 500) -> Backtest:
    series = walk_series(bars=bars, symbol=f"WALK{bars}/USDT")
    response = api.post(URL, {"library": "rsi_reversion", "series": series.pk})
    assert response.status_code == 202
    return Backtest.objects.get(pk=response.json()["id"])


def ended(backtest: Backtest, seconds: float, log: Path) -> Backtest:
    """Wait until the backtest is over and return it as it is then."""
    over = Backtest.objects.filter(pk=backtest.pk).exclude(status__in=Backtest.ACTIVE)
    until(over.exists, seconds, log)
    return over.get()


def caught(backtest: Backtest, process: WorkerProcess, *, attempt: int = 1) -> int:
    """Wait until the attempt simulates, freeze its horse there and return its id."""
    inside = Backtest.objects.filter(
        pk=backtest.pk, status="running", stage="simulating", attempt=attempt
    )
    until(inside.exists, 30, process.log)
    horse = process.horse
    assert horse is not None
    freeze(horse)
    assert inside.exists(), "it was too fast to be caught"
    return horse
