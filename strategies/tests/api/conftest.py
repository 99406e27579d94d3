"""The people: alice owns, bob owns something else, charlie is a stranger."""

import pytest

from accounts.models import User
from accounts.tests.factories import user_create
from strategies.models import Strategy
from strategies.tests.factories import strategy_of


@pytest.fixture
def alice(db: None) -> User:
    return user_create(email="alice@example.org")


@pytest.fixture
def bob(db: None) -> User:
    return user_create(email="bob@example.org")


@pytest.fixture
def charlie(db: None) -> User:
    return user_create(email="charlie@example.org")


@pytest.fixture
def strategy(alice: User) -> Strategy:
    return strategy_of(alice)
