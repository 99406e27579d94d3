"""Rows with long columns of bytes, written and read without a detour through text."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

type Wrap = Callable[[Any], CursorWrapper]


def insert_row(row: Model) -> None:
    """Insert a row whose key is known.

    On PostgreSQL its bytes travel as they are: Django's cursor writes two digits into
    the statement for each of them, at five times the time.
    """
    fields = row._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in fields
    ]
    table = quote(row._meta.db_table)
    with binary_cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 - names of a model
    row._state.adding, row._state.db = False, connection.alias


@contextmanager
def binary_cursor() -> Iterator[CursorWrapper]:
    """Yield a cursor over which bytes travel as they are, whatever the database."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    raw = psycopg.Cursor(connection.connection)
    raw.format = psycopg.pq.Format.BINARY
    # Django's own wrappers, so that the query is logged and its errors translated.
    logged = connection.queries_logged
    wrap: Wrap = connection.make_debug_cursor if logged else connection.make_cursor
    with wrap(raw) as cursor:
        yield cursor
