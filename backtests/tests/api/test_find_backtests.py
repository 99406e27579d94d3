"""Looking for backtests: by metric, tag, words and time, and ordering what is found."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of
from backtests.engine import HEADLINE, METRICS
from backtests.models import Backtest, BacktestResult
from backtests.tests.factories import backtest_in, backtest_queued, walk_series
from marketdata.models import Series

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
    return walk_series(bars=48)


def measured(
    owner: User, series: Series, metrics: Mapping[str, Any], **columns: Any
) -> int:
    """Store a completed backtest with these metrics; return its id."""
    backtest = backtest_queued(owner, series)
    Backtest.objects.filter(pk=backtest.pk).update(status="completed", **columns)
    BacktestResult.objects.create(
        backtest=backtest, metrics=metrics, manifest={}, counters={}
    )
    return backtest.pk


def named(owner: User, series: Series, **columns: Any) -> int:
    backtest = backtest_queued(owner, series)
    Backtest.objects.filter(pk=backtest.pk).update(**columns)
    return backtest.pk


def ids(api: APIClient, query: str = "") -> list[int]:
    response = api.get(URL + query)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_the_headline_metrics_are_metrics() -> None:
    assert set(HEADLINE) <= set(METRICS)


def test_a_metric_is_compared(api: APIClient, alice: User, series: Series) -> None:
    low, middle, high = (
        measured(alice, series, {"sharpe": value}) for value in (-0.5, 1.25, 2)
    )

    assert ids(api, "?metric_sharpe__gte=1.25") == [high, middle]
    assert ids(api, "?metric_sharpe__gt=1.25") == [high]
    assert ids(api, "?metric_sharpe__lte=1.25") == [middle, low]
    assert ids(api, "?metric_sharpe__lt=1.25") == [low]
    assert ids(api, "?metric_sharpe__gt=-1e3&metric_sharpe__lt=1.5") == [middle, low]


def test_what_is_undefined_is_not_zero(
    api: APIClient, alice: User, series: Series
) -> None:
    measured(alice, series, {"sharpe": None})
    measured(alice, series, {})
    backtest_in(alice, series, "failed")

    assert ids(api, "?metric_sharpe__gte=-1") == []
    assert ids(api, "?metric_sharpe__lte=1") == []


def test_several_metrics_must_all_fit(
    api: APIClient, alice: User, series: Series
) -> None:
    measured(alice, series, {"sharpe": 2, "trades": 3})
    good = measured(alice, series, {"sharpe": 2.5, "trades": 40})
    measured(alice, series, {"sharpe": 1, "trades": 90})

    assert ids(api, "?metric_sharpe__gte=2&metric_trades__gte=30") == [good]


@pytest.mark.parametrize("value", ["x", "nan", "inf", "1e999", "%00", "1,5"])
def test_a_value_that_is_no_number_is_refused(api: APIClient, value: str) -> None:
    pointers = pointers_of(api.get(f"{URL}?metric_sharpe__gte={value}"))

    assert pointers == ["/metric_sharpe__gte"]


@pytest.mark.parametrize(
    "name", ["metric_shapre__gte", "metric_sharpe", "metric_sharpe__eq", "shrpe__gte"]
)
def test_a_metric_that_does_not_exist_is_answered_with_those_that_do(
    api: APIClient, name: str
) -> None:
    problem = problem_of(api.get(f"{URL}?{name}=1"), 400)

    assert [error["pointer"] for error in problem["errors"]] == [f"/{name}"]
    assert "metric_<key>__{gte, gt, lte, lt}" in problem["detail"]
    assert "max_drawdown" in problem["detail"]


def test_the_highest_come_first_and_the_undefined_last(
    api: APIClient, alice: User, series: Series
) -> None:
    low, none, high = (
        measured(alice, series, {"sharpe": value}) for value in (0.5, None, 1.5)
    )
    queued = backtest_in(alice, series, "queued").pk

    assert ids(api, "?ordering=-sharpe") == [high, low, queued, none]
    assert ids(api, "?ordering=sharpe") == [low, high, none, queued]


def test_rows_that_did_not_end_come_last(
    api: APIClient, alice: User, series: Series
) -> None:
    now = timezone.now()
    late = measured(alice, series, {}, finished_at=now)
    queued = backtest_in(alice, series, "queued").pk
    early = measured(alice, series, {}, finished_at=now - timedelta(hours=1))

    assert ids(api, "?ordering=finished_at") == [early, late, queued]
    assert ids(api, "?ordering=-finished_at") == [late, early, queued]


def test_an_ordering_that_does_not_exist_is_answered_with_those_that_do(
    api: APIClient,
) -> None:
    problem = problem_of(api.get(f"{URL}?ordering=-shapre"), 400)

    assert [error["pointer"] for error in problem["errors"]] == ["/ordering"]
    assert "sharpe" in problem["detail"]


def test_tags_must_all_be_there(api: APIClient, alice: User, series: Series) -> None:
    both = named(alice, series, tags=["btc", "trend"])
    one = named(alice, series, tags=["trend", "x"])
    named(alice, series, tags=[])

    assert ids(api, "?tag=trend") == [one, both]
    assert ids(api, "?tag=trend&tag=btc") == [both]
    assert ids(api, "?tag=tren") == []
    assert ids(api, "?tag=TREND") == []


@pytest.mark.parametrize("tag", ['a"b', "it's", "%", "*", "ü ñ", "null", "1", "[]"])
def test_any_text_can_be_a_tag(
    api: APIClient, alice: User, series: Series, tag: str
) -> None:
    found = named(alice, series, tags=["other", tag])
    named(alice, series, tags=["other", None, 1, ["x"]])

    assert ids(api, f"?tag={quote(tag)}") == [found]


@pytest.mark.parametrize(
    "query", ["tag=", "tag=" + "x" * 41, "tag=%00", "&".join(["tag=x"] * 21)]
)
def test_a_tag_that_cannot_be_is_refused(api: APIClient, query: str) -> None:
    assert pointers_of(api.get(f"{URL}?{query}")) == ["/tag"]


def test_every_word_must_be_in_the_name(
    api: APIClient, alice: User, series: Series
) -> None:
    cross = named(alice, series, name="Golden Cross, BTC daily")
    named(alice, series, name="Golden goose")
    named(alice, series, name="", notes="golden cross")

    assert ids(api, "?search=cross+golden") == [cross]
    assert ids(api, "?search=BTC") == ids(api, "?search=btc") == [cross]
    assert ids(api, "?search=gold+daily") == [cross]
    assert ids(api, "?search=cross+eth") == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Überkreuzung Ökonomie", "überkreuzung ökonomie"),
        ("стратегия ДВА", "СТРАТЕГИЯ два"),
        ("100% sure_thing", "100% sure_"),
        ("a.b*c", "a.b*c"),
        (r"back\slash (1)", r"\slash (1)"),
        ("***:x", "***:"),
        ("it's", "it's"),
    ],
)
def test_letters_of_any_alphabet_and_signs_are_found(
    api: APIClient, alice: User, series: Series, name: str, words: str
) -> None:
    found = named(alice, series, name=name)
    named(alice, series, name="abc 100 surely thing back slash")

    assert ids(api, f"?search={quote(words)}") == [found]


def test_notes_are_looked_through(api: APIClient, alice: User, series: Series) -> None:
    noted = named(alice, series, notes="Worked until\nthe halving.")
    named(alice, series, name="halving")

    assert ids(api, "?notes=HALVING+until") == [noted]


@pytest.mark.parametrize("name", ["search", "notes"])
@pytest.mark.parametrize("value", ["%00", "x" * 201])
def test_words_that_cannot_be_are_refused(
    api: APIClient, name: str, value: str
) -> None:
    assert pointers_of(api.get(f"{URL}?{name}={value}")) == [f"/{name}"]


def test_they_are_found_by_timeframe(
    api: APIClient, alice: User, series: Series
) -> None:
    found = named(alice, series)

    assert ids(api, "?timeframe=1h") == [found]
    assert ids(api, "?timeframe=1d") == []
    assert pointers_of(api.get(f"{URL}?timeframe=7m")) == ["/timeframe"]


def test_they_are_found_by_time(api: APIClient, alice: User, series: Series) -> None:
    now = timezone.now()
    old = named(alice, series, queued_at=now - timedelta(days=9), finished_at=now)
    new = named(alice, series)
    week_ago = quote((now - timedelta(days=7)).isoformat())

    assert ids(api, f"?queued_at__gte={week_ago}") == [new]
    assert ids(api, f"?queued_at__lt={week_ago}") == [old]
    assert ids(api, f"?finished_at__lte={quote(now.isoformat())}") == [old]
    assert pointers_of(api.get(f"{URL}?queued_at__gt=soon")) == ["/queued_at__gt"]


def test_all_of_it_together_is_one_query_for_any_number(
    api: APIClient,
    alice: User,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for value in range(12):
        measured(alice, series, {"sharpe": value}, name="many", tags=["t"])
    query = "?metric_sharpe__gte=1&tag=t&search=many&ordering=-sharpe&limit=5"
    link = api.get(URL + query).json()["next"]

    with django_assert_num_queries(1):
        assert len(api.get(link).json()["results"]) == 5
