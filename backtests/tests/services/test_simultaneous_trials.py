"""Runs of one variant that end at the same moment are one trial."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.tests.factories import user_create
from backtests.models import Backtest, Trial
from backtests.services.execution import backtest_claim, backtest_execute
from backtests.tests.factories import backtest_queued, walk_series

pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = 4


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(TOGETHER) as pool:
        yield pool


def run(pk: int) -> None:
    try:
        claimed = backtest_claim(pk)
        assert claimed is not None
        backtest_execute(claimed)
    finally:
        connection.close()


def test_simultaneous_runs_of_one_variant_are_one_trial(
    pool: ThreadPoolExecutor,
) -> None:
    alice, series = user_create(), walk_series()
    rows = [backtest_queued(alice, series).pk for _ in range(TOGETHER)]

    list(pool.map(run, rows))

    assert Backtest.objects.filter(status="completed").count() == TOGETHER
    assert Trial.objects.count() == 1


def test_simultaneous_runs_of_several_variants_are_all_counted(
    pool: ThreadPoolExecutor,
) -> None:
    alice, series = user_create(), walk_series()
    rows = [
        backtest_queued(alice, series, execution={"size": (n + 1) / 10}).pk
        for n in range(TOGETHER)
    ]

    list(pool.map(run, rows))

    assert Backtest.objects.filter(status="completed").count() == TOGETHER
    assert Trial.objects.count() == TOGETHER
