import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import PASSWORD, user_create

USERS = "/admin/accounts/user/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(user_create(email="operator@example.org", staff=True))
    return client


@pytest.mark.parametrize("users", [1, 20])
def test_the_list_takes_the_same_queries_for_any_number_of_users(
    operator: Client, users: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(users):
        user_create(email=f"user{number}@example.org")

    # the operator, two counts, the rows, two for the date hierarchy
    with django_assert_num_queries(6):
        response = operator.get(USERS)

    assert response.status_code == 200
    assert b"user0@example.org" in response.content


def test_users_are_found_by_address_and_filtered(operator: Client) -> None:
    user_create(email="ann@example.org")
    user_create(email="bob@example.org")

    found = operator.get(USERS, {"q": "ann", "is_staff__exact": "0"})

    assert b"ann@example.org" in found.content
    assert b"bob@example.org" not in found.content


def test_the_change_page_has_a_link_to_change_the_password(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = user_create()

    url = f"{USERS}{user.pk}/change/"
    operator.get(url)  # content types are read once and kept

    # the operator, the user, the user's groups and permissions, all of either
    with django_assert_num_queries(6):
        response = operator.get(url)

    assert response.status_code == 200
    assert b"../password/" in response.content


def test_an_operator_can_set_a_password(operator: Client) -> None:
    user = user_create()
    new = "another horse entirely"

    response = operator.post(
        f"{USERS}{user.pk}/password/", {"password1": new, "password2": new}
    )

    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)


def test_an_operator_can_add_a_user_whose_address_becomes_lower_case(
    operator: Client,
) -> None:
    given = {
        "email": "Ann@Example.org",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }

    assert operator.get(f"{USERS}add/").status_code == 200
    assert operator.post(f"{USERS}add/", given).status_code == 302

    assert User.objects.get(email="ann@example.org").check_password(PASSWORD)


def test_an_address_in_another_letter_case_is_refused(operator: Client) -> None:
    user_create(email="ann@example.org")
    given = {
        "email": "ANN@example.org",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }

    response = operator.post(f"{USERS}add/", given)

    assert response.status_code == 200
    assert b"already exists" in response.content


def test_an_operator_can_change_a_user(operator: Client) -> None:
    user = user_create()

    response = operator.post(
        f"{USERS}{user.pk}/change/", {"email": "Alicia@example.org", "name": "Alicia"}
    )

    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.email, user.name, user.is_active) == (
        "alicia@example.org",
        "Alicia",
        False,  # the box was not ticked
    )


def test_deleting_a_user_counts_what_goes_along(
    operator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    user = user_create(email="ann@example.org")
    LogEntry.objects.create(user=user, action_flag=ADDITION, object_repr="x")
    url = f"{USERS}{user.pk}/delete/"

    with django_assert_max_num_queries(30):
        page = operator.get(url).content.decode()

    assert "<li>Users: 1</li>" in page
    assert "<li>Log entries: 1</li>" in page
    assert "ann@example.org" in page
