from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from strategies.tests.factories import other_code, strategy_of

WRITERS = 6

pytestmark = pytest.mark.django_db(transaction=True)


def _write(user: User, url: str, code: str, headers: dict[str, str]) -> int:
    try:
        response = api_client(user).patch(url, {"code": code}, headers=headers)
        return int(response.status_code)
    finally:
        connection.close()


def _write_at_once(headers: dict[str, str]) -> tuple[list[int], list[str]]:
    """Return the statuses, and the code of each version in order."""
    alice = user_create()
    strategy = strategy_of(alice, code=other_code(99))
    url = f"/api/v1/strategies/{strategy.pk}/"
    with ThreadPoolExecutor(WRITERS) as pool:
        answers = [
            pool.submit(_write, alice, url, other_code(i), headers)
            for i in range(WRITERS)
        ]
    versions = strategy.versions.order_by("number")
    assert [v.number for v in versions] == list(range(1, len(versions) + 1))
    return sorted(a.result() for a in answers), [v.code for v in versions]


def test_of_writers_that_have_seen_the_same_state_one_wins() -> None:
    statuses, codes = _write_at_once({"If-Match": '"1"'})

    assert statuses == [200] + [412] * (WRITERS - 1)
    assert len(codes) == 2


def test_without_if_match_every_writer_gets_a_version() -> None:
    statuses, codes = _write_at_once({})

    assert statuses == [200] * WRITERS
    assert sorted(codes[1:]) == [other_code(i) for i in range(WRITERS)]
