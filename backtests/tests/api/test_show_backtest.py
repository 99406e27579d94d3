import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import problem_of
from backtests.engine import ENGINE_VERSION, METRICS
from backtests.models import Backtest, BacktestResult
from backtests.tests.factories import backtest_in, completed, walk_series
from marketdata.models import Series
from strategies.tests.factories import strategy_of

URL = "/api/v1/backtests/"

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


def test_a_completed_one_shows_every_metric(
    api: APIClient, alice: User, series: Series
) -> None:
    done = completed(alice, series, library="ma_cross")

    body = api.get(f"{URL}{done.pk}/").json()

    assert body["status"] == "completed"
    assert list(body["metrics"]) == list(METRICS)
    assert body["progress"] == {"fraction": 1.0, "stage": "", "done": 4, "total": 4}
    assert body["engine_version"] == ENGINE_VERSION
    assert body["queued_at"] <= body["started_at"] <= body["finished_at"]
    assert body["duration_ms"] >= 0
    assert body["attempt"] == 1
    assert body["error"] is None


def test_a_metric_without_a_value_is_null(
    api: APIClient, alice: User, series: Series
) -> None:
    done = completed(alice, series)  # buys once, so no trade is ever closed

    metrics = api.get(f"{URL}{done.pk}/").json()["metrics"]

    assert metrics["win_rate"] is metrics["profit_factor"] is None


def test_a_running_one_shows_how_far_it_is(
    api: APIClient, alice: User, series: Series
) -> None:
    running = backtest_in(alice, series, "running")
    Backtest.objects.filter(pk=running.pk).update(stage="simulating", stages_done=2)

    body = api.get(f"{URL}{running.pk}/").json()

    assert body["progress"] == {
        "fraction": 0.5,
        "stage": "simulating",
        "done": 2,
        "total": 4,
    }
    assert body["metrics"] is body["finished_at"] is body["duration_ms"] is None


def test_a_failed_one_says_why(api: APIClient, alice: User, series: Series) -> None:
    failed = backtest_in(alice, series, "failed")

    body = api.get(f"{URL}{failed.pk}/").json()

    assert body["error"] == {"code": "internal", "detail": "Something went wrong."}


def test_one_of_an_own_strategy_names_its_version(
    api: APIClient, alice: User, series: Series
) -> None:
    strategy = strategy_of(alice)
    backtest = backtest_in(alice, series, "failed")
    Backtest.objects.filter(pk=backtest.pk).update(
        library="", strategy_version=strategy.versions.get()
    )

    body = api.get(f"{URL}{backtest.pk}/").json()

    assert (body["strategy"], body["strategy_version"]) == (strategy.pk, 1)
    assert body["library"] is None


@pytest.mark.parametrize("status", Backtest.Status.values)
def test_it_takes_few_queries_and_leaves_the_tables_alone(
    api: APIClient,
    alice: User,
    series: Series,
    status: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    backtest = backtest_in(alice, series, status)

    # the row, and its place if it is in the queue, or the trials up to now
    more = status in ("queued", "completed")
    with django_assert_num_queries(2 if more else 1) as captured:
        assert api.get(f"{URL}{backtest.pk}/").status_code == 200

    for table in BacktestResult.TABLES:
        assert f'"{table}"' not in captured.captured_queries[0]["sql"]


def test_anonymous_is_401(alice: User, series: Series) -> None:
    backtest = backtest_in(alice, series, "queued")

    problem_of(api_client().get(f"{URL}{backtest.pk}/"), 401)


PATHS = ("", "cancel/", "trades/", "fills/", "equity/", "manifest/")


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_finds_nothing_anywhere(
    alice: User, series: Series, path: str
) -> None:
    url = f"{URL}{completed(alice, series).pk}/{path}"
    stranger = api_client(user_create(email="mallory@example.org"))

    problem = problem_of(
        stranger.post(url) if path == "cancel/" else stranger.get(url), 404
    )

    assert problem["code"] == "not_found"


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_401_everywhere(alice: User, series: Series, path: str) -> None:
    url = f"{URL}{completed(alice, series).pk}/{path}"
    nobody = api_client()

    problem_of(nobody.post(url) if path == "cancel/" else nobody.get(url), 401)


def test_an_operator_finds_others_in_the_admin_only(
    alice: User, series: Series
) -> None:
    operator = api_client(user_create(email="operator@example.org", staff=True))

    problem_of(operator.get(f"{URL}{backtest_in(alice, series, 'queued').pk}/"), 404)


@pytest.mark.parametrize(
    "pk", ["0", "x", "-1", "1.0", "999999999999999999", "9" * 40, "%00", "1/2"]
)
def test_what_is_no_id_is_404(api: APIClient, pk: str) -> None:
    problem_of(api.get(f"{URL}{pk}/"), 404)


def test_other_methods_are_405(api: APIClient, alice: User, series: Series) -> None:
    backtest = backtest_in(alice, series, "queued")

    problem_of(api.put(f"{URL}{backtest.pk}/", {}), 405)
    problem_of(api.get(f"{URL}{backtest.pk}/cancel/"), 405)
    problem_of(api.post(f"{URL}{backtest.pk}/trades/"), 405)
