"""The page of one backtest, and the report that it leads to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.admin.details import MAX_DIFFERENCES
from backtests.models import Backtest, BacktestResult, Verification
from backtests.services.verification import verification_run
from backtests.tests.admin.pages import (
    BACKTESTS,
    assert_no_table_read,
    clerk,
    of_own_code,
    operator_client,
    page_of,
)
from backtests.tests.factories import backtest_in, completed, day, walk_series
from backtests.tests.queues import empty_queue
from marketdata.models import Series

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    return operator_client()


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture(autouse=True)
def _queue() -> Iterator[None]:
    with empty_queue():
        yield


def shown(client: Client, backtest: Backtest) -> str:
    page = client.get(page_of(backtest))
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("status", Backtest.Status.values)
def test_it_can_be_seen_and_not_changed(
    operator: Client,
    alice: User,
    series: Series,
    status: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    backtest = backtest_in(alice, series, status)
    operator.get(page_of(backtest))

    # the operator, and the backtest with all that its page shows
    with django_assert_num_queries(2) as captured:
        page = operator.get(page_of(backtest))

    assert page.status_code == 200
    assert b'name="status"' not in page.content
    changed = operator.post(page_of(backtest), {"status": "completed"})
    assert changed.status_code == 403
    assert_no_table_read(captured)


def test_a_completed_one_shows_request_result_checks_and_manifest(
    operator: Client, alice: User, series: Series
) -> None:
    done = completed(
        alice,
        series,
        library="ma_cross",
        parameters={"fast": 3, "slow": 10},
        execution={"leverage": 3.0, "fee_rate": 0.0},
        name="Third try",
        tags=("trend", "btc"),
    )
    sentence = done.result.checks[0]["sentence"]

    page = shown(operator, done)

    assert "Third try" in page
    assert "trend, btc" in page
    assert "<dt>fast</dt><dd>3</dd>" in page
    assert (
        '<dt>leverage</dt><dd class="bf-changed" title="not the default">3</dd>' in page
    )
    assert "<dt>slippage</dt><dd>0.05%</dd>" in page
    assert sentence in page
    assert done.result.trials["sentence"] in page
    assert done.result.manifest["data"]["data_hash"] in page
    assert "Sharpe (per bar)" in page
    assert "Not verified yet." in page


def test_own_code_is_named_and_linked(
    operator: Client, alice: User, series: Series
) -> None:
    backtest = backtest_in(alice, series, "failed")
    of_own_code(backtest, alice)
    version = Backtest.objects.get().strategy_version_id

    page = shown(operator, backtest)

    assert f"/admin/strategies/strategyversion/{version}/change/" in page
    assert "v1" in page


def test_a_failed_one_says_why(operator: Client, alice: User, series: Series) -> None:
    page = shown(operator, backtest_in(alice, series, "failed"))

    assert "<strong>internal</strong> Something went wrong." in page


def test_a_running_one_shows_how_far_it_is(
    operator: Client, alice: User, series: Series
) -> None:
    backtest = backtest_in(alice, series, "running")
    Backtest.objects.update(stage="simulating", stages_done=2)

    page = shown(operator, backtest)

    assert '<progress max="4" value="2">2 of 4</progress> simulating' in page


def test_a_verification_is_shown_with_what_differs(
    operator: Client, alice: User, series: Series
) -> None:
    done = completed(alice, series)
    manifest = {**done.result.manifest, "engine_version": "0.9.0"}
    BacktestResult.objects.update(manifest=manifest)
    verification_run(backtest=Backtest.objects.get())

    page = shown(operator, done)

    assert '<span class="bf-badge bf-warning">engine changed</span>' in page
    assert "every number is the same to the last bit" in page
    assert "<code>0.9.0</code>" in page


def test_of_many_differences_the_first_are_shown(
    operator: Client, alice: User, series: Series
) -> None:
    one: dict[str, Any] = {"part": "numbers", "name": "x", "before": 1, "after": 2}
    Verification.objects.create(
        backtest=completed(alice, series),
        status="completed",
        outcome="different",
        differences=[{**one, "detail": f"no {n}."} for n in range(MAX_DIFFERENCES + 7)],
        queued_at=day(0),
    )

    page = shown(operator, Backtest.objects.get())

    assert f"no {MAX_DIFFERENCES - 1}." in page
    assert f"no {MAX_DIFFERENCES}." not in page
    assert "and 7 more" in page


def test_a_purged_one_says_so_and_keeps_its_metrics(
    operator: Client, alice: User, series: Series
) -> None:
    done = completed(alice, series)
    BacktestResult.objects.update(purged_at=datetime(2024, 5, 6, tzinfo=UTC))

    page = shown(operator, done)

    assert "deleted on 2024-05-06 to save space" in page
    assert "Sharpe (per bar)" in page
    assert "/report/" not in page


def test_what_users_wrote_is_text_and_not_markup(
    operator: Client, alice: User, series: Series
) -> None:
    evil = "<script>alert(1)</script>"
    backtest = backtest_in(alice, series, "failed", name=evil, tags=(evil,))
    Backtest.objects.update(notes=evil, error_detail=evil)

    assert evil not in shown(operator, backtest)


@pytest.mark.parametrize("pk", ["4711", "9" * 30, "x"])
def test_one_that_does_not_exist_leads_back(operator: Client, pk: str) -> None:
    assert operator.get(f"{BACKTESTS}{pk}/change/").status_code == 302


def test_the_report_of_anybody_can_be_read(
    operator: Client, alice: User, series: Series
) -> None:
    done = completed(alice, series)

    page = operator.get(f"{BACKTESTS}{done.pk}/report/")

    assert page.status_code == 200
    assert "sandbox" in page["Content-Security-Policy"]
    assert b"WALK/USDT" in page.content


@pytest.mark.parametrize("status", ["queued", "failed"])
def test_without_a_result_the_report_leads_back_with_a_sentence(
    operator: Client, alice: User, series: Series, status: str
) -> None:
    backtest = backtest_in(alice, series, status)

    page = operator.get(f"{BACKTESTS}{backtest.pk}/report/", follow=True)

    assert page.redirect_chain == [(page_of(backtest), 302)]
    assert b'class="warning"' in page.content


def test_a_report_needs_a_backtest_and_the_permission(
    operator: Client, alice: User, series: Series
) -> None:
    done = completed(alice, series)
    url = f"{BACKTESTS}{done.pk}/report/"

    assert operator.get(f"{BACKTESTS}4711/report/").status_code == 404
    assert clerk().get(url).status_code == 403
    assert Client().get(url).status_code == 302
