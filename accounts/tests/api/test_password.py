import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from accounts.tests.factories import PASSWORD, api_client, jwt_client, user_create
from accounts.tests.problems import problem_of

URL = "/api/v1/me/password/"
NEW = "another horse entirely"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


def test_it_changes_the_password(alice: User) -> None:
    given = {"current_password": PASSWORD, "new_password": NEW}

    assert jwt_client(alice).post(URL, given).status_code == 204

    alice.refresh_from_db()
    assert alice.check_password(NEW)


def test_every_token_issued_before_ends(alice: User) -> None:
    client, refresh = jwt_client(alice), str(RefreshToken.for_user(alice))

    client.post(URL, {"current_password": PASSWORD, "new_password": NEW})

    assert problem_of(client.get("/api/v1/me/"), 401)["code"] == "password_changed"
    answer = api_client().post("/api/v1/auth/token/refresh/", {"refresh": refresh})
    problem_of(answer, 401)


def test_the_present_password_must_be_right(alice: User) -> None:
    given = {"current_password": "wrong", "new_password": NEW}

    body = problem_of(jwt_client(alice).post(URL, given), 400)

    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [
        ("/current_password", "wrong_password")
    ]


def test_a_weak_password_is_refused(alice: User) -> None:
    given = {"current_password": PASSWORD, "new_password": "12345"}

    body = problem_of(jwt_client(alice).post(URL, given), 400)

    assert {e["pointer"] for e in body["errors"]} == {"/new_password"}
    assert len(body["errors"]) == 3
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_nobody_has_no_password() -> None:
    problem_of(api_client().post(URL, {}), 401)


def test_it_takes_two_queries(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = jwt_client(alice)

    with django_assert_num_queries(2):
        client.post(URL, {"current_password": PASSWORD, "new_password": NEW})
