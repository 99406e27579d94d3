"""A database connection that a worker opens while it waits, for its next fork to use.

To connect takes PostgreSQL longer than to run a small job. Only a fresh connection may
be taken along, and only one of the two processes may go on with it.
"""

import logging
import os

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


def prepare_connection() -> None:
    """Connect, where a fork can take the connection along; else it connects itself.

    SQLite's cannot go through a fork.
    """
    pooled = "pool" in connection.settings_dict["OPTIONS"]
    if connection.vendor != "postgresql" or pooled:
        return
    try:
        connection.ensure_connection()
    except DatabaseError:
        logger.warning("The database does not answer; the next job will ask again")
    # It may have lain here for long: the first query asks whether it still works.
    connection.health_check_done = False  # type: ignore[attr-defined] # not in the stubs


def give_connection_away() -> None:
    """Forget the connection without a word to the server: the fork goes on with it."""
    given, connection.connection = connection.connection, None
    if given is None:
        return
    # Closing says goodbye; so the goodbye goes nowhere.
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, given.pgconn.socket)
    os.close(nowhere)
    given.close()
