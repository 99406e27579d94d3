"""What came out of one backtest, as JSON: tables, checks, manifest."""

from itertools import pairwise

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of
from backtests.checks import CHECKS
from backtests.models import Backtest, BacktestResult
from backtests.results import table_of
from backtests.tables import encode_table
from backtests.tests.factories import backtest_in, completed, walk_series
from marketdata.models import Series

CROSS = {"library": "ma_cross", "parameters": {"fast": 3, "slow": 10}}
TABLES = {
    "trades": "trades",
    "fills": "fills",
    "equity": "equity",
    "monthly": "equity",
    "drawdowns": "equity",
    "manifest": None,
    "checks": None,
}
PAGED = ("trades", "fills", "drawdowns")

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def done(alice: User, series: Series) -> Backtest:
    return completed(alice, series, **CROSS)


def url_of(backtest: Backtest, path: str) -> str:
    return f"/api/v1/backtests/{backtest.pk}/{path}/"


@pytest.mark.parametrize("status", ["queued", "running"])
@pytest.mark.parametrize("path", TABLES)
def test_before_the_end_there_is_no_result_yet(
    api: APIClient, alice: User, series: Series, path: str, status: str
) -> None:
    url = url_of(backtest_in(alice, series, status), path)

    problem = problem_of(api.get(url), 409)

    assert problem["code"] == "not_finished"
    assert "ask again later" in problem["detail"]


@pytest.mark.parametrize("status", ["failed", "cancelled"])
@pytest.mark.parametrize("path", TABLES)
def test_without_a_result_there_will_be_none(
    api: APIClient, alice: User, series: Series, path: str, status: str
) -> None:
    url = url_of(backtest_in(alice, series, status), path)

    problem = problem_of(api.get(url), 409)

    assert problem["code"] == "no_result"
    assert f"was {status}" in problem["detail"] or status in problem["detail"]


@pytest.mark.parametrize("path", TABLES)
def test_it_takes_two_queries_and_loads_the_table_that_is_asked_for(
    api: APIClient,
    done: Backtest,
    path: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2) as captured:
        assert api.get(url_of(done, path)).status_code == 200

    sql = " ".join(query["sql"] for query in captured.captured_queries)
    for table in ("trades", "fills", "equity"):
        assert (f'"{table}"' in sql) == (table == TABLES[path])


@pytest.mark.parametrize("path", TABLES)
def test_anonymous_is_401(done: Backtest, path: str) -> None:
    problem_of(api_client().get(url_of(done, path)), 401)


@pytest.mark.parametrize("path", TABLES)
def test_a_stranger_finds_nothing(done: Backtest, path: str) -> None:
    stranger = api_client(user_create(email="bob@example.org"))

    problem_of(stranger.get(url_of(done, path)), 404)


@pytest.mark.parametrize("path", PAGED)
def test_the_pages_hold_every_row_once_in_order(
    api: APIClient, done: Backtest, path: str
) -> None:
    whole = api.get(f"{url_of(done, path)}?limit=200").json()
    assert whole["next"] is whole["previous"] is None

    rows, link = [], f"{url_of(done, path)}?limit=2"
    while link:
        page = api.get(link).json()
        assert page["count"] == whole["count"] > 2
        rows += page["results"]
        link = page["next"]

    assert rows == whole["results"]
    key = {"fills": "time", "trades": "exit_time", "drawdowns": "depth"}[path]
    assert all(a[key] <= b[key] for a, b in pairwise(rows))


@pytest.mark.parametrize("path", PAGED)
def test_a_page_leads_back(api: APIClient, done: Backtest, path: str) -> None:
    first = api.get(f"{url_of(done, path)}?limit=2").json()

    second = api.get(first["next"]).json()

    assert api.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("path", PAGED)
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=x", "/limit"),
        ("cursor=x", "/cursor"),
        ("cursor=-1", "/cursor"),
        ("cursor=" + "9" * 5000, "/cursor"),
        ("cursor=%C2%B2", "/cursor"),  # a digit that is no number
    ],
)
def test_a_page_that_cannot_be_is_refused(
    api: APIClient, done: Backtest, path: str, query: str, pointer: str
) -> None:
    assert pointers_of(api.get(f"{url_of(done, path)}?{query}")) == [pointer]


@pytest.mark.parametrize("path", PAGED)
def test_a_page_after_the_last_is_empty(
    api: APIClient, done: Backtest, path: str
) -> None:
    page = api.get(f"{url_of(done, path)}?cursor=99999").json()

    assert page["results"] == []
    assert page["next"] is None


def test_every_trade_is_two_fills(api: APIClient, done: Backtest) -> None:
    trades = api.get(f"{url_of(done, 'trades')}?limit=200").json()
    fills = api.get(f"{url_of(done, 'fills')}?limit=200").json()

    open_trades = 0 if trades["open_trade"] is None else 1
    assert fills["count"] == 2 * trades["count"] + open_trades


def test_equity_is_four_columns_with_a_value_per_bar(
    api: APIClient, done: Backtest
) -> None:
    body = api.get(url_of(done, "equity")).json()

    assert body["columns"] == ["time", "equity", "drawdown", "benchmark"]
    times, equity, drawdown, benchmark = body["data"]
    assert {len(column) for column in body["data"]} == {done.bars} == {400}
    assert times[0] == "2024-01-01T00:00:00Z"
    assert times == sorted(times)
    metrics = api.get(f"/api/v1/backtests/{done.pk}/").json()["metrics"]
    assert equity[-1] == metrics["final_equity"]
    assert min(drawdown) == pytest.approx(metrics["max_drawdown"])
    assert benchmark[-1] / 10_000 - 1 == pytest.approx(metrics["benchmark_return"])


def test_a_result_from_before_the_benchmark_was_kept_has_none(
    api: APIClient, done: Backtest
) -> None:
    equity = table_of(done.result, "equity")
    del equity["benchmark"]
    BacktestResult.objects.update(equity=encode_table(equity))

    body = api.get(f"{url_of(done, 'equity')}?points=20").json()

    assert set(body["data"][3]) == {None}
    assert len(body["data"][1]) > 2


@pytest.mark.parametrize("points", [2, 3, 10, 399, 400, 1000])
def test_equity_can_be_thinned_with_its_extremes_kept(
    api: APIClient, done: Backtest, points: int
) -> None:
    whole = api.get(url_of(done, "equity")).json()["data"]

    thinned = api.get(f"{url_of(done, 'equity')}?points={points}").json()["data"]

    assert len(thinned[0]) <= points
    assert set(zip(*thinned, strict=True)) <= set(zip(*whole, strict=True))
    assert (thinned[0][0], thinned[0][-1]) == (whole[0][0], whole[0][-1])
    if points >= 10:
        for before, after in zip(whole[1:], thinned[1:], strict=True):
            assert (min(before), max(before)) == (min(after), max(after))


@pytest.mark.parametrize("points", ["1", "0", "-5", "x", "1.5", "1000001", "9" * 5000])
def test_a_number_of_points_that_does_not_fit_is_refused(
    api: APIClient, done: Backtest, points: str
) -> None:
    response = api.get(f"{url_of(done, 'equity')}?points={points}")

    assert pointers_of(response) == ["/points"]


def test_an_unknown_parameter_of_equity_is_named(
    api: APIClient, done: Backtest
) -> None:
    assert pointers_of(api.get(f"{url_of(done, 'equity')}?point=5")) == ["/point"]


def test_the_manifest_says_how_to_make_the_result_again(
    api: APIClient, done: Backtest, series: Series
) -> None:
    manifest = api.get(url_of(done, "manifest")).json()

    shown = api.get(f"/api/v1/backtests/{done.pk}/").json()
    assert manifest["parameters"] == shown["parameters"]
    assert manifest["execution"] == shown["execution"]
    assert manifest["engine_version"] == shown["engine_version"]
    assert manifest["strategy"]["library"] == "ma_cross"
    assert len(manifest["strategy"]["source_hash"]) == 64
    assert manifest["data"] == {
        "days_per_year": 365,
        "series": series.pk,
        "source": "toys",
        "symbol": "WALK/USDT",
        "timeframe": "1h",
        "revision": 1,
        "grade": "A",
        "start": "2024-01-01T00:00:00+00:00",
        "end": "2024-01-17T16:00:00+00:00",
        "bars": 400,
        "warmup_bars": 0,
        "data_hash": manifest["data"]["data_hash"],
    }
    assert set(manifest["packages"]) == {"numpy", "numba", "ta-lib"}


def test_months_multiply_to_the_total_return(api: APIClient, done: Backtest) -> None:
    body = api.get(url_of(done, "monthly")).json()

    assert body["columns"] == ["year", "month", "return", "bars", "partial"]
    # 400 hours from the first of January on: not the whole of it
    assert [column[0] for column in body["data"]] == [
        2024,
        1,
        pytest.approx(done.result.metrics["total_return"]),
        400,
        True,
    ]


def test_the_deepest_drawdown_comes_first(api: APIClient, done: Backtest) -> None:
    deepest = api.get(url_of(done, "drawdowns")).json()["results"][0]

    times, equity, drawdown, _ = api.get(url_of(done, "equity")).json()["data"]
    assert deepest["depth"] == pytest.approx(min(drawdown))
    assert deepest["trough_time"] == times[drawdown.index(min(drawdown))]
    before = equity[: drawdown.index(min(drawdown))]
    assert deepest["peak_time"] == times[before.index(max(before))]
    assert deepest["duration"] % 3600 == 0


def test_every_check_answers(api: APIClient, done: Backtest) -> None:
    body = api.get(url_of(done, "checks")).json()

    assert [finding["code"] for finding in body["results"]] == list(CHECKS)
    severities = [finding["severity"] for finding in body["results"]]
    assert body["summary"] == {
        "warnings": severities.count("warning"),
        "criticals": severities.count("critical"),
    }
    assert body["summary"]["criticals"] == 0
    look_ahead = body["results"][0]
    assert (look_ahead["code"], look_ahead["severity"]) == ("look_ahead", "ok")
    assert look_ahead["value"] > 0
