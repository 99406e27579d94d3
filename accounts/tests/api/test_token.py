from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import PASSWORD, api_client, as_json, user_create
from accounts.tests.problems import pointers_of, problem_of

URL = "/api/v1/auth/token/"
ME = "/api/v1/me/"

pytestmark = pytest.mark.django_db


def _sign_in(**change: Any) -> Any:
    given = {"email": "alice@example.org", "password": PASSWORD} | change
    return api_client().post(URL, **as_json(given))


@pytest.mark.parametrize("email", ["alice@example.org", " Alice@EXAMPLE.org "])
def test_it_gives_tokens_for_any_letter_case_of_the_address(email: str) -> None:
    user = user_create()

    response = _sign_in(email=email)

    assert response.status_code == 200
    assert set(response.json()) == {"access", "refresh"}
    me = api_client().get(ME, HTTP_AUTHORIZATION=f"Bearer {response.json()['access']}")
    assert me.json()["id"] == str(user.pk)
    user.refresh_from_db()
    assert user.last_login is not None


def test_every_failure_to_sign_in_is_the_same_answer() -> None:
    user_create()
    user_create(email="inactive@example.org")
    inactive = user_create(email="gone@example.org")
    inactive.is_active = False
    inactive.save()

    answers = [
        _sign_in(password="wrong"),
        _sign_in(email="nobody@example.org"),
        _sign_in(email="gone@example.org"),
        _sign_in(email="not an address"),
    ]

    problems = [problem_of(answer, 401) for answer in answers]
    assert {p["code"] for p in problems} == {"no_active_account"}
    assert len({p["detail"] for p in problems}) == 1
    assert all("Bearer" in answer["WWW-Authenticate"] for answer in answers)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": {}}, "/email"),
        ({"password": None}, "/password"),
        ({"username": "alice"}, "/username"),
    ],
)
def test_bad_input_names_the_field(change: dict[str, Any], pointer: str) -> None:
    assert pointers_of(_sign_in(**change)) == [pointer]


def test_an_old_token_does_not_keep_one_from_signing_in() -> None:
    user_create()
    client = api_client()
    client.credentials(HTTP_AUTHORIZATION="Bearer expired")

    given = {"email": "alice@example.org", "password": PASSWORD}

    assert client.post(URL, given).status_code == 200


def test_it_takes_few_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user_create()

    with django_assert_num_queries(3):  # the user, the last sign-in, the token
        _sign_in()
