import pytest
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of

URL = "/api/v1/auth/token/revoke/"
REFRESH = "/api/v1/auth/token/refresh/"

pytestmark = pytest.mark.django_db


def test_it_ends_a_refresh_token() -> None:
    given = {"refresh": str(RefreshToken.for_user(user_create()))}

    response = api_client().post(URL, given)

    assert response.status_code == 204
    assert response.content == b""
    problem_of(api_client().post(REFRESH, given), 401)


def test_it_ends_no_other_token() -> None:
    alice = user_create()
    ended, kept = (str(RefreshToken.for_user(alice)) for _ in range(2))

    api_client().post(URL, {"refresh": ended})

    assert api_client().post(REFRESH, {"refresh": kept}).status_code == 200


def test_an_ended_token_can_not_be_ended_again() -> None:
    given = {"refresh": str(RefreshToken.for_user(user_create()))}
    api_client().post(URL, given)

    assert problem_of(api_client().post(URL, given), 401)["code"] == "token_not_valid"


def test_an_access_token_is_the_wrong_kind() -> None:
    access = RefreshToken.for_user(user_create()).access_token

    body = problem_of(api_client().post(URL, {"refresh": str(access)}), 401)

    assert "wrong type" in body["detail"]


def test_bad_input_names_the_field() -> None:
    assert pointers_of(api_client().post(URL, {})) == ["/refresh"]
    assert pointers_of(api_client().post(URL, {"refresh": "x", "token": "x"})) == [
        "/token"
    ]
