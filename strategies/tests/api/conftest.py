"""The people: alice owns, bob owns something else, charlie is a stranger."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # this file may be imported before Django is set up
    from accounts.models import User


@pytest.fixture
def alice(db: None, django_user_model: "type[User]") -> "User":
    return django_user_model.objects.create_user("alice@example.org")


@pytest.fixture
def bob(db: None, django_user_model: "type[User]") -> "User":
    return django_user_model.objects.create_user("bob@example.org")


@pytest.fixture
def charlie(db: None, django_user_model: "type[User]") -> "User":
    return django_user_model.objects.create_user("charlie@example.org")
