from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from accounts.services import password_change
from accounts.tests.factories import PASSWORD, api_client, user_create
from accounts.tests.problems import pointers_of, problem_of

URL = "/api/v1/auth/token/refresh/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


def test_it_gives_a_new_pair_that_works(alice: User) -> None:
    old = str(RefreshToken.for_user(alice))

    pair = api_client().post(URL, {"refresh": old}).json()

    assert pair["refresh"] != old
    bearer = f"Bearer {pair['access']}"
    me = api_client().get("/api/v1/me/", HTTP_AUTHORIZATION=bearer)
    assert me.status_code == 200
    assert api_client().post(URL, {"refresh": pair["refresh"]}).status_code == 200


def test_a_refresh_token_works_once(alice: User) -> None:
    given = {"refresh": str(RefreshToken.for_user(alice))}
    api_client().post(URL, given)

    assert problem_of(api_client().post(URL, given), 401)["code"] == "token_not_valid"


@pytest.mark.django_db(transaction=True)
def test_of_requests_at_once_only_one_gets_a_pair() -> None:
    given = {"refresh": str(RefreshToken.for_user(user_create()))}

    def rotate(_: int) -> int:
        try:
            return int(api_client().post(URL, given).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(rotate, range(4)))

    assert statuses == [200, 401, 401, 401]
    assert BlacklistedToken.objects.count() == 1


def test_a_changed_password_ends_the_token(alice: User) -> None:
    given = {"refresh": str(RefreshToken.for_user(alice))}
    password_change(user=alice, current=PASSWORD, new=PASSWORD + "!")

    problem_of(api_client().post(URL, given), 401)


def test_an_inactive_user_gets_nothing(alice: User) -> None:
    given = {"refresh": str(RefreshToken.for_user(alice))}
    User.objects.update(is_active=False)

    problem_of(api_client().post(URL, given), 401)


def test_a_deleted_user_gets_nothing(alice: User) -> None:
    given = {"refresh": str(RefreshToken.for_user(alice))}
    User.objects.all().delete()

    problem_of(api_client().post(URL, given), 401)


def test_other_tokens_are_refused(alice: User) -> None:
    expired = RefreshToken.for_user(alice)
    expired.set_exp(lifetime=-timedelta(seconds=1))
    access = RefreshToken.for_user(alice).access_token
    forged = str(RefreshToken.for_user(alice))[:-6] + "AAAAAA"

    for token in (expired, access, forged, "nonsense", "a.b.c"):
        answer = api_client().post(URL, {"refresh": str(token)})

        assert problem_of(answer, 401)["code"] == "token_not_valid"


def test_bad_input_names_the_field() -> None:
    assert pointers_of(api_client().post(URL, {})) == ["/refresh"]
    problem_of(api_client().post(URL, {"refresh": "\x00"}), 400)
    assert pointers_of(api_client().post(URL, {"refresh": "x" * 5000})) == ["/refresh"]


def test_it_takes_few_queries(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    given = {"refresh": str(RefreshToken.for_user(alice))}

    # Has it ended? Whose is it? Then in a transaction (2): whose, the token's row, the
    # row that ends it (looked for, a savepoint (2), inserted), and the new token's row.
    with django_assert_num_queries(11):
        api_client().post(URL, given)
