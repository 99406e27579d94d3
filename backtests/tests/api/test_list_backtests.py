from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of
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


def ids(api: APIClient, query: str = "") -> list[int]:
    response = api.get(URL + query)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_your_backtests_come_newest_first(
    api: APIClient, alice: User, series: Series
) -> None:
    made = [backtest_in(alice, series, status).pk for status in Backtest.Status]

    assert ids(api) == sorted(made, reverse=True)


def test_a_row_is_the_same_as_the_backtest_alone(
    api: APIClient, alice: User, series: Series
) -> None:
    done = completed(alice, series)

    alone = api.get(f"{URL}{done.pk}/").json()
    del alone["trials"]["now"]  # a query for each row
    assert api.get(URL).json()["results"] == [alone]


def test_anonymous_is_401() -> None:
    problem_of(api_client().get(URL), 401)


def test_others_backtests_are_not_listed(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest_in(user_create(email="bob@example.org"), series, "queued")

    assert ids(api) == []


@pytest.mark.parametrize("count", [1, 10])
def test_it_takes_two_queries_for_any_number(
    api: APIClient,
    alice: User,
    series: Series,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        completed(alice, series)
        backtest_in(alice, series, "queued")

    # the rows, and their places in the queue
    with django_assert_num_queries(2) as captured:
        assert len(ids(api)) == 2 * count

    for table in BacktestResult.TABLES:
        assert f'"{table}"' not in captured.captured_queries[0]["sql"]


@pytest.mark.parametrize(
    "ordering", ["", "ordering=id&", "ordering=-queued_at&", "ordering=sharpe&"]
)
def test_the_pages_hold_every_row_once(
    api: APIClient, alice: User, series: Series, ordering: str
) -> None:
    made = {backtest_in(alice, series, "queued").pk for _ in range(7)}

    pages = []
    link: str | None = f"{URL}?{ordering}limit=3"
    while link:
        page = api.get(link).json()
        pages.append([row["id"] for row in page["results"]])
        link = page["next"]

    assert [len(page) for page in pages] == [3, 3, 1]
    assert {pk for page in pages for pk in page} == made


def test_a_page_leads_back(api: APIClient, alice: User, series: Series) -> None:
    for _ in range(4):
        backtest_in(alice, series, "queued")
    first = api.get(f"{URL}?limit=2").json()

    second = api.get(first["next"]).json()

    assert api.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "1.5", "", "9" * 5000])
def test_a_limit_that_does_not_fit_is_refused(api: APIClient, limit: str) -> None:
    assert pointers_of(api.get(f"{URL}?limit={limit}")) == ["/limit"]


@pytest.mark.parametrize("cursor", ["x", "cD14", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_forged_cursor_is_refused(
    api: APIClient, alice: User, series: Series, cursor: str
) -> None:
    backtest_in(alice, series, "queued")

    response = api.get(f"{URL}?cursor={cursor}")

    assert response.status_code == 200 or pointers_of(response) == ["/cursor"]


def test_they_are_filtered_by_state(
    api: APIClient, alice: User, series: Series
) -> None:
    made = {status: backtest_in(alice, series, status).pk for status in Backtest.Status}

    for status, pk in made.items():
        assert ids(api, f"?status={status}") == [pk]


def test_they_are_filtered_by_what_was_run(
    api: APIClient, alice: User, series: Series
) -> None:
    other = walk_series(symbol="OTHER/USDT")
    hold = backtest_in(alice, series, "queued").pk
    cross = backtest_in(alice, other, "queued", library="ma_cross").pk
    own = backtest_in(alice, series, "failed")
    strategy = strategy_of(alice)
    Backtest.objects.filter(pk=own.pk).update(
        library="", strategy_version=strategy.versions.get()
    )

    assert ids(api, "?library=ma_cross") == [cross]
    assert ids(api, f"?series={series.pk}") == [own.pk, hold]
    assert ids(api, "?symbol=other/usdt") == [cross]
    assert ids(api, f"?strategy={strategy.pk}") == [own.pk]


@pytest.mark.parametrize(
    "query",
    [
        "status=sleeping",
        "series=x",
        "series=0",
        "series=99999999999999999999",
        "strategy=x",
        "strategy=1e400",
        "symbol=%00",
        "library=%00",
    ],
)
def test_a_filter_that_does_not_fit_is_refused(api: APIClient, query: str) -> None:
    assert pointers_of(api.get(f"{URL}?{query}")) == ["/" + query.split("=")[0]]


@pytest.mark.parametrize("query", ["stauts=failed", "ordering=name", "ordering=x"])
def test_a_filter_that_does_not_exist_is_refused(api: APIClient, query: str) -> None:
    assert pointers_of(api.get(f"{URL}?{query}")) == ["/" + query.split("=")[0]]


def test_the_time_of_submission_orders_them(
    api: APIClient, alice: User, series: Series
) -> None:
    late, early = (backtest_in(alice, series, "queued").pk for _ in range(2))
    before = timezone.now() - timedelta(days=1)
    Backtest.objects.filter(pk=early).update(queued_at=before)

    assert ids(api, "?ordering=queued_at") == [early, late]
    assert ids(api, "?ordering=-queued_at") == [late, early]


def test_a_status_or_a_form_that_is_none_names_those_that_are(api: APIClient) -> None:
    status = problem_of(api.get(URL, {"status": "bogus"}), 400)["detail"]
    form = problem_of(api.get(URL, {"format": "csv"}), 400)["detail"]

    assert "Give one of queued, running, completed, failed, cancelled" in status
    assert "Give one of json." in form
