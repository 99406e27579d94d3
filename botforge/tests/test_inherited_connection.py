"""A worker's fork goes on with the connection that the worker has opened for it."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection

from botforge.inherited_connection import give_connection_away, prepare_connection

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]
postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Begin and end without a connection, as a worker that has swept."""
    connection.close()
    yield
    connection.close()


def session() -> int:
    """The server's process behind the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def forked(work: Callable[[], int]) -> int:
    """Give the connection to a fork, and return what it works out; 0 if it fails."""
    ours, theirs = os.pipe()
    if (pid := os.fork()) == 0:
        result = 0
        try:
            result = work()
        finally:
            os.write(theirs, str(result).encode())
            os._exit(0)  # as RQ's forks end, without a goodbye
    give_connection_away()
    os.waitpid(pid, 0)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        return int(pipe.read())


@postgresql
def test_the_fork_uses_the_session_that_was_prepared() -> None:
    prepare_connection()
    prepared = connection.connection.info.backend_pid

    assert forked(session) == prepared


@postgresql
def test_both_go_on_with_a_session_of_their_own() -> None:
    prepare_connection()

    theirs = forked(lambda: max(session() for _ in range(50)))

    assert 0 != theirs != session()


@postgresql
def test_the_session_is_not_ended_while_the_fork_still_works() -> None:
    prepare_connection()
    parent = os.getpid()

    def after_the_parent_has_let_go() -> int:
        first = session()
        # The parent gives away at once; a goodbye of its would end this session.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return session() if os.getppid() == parent and session() == first else 0

    assert forked(after_the_parent_has_let_go) > 0


@postgresql
def test_one_that_has_died_meanwhile_is_replaced_by_the_fork() -> None:
    prepare_connection()
    prepared = connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [prepared])
    other.close()

    assert 0 != forked(session) != prepared


@pytest.mark.skipif("connection.vendor == 'postgresql'")
def test_sqlite_is_not_taken_through_a_fork() -> None:
    prepare_connection()

    assert connection.connection is None
    give_connection_away()  # There is nothing to give.


def test_a_database_that_is_down_is_left_to_the_fork(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down() -> None:
        raise DatabaseError("it starts up")

    monkeypatch.setattr(connection, "ensure_connection", down)

    prepare_connection()

    assert connection.connection is None
