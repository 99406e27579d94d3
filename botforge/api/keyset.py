"""Pages of a list ordered by anything: also by what is equal in many rows, or absent.

A cursor names the row at which its page begins, by the value that orders and the id
that decides between equals, so that no page loses a row or repeats one. The framework's
own cursor counts rows with equal values and cannot step over absent ones.
"""

import base64
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as FieldInvalid
from django.db.models import Expression, F, Field, Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from botforge.api.listing import StrictOrdering
from botforge.api.pagination import BAD_CURSOR, CursorPagination

# None orders by the id alone.
type Keys = Mapping[str, Expression | F | None]

KEY = "ordering_key"
MAX_ID = 2**63 - 1


class KeysetOrdering(StrictOrdering):
    """Name orderings that do not exist; the pagination puts the rows in order."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        self.get_ordering(request, queryset, view)
        return queryset


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row after which a page begins; ``backwards`` the row before which it ends."""

    ordering: str
    value: Any
    pk: int
    backwards: bool

    def encode(self) -> str:
        value = self.value
        if isinstance(value, datetime):
            value = value.isoformat()
        whole = [self.ordering, value, self.pk, self.backwards]
        text = json.dumps(whole, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, ordering: str) -> "Cursor":
        """Return the cursor; ``ValueError`` for a forged one or another ordering's."""
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        try:
            whole = json.loads(base64.b64decode(padded, b"-_", validate=True))
        except RecursionError as error:
            raise ValueError("not a cursor") from error
        if not isinstance(whole, list) or len(whole) != 4:
            raise ValueError("not a cursor")
        cursor = cls(*whole)
        if type(cursor.pk) is not int or not 0 < cursor.pk <= MAX_ID:
            raise ValueError("not a row")
        if type(cursor.backwards) is not bool or cursor.ordering != ordering:
            raise ValueError("another ordering's cursor")
        return cursor


class KeysetPagination(CursorPagination):
    """``?limit=``, ``?cursor=`` and ``?ordering=`` by one of the view's ``keys``.

    Rows without a value come last in both directions; equals are ordered by id, in the
    direction of the whole.
    """

    def paginate_queryset(
        self,
        queryset: QuerySet[Any] | Sequence[Any],
        request: Request,
        view: APIView | None = None,
    ) -> list[Any] | None:
        if not isinstance(queryset, QuerySet) or view is None:
            raise TypeError("only a view's query is paged")
        keys: Keys = view.keys  # type: ignore[attr-defined] # what such a view declares
        ordering = StrictOrdering().get_ordering(request, queryset, view) or ["-id"]
        limit = self.get_page_size(request)
        self.url = request.build_absolute_uri()
        self.name = str(ordering[0])
        key = keys[self.name.removeprefix("-")]
        found = queryset if key is None else queryset.annotate(**{KEY: key})
        self.at = self._cursor(request, found)
        rows = self._by_id(found) if key is None else self._by_key(found)
        read = list(rows[: limit + 1])
        self.more = len(read) > limit
        self.shown = read[:limit] if self._forwards else read[:limit][::-1]
        return self.shown

    def get_next_link(self) -> str | None:
        if not self._forwards and not self.shown:
            return remove_query_param(self.url, "cursor")
        more = self.more if self._forwards else True
        return self._link(self.shown[-1], backwards=False) if more else None

    def get_previous_link(self) -> str | None:
        if self.at is None or not (self._forwards or self.more):
            return None
        if not self.shown:
            return remove_query_param(self.url, "cursor")
        return self._link(self.shown[0], backwards=True)

    @property
    def _forwards(self) -> bool:
        return self.at is None or not self.at.backwards

    @property
    def _down(self) -> bool:
        """Say whether this page is read from the highest to the lowest."""
        return self.name.startswith("-") == self._forwards

    def _cursor(self, request: Request, queryset: QuerySet[Any]) -> Cursor | None:
        given = request.query_params.get("cursor")
        if given is None:
            return None
        key = queryset.query.annotations.get(KEY)
        try:
            cursor = Cursor.decode(given, self.name)
            value = None if key is None else _value(key.output_field, cursor.value)
        except (ValueError, TypeError, OverflowError, FieldInvalid) as error:
            raise ValidationError({"cursor": BAD_CURSOR}) from error
        return replace(cursor, value=value)

    def _by_id(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows from the cursor on, in the direction of reading."""
        return queryset.filter(self._later_ids()).order_by(
            "-pk" if self._down else "pk"
        )

    def _by_key(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the same in the order of the key: the absent last, or first on the way
        back."""
        places = {"nulls_last": True} if self._forwards else {"nulls_first": True}
        key = F(KEY).desc(**places) if self._down else F(KEY).asc(**places)
        if self.at is not None:
            queryset = queryset.filter(self._later_keys(self.at.value))
        return queryset.order_by(key, "-pk" if self._down else "pk")

    def _later_ids(self) -> Q:
        if self.at is None:
            return Q()
        return Q(pk__lt=self.at.pk) if self._down else Q(pk__gt=self.at.pk)

    def _later_keys(self, value: Any) -> Q:
        absent = Q(**{f"{KEY}__isnull": True})
        if value is None:
            equal = absent & self._later_ids()
            return equal if self._forwards else ~absent | equal
        equal = Q(**{KEY: value}) & self._later_ids()
        later = Q(**{f"{KEY}__{'lt' if self._down else 'gt'}": value}) | equal
        return later | absent if self._forwards else later

    def _link(self, row: Any, *, backwards: bool) -> str:
        cursor = Cursor(self.name, getattr(row, KEY, None), row.pk, backwards)
        return replace_query_param(self.url, "cursor", cursor.encode())


def _value(field: Field[Any, Any], raw: Any) -> Any:
    """Return a cursor's value in the column's type; raises for one that is none."""
    value = field.to_python(raw)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a number that is ever shown")
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("not a time that is ever shown")
    return value
