"""Backtests that real workers run."""

from pathlib import Path

from rest_framework.test import APIClient

from backtests.models import Backtest
from backtests.tests.factories import walk_series
from backtests.tests.processes.workers import until

URL = "/api/v1/backtests/"


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
