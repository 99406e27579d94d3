from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.models import User
from accounts.tests.factories import api_client, jwt_client, user_create
from accounts.tests.problems import pointers_of, problem_of

URL = "/api/v1/me/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


def test_it_shows_who_you_are(alice: User) -> None:
    body = jwt_client(alice).get(URL).json()

    assert body == {
        "id": str(alice.pk),
        "email": "alice@example.org",
        "name": "",
        "date_joined": alice.date_joined.isoformat().replace("+00:00", "Z"),
        "quotas": body["quotas"],  # see the quotas' own tests
    }
    assert set(body["quotas"]) == {"active", "daily_cost"}
    assert repr(body["quotas"]["active"]["used"]) == "0"


def test_the_name_can_be_changed(alice: User) -> None:
    response = jwt_client(alice).patch(URL, {"name": " Alice "})

    assert response.status_code == 200
    assert response.json()["name"] == "Alice"
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_nothing_to_change_is_fine(alice: User) -> None:
    assert jwt_client(alice).patch(URL, {}).status_code == 200


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"name": "x" * 151}, "/name"),
        ({"name": None}, "/name"),
        ({"email": "other@example.org"}, "/email"),
        ({"is_staff": True}, "/is_staff"),
    ],
)
def test_bad_input_names_the_field(
    alice: User, given: dict[str, Any], pointer: str
) -> None:
    assert pointers_of(jwt_client(alice).patch(URL, given)) == [pointer]


@pytest.mark.parametrize("method", ["get", "patch"])
def test_nobody_has_no_profile(method: str) -> None:
    response = getattr(api_client(), method)(URL)

    assert problem_of(response, 401)["code"] == "not_authenticated"
    assert "Bearer" in response["WWW-Authenticate"]


def test_an_expired_token_is_not_valid(alice: User) -> None:
    expired = AccessToken.for_user(alice)
    expired.set_exp(lifetime=-timedelta(seconds=1))

    response = api_client().get(URL, HTTP_AUTHORIZATION=f"Bearer {expired}")

    assert problem_of(response, 401)["code"] == "token_not_valid"


def test_a_refresh_token_opens_nothing(alice: User) -> None:
    refresh = RefreshToken.for_user(alice)

    response = api_client().get(URL, HTTP_AUTHORIZATION=f"Bearer {refresh}")

    assert problem_of(response, 401)["code"] == "token_not_valid"


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer é", "Bearer x.y.z"])
def test_a_broken_header_is_a_problem(header: str) -> None:
    problem_of(api_client().get(URL, HTTP_AUTHORIZATION=header), 401)


def test_an_inactive_user_is_refused(alice: User) -> None:
    client = jwt_client(alice)
    User.objects.update(is_active=False)

    assert problem_of(client.get(URL), 401)["code"] == "user_inactive"


def test_it_takes_three_queries(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = jwt_client(alice)

    # the user, the active backtests, what the day has cost
    with django_assert_num_queries(3):
        client.get(URL)
