"""Which commits wait until they are on disk.

On PostgreSQL a commit waits for the disk, which takes longer than all queries of a
small job together. What a worker says of its progress need not: if the server dies
within half a second the row is as it was before, and the sweeper takes care of it.
"""

from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created


def relax_commits() -> None:
    """Let commits of this process return before they are on disk."""
    connection_created.connect(_relax, dispatch_uid="botforge.durability")


def commit_on_disk() -> None:
    """Have the transaction that is open now wait for the disk all the same."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO on")


def _relax(connection: Any, **options: Any) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")
