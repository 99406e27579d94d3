"""Results, verifications, trials, usage and comparisons: to look at only."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Comparison, DailyUsage, Trial
from backtests.services.verification import verification_run
from backtests.tests.admin.pages import assert_no_table_read, clerk, operator_client
from backtests.tests.factories import completed, walk_series
from backtests.tests.queues import empty_queue
from marketdata.models import Series

ADMIN = "/admin/backtests/"
# The queries of a list and of a page: the operator's own, a count, the rows, what
# filters and dates need; and what a page shows of other rows.
QUERIES = {
    "backtestresult": (4, 3),
    "verification": (5, 3),
    "trial": (3, 5),
    "dailyusage": (5, 3),
    "comparison": (5, 4),
}

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


def records(owner: User, series: Series) -> dict[str, int]:
    """Store one row of each kind, of a completed backtest; return their ids."""
    done = completed(owner, series, library="ma_cross", parameters={"fast": 3})
    verification_run(backtest=done)
    usage, _ = DailyUsage.objects.get_or_create(
        owner=owner, day=date(2024, 5, 6), defaults={"cost": 1234.5, "backtests": 7}
    )
    comparison = Comparison.objects.create(owner=owner, name="Both")
    comparison.backtests.add(done)
    return {
        "backtestresult": done.pk,
        "verification": done.pk,
        "trial": Trial.objects.latest("pk").pk,
        "dailyusage": usage.pk,
        "comparison": comparison.pk,
    }


@pytest.mark.parametrize("model", QUERIES)
def test_the_list_and_the_page_take_few_queries_and_read_no_table(
    operator: Client,
    alice: User,
    series: Series,
    model: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        made = records(alice, series)
    of_list, of_page = QUERIES[model]
    url = f"{ADMIN}{model}/{made[model]}/change/"
    for address in (f"{ADMIN}{model}/", url):
        operator.get(address)  # content types are read once and kept

    with django_assert_num_queries(of_list) as list_queries:
        listed = operator.get(f"{ADMIN}{model}/")
    with django_assert_num_queries(of_page) as page_queries:
        page = operator.get(url)

    assert (listed.status_code, page.status_code) == (200, 200)
    assert_no_table_read(list_queries)
    assert_no_table_read(page_queries)


@pytest.mark.parametrize("model", QUERIES)
def test_nothing_is_added_changed_or_deleted(
    operator: Client, alice: User, series: Series, model: str
) -> None:
    pk = records(alice, series)[model]

    assert operator.get(f"{ADMIN}{model}/add/").status_code == 403
    assert operator.post(f"{ADMIN}{model}/{pk}/change/", {}).status_code == 403
    assert operator.post(f"{ADMIN}{model}/{pk}/delete/").status_code == 403


@pytest.mark.parametrize("model", QUERIES)
@pytest.mark.parametrize("text", ["alice", "9" * 30, "'\"%", "\0"])
def test_any_text_can_be_searched_for(
    operator: Client, alice: User, series: Series, model: str, text: str
) -> None:
    records(alice, series)

    assert operator.get(f"{ADMIN}{model}/", {"q": text}).status_code == 200


@pytest.mark.parametrize("model", QUERIES)
def test_others_see_nothing(alice: User, model: str) -> None:
    client = Client()
    client.force_login(alice)

    assert client.get(f"{ADMIN}{model}/").status_code == 302
    assert clerk().get(f"{ADMIN}{model}/").status_code == 403


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("verification", ["identical", "same to the last bit"]),
        ("trial", ["library:ma_cross", "WALK/USDT"]),
        ("dailyusage", ["1,234.5", "2024"]),
        ("comparison", ["Both", "alice@example.org"]),
    ],
)
def test_the_list_shows_what_matters(
    operator: Client, alice: User, series: Series, model: str, words: list[str]
) -> None:
    records(alice, series)

    page = operator.get(f"{ADMIN}{model}/").content.decode()

    for word in words:
        assert word in page
