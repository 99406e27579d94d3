"""Which commits wait for the disk."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.backends.signals import connection_created

from botforge.durability import commit_on_disk, relax_commits

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'"),
]


@pytest.fixture
def relaxed() -> Iterator[None]:
    relax_commits()
    connection.close()
    yield
    connection_created.disconnect(dispatch_uid="botforge.durability")
    connection.close()


def setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


def test_commits_wait_unless_somebody_says_otherwise() -> None:
    assert setting() == "on"


def test_a_process_can_have_its_commits_return_early(relaxed: None) -> None:
    assert setting() == "off"


def test_one_transaction_can_wait_all_the_same(relaxed: None) -> None:
    with transaction.atomic():
        commit_on_disk()
        assert setting() == "on"

    assert setting() == "off"
