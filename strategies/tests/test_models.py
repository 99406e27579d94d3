import pytest
from django.db import IntegrityError

from accounts.tests.factories import user_create
from strategies.models import Strategy, StrategyVersion
from strategies.tests.factories import strategy_of

pytestmark = pytest.mark.django_db


def test_a_version_can_not_be_saved_again() -> None:
    version = strategy_of(user_create()).versions.get()
    version.code = "other"

    with pytest.raises(TypeError, match="never changes"):
        version.save()

    assert StrategyVersion.objects.get().code != "other"


def test_versions_can_not_be_updated_in_bulk() -> None:
    version = strategy_of(user_create()).versions.get()

    with pytest.raises(TypeError, match="never changes"):
        StrategyVersion.objects.update(code="other")
    with pytest.raises(TypeError, match="never changes"):
        StrategyVersion.objects.bulk_update([version], ["code"])
    with pytest.raises(TypeError, match="never changes"):
        version.strategy.versions.update(code="other")


def test_the_database_refuses_a_second_version_of_one_number() -> None:
    strategy = strategy_of(user_create())

    with pytest.raises(IntegrityError):
        StrategyVersion.objects.create(strategy=strategy, number=1, code="other")


def test_the_database_refuses_a_name_twice_but_not_for_two_owners() -> None:
    alice, bob = user_create(), user_create(email="bob@example.org")
    strategy_of(alice, name="Cross")
    strategy_of(bob, name="Cross")

    with pytest.raises(IntegrityError):
        Strategy.objects.create(owner=alice, name="Cross")
