"""ETag and If-Match: a strategy's revision on the wire."""

from django.utils.http import parse_etags
from rest_framework.request import Request

from strategies.models import Strategy

# More digits than any revision will have.
MAX_DIGITS = 9


def etag_of(strategy: Strategy) -> str:
    return f'"{strategy.revision}"'


def revisions_accepted(request: Request) -> frozenset[int] | None:
    """Return the revisions that ``If-Match`` names; None without one, or for ``*``.

    A tag that is not one of ours is left out: it matches nothing. That holds for weak
    tags too, as RFC 9110 wants.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    tags = (tag[1:-1] for tag in parse_etags(header) if tag.startswith('"'))
    return frozenset(int(t) for t in tags if t.isdecimal() and len(t) <= MAX_DIGITS)
