"""Rows with long columns of bytes, inserted without a detour through text."""

import os

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import user_create
from backtests.models import BacktestResult
from backtests.tests.factories import backtest_queued, walk_series
from botforge.binary_rows import insert_row

pytestmark = pytest.mark.django_db


def result() -> BacktestResult:
    return BacktestResult(
        backtest=backtest_queued(user_create(), walk_series()),
        metrics={"sharpe": 1.5, "kelly": None, "text": "a'b%s%%\\"},
        manifest={"z": [1, 2.5, True], "ä": "\u20ac"},
        equity=os.urandom(100_000),
        trades=bytes(range(256)),
        fills=b"",
        open_trade=None,
        counters={"no_cash": 3},
    )


def test_every_column_comes_back_as_it_was(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    row = result()

    with django_assert_num_queries(1):
        insert_row(row)

    stored = BacktestResult.objects.get()
    for field in row._meta.concrete_fields:
        given, found = (getattr(one, field.attname) for one in (row, stored))
        if isinstance(given, bytes):
            found = bytes(found)
        assert found == given, field.name


def test_the_row_knows_that_it_is_stored() -> None:
    row = result()
    insert_row(row)

    row.metrics = {}
    row.save()

    assert BacktestResult.objects.get().metrics == {}


def test_a_second_row_with_the_key_is_an_error_of_the_database() -> None:
    row = result()
    insert_row(row)

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_row(row)
