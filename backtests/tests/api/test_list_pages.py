"""Pages of a list ordered by what is equal in many rows, or absent."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of
from backtests.models import Backtest, BacktestResult
from backtests.tests.factories import backtest_queued, walk_series

URL = "/api/v1/backtests/"
VALUES = (None, -1.5, 0.0, 0.1, 0.1 + 2**-52, 3, 1e-300, 34900000000000000000000.0)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def rows(alice: User) -> list[Backtest]:
    """Twelve backtests; every one but the last two has a result."""
    first = backtest_queued(alice, walk_series(bars=48))
    for _ in range(11):
        first.pk = None
        first.save(force_insert=True)
    made = list(Backtest.objects.order_by("pk"))
    BacktestResult.objects.bulk_create(
        BacktestResult(backtest=row, metrics={}, manifest={}, counters={})
        for row in made[:10]
    )
    return made


def set_sharpe(rows: list[Backtest], values: list[Any]) -> None:
    results = [
        BacktestResult(backtest=row, metrics={"sharpe": value})
        for row, value in zip(rows, values, strict=False)
    ]
    BacktestResult.objects.bulk_update(results, ["metrics"])


def walk(api: APIClient, url: str, way: str = "next") -> list[list[int]]:
    """Return the ids of each page from this one on."""
    pages, link = [], url
    while link:
        page = api.get(link).json()
        pages.append([row["id"] for row in page["results"]])
        link = page[way]
    return pages


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.sampled_from(VALUES), min_size=10, max_size=10),
    st.booleans(),
    st.integers(1, 12),
)
def test_no_page_loses_or_repeats_a_row(
    api: APIClient,
    rows: list[Backtest],
    values: list[float | None],
    down: bool,
    limit: int,
) -> None:
    set_sharpe(rows, values)
    sign = -1 if down else 1
    known = dict(zip((row.pk for row in rows), [*values, None, None], strict=True))
    present = sorted(
        (pk for pk, value in known.items() if value is not None),
        key=lambda pk: (sign * (known[pk] or 0.0), sign * pk),
    )
    absent = sorted(
        (pk for pk, value in known.items() if value is None), key=lambda pk: sign * pk
    )
    url = f"{URL}?ordering={'-' if down else ''}sharpe&limit={limit}"

    pages = walk(api, url)

    assert sum(pages, []) == present + absent
    assert all(len(page) == limit for page in pages[:-1])


@pytest.mark.parametrize("ordering", ["-id", "id", "-sharpe", "sharpe", "queued_at"])
@pytest.mark.parametrize("limit", [1, 5, 6])
def test_the_way_back_shows_the_same_pages(
    api: APIClient, rows: list[Backtest], ordering: str, limit: int
) -> None:
    set_sharpe(rows, [1, 1, 1, None, 2, None, 1, 0, None, 2])
    url = f"{URL}?ordering={ordering}&limit={limit}"
    there = walk(api, url)
    last, link = url, api.get(url).json()["next"]
    while link:
        last, link = link, api.get(link).json()["next"]

    back = walk(api, last, "previous")

    assert sum(reversed(back), []) == sum(there, [])


def test_the_first_page_has_no_previous_and_the_last_no_next(
    api: APIClient, rows: list[Backtest]
) -> None:
    whole = api.get(f"{URL}?ordering=-sharpe&limit=12").json()

    assert whole["next"] is whole["previous"] is None


def test_a_row_that_is_deleted_between_pages_costs_no_other(
    api: APIClient, rows: list[Backtest]
) -> None:
    set_sharpe(rows, [1.0] * 10)
    page = api.get(f"{URL}?ordering=sharpe&limit=4").json()
    shown = [row["id"] for row in page["results"]]
    Backtest.objects.filter(pk=shown[-1]).delete()

    rest = sum(walk(api, page["next"]), [])

    assert shown + rest == [row.pk for row in rows]


def test_a_page_whose_rows_are_all_gone_leads_to_the_first(
    api: APIClient, rows: list[Backtest]
) -> None:
    link = api.get(f"{URL}?limit=6").json()["next"]
    Backtest.objects.filter(pk__in=[row.pk for row in rows[:6]]).delete()

    page = api.get(link).json()

    assert page["results"] == []
    assert len(api.get(page["previous"]).json()["results"]) == 6


def forged(*parts: Any) -> str:
    text = json.dumps(parts[0] if len(parts) == 1 else parts)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "ü",
        "=" * 5000,
        forged("sharpe"),
        forged({"a": 1}),
        forged("-id", None, 5, False),  # that of another ordering
        forged("sharpe", "x", 5, False),
        forged("sharpe", [], 5, False),
        forged("sharpe", float("inf"), 5, False),
        forged("sharpe", float("nan"), 5, False),
        forged("sharpe", 10**400, 5, False),
        forged("sharpe", 1.0, 0, False),
        forged("sharpe", 1.0, 2**63, False),
        forged("sharpe", 1.0, "5", False),
        forged("sharpe", 1.0, 5, 1),
        "W" * 100_000,
        base64.urlsafe_b64encode(b"[" * 50_000).decode(),
    ],
    ids=range(18),
)
def test_a_forged_cursor_is_refused(
    api: APIClient, rows: list[Backtest], cursor: str
) -> None:
    response = api.get(URL, {"ordering": "sharpe", "cursor": cursor})

    assert pointers_of(response) == ["/cursor"]


@pytest.mark.parametrize("value", ["soon", "2024-01-01T00:00:00", 5, [], {}])
def test_a_forged_time_is_refused(
    api: APIClient, rows: list[Backtest], value: Any
) -> None:
    cursor = forged("queued_at", value, 5, False)

    response = api.get(URL, {"ordering": "queued_at", "cursor": cursor})

    assert pointers_of(response) == ["/cursor"]
