import uuid
from collections.abc import Callable
from random import randbytes

import pytest
from django.test import Client
from rest_framework.test import APIClient
from rest_framework.throttling import ScopedRateThrottle, SimpleRateThrottle

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import problem_of

LIST, SIGN_IN = "/api/v1/backtests/", "/api/v1/auth/token/"
CREDENTIALS = {"email": "nobody@example.org", "password": "wrong"}

pytestmark = pytest.mark.django_db

type Allow = Callable[[str], None]


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Allow:
    """Allow everybody so many requests, as "3/min", until the test is over."""

    def set_rate(rate: str) -> None:
        rates = dict.fromkeys(("anon", "user", "auth"), rate)
        monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)
        monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", rates)

    return set_rate


def address() -> str:
    """Return an address that Redis has not counted before."""
    return "2001:db8::" + ":".join(randbytes(2).hex() for _ in range(4))


def user() -> APIClient:
    return api_client(user_create(email=f"{uuid.uuid4()}@example.org"))


def test_a_user_is_held_up_and_told_how_long(allow: Allow) -> None:
    allow("3/min")
    client = user()

    allowed = [client.get(LIST).status_code for _ in range(3)]
    response = client.get(LIST)

    assert allowed == [200, 200, 200]
    assert problem_of(response, 429)["code"] == "throttled"
    assert 0 < int(response["Retry-After"]) <= 61


def test_one_users_haste_is_no_others_delay(allow: Allow) -> None:
    allow("1/min")
    hasty = user()
    hasty.get(LIST)

    assert hasty.get(LIST).status_code == 429
    assert user().get(LIST).status_code == 200


def test_guessing_passwords_is_held_up_by_address(allow: Allow) -> None:
    allow("2/min")
    here, there = address(), address()

    answers = [
        api_client().post(SIGN_IN, CREDENTIALS, REMOTE_ADDR=here).status_code
        for _ in range(3)
    ]
    elsewhere = api_client().post(SIGN_IN, CREDENTIALS, REMOTE_ADDR=there)

    assert answers == [401, 401, 429]
    assert elsewhere.status_code == 401


def test_a_header_that_anybody_can_write_is_no_other_address(allow: Allow) -> None:
    allow("1/min")
    here = address()

    answers = [
        api_client()
        .post(SIGN_IN, CREDENTIALS, REMOTE_ADDR=here, HTTP_X_FORWARDED_FOR=address())
        .status_code
        for _ in range(2)
    ]

    assert answers == [401, 429]


def test_health_is_never_held_up(allow: Allow) -> None:
    allow("1/min")
    here = address()

    for _ in range(5):
        live = Client().get("/api/v1/health/live/", REMOTE_ADDR=here)
        assert live.status_code == 200
