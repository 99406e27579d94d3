from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.throttling import ScopedRateThrottle

from accounts.models import User
from accounts.tests.factories import PASSWORD, api_client, as_json, user_create
from accounts.tests.problems import pointers_of, problem_of

URL = "/api/v1/auth/register/"

pytestmark = pytest.mark.django_db


def test_it_opens_an_account() -> None:
    response = api_client().post(
        URL, {"email": "Ann@Example.org", "password": PASSWORD}
    )

    assert response.status_code == 201
    user = User.objects.get()
    body = response.json()
    assert body["id"] == str(user.pk)
    assert body["email"] == user.email == "ann@example.org"
    assert "password" not in body
    assert user.check_password(PASSWORD)
    assert not user.is_staff


def test_it_takes_a_name() -> None:
    given = {"email": "ann@example.org", "password": PASSWORD, "name": "Ann"}

    assert api_client().post(URL, given).json()["name"] == "Ann"


def test_a_password_keeps_the_white_space_at_its_ends() -> None:
    given = {"email": "ann@example.org", "password": f" {PASSWORD} "}

    assert api_client().post(URL, given).status_code == 201

    assert User.objects.get().check_password(f" {PASSWORD} ")


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@Example.ORG"])
def test_an_address_has_one_account_in_any_letter_case(email: str) -> None:
    user_create(email="alice@example.org")

    response = api_client().post(URL, {"email": email, "password": PASSWORD})

    assert pointers_of(response) == ["/email"]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x7Qp!", "password_too_short"),
        ("password123", "password_too_common"),
        ("9482716350", "password_entirely_numeric"),
        ("ann.smith@example", "password_too_similar"),
    ],
)
def test_a_weak_password_is_refused(password: str, code: str) -> None:
    given = {"email": "ann.smith@example.org", "password": password}

    body = problem_of(api_client().post(URL, given), 400)

    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("/password", code)]
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "not an address"}, "/email"),
        ({"email": ""}, "/email"),
        ({"email": None}, "/email"),
        ({"email": ["ann@example.org"]}, "/email"),
        ({"email": "a" * 250 + "@example.org"}, "/email"),
        ({"password": ""}, "/password"),
        ({"password": "x7" * 200}, "/password"),
        ({"name": "x" * 151}, "/name"),
        ({"is_staff": True}, "/is_staff"),
    ],
)
def test_bad_input_names_the_field(change: dict[str, Any], pointer: str) -> None:
    given = {"email": "ann@example.org", "password": PASSWORD} | change

    response = api_client().post(URL, **as_json(given))

    assert pointers_of(response) == [pointer]
    assert not User.objects.exists()


@pytest.mark.parametrize("text", ["x\x00", "x\ud800"])
@pytest.mark.parametrize("field", ["email", "password", "name"])
def test_text_that_no_database_can_hold_is_refused(field: str, text: str) -> None:
    given = {"email": "ann@example.org", "password": PASSWORD, "name": "Ann"}

    problem_of(api_client().post(URL, **as_json(given | {field: text})), 400)
    assert not User.objects.exists()


def test_every_missing_field_is_named() -> None:
    assert pointers_of(api_client().post(URL, {})) == ["/email", "/password"]


@pytest.mark.parametrize("body", ["{", "", "[]", '"text"', "null", '{"email": NaN}'])
def test_malformed_json_is_a_problem(body: str) -> None:
    response = api_client().post(URL, body, content_type="application/json")

    problem_of(response, 400)


def test_it_can_be_closed(settings: Settings) -> None:
    settings.REGISTRATION_OPEN = False

    response = api_client().post(
        URL, {"email": "ann@example.org", "password": PASSWORD}
    )

    assert problem_of(response, 403)["code"] == "registration_closed"
    assert not User.objects.exists()


def test_too_many_attempts_are_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"auth": "2/min"})
    cache.clear()
    client = api_client()

    answers = [client.post(URL, {}) for _ in range(3)]

    assert [a.status_code for a in answers] == [400, 400, 429]
    problem_of(answers[-1], 429)
    assert int(answers[-1]["Retry-After"]) > 0


def test_it_takes_few_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(3):  # a savepoint around one insert
        api_client().post(URL, {"email": "ann@example.org", "password": PASSWORD})
