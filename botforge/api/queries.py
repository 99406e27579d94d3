"""Query strings: each name once, and with a value.

The framework takes the last of several values and leaves an empty one aside: an answer
to another question than the one that was asked.
"""

from collections.abc import Collection

from django.http import QueryDict
from rest_framework.exceptions import ErrorDetail, ValidationError

EMPTY = ErrorDetail("Give it a value, or leave it out.", "empty")
REPEATED = ErrorDetail("Give it once.", "repeated")


def query_of(
    given: QueryDict, *, lists: Collection[str] = (), ignored: Collection[str] = ()
) -> dict[str, str]:
    """Return the query by name, without what is ``ignored``.

    Raises ``ValidationError`` for names without a value, and for names that are there
    more than once and are not ``lists``.
    """
    wrong = {name: EMPTY for name, values in given.lists() if "" in values}
    wrong |= {
        name: REPEATED
        for name, values in given.lists()
        if len(values) > 1 and name not in lists
    }
    if wrong:
        raise ValidationError(wrong)
    return {n: str(value) for n, value in given.items() if n not in ignored}
