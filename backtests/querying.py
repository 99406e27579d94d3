"""How backtests are looked for, on both databases alike: by metric, tag and words."""

import re
from typing import Any

from django.db.models import (
    BooleanField,
    Expression,
    F,
    FloatField,
    Func,
    QuerySet,
    Value,
)

from backtests.engine import HEADLINE
from backtests.models import Backtest

MAX_WORDS = 20


class MetricValue(Func):
    """A metric of the result as a float; NULL where it is undefined or not there yet.

    Not the ORM's own cast of a JSON key: on SQLite that makes 0 of a JSON null.
    """

    output_field = FloatField()

    def __init__(self, key: str) -> None:
        if key not in HEADLINE:
            raise ValueError(f"{key} is not a metric to look for")
        super().__init__(F("result__metrics"), key=key)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s ->> '%(key)s')::double precision"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(JSON_EXTRACT(%(expressions)s, '$.%(key)s') AS REAL)"
        return self.as_sql(compiler, connection, template=template, **context)


class HasTag(Func):
    """Whether a JSON list of texts holds this one."""

    output_field = BooleanField()

    def __init__(self, field: str, tag: str) -> None:
        super().__init__(F(field), Value(tag))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_EXISTS", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="EXISTS (SELECT 1 FROM JSON_EACH(%(expressions)s))",
            arg_joiner=") WHERE json_each.value = (",
            **context,
        )


# How a list may be ordered; None is the id.
ORDERINGS: dict[str, Expression | F | None] = {
    "id": None,
    "queued_at": F("queued_at"),
    "finished_at": F("finished_at"),
    **{key: MetricValue(key) for key in HEADLINE},
}


def tagged(backtests: QuerySet[Backtest], tags: list[str]) -> QuerySet[Backtest]:
    """Return those that have every one of the tags."""
    for tag in tags:
        backtests = backtests.filter(HasTag("tags", tag))
    return backtests


def containing(
    backtests: QuerySet[Backtest], field: str, text: str
) -> QuerySet[Backtest]:
    """Return those whose text holds every word of ``text``, in any order and case.

    By a regular expression: what SQLite takes for the same letter in another case ends
    with ASCII otherwise.
    """
    for word in text.split()[:MAX_WORDS]:
        backtests = backtests.filter(**{f"{field}__iregex": re.escape(word)})
    return backtests
